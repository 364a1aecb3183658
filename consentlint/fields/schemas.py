"""The JSON Schemas: the form of every field.

jsonschema decides whether a value is valid. The compiled pattern or enumeration of a field may
only prove that it is, so that a clean run does not import jsonschema; it is asked about every
other value, once for each distinct one.
"""

import json
import os
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from consentlint.model.findings import Profile
from consentlint.model.items import MISSING

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
    # In a wheel the directory is in the package, in a checkout next to it. The loader reads from
    # a zip file as well, and a test that replaces `open` does not replace it.
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (package, os.path.dirname(package)):
        try:
            content = __loader__.get_data(os.path.join(folder, "schemas", f"{name}.json"))
        except OSError:
            continue
        decoded: str = content.decode()
        return decoded
    raise FileNotFoundError(f"the schema {name}.json of consentlint is missing")


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
    lenient = f"{field}_lenient"
    return lenient if profile is Profile.LENIENT and lenient in _DEFINITIONS else field


def enumeration(field: str) -> tuple[str, ...]:
    """Return the values that a field may have."""
    return tuple(_DEFINITIONS[field]["enum"])


def pattern_of(definition: str) -> str:
    """Return the pattern of a definition without its anchors, to be matched in full."""
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
    search = re.compile(schema["pattern"]).search
    excluded = re.compile(schema["not"]["pattern"]).search
    return lambda value: (
        isinstance(value, str) and search(value) is not None and excluded(value) is None
    )


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
    if type(value) is str and len(value) <= _MAX_LENGTH:
        return _remembered_error(definition, value)
    return _error(definition, value)


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


@lru_cache(maxsize=65_536)
def _remembered_error(definition: str, value: str) -> str | None:
    return _error(definition, value)


def _error(definition: str, value: object) -> str | None:
    """Ask jsonschema why it rejects a value."""
    keywords = {error.validator for error in _validator(definition).iter_errors(value)}
    if not keywords:
        return None
    if "type" in keywords:
        return "null" if value is None else "type"
    return "enum" if "enum" in keywords else "pattern"


@cache
def _validator(definition: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(_DEFINITIONS[definition])
