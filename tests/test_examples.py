"""The tests of the examples pass, run as in a separate project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


PYTEST = sorted(file.parent for file in EXAMPLES.glob("*/pytest.ini"))
NODE = EXAMPLES / "node_upload"
SHELL = EXAMPLES / "shell_stub" / "test_request.sh"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which the command consentlint is this checkout."""
    command = tmp_path / "bin" / "consentlint"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m consentlint "$@"\n')
    command.chmod(0o755)
    root = str(EXAMPLES.parent)
    return {
        **os.environ,
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])]),
    }


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {' and '.join(missing)}")


@pytest.mark.parametrize("folder", PYTEST, ids=lambda folder: folder.name)
def test_the_tests_of_an_example_pass(folder: Path) -> None:
    # Load the plugin by name: the package may be installed from elsewhere, or not at all.
    # pytest-asyncio warns unless it is configured.
    plugin = ["-p", "no:consentlint", "-p", "consentlint.pytest_plugin", "-p", "no:asyncio"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout
    assert "skipped" not in run.stdout


@needs("node")
def test_the_tests_of_the_example_for_node_pass(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(NODE, folder)
    scripts = json.loads((folder / "package.json").read_text())["scripts"]
    for script in ("pretest", "test"):
        run = subprocess.run(
            scripts[script],
            shell=True,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
    assert "pass 62" in run.stdout
    assert "fail 0" in run.stdout


@needs("sh", "curl", "jq")
def test_the_example_for_the_shell_passes(environment: dict[str, str]) -> None:
    run = subprocess.run(
        ["sh", str(SHELL)], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout == "The stub responds as expected: 10 of 25 items are rejected.\n"
