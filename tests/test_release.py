"""What builds and publishes consentlint: workflows, and the files of the container."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SBOM = ROOT / "consentlint.cdx.json"
TITLES = {"Apache-2.0": "Apache License", "BSD-3-Clause": "BSD 3-Clause License"}
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


def test_the_container_is_built_with_every_file_that_the_wheel_needs() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, wheel = settings["project"], settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", project["readme"], *project["license-files"]}
    needed |= {*wheel["packages"], *wheel["sbom-files"], *wheel["force-include"]}
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert lines[0] == "*"
    sent = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {name.partition("/")[0] for name in needed} == sent


def test_the_sbom_is_up_to_date() -> None:
    pytest.importorskip("cyclonedx")
    command = [sys.executable, str(ROOT / "scripts" / "make_sbom.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_the_sbom_has_the_form_that_cyclonedx_demands() -> None:
    validation = pytest.importorskip("cyclonedx.validation.json")
    from cyclonedx.schema import SchemaVersion

    validator = validation.JsonStrictValidator(SchemaVersion.V1_7)
    text = SBOM.read_text(encoding="utf-8")
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"library"', '"libary"')) is not None


def test_the_sbom_lists_each_requirement_and_the_data_of_others() -> None:
    components = json.loads(SBOM.read_text(encoding="utf-8"))["components"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = dict(project["optional-dependencies"])
    del extras["dev"], extras["docs"]
    wanted = {
        (text.replace(";", ">=").partition(">=")[0], extra)
        for extra, texts in [("", project["dependencies"]), *extras.items()]
        for text in texts
    }
    listed = set()
    for component in components:
        if component.get("isExternal"):
            marks = [each["value"] for each in component.get("properties", ())]
            used = [mark for mark in marks if mark in extras] or [""]
            assert component["scope"] == ("required" if used == [""] else "optional")
            listed.update((component["name"], extra) for extra in used)
    assert listed == wanted
    data = [component for component in components if component["type"] == "data"]
    assert len(data) == 2
    for component in data:
        assert (ROOT / component["name"]).exists()
        (source,) = component["pedigree"]["ancestors"]
        # Both files say what they were made of.
        assert source["version"] in (ROOT / component["name"]).read_text(encoding="utf-8")
        assert component["licenses"] == source["licenses"]
        # The text of the license must come with what is made of the source.
        license_id = source["licenses"][0]["license"]["id"]
        assert license_id in project["license"].split(" AND ")
        text = (ROOT / "LICENSES" / f"{source['name']}.txt").read_text(encoding="utf-8")
        assert text.strip().startswith(TITLES[license_id])
