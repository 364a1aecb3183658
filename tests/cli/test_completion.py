"""`consentlint completion`: what a shell completes."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from consentlint.cli import main
from consentlint.convert.mapping import PRESETS
from consentlint.reporters import REPORTERS
from consentlint.rules import RULES

SHELLS = ["bash", "zsh", "fish", "powershell"]


def completions(line: str) -> list[tuple[str, str]]:
    """Return the kinds and values that complete the last word of a line, as bash sees them."""
    words = line.split(" ")
    environment = {
        "_CONSENTLINT_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    lines = run(environment).splitlines()
    return [(kind, value) for kind, _, value in (each.partition(",") for each in lines)]


def run(environment: dict[str, str]) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "consentlint"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stderr == ""
    return result.stdout


def values(line: str) -> list[str]:
    return [value for kind, value in completions(line) if kind == "plain"]


@pytest.mark.parametrize(
    "line",
    [
        "consentlint check exp",
        "consentlint check a.csv exp",
        "consentlint check -o exp",
        "consentlint check --config exp",
        "consentlint check --rejected-rows exp",
        "consentlint submit exp",
        "consentlint submit --journal exp",
        "consentlint drift exp",
    ],
)
def test_file_names_complete(line: str) -> None:
    assert completions(line) == [("file", "exp")]


def test_commands_and_options_complete() -> None:
    assert {"check", "completion", "stub", "submit"} <= set(values("consentlint "))
    assert "--rejected-rows" in values("consentlint check --rej")


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_rules_complete_one_after_the_other(option: str) -> None:
    assert set(values(f"consentlint check {option} ")) >= {"all", *(rule.name for rule in RULES)}
    assert "INVALID_STATUS" in values(f"consentlint check {option} INVALID_S")
    assert values(f"consentlint check {option} default,invalid-st") == ["default,invalid-status"]


def test_presets_complete() -> None:
    assert values("consentlint convert --preset klav") == [
        name for name in PRESETS if name.startswith("klav")
    ]
    assert "shopify" in values("consentlint convert --preset ")


def test_the_names_that_explain_knows_complete() -> None:
    assert values("consentlint explain 306") == ["30646", "30647"]
    assert values("consentlint explain invalid-status invalid-so") == ["invalid-source"]


def test_formats_and_faults_complete() -> None:
    assert values("consentlint check --output-format s") == ["sarif"]
    assert values("consentlint check --report ") == [f"{name}=" for name in REPORTERS]
    assert values("consentlint stub --fault too") == ["too-many-requests"]


def test_powershell_gets_values_with_descriptions() -> None:
    environment = {
        "_CONSENTLINT_COMPLETE": "powershell_complete",
        "_CONSENTLINT_LINE": "consentlint explain invalid-stat",
        "_CONSENTLINT_WORD": "invalid-stat",
    }
    (line,) = run(environment).splitlines()
    assert line.startswith("invalid-status\tThe `status` is not exactly")
    environment |= {"_CONSENTLINT_LINE": "consentlint ", "_CONSENTLINT_WORD": ""}
    assert run(environment).startswith("check\tReport the items")
    # It completes file names itself.
    environment |= {"_CONSENTLINT_LINE": "consentlint check exp", "_CONSENTLINT_WORD": "exp"}
    assert run(environment).strip() == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_calls_consentlint(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert f"{shell}_complete" in result.output
    assert "_CONSENTLINT_COMPLETE" in result.output


def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    program = tmp_path / "consentlint"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m consentlint "$@"\n')
    program.chmod(0o755)
    script = """
        eval "$(consentlint completion bash)"
        compopt() { echo compopt "$@"; }
        complete -p consentlint
        COMP_WORDS=(consentlint check --select invalid-st); COMP_CWORD=3
        _consentlint_completion consentlint; echo "${COMPREPLY[@]}"; COMPREPLY=()
        COMP_WORDS=(consentlint check exp); COMP_CWORD=2
        _consentlint_completion consentlint; echo "${#COMPREPLY[@]}"
    """
    try:
        result = subprocess.run(
            ["bash", "--norc", "-c", script],
            env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        pytest.skip("bash is missing")
    assert result.stdout.splitlines() == [
        "complete -o nosort -F _consentlint_completion consentlint",
        "invalid-status",
        "compopt -o default",
        "0",
    ]
