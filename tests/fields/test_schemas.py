"""The schemas are sound, whole, and say what the rules say."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pycountry
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from consentlint import CONSENTS, CONTACTS, Endpoint, Profile, Reason
from consentlint.fields import schemas
from consentlint.model.items import MISSING
from consentlint.rules import rules_for

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(file for file in (ROOT / "schemas").glob("*.json") if file.stem != "editor")
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


VALUES = (
    JSON_VALUES
    | st.sampled_from(["opt-in", "+14155552671", "+14155552671\n", "GB", " 94105", "12345", "a\nb"])
    | st.from_regex(f"({DEFINITIONS['date_of_consent']['pattern']})\\n?")
    | st.from_regex(r"[0-9A-Fa-f]{31,33}\n?")
)


@given(st.sampled_from(sorted(DEFINITIONS)), VALUES)
@settings(max_examples=1_500, deadline=None)
def test_a_predicate_accepts_what_jsonschema_accepts(definition: str, value: object) -> None:
    assert schemas.predicate(definition)(value) is is_valid(DEFINITIONS[definition], value)


def is_valid(schema: dict[str, Any], value: object) -> bool:
    return Draft202012Validator(schema).is_valid(value)


@given(st.sampled_from((*CONSENTS.fields, *CONTACTS.fields)), VALUES, st.sampled_from(Profile))
@settings(max_examples=1_000, deadline=None)
def test_an_error_of_form_names_the_keyword_that_failed(
    field: str, value: object, profile: Profile
) -> None:
    schema = DEFINITIONS[schemas.definition_name(field, profile)]
    error = schemas.form_error(field, value, profile)
    assert (error is None) is is_valid(schema, value)
    assert schemas.is_valid(field, value, profile) is (error is None)
    if error is not None:
        expected = "enum" if "enum" in schema else "pattern"
        kind = "null" if value is None else "type" if not isinstance(value, str) else expected
        assert error == kind


def test_a_field_that_is_not_there_is_missing() -> None:
    assert schemas.form_error("status", MISSING, Profile.DOCUMENTED) == "missing"


STANDARD_KEYWORDS = {
    *("$schema", "$id", "$comment", "$defs", "title", "description", "examples", "type"),
    *("properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    *("pattern", "not", "enum", "const", "anyOf", "minimum"),
}


def keywords(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(keywords, schema))
    if not isinstance(schema, dict):
        return set()
    found = set(schema)
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            found |= set().union(*map(keywords, value.values()))
        elif key not in ("examples", "enum"):
            found |= keywords(value)
    return found


@pytest.mark.parametrize("name", schemas.NAMES)
def test_published_schemas_have_standard_keywords_only(name: str) -> None:
    assert keywords(schemas.load(name)) <= STANDARD_KEYWORDS


def patterns(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(patterns, schema))
    if not isinstance(schema, dict):
        return set()
    own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
    return own.union(*map(patterns, schema.values()))


@pytest.mark.parametrize("name", ["fields", *schemas.NAMES])
def test_patterns_compile_in_re2(name: str) -> None:
    for pattern in patterns(schemas.load(name)):
        re2.compile(pattern)


@pytest.mark.parametrize("name", ["consents-file", "contacts-file"])
def test_a_file_may_have_any_number_of_items(name: str) -> None:
    item = schemas.load(f"{name.partition('-')[0].removesuffix('s')}-item")["examples"][0]
    validator = Draft202012Validator(schemas.load(name))
    for document in (item, [item] * 30, {"Items": [item] * 30}, {"items": [item]}):
        assert validator.is_valid(document)
    assert not validator.is_valid([{**item, "contact_id": "1"}])


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
