"""The GitHub Action runs the check with its inputs, whatever they contain."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


def script(step: str) -> str:
    """Return the script of a step, without a parser of YAML, which may be missing."""
    lines = ACTION.partition(f"- id: {step}\n")[2].partition("      run: |\n")[2].splitlines()
    end = next((at for at, line in enumerate(lines) if not line.startswith("        ")), len(lines))
    return "\n".join(line.removeprefix("        ") for line in lines[:end])


def check(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
        "PATHS": "",
        "ARGUMENTS": "",
        "SUMMARY": "true",
        "SARIF": "false",
        "RUNNER_TEMP": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        **inputs,
    }
    # As the runner calls bash.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script("check")]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    for name in ("a b.csv", "$(touch stolen).csv"):
        shutil.copy(ROOT / "fixtures/with_errors/subscribers.csv", tmp_path / name)


def test_findings_are_annotations_and_a_summary_and_the_step_fails(tmp_path: Path) -> None:
    result = check(tmp_path, PATHS="a b.csv\n")
    assert result.returncode == 1
    assert result.stdout.startswith("::error title=")
    assert "file=a b.csv," in result.stdout
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("## consentlint: ")
    assert not (tmp_path / "output").exists()


def test_sarif_is_written_and_named_if_it_is_to_be_uploaded(tmp_path: Path) -> None:
    result = check(tmp_path, PATHS="a b.csv", SUMMARY="false", SARIF="true")
    assert result.returncode == 1
    name = (tmp_path / "output").read_text().removeprefix("sarif-file=").strip()
    assert json.loads(Path(name).read_text())["version"] == "2.1.0"
    assert not (tmp_path / "summary.md").exists()


def test_each_line_is_one_argument_and_no_part_of_a_script(tmp_path: Path) -> None:
    paths = "\na b.csv\n$(touch stolen).csv\n"
    result = check(tmp_path, PATHS=paths, ARGUMENTS="--exit-zero\n--select=errors\n\n")
    assert result.returncode == 0, result.stderr
    assert "in 24 items of 2 files" in result.stdout
    assert not (tmp_path / "stolen").exists()


def test_a_path_is_never_an_option(tmp_path: Path) -> None:
    result = check(tmp_path, PATHS="--version")
    assert result.returncode == 2
    assert "file-unreadable" in result.stdout


def test_no_script_of_the_action_contains_an_expression() -> None:
    assert "${{" not in script("install") + script("check")


def test_every_input_is_used() -> None:
    inputs = re.findall(r"^  ([a-z-]+):$", ACTION.partition("outputs:")[0], re.MULTILINE)
    assert len(inputs) == 6
    for name in inputs:
        assert f"inputs.{name} " in ACTION
