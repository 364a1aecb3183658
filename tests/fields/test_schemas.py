"""The schemas are sound, whole, and say what the rules say."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from consentlint import CONSENTS, CONTACTS, Endpoint, Reason
from consentlint.fields import schemas
from consentlint.rules import rules_for

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "schemas").glob("*.json"))
DEFINITIONS: dict[str, dict[str, Any]] = schemas.load("fields")["$defs"]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values, max_size=2) | st.dictionaries(st.text(), values, max_size=2),
    max_leaves=3,
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_schema_is_valid_and_named_by_its_urn(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:consentlint:{file.stem}"


def test_every_schema_can_be_asked_for() -> None:
    assert {file.stem for file in FILES} == {*schemas.NAMES, "fields"}
    assert all(json.loads(schemas.text(name)) for name in schemas.NAMES)


def test_copies_of_definitions_are_fresh() -> None:
    run = [sys.executable, str(ROOT / "scripts" / "bundle_schemas.py"), "--check"]
    assert subprocess.run(run, check=False).returncode == 0


def test_every_field_has_a_hover_text() -> None:
    assert [name for name, schema in DEFINITIONS.items() if not schema.get("title")] == []
    assert [name for name, schema in DEFINITIONS.items() if not schema.get("description")] == []


def test_country_codes_are_those_of_iso_3166() -> None:
    official = {country.alpha_2 for country in pycountry.countries}
    assert set(schemas.enumeration("country_iso_code")) == official
    assert len(official) == 249


@pytest.mark.parametrize(
    ("endpoint", "item", "optional"),
    [(CONSENTS, "consent-item", {"date_of_consent"}), (CONTACTS, "contact-item", set())],
)
def test_endpoints_and_schemas_name_the_same_fields(
    endpoint: Endpoint, item: str, optional: set[str]
) -> None:
    schema = schemas.load(item)
    assert tuple(schema["properties"]) == endpoint.fields
    assert set(schema["required"]) == set(endpoint.fields) - optional


@pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS])
def test_responses_name_the_reasons_of_the_endpoint_in_order(endpoint: Endpoint) -> None:
    entry = schemas.load(f"{endpoint.name}-response")["properties"]["items"]["items"]
    reasons = [str(rule.reason) for rule in rules_for(endpoint) if rule.reason]
    assert entry["properties"]["error_messages"]["items"]["enum"] == reasons
    assert entry["properties"]["error_code"]["enum"] == [0, endpoint.error_code]
    assert set(reasons) <= set(Reason)


@given(
    st.sampled_from(sorted(DEFINITIONS)),
    JSON_VALUES
    | st.sampled_from(["opt-in", "+14155552671", "+14155552671\n", "GB", " 94105", "12345"])
    | st.from_regex(DEFINITIONS["date_of_consent"]["anyOf"][0]["pattern"].replace("(?!\\n)", ""))
    | st.from_regex(r"[0-9A-Fa-f]{31,33}\n?"),
)
@settings(max_examples=1_500, deadline=None)
def test_a_predicate_says_what_jsonschema_says(definition: str, value: object) -> None:
    """And where it says no, the words are those of the demand that jsonschema finds failed."""
    schema = {**DEFINITIONS[definition], "$defs": DEFINITIONS}
    error = next(iter(Draft202012Validator(schema).iter_errors(value)), None)
    assert schemas.predicate(definition)(value) is (error is None)
    wordless = ("messaging_service_sid", "short_code", "rcs_sender", "date_of_consent_usual")
    if error is not None and not (definition in wordless and isinstance(value, str)):
        assert schemas.complaint(definition, value) == words_for(error, value)


def words_for(error: ValidationError, value: object) -> str:
    if error.validator == "type":
        return f"is {schemas.type_name(value)}, not a {error.validator_value}"
    if error.validator == "enum":
        if not isinstance(value, str):
            return f"is {schemas.type_name(value)}, not a string"
        return f"is none of: {', '.join(error.validator_value)}"
    return error.schema.get("errorMessage") or error.schema["patternErrorMessage"]


@pytest.mark.parametrize("name", ["consent-item", "contact-item"])
def test_examples_are_valid(name: str) -> None:
    schema = schemas.load(name)
    for example in schema["examples"]:
        Draft202012Validator(schema).validate(example)


@pytest.mark.parametrize("name", ["consents", "contacts"])
def test_published_pairs_fit_their_schemas(name: str) -> None:
    folder = ROOT / "fixtures" / "published" / name
    for part in ("request", "response"):
        document = json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
        Draft202012Validator(schemas.load(f"{name}-{part}")).validate(document)


def test_a_request_holds_one_to_twenty_five_items_as_objects_or_texts() -> None:
    validator = Draft202012Validator(schemas.load("consents-request"))
    item = schemas.load("consent-item")["examples"][0]
    assert validator.is_valid({"Items": [item, json.dumps(item)]})
    assert not validator.is_valid({"Items": []})
    assert not validator.is_valid({"Items": [item] * 26})
    assert not validator.is_valid({"Items": [{**item, "status": "opt in"}]})
