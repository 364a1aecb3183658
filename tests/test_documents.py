"""The examples in the documents are true, and their links lead somewhere."""

import doctest
import re
from pathlib import Path
from types import ModuleType

import pytest

import consentlint
import consentlint.api
import consentlint.stub
from consentlint import arrow, pytest_plugin

# The port of a server differs in every run.
FLAGS = doctest.ELLIPSIS
ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["README.md", "docs/strategies.md", "docs/stub.md"])
def test_the_examples_of_a_document_are_true(name: str) -> None:
    failures, tried = doctest.testfile(str(ROOT / name), module_relative=False, optionflags=FLAGS)
    assert (failures, tried > 0) == (0, True)


@pytest.mark.parametrize("module", [consentlint, arrow, consentlint.api, consentlint.stub])
def test_the_examples_of_the_package_are_true(module: ModuleType) -> None:
    failures, tried = doctest.testmod(module)
    assert (failures, tried > 0) == (0, True)


def test_every_fixture_and_option_of_the_plugin_is_described() -> None:
    page = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
    names = [name for name in vars(pytest_plugin) if name.startswith("consent_stub")]
    assert len(names) == 10
    for name in (*names, *pytest_plugin._OPTIONS):
        assert f"| `{name}` |" in page


def test_every_link_between_the_documents_has_a_target() -> None:
    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "fixtures" / "README.md"):
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text):
            assert (document.parent / target).exists(), (document.name, target)
