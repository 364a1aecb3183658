"""What builds and publishes consentlint: workflows, and the files of the container."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_the_form_that_the_platform_expects(workflow: Path) -> None:
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    result = subprocess.run(
        [*command, "vendor.github-workflows", str(workflow)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_only_the_job_that_publishes_may_sign() -> None:
    jobs = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    before, _, publish = jobs.partition("  publish:\n")
    assert "id-token: write" not in before
    assert "id-token: write" in publish
    assert "secrets." not in jobs


def test_the_version_that_a_tag_must_have_is_read_from_its_module() -> None:
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    expression = release.partition("$(sed -n '")[2].partition("'")[0]
    module = ROOT / "consentlint" / "_version.py"
    found = subprocess.run(
        ["sed", "-n", expression, str(module)], capture_output=True, text=True, check=True
    )
    from consentlint import __version__

    assert found.stdout.strip() == __version__


def test_a_citation_has_the_version() -> None:
    from consentlint import __version__

    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
