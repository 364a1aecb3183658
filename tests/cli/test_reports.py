"""Several reports of one run, and the hints that a CI system gets."""

import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from hostile_texts import HOSTILE, write_hostile_files
from report_readers import READERS
from sample_items import CONSENT as CLEAN

from consentlint.cli import main
from consentlint.reporters import REPORTERS

ROOT = Path(__file__).resolve().parents[2]
COUNT = 40
VERDICT = "40 errors in 40 items of 1 file"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lines = [
        json.dumps({**CLEAN, "correlation_id": f"{number:032x}", "status": "opt in"})
        for number in range(COUNT)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def check(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], env=environment)


def test_every_format_can_be_written_in_one_run_as_in_a_run_of_its_own() -> None:
    arguments = [f"--report={name}={name}.out" for name in REPORTERS]
    result = check("a.jsonl", *arguments)
    assert result.exit_code == 1
    # The usual report is on standard output, and says how the run went.
    assert VERDICT in result.stdout
    assert result.stderr == ""
    for name in REPORTERS:
        alone = check("a.jsonl", "--output-format", name).stdout
        assert Path(f"{name}.out").read_text(encoding="utf-8") == alone, name


def test_a_report_on_standard_output_replaces_the_usual_one() -> None:
    result = check("a.jsonl", "--report", "sarif=a.sarif", "--report", "markdown=-")
    assert result.stdout.startswith("## consentlint: 40 errors\n")
    assert result.stderr == ""
    assert json.loads(Path("a.sarif").read_text())["version"] == "2.1.0"


def test_a_report_is_written_next_to_the_one_of_output() -> None:
    arguments = ["-o", "a.json", "--output-format", "json", "--report", "junit=a.xml"]
    result = check("a.jsonl", *arguments)
    assert result.stdout == ""
    assert VERDICT in result.stderr
    assert len(json.loads(Path("a.json").read_text())["findings"]) == COUNT
    assert ET.parse("a.xml").getroot().tag == "testsuites"


def test_a_report_for_programs_has_all_findings_and_one_for_people_groups_them() -> None:
    result = check("a.jsonl", "--report", "jsonl=a.out")
    assert "… and 35 more like this, lines 6–40" in result.stdout
    assert "not shown" not in result.stdout
    assert len(Path("a.out").read_text().splitlines()) == COUNT


def test_a_limit_holds_for_each_report() -> None:
    result = check("a.jsonl", "--max-findings", "3", "--report", "jsonl=a.out")
    assert "… and 37 more findings not shown (--max-findings)" in result.stdout
    assert len(Path("a.out").read_text().splitlines()) == 3


@pytest.mark.parametrize("name", sorted(name for name in REPORTERS if name != "jsonl"))
def test_the_counts_of_the_run_are_on_standard_error_if_no_report_shows_them(name: str) -> None:
    result = check("a.jsonl", "--output-format", name)
    assert (VERDICT in result.stderr) is not REPORTERS[name].has_counts


@pytest.mark.parametrize(
    "arguments",
    [
        ["--report", "json=-", "--report", "sarif=-"],
        ["--report", "json=-", "--output-format", "concise"],
        ["--report", "json=x", "--report", "sarif=./x"],
        ["--report", "json=x", "-o", "x"],
    ],
)
def test_two_reports_cannot_have_the_same_destination(arguments: list[str]) -> None:
    result = check("a.jsonl", *arguments)
    assert result.exit_code == 2
    assert "two reports would be written to" in result.stderr


@pytest.mark.parametrize("value", ["sarif", "sarif=", "=x", "sarfi=x", "x\x1b[31m=y"])
def test_a_report_needs_a_known_format_and_a_file(value: str) -> None:
    result = check("a.jsonl", "--report", value)
    assert result.exit_code == 2
    assert "expected FORMAT=FILE" in result.stderr
    assert "sarif" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_report_does_not_overwrite_a_file_that_is_checked() -> None:
    before = Path("a.jsonl").read_bytes()
    assert check("a.jsonl", "--report", "sarif=a.jsonl").exit_code == 2
    assert Path("a.jsonl").read_bytes() == before


def test_reports_can_be_set_in_the_configuration() -> None:
    Path("consentlint.toml").write_text('report = ["sarif=a.sarif", "csv=a.csv"]')
    assert check("a.jsonl").exit_code == 1
    assert json.loads(Path("a.sarif").read_text())["version"] == "2.1.0"
    assert len(Path("a.csv").read_text().splitlines()) == COUNT + 1


def test_a_report_on_standard_output_replaces_the_format_of_the_configuration() -> None:
    Path("consentlint.toml").write_text('output-format = "json"')
    assert check("a.jsonl", "--report", "csv=-").stdout.startswith("file,line,")
    assert check("a.jsonl", "--report", "csv=a.csv").stdout.startswith("{")


def test_a_report_that_cannot_be_written_leaves_the_old_file() -> None:
    Path("a.csv").write_text("old")
    os.mkdir("b")
    result = check("a.jsonl", "--report", "csv=a.csv", "--report", "sarif=missing/a.sarif")
    assert isinstance(result.exception, FileNotFoundError)
    assert Path("a.csv").read_text() == "old"


def test_reports_after_a_fix_show_what_remains() -> None:
    arguments = ["--fix", "--report", "json=a.json"]
    assert check("a.jsonl", *arguments).exit_code == 0
    rules = {each["rule"] for each in json.loads(Path("a.json").read_text())["findings"]}
    assert "invalid-status" not in rules


def test_what_was_fixed_is_counted_once_for_each_report() -> None:
    result = check("a.jsonl", "--fix", "--report", "json=a.json")
    assert "Fixed 40 problems in 40 records." in result.stdout


def test_every_command_of_the_pages_about_reports_runs(folder: Path) -> None:
    names = ("reports.md", "github.md", "gitlab.md")
    page = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in names)
    commands = re.findall(r"consentlint check exports/[^|'\n]*(?:\n +--report [^\n]*)?", page)
    assert len(commands) == 9
    (folder / "exports").mkdir()
    (folder / "exports" / "subscribers.csv").write_text("contact_id,status\n+14155550171,x\n")
    for command in commands:
        arguments = shlex.split(command.replace("$GITHUB_STEP_SUMMARY", "summary.md"))[1:]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == (0 if "--exit-zero" in command else 1), (command, result.output)


def test_the_page_about_reports_names_every_format() -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE) == list(REPORTERS)


# What a file decides


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such file names")
@pytest.mark.parametrize("output_format", REPORTERS)
def test_names_and_values_of_files_are_text_in_every_format(output_format: str) -> None:
    write_hostile_files(Path("files"))
    result = check("files", "--all", "--output-format", output_format)
    assert result.exit_code == 1
    shown = READERS[output_format](result.stdout)
    assert len(shown) > len(HOSTILE)
    assert [each for each in shown if not each.isprintable()] == []


@pytest.mark.parametrize("output_format", REPORTERS)
def test_a_number_is_masked_unless_values_are_shown(output_format: str) -> None:
    number = "+1 312 555 0142"
    Path("a.jsonl").write_text(json.dumps({**CLEAN, "contact_id": number}) + "\n")
    arguments = ["a.jsonl", "--output-format", output_format]
    assert "0142" not in check(*arguments).output
    assert number in check(*arguments, "--show-values").stdout


# Hints


@pytest.mark.parametrize(
    ("environment", "arguments", "hint"),
    [
        ({"GITHUB_ACTIONS": "true"}, [], "--output-format github"),
        ({"GITLAB_CI": "true"}, [], "--report gitlab=FILE"),
        ({}, [], None),
        ({"GITHUB_ACTIONS": "true"}, ["--quiet"], None),
        ({"GITHUB_ACTIONS": "true"}, ["--output-format", "github"], None),
        ({"GITLAB_CI": "true"}, ["--report", "gitlab=a.out"], None),
    ],
)
def test_a_text_report_in_ci_ends_with_a_hint(
    environment: dict[str, Any], arguments: list[str], hint: str | None
) -> None:
    *_, last = check("a.jsonl", *arguments, **environment).stdout.splitlines()
    assert (hint in last) if hint else ("To show" not in last)


def test_a_run_in_ci_without_findings_has_no_hint() -> None:
    Path("clean.json").write_text(json.dumps(CLEAN))
    assert "--output-format" not in check("clean.json", GITHUB_ACTIONS="true").stdout


def test_a_path_in_ci_is_relative_to_the_checkout(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkdir("sub")
    os.rename("a.jsonl", "sub/a.jsonl")
    monkeypatch.chdir("sub")
    arguments = ["a.jsonl", "--output-format", "gitlab", "--max-findings", "1"]
    (issue,) = json.loads(check(*arguments, CI_PROJECT_DIR=str(folder)).stdout)
    assert issue["location"]["path"] == "sub/a.jsonl"
