"""`consentlint schema config`: what the schema accepts, a run accepts too."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator

from consentlint.cli import main
from consentlint.cli.config import configurable_options

ROOT = Path(__file__).resolve().parents[2]
ITEM = '{"contact_id": "+14155552671"}'


def schema() -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(CliRunner().invoke(main, ["schema", "config"]).stdout)
    return printed


def test_it_has_the_form_that_schemastore_requires() -> None:
    config = schema()
    Draft7Validator.check_schema(config)
    assert config["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert config["$id"] == "https://json.schemastore.org/consentlint.json"
    assert list(config["properties"]) == sorted(configurable_options())
    for option in config["properties"].values():
        assert option["description"]
        assert option.keys() & {"type", "oneOf"}


def test_another_validator_loads_it() -> None:
    assert jsonschema_rs.validator_for(schema()).is_valid({"strict": True})


def test_the_example_of_the_page_is_valid() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    (table,) = [part for part in text.split("```toml\n")[1:] if part.startswith("[tool.")]
    config = tomllib.loads(table.partition("```")[0])["tool"]["consentlint"]
    Draft7Validator(schema()).validate(config)


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("strict = true", True),
        ("strict = 1", False),
        ("stict = true", False),
        ('kind = "consents"', True),
        ('kind = "consent"', False),
        ('select = ["errors", "INVALID_STATUS"]', True),
        ('select = "default, placeholder"', True),
        ('ignore = ["invalid-statuss"]', False),
        ("max-findings = 0", True),
        ("max-findings = -1", False),
        ("jobs = 0", False),
        ('output-format = "sarif"', True),
        ('output-format = "xml"', False),
        ('report = "sarif=out"', True),
        ('report = ["sarif"]', False),
        ('[per-file-ignores]\n"a*" = "advice"', True),
        ('[per-file-ignores]\n"a*" = ["x"]', False),
        ('config = "x"', False),
        ("update-baseline = true", False),
    ],
)
def test_the_schema_and_a_run_agree(
    text: str, is_valid: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "consentlint.toml").write_text(text)
    (tmp_path / "a.json").write_text(ITEM)
    result = CliRunner().invoke(main, ["check", "a.json", "--kind", "contacts"])
    assert ("Error: " not in result.output) is is_valid
    assert Draft7Validator(schema()).is_valid(tomllib.loads(text)) is is_valid
