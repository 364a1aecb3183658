"""What the documents show as Python is what Python says."""

import doctest
from pathlib import Path

import pytest

import consentlint

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["README.md", "docs/strategies.md"])
def test_the_examples_of_a_document_are_true(name: str) -> None:
    failures, tried = doctest.testfile(str(ROOT / name), module_relative=False)
    assert (failures, tried > 0) == (0, True)


def test_the_examples_of_the_package_are_true() -> None:
    failures, tried = doctest.testmod(consentlint)
    assert (failures, tried > 0) == (0, True)


def test_every_link_between_the_documents_leads_somewhere() -> None:
    import re

    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "fixtures" / "README.md"):
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text):
            assert (document.parent / target).exists(), (document.name, target)
