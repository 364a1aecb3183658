"""`consentlint completion`: what a shell completes."""

import os
import shlex
import shutil
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
    result = CliRunner().invoke(main, env=environment, prog_name="consentlint")
    assert (result.exit_code, result.stderr) == (0, "")
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
    assert values("consentlint submit --report sar") == ["sarif="]
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


def answers(folder: Path, shell: str, *command: str) -> list[str]:
    """Return what a shell prints that runs a command; skip the test if the shell is missing."""
    program = folder / "bin" / "consentlint"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m consentlint "$@"\n')
    program.chmod(0o755)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        [shell, *command],
        env={**os.environ, "PATH": path, "HOME": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stderr == ""
    return result.stdout.splitlines()


@pytest.mark.slow
def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    script = """
        eval "$(consentlint completion bash)"
        compopt() { echo compopt "$@"; }
        complete -p consentlint
        COMP_WORDS=(consentlint check --select invalid-st); COMP_CWORD=3
        _consentlint_completion consentlint; echo "${COMPREPLY[@]}"; COMPREPLY=()
        COMP_WORDS=(consentlint check --report sa); COMP_CWORD=3
        _consentlint_completion consentlint; echo "${COMPREPLY[@]}"; COMPREPLY=()
        COMP_WORDS=(consentlint check exp); COMP_CWORD=2
        _consentlint_completion consentlint; echo "${#COMPREPLY[@]}"
    """
    assert answers(tmp_path, "bash", "--norc", "-c", script) == [
        "complete -o nosort -F _consentlint_completion consentlint",
        "invalid-status",
        "compopt -o nospace",
        "sarif=",
        "compopt -o default",
        "0",
    ]


@pytest.mark.slow
def test_zsh_completes_with_the_script(tmp_path: Path) -> None:
    script = """
        compdef() { print -r -- compdef "$@" }
        _describe() { print -r -- "${(q)@}" "${(@P)3}" }
        _path_files() { print -r -- _path_files "$@" }
        eval "$(consentlint completion zsh)"
        words=(consentlint check --select default,invalid-st) CURRENT=4; _consentlint_completion
        words=(consentlint check --report sa) CURRENT=4; _consentlint_completion
        words=(consentlint check exp) CURRENT=3; _consentlint_completion
    """
    describe = "-V unsorted completions_with_descriptions -U"
    status = "The `status` is not exactly `opt-in` or `opt-out`."
    assert answers(tmp_path, "zsh", "-f", "-c", script) == [
        "compdef _consentlint_completion consentlint",
        f"{describe} default,invalid-status:{status}",
        f"{describe} -S '' sarif=:Report format",
        "_path_files -f",
    ]


@pytest.mark.slow
def test_fish_completes_with_the_script(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a,b.csv").touch()
    found = {
        "expl": ["explain"],
        "check --rejected-r": ["--rejected-rows"],
        "check ex": ["exports/"],
        "check -o exports/": ["exports/a,b.csv"],
        "check --report sarif=exports/a": ["sarif=exports/a,b.csv"],
        "check --output-format sa": ["sarif"],
        "check --select default,invalid-st": ["default,invalid-status"],
        "explain 3064": ["30646", "30647"],
        "convert --preset klaviyo-m": ["klaviyo-marketing"],
        "stub --fault too": ["too-many-requests"],
    }
    script = """
        consentlint completion fish | source
        for line in $argv; complete -C "consentlint $line"; echo; end
    """
    lines = answers(tmp_path, "fish", "--no-config", "-c", script, *found)
    values = iter(each.partition("\t")[0] for each in lines)
    assert {line: list(iter(values.__next__, "")) for line in found} == found
