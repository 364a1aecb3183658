"""The schemas are sound, whole, and say what the rules say."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pycountry
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from consentlint import CONSENTS, CONTACTS, Endpoint, Profile, Reason, strategies
from consentlint.fields import schemas
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import MISSING
from consentlint.rules import rules_for

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(file for file in (ROOT / "schemas").glob("*.json") if file.stem != "editor")
DEFINITIONS: dict[str, dict[str, Any]] = schemas.load("fields")["$defs"]
ENUMERATIONS = {name for name, schema in DEFINITIONS.items() if "enum" in schema}
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


def test_every_schema_can_be_loaded_by_name() -> None:
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


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_errors_of_form_are_those_of_the_schema_of_the_item(data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from([CONSENTS, CONTACTS]))
    drawn = (strategies.invalid_items, strategies.near_misses, strategies.valid_items)
    value = data.draw(st.one_of(strategy(kind=endpoint) for strategy in drawn))
    item = getattr(value, "item", value)
    rejected = {
        field
        for field in endpoint.fields
        if (field in item or field in endpoint.required)
        and schemas.form_error(field, item.get(field, MISSING), Profile.DOCUMENTED)
    }
    expected = set()
    for error in ITEM_VALIDATORS[endpoint.name].iter_errors(item):
        if error.validator == "required":
            expected |= {field for field in error.validator_value if field not in item}
        elif error.validator != "additionalProperties":
            expected.add(error.absolute_path[0])
    assert rejected == expected


ITEM_VALIDATORS = {
    "consents": Draft202012Validator(schemas.load("consent-item")),
    "contacts": Draft202012Validator(schemas.load("contact-item")),
}


def test_an_optional_field_that_is_null_is_invalid() -> None:
    assert schemas.form_error("date_of_consent", None, Profile.DOCUMENTED) == "null"


@pytest.mark.parametrize("definition", sorted(DEFINITIONS))
def test_a_definition_names_its_type_first_and_has_one_pattern_or_enumeration(
    definition: str,
) -> None:
    schema = DEFINITIONS[definition]
    assert schema["type"] == "string"
    (demand,) = {"pattern", "enum"} & schema.keys()
    keywords = [*schema]
    assert keywords.index("type") < keywords.index(demand)


@given(st.text(max_size=8), st.sampled_from(sorted(set(DEFINITIONS) - ENUMERATIONS)))
def test_the_pattern_without_anchors_matches_valid_strings_in_full(
    value: str, definition: str
) -> None:
    match = re.fullmatch(schemas.pattern_of(definition), value)
    assert (match is not None) is is_valid(DEFINITIONS[definition], value)


def test_a_value_of_another_type_is_not_formatted() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    for value in (nested, 10**5_000, Unprintable(), [0] * 10**6):
        assert schemas.form_error("status", value, Profile.DOCUMENTED) == "type"


class Unprintable:
    def __repr__(self) -> str:
        raise AssertionError

    def __eq__(self, other: object) -> bool:
        raise AssertionError

    __hash__ = object.__hash__


def test_equal_values_of_different_types_are_distinguished() -> None:
    values = ("1", 1, True, 1.0, None, "1")
    errors = [schemas.form_error("contact_id", value, Profile.DOCUMENTED) for value in values]
    assert errors == ["pattern", "type", "type", "type", "null", "pattern"]


def test_jsonschema_checks_a_short_string_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def errors(_: object, __: object, value: object, ___: object) -> Iterator[str]:
        asked.append(value)
        yield "rejected"

    validator = schemas.validator_class()({})
    monkeypatch.setattr(schemas, "_validator", lambda _: (validator, [("enum", [], errors)]))
    short, long = "asked once", "x" * 257
    for value in (short, short, long, long):
        assert schemas.form_error("status", value, Profile.DOCUMENTED) == "enum"
    assert asked == [short, long, long]


def test_a_sender_is_one_of_its_alternatives() -> None:
    names = ("messaging_service_sid", "phone_number", "short_code")
    alternatives = [schemas.pattern_of(name) for name in names]
    assert schemas.pattern_of("sender_id") == f"(?:{'|'.join(alternatives)})"
    alternatives.append(schemas.pattern_of("rcs_sender"))
    assert schemas.pattern_of("sender_id_lenient") == f"(?:{'|'.join(alternatives)})"
    assert schemas.pattern_of("contact_id") == schemas.pattern_of("phone_number")


@pytest.mark.parametrize("field", sorted({*CONSENTS.fields, *CONTACTS.fields}))
def test_a_comment_names_the_reason_code_of_a_field(field: str) -> None:
    assert f"INVALID_{field.upper()}" in DEFINITIONS[field]["$comment"]


FAKE_FILES = """
import sys
import uuid
from pyfakefs.fake_filesystem_unittest import Patcher
import consentlint
item = {"correlation_id": uuid.uuid4().hex, "country_iso_code": "US", "zip_code": "94105"}
for contact_id in ("+14155552671", "1"):
    # The first loads the schemas, the second jsonschema.
    with Patcher():
        print(consentlint.reason_codes({**item, "contact_id": contact_id}, kind="contacts"))
        print("jsonschema" in sys.modules, sys.modules["os"].path.exists(sys.executable))
"""


def test_a_fake_file_system_hides_no_data() -> None:
    pytest.importorskip("pyfakefs")
    run = [sys.executable, "-c", FAKE_FILES]
    result = subprocess.run(run, capture_output=True, text=True, check=True)
    assert result.stdout.split("\n")[:4] == [
        "[]",
        "False False",
        "['INVALID_CONTACT_ID']",
        "True False",
    ]


def test_a_field_that_is_not_there_is_missing() -> None:
    assert schemas.form_error("status", MISSING, Profile.DOCUMENTED) == "missing"


STANDARD_KEYWORDS = {
    *("$schema", "$id", "$comment", "$defs", "title", "description", "examples", "type"),
    *("properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    *("pattern", "not", "enum", "const", "anyOf", "minimum", "if", "then", "else"),
    *("contentMediaType", "$ref"),
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


@pytest.mark.parametrize("kind", ["consents", "contacts"])
def test_a_file_may_have_any_number_of_items(kind: str) -> None:
    item = schemas.load(f"{kind.removesuffix('s')}-item")["examples"][0]
    validator = Draft202012Validator(schemas.load(f"{kind}-file"))
    marked = {**item, SUPERSEDED_BY: "5f0c2e7f4a9d4c27b1d0c9f3e2a7b685"}
    lists = ([item] * 30, [json.dumps(item)], [marked])
    for document in (item, marked, *lists):
        validator.validate(document)
    for items in lists:
        validator.validate({"Items": items})
        validator.validate({"items": items, "meta": {}})


@pytest.mark.parametrize(
    "wrap", [lambda item: item, lambda item: [item], lambda item: {"Items": [item]}]
)
def test_an_error_in_a_file_is_that_of_the_field(wrap: Callable[[object], object]) -> None:
    item = {**schemas.load("consent-item")["examples"][0], "status": "opt in"}
    (error,) = Draft202012Validator(schemas.load("consents-file")).iter_errors(wrap(item))
    assert error.absolute_path[-1] == "status"
    assert error.validator == "enum"


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
