"""The examples in the documents are true, and their links lead somewhere."""

import doctest
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

import consentlint
import consentlint.api
import consentlint.stub
from consentlint import arrow, pytest_plugin
from consentlint.cli import main
from consentlint.rules import DOCUMENTATION, RULES

# The port of a server differs in every run.
FLAGS = doctest.ELLIPSIS
ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["python.md", "strategies.md", "stub.md", "tutorial-pipeline.md"])
def test_the_examples_of_a_document_are_true(name: str) -> None:
    failures, tried = doctest.testfile(
        str(ROOT / "docs" / name), module_relative=False, optionflags=FLAGS
    )
    assert (failures, tried > 0) == (0, True)


@pytest.mark.parametrize("module", [consentlint, arrow, consentlint.api, consentlint.stub])
def test_the_examples_of_the_package_are_true(module: ModuleType) -> None:
    failures, tried = doctest.testmod(module)
    assert (failures, tried > 0) == (0, True)


def test_every_fixture_and_option_of_the_plugin_is_described() -> None:
    page, reference = (
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("pytest.md", "fixtures.md")
    )
    names = [name for name in vars(pytest_plugin) if name.startswith("consent_stub")]
    assert len(names) == 10
    for name in (*names, *pytest_plugin._OPTIONS):
        assert f"| `{name}` |" in page
    for name in names:
        assert f"::: consentlint.pytest_plugin.{name}\n" in reference


def test_every_link_between_the_documents_has_a_target() -> None:
    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "fixtures/README.md"):
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text):
            assert (document.parent / target).exists(), (document.name, target)


def test_every_rule_and_command_has_a_page_and_the_pages_are_up_to_date() -> None:
    pages = {path.stem for path in ROOT.glob("docs/rules/*.md")}
    assert pages == {rule.name for rule in RULES}
    pages = {path.stem for path in ROOT.glob("docs/commands/*.md")}
    assert pages == {*main.list_commands(click.Context(main))}
    run = [sys.executable, str(ROOT / "scripts" / "write_reference.py"), "--check"]
    result = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_findings_link_to_the_site_that_is_built() -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert f"\nsite_url: {DOCUMENTATION}\n" in config
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Documentation"] == DOCUMENTATION
    (error_code,) = json.loads(CliRunner().invoke(main, ["explain", "--json", "30646"]).output)
    assert error_code["url"] == f"{DOCUMENTATION}errors/"
    assert (ROOT / "docs" / "errors.md").exists()
    assert all(rule.url == f"{DOCUMENTATION}rules/{rule.name}/" for rule in RULES)


@pytest.mark.parametrize(
    "picture", sorted(ROOT.glob("docs/assets/*.svg")), ids=lambda path: path.name
)
def test_a_picture_loads_nothing(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")
    assert not re.search(r"href=|@import|<script|url\((?!#)", text)


RUNNABLE = [
    path
    for path in sorted(ROOT.glob("docs/*.md"))
    if re.search(r"^<!-- run\b.*-->$", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell")
@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.name)
def test_the_commands_of_a_page_print_what_it_shows(page: Path) -> None:
    script = [sys.executable, str(ROOT / "scripts" / "run_documents.py"), str(page)]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    result = subprocess.run(
        script,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_a_page_whose_commands_print_something_else_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for text, problem in (
        ("```console\n$ echo a\nb\n```\n", "+a\n"),
        ("```console\n$ false\n```\n", "exit code 1, expected 0"),
        ("```sh\nfalse\ntrue\n```\n", "exit code 1, expected 0"),
    ):
        page.write_text(f"<!-- run -->\n{text}")
        script = [sys.executable, str(ROOT / "scripts" / "run_documents.py"), str(page)]
        result = subprocess.run(script, capture_output=True, text=True, check=False)
        assert result.returncode == 1
        assert problem in result.stdout
