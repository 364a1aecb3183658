"""What check says about inputs of public bug reports, vendors' manuals and question threads.

`cases/cases.json` lists for each input what its output must and must not hold, as regular
expressions, and its exit code if that matters. `cases/more_cases.json` has more inputs of the same
kinds: an item, or the content of a file.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from consentlint.cli import main

pytestmark = pytest.mark.slow

# Strategies, fake file systems, fixtures and schemas: what they must do has tests of its own.
ABOUT_PYTHON = {"K27", "K28", "K29", "K30"}
FOLDER = Path(__file__).parent / "cases"
HOOK_OPTION = "--force-exclude"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
MORE_CASES: list[dict[str, Any]] = json.loads((FOLDER / "more_cases.json").read_text("utf-8"))
NOW = "2026-01-01T00:00:00Z"


def command_of(case: dict[str, Any]) -> list[str]:
    """Return the command of a case, with this interpreter for its programs."""
    words = shlex.split(case["run"].rpartition(": ")[2].partition("  #")[0])
    if case["run"].startswith("as the hook runs it"):
        # A hook passes names of files, with an option that treats them as if they were found.
        words.insert(2, HOOK_OPTION)
    if "node" in words:
        if shutil.which("node") is None or not os.environ.get("NODE_PATH"):
            pytest.skip("needs Node.js, and ajv in NODE_PATH")
        return words[words.index("node") :]
    if words[0] == "python":
        return [sys.executable, *words[1:]]
    return words if words[0] == "consentlint" else [sys.executable, "-m", *words]


def run(command: list[str], folder: Path) -> tuple[str, int]:
    """Run a command, and return what it prints and its exit code; our own runs in this process."""
    if command[0] == "consentlint":
        result = CliRunner().invoke(main, command[1:], prog_name="consentlint")
        assert isinstance(result.exception, SystemExit | None), result.exception
        return result.output, result.exit_code
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CONSENTLINT": shutil.which("consentlint") or ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout, done.returncode


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_output_helps(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(FOLDER / case["file"], tmp_path)
    monkeypatch.chdir(tmp_path)
    output, code = run(command_of(case), tmp_path)
    assert "Traceback" not in output
    if case["rc"] is not None:
        assert code == case["rc"], output
    for pattern in case["must"]:
        assert re.search(pattern, output), (case["expected"], output)
    for pattern in case["must_not"]:
        assert not re.search(pattern, output, re.MULTILINE), (case["expected"], output)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case['kind']}-{at}") for at, case in enumerate(MORE_CASES)]
)
def test_the_output_helps_with_inputs_of_the_same_kind(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = case.get("name", "item.json")
    content = case["content"] if "content" in case else json.dumps([case["item"]])
    (tmp_path / name).write_bytes(content.encode(case.get("encoding", "utf-8")))
    monkeypatch.chdir(tmp_path)
    command = ["check", "--now", NOW, "--show-values", *case.get("options", []), name]
    output = CliRunner().invoke(main, command).output
    for pattern in case["must"]:
        assert re.search(pattern, output), output
    for pattern in case["must_not"]:
        assert not re.search(pattern, output, re.MULTILINE), output


def test_there_are_three_more_inputs_of_each_kind() -> None:
    kinds = {case["kind"] for case in CASES if case["run"].endswith(case["file"])}
    counts = Counter(case["kind"] for case in MORE_CASES)
    about_check = {kind for kind in kinds if kind not in ABOUT_PYTHON}
    assert {kind for kind in about_check if counts[kind] < 3} == set()


def test_the_hooks_pass_their_option() -> None:
    hooks = (FOLDER.parent.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert hooks.count(f"entry: consentlint check {HOOK_OPTION} ") == hooks.count("\n- id: ")


def test_every_case_has_its_file() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"cases.json", "more_cases.json"}
    assert files == {case["file"] for case in CASES}
