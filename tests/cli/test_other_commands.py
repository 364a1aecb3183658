"""`explain`, `rules`, `schema`, and the command line as a whole."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import consentlint
from consentlint import CONSENTS, CONTACTS
from consentlint.cli import main
from consentlint.fields.schemas import NAMES
from consentlint.rules import RULES, rules_for
from consentlint.rules.sources import SOURCES

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_and_reason_code_is_explained(rule: consentlint.rules.Rule) -> None:  # type: ignore[name-defined]
    page = run("explain", rule.name)
    assert page.startswith(rule.name)
    for heading in (
        "Why:",
        "Evidence:",
        "What to do:",
    ):
        assert heading in page
    if rule.reason:
        assert run("explain", rule.reason) == run("explain", rule.reason.lower()) == page


@pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda endpoint: endpoint.name)
def test_an_error_code_is_explained_by_its_reasons(endpoint: consentlint.Endpoint) -> None:
    page = run("explain", str(endpoint.error_code))
    reasons = [str(rule.reason) for rule in rules_for(endpoint) if rule.reason]
    assert [line.strip() for line in page.splitlines() if line.strip() in reasons] == reasons


def test_the_message_for_an_unknown_name_suggests_the_nearest() -> None:
    result = CliRunner().invoke(main, ["explain", "INVALID_CONTACT"])
    assert result.exit_code == 2
    assert 'Did you mean "invalid-contact-id"?' in result.output


def test_each_of_several_names_is_explained_once() -> None:
    page = run("explain", "INVALID_STATUS", "30647", "invalid-status", "invalid-source")
    pages = [
        run("explain", name).rstrip() for name in ("INVALID_STATUS", "30647", "invalid-source")
    ]
    assert page.rstrip().split("\n\n\n") == pages
    result = CliRunner().invoke(main, ["explain", "INVALID_STATUS", "nope"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'unknown rule or code "nope". See: consentlint rules' in result.stderr


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_has_addresses_and_no_abbreviations(rule: consentlint.rules.Rule) -> None:  # type: ignore[name-defined]
    page = run("explain", rule.name)
    assert not re.search(r"\b(E[0-9]{5}|REF|C?GUIDE|GLOSS)\b", page)
    if re.search(r"error [0-9]{5}|the (API reference|Con\w+ API guide|glossary)", page):
        assert "\nSources:\n" in page
    (found,) = json.loads(run("explain", "--json", rule.name))
    assert found["name"] == rule.name
    assert found["summary"] in " ".join(page.split())
    assert page.endswith(f"On the web: {rule.url}\n")
    assert found["url"] == rule.url
    for source in found["sources"]:
        assert f"{source['title']}: {source['url']}" in " ".join(page.split())


def test_the_addresses_are_those_of_the_documentation() -> None:
    evidence = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
    for name, source in SOURCES.items():
        (row,) = re.findall(rf"^\| {name} \|.*$", evidence, re.MULTILINE)
        assert f"<{source.url}>" in row


def test_an_explanation_for_programs_is_a_list() -> None:
    rule, code = json.loads(run("explain", "--json", "INVALID_SENDER_ID", "30646"))
    assert rule["reason"] == "INVALID_SENDER_ID"
    assert rule["severity"] == "error"
    assert rule["kinds"] == ["consents"]
    assert rule["evidence"].startswith("Error 30646 requires")
    assert [source["title"] for source in rule["sources"]] == [
        "error 30646",
        "the API reference",
        "the glossary",
        "the Consent API guide",
    ]
    assert json.loads(rule["bad"][0])
    assert (code["name"], code["kind"], code["path"]) == ("30646", "consents", "/v1/Consents/Bulk")
    assert code["url"] in run("explain", "30646")
    assert "INVALID_SENDER_ID" in code["reasons"]


def test_all_rules_are_listed() -> None:
    names = [line.split()[0] for line in run("rules").splitlines() if line.strip()]
    assert names[:-1] == [rule.name for rule in RULES]


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_printed(name: str) -> None:
    assert json.loads(run("schema", name))["$id"] == f"urn:consentlint:{name}"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_is_given(option: str) -> None:
    for command in ([], ["check"], ["explain"], ["rules"], ["schema"], ["stub"]):
        assert run(*command, option).startswith("Usage: ")


def test_the_module_runs_as_the_command_does() -> None:
    command = [sys.executable, "-m", "consentlint", "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == f"consentlint {consentlint.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["chek", "a.csv"], 'No such command "chek". Did you mean "check"?'),
        (
            ["x.csv"],
            'No such command "x.csv". Did you mean: consentlint check x.csv?',
        ),
        (["my file.csv"], "Did you mean: consentlint check 'my file.csv'?"),
        (["-"], "Did you mean: consentlint check -?"),
        (["."], "Did you mean: consentlint check .?"),
        (["\x1b[31m.csv"], r'No such command "\x1b[31m.csv".'),
    ],
)
def test_the_message_for_an_unknown_command_says_what_to_run(
    arguments: list[str], hint: str
) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert hint in result.output


@pytest.mark.parametrize(
    "command",
    ["check", "completion", "convert", "drift", "explain", "rules", "schema", "stub", "submit"],
)
def test_help_fits_a_terminal_of_80_columns(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"], terminal_width=80)
    assert max(map(len, result.output.splitlines())) <= 80


def test_an_interrupt_while_modules_are_loaded_has_no_traceback() -> None:
    code = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from consentlint.__main__ import run; run()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (130, b"")
