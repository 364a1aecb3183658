"""`consentlint schema` prints the published schemas, with texts for editors if asked."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from consentlint.cli import main
from consentlint.fields import schemas

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
EDITOR_KEYWORDS = {"errorMessage", "patternErrorMessage", "enumDescriptions"}


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["schema", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("name", schemas.NAMES)
def test_the_default_is_the_published_file(name: str) -> None:
    assert run(name) == run(name, "--for", "standard") == schemas.text(name)


@pytest.mark.parametrize("name", schemas.NAMES)
def test_the_schema_for_vscode_differs_only_in_keywords_for_editors(name: str) -> None:
    schema = json.loads(run(name, "--for", "vscode"))
    Draft202012Validator.check_schema(schema)
    assert without_editor_keywords(schema) == schemas.load(name)


def without_editor_keywords(node: Any) -> Any:
    if isinstance(node, list):
        return [without_editor_keywords(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_editor_keywords(value)
        for key, value in node.items()
        if key not in EDITOR_KEYWORDS
    }


@pytest.mark.parametrize("name", ["consent-item", "contacts-file"])
def test_the_schema_for_vscode_has_a_text_for_each_pattern(name: str) -> None:
    fields = schemas.load("editor")["keywords"]
    text = run(name, "--for", "vscode")
    assert text.isascii()
    patterns = [field for field in fields.values() if "patternErrorMessage" in field]
    used = [field for field in patterns if json.dumps(field["patternErrorMessage"]) in text]
    assert len(used) == (4 if name == "consent-item" else 3)


def test_each_value_of_an_enumeration_has_a_description() -> None:
    keywords = schemas.load("editor")["keywords"]
    for field in ("status", "source"):
        assert len(keywords[field]["enumDescriptions"]) == len(schemas.enumeration(field))


def test_every_pattern_and_no_other_field_has_editor_texts() -> None:
    definitions = schemas.load("fields")["$defs"]
    keywords = schemas.load("editor")["keywords"]
    items = [schemas.load(name)["properties"] for name in ("consent-item", "contact-item")]
    fields = set().union(*items)
    patterns = {field for field in fields if "pattern" in definitions[field]}
    assert patterns | {"status", "source"} == set(keywords)


@pytest.mark.parametrize("file", sorted(FIXTURES.rglob("*.json")), ids=lambda file: file.stem)
def test_the_schema_of_files_accepts_a_file_that_check_accepts(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(file)])
    if result.exit_code == 0:
        kind = "contacts" if "zip_code" in text else "consents"
        Draft202012Validator(schemas.load(f"{kind}-file")).validate(json.loads(text))
