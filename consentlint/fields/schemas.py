"""The JSON Schemas: the form of every field.

jsonschema decides whether a value is valid. The compiled pattern or enumeration of a field may
only prove that it is, so that a clean run does not import jsonschema; it is asked about every
other value, once for each distinct one.
"""

import json
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, lru_cache
from typing import Any

from consentlint.model.findings import Profile
from consentlint.model.items import MISSING
from consentlint.text.package_data import read_data

Predicate = Callable[[object], bool]

NAMES = (
    "consent-item",
    "contact-item",
    "consents-request",
    "contacts-request",
    "consents-file",
    "contacts-file",
    "consents-response",
    "contacts-response",
    "report",
    "convert-mapping",
)
"""The schemas that `consentlint schema` prints."""

# Longer values are not remembered.
_MAX_LENGTH = 256


def text(name: str) -> str:
    """Return a schema as it is in its file.

    Args:
        name: one of `NAMES`, "fields" or "editor".

    Raises:
        FileNotFoundError: the package is incomplete.
    """
    return read_data("schemas", f"{name}.json")


@cache
def load(name: str) -> dict[str, Any]:
    """Return a schema as Python data.

    Args:
        name: one of `NAMES`, "fields" or "editor".
    """
    schema: dict[str, Any] = json.loads(text(name))
    return schema


_DEFINITIONS: dict[str, Any] = load("fields")["$defs"]


def definition_name(field: str, profile: Profile) -> str:
    """Return the name in `fields.json` of what a profile requires of a field."""
    if profile is Profile.LENIENT and (lenient := f"{field}_lenient") in _DEFINITIONS:
        return lenient
    return field


def enumeration(field: str) -> tuple[str, ...]:
    """Return the values that a field may have."""
    return tuple(_DEFINITIONS[field]["enum"])


def pattern_of(definition: str) -> str:
    """Return the pattern of a definition without its anchors.

    A string that it matches in full is valid, and no other string is.
    """
    pattern: str = _DEFINITIONS[definition]["pattern"]
    return pattern.removeprefix("^").removesuffix("$")


@cache
def field_predicate(field: str, profile: Profile) -> Predicate:
    """Return a fast test of a field's value (see `predicate`)."""
    return predicate(definition_name(field, profile))


@cache
def predicate(definition: str) -> Predicate:
    """Return a fast test of a value against a definition of `fields.json`.

    It gives the answer of jsonschema for every value; a test compares them.
    """
    schema = _DEFINITIONS[definition]
    if "enum" in schema:
        values = frozenset(schema["enum"])
        return lambda value: isinstance(value, str) and value in values
    match = re.compile(pattern_of(definition)).fullmatch
    return lambda value: isinstance(value, str) and match(value) is not None


def is_valid(field: str, value: object, profile: Profile) -> bool:
    """Tell whether the schema accepts a value of a field."""
    return field_predicate(field, profile)(value) or form_error(field, value, profile) is None


def form_error(field: str, value: object, profile: Profile) -> str | None:
    """Return why the schema rejects a value of a field, None if it is valid.

    Args:
        field: the field.
        value: its value, `MISSING` if the item does not have it.
        profile: which of Twilio's conflicting rules applies.

    Returns:
        "missing", "null", "type", "pattern" or "enum".
    """
    if value is MISSING:
        return "missing"
    definition = definition_name(field, profile)
    if predicate(definition)(value):
        return None
    if not isinstance(value, str):
        # Only the type of such a value matters. jsonschema also formats the value, which fails
        # for one that is nested deeply, and is slow for a long one.
        return _type_error(definition, type_name(value))
    return (_remembered_error if len(value) <= _MAX_LENGTH else _text_error)(definition, value)


def type_name(value: object) -> str:
    """Return the JSON type of a value, with its article."""
    for kind, name in _TYPE_NAMES:
        if isinstance(value, kind):
            return name
    # Only a Python program can pass a value of another type.
    return "null" if value is None else f"a Python {type(value).__name__}"


# A boolean is an int in Python, so it comes first.
_TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "a string"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    ((list, tuple), "an array"),
    (dict, "an object"),
)

# A value of each JSON type except string.
_VALUES: tuple[object, ...] = (None, True, 0, [], {})
_VALUE_OF_TYPE = {type_name(value): value for value in _VALUES}


@cache
def _type_error(definition: str, kind: str) -> str | None:
    """Ask jsonschema whether it rejects the type of a value, given its name."""
    validator, _ = _validator(definition)
    if validator.is_valid(_VALUE_OF_TYPE.get(kind, object())):
        return None
    return "null" if kind == "null" else "type"


def _text_error(definition: str, value: str) -> str | None:
    """Ask jsonschema why it rejects a string."""
    validator, keywords = _validator(definition)
    # This is `iter_errors` without what that adds to an error, which takes half of its time.
    for keyword, argument, errors in keywords:
        if next(errors(validator, argument, value, validator.schema), None) is not None:
            return "enum" if keyword == "enum" else "pattern"
    return None


_remembered_error = lru_cache(maxsize=65_536)(_text_error)


@cache
def _validator(definition: str) -> tuple[Any, Sequence[tuple[str, Any, Callable[..., Any]]]]:
    """Return the validator of a definition, and the keywords that it checks in a string."""
    schema = _DEFINITIONS[definition]
    assert schema["type"] == "string"
    validator = validator_class()(schema)
    return validator, [
        (keyword, argument, validator.VALIDATORS[keyword])
        for keyword, argument in schema.items()
        if keyword in validator.VALIDATORS and keyword != "type"
    ]


def validator_class() -> Any:
    """Import jsonschema and return its validator for the dialect of the schemas."""
    with _real_files():
        from jsonschema import Draft202012Validator

    return Draft202012Validator


def _real_files() -> AbstractContextManager[object]:
    """Return a context in which the fake file system of a test is paused.

    jsonschema reads data files when it is imported, and pyfakefs hides them.
    """
    pyfakefs: Any = sys.modules.get("pyfakefs.fake_filesystem_unittest")
    patcher = None if pyfakefs is None else pyfakefs.Patcher.PATCHER
    if patcher is None or not patcher.is_patching or "jsonschema" in sys.modules:
        return nullcontext()
    context: AbstractContextManager[object] = pyfakefs.Pause(patcher)
    return context
