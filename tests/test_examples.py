"""The tests of the examples pass, run as in a separate project."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


FOLDERS = sorted(file.parent for file in EXAMPLES.glob("*/pytest.ini"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_tests_of_an_example_pass(folder: Path) -> None:
    # Load the plugin by name: the package may be installed from elsewhere, or not at all.
    plugin = ["-p", "no:consentlint", "-p", "consentlint.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout
    assert "skipped" not in run.stdout
