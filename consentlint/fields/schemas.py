"""The JSON Schemas, and what the rules read from them.

Patterns and enumerations are said in `schemas/` and nowhere else, and so are the words
for a value that fails them. A field's schema becomes a predicate here. The fields know
so few keywords that nothing heavier is needed: a test holds both, predicates and words,
against jsonschema.
"""

import json
import os
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from consentlint.model.findings import Profile

Predicate = Callable[[object], bool]

NAMES = (
    "consent-item",
    "contact-item",
    "consents-request",
    "contacts-request",
    "consents-response",
    "contacts-response",
)

_ANNOTATIONS = {
    "title",
    "description",
    "errorMessage",
    "patternErrorMessage",
    "enumDescriptions",
    "examples",
}


def text(name: str) -> str:
    """Return a schema as it stands in its file.

    Args:
        name: one of `NAMES`, or "fields".
    """
    # In a wheel the folder lies inside the package, in a checkout beside it. Opened
    # by path, not through importlib.resources, whose import costs a third of click's.
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (package, os.path.dirname(package)):
        path = os.path.join(folder, "schemas", f"{name}.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    raise FileNotFoundError(f"consentlint was installed without its schema {name}.json")


@cache
def load(name: str) -> dict[str, Any]:
    """Return a schema as Python data: one of `NAMES`, or "fields"."""
    schema: dict[str, Any] = json.loads(text(name))
    return schema


def definition_name(field: str, profile: Profile) -> str:
    """Return the name under "$defs" of what a profile demands of a field."""
    lenient = f"{field}_lenient"
    if profile is Profile.LENIENT and lenient in load("fields")["$defs"]:
        return lenient
    return field


@cache
def field_predicate(field: str, profile: Profile) -> Predicate:
    """Return a test of a field's value against what a profile demands of it."""
    return predicate(definition_name(field, profile))


def enumeration(field: str) -> tuple[str, ...]:
    """Return the words that a field may hold."""
    return tuple(load("fields")["$defs"][field]["enum"])


@cache
def predicate(definition: str) -> Predicate:
    """Return a test of a value against a definition of `fields.json`."""
    schema = _definition(definition)
    if "enum" in schema:
        words = frozenset(schema["enum"])
        return lambda value: isinstance(value, str) and value in words
    match = re.compile(_pattern(schema)).match
    return lambda value: isinstance(value, str) and match(value) is not None


def complaint(definition: str, value: object) -> str:
    """Return what is wrong with a value that fails the definition, in the schema's words.

    The sentence lacks its subject: "is not exactly 32 hexadecimal digits".
    """
    return _words(definition) if isinstance(value, str) else f"is {type_name(value)}, not a string"


def type_name(value: object) -> str:
    """Return the JSON type of a value, with its article."""
    for kind, name in _TYPE_NAMES:
        if isinstance(value, kind):
            return name
    # Only a Python program can pass something else.
    return "null" if value is None else f"a Python {type(value).__name__}"


# A boolean is an int in Python, so it comes first.
_TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "a string"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    ((list, tuple), "an array"),
    (dict, "an object"),
)


def _definition(name: str) -> dict[str, Any]:
    """Return a definition of `fields.json`, that which it refers to where it does so."""
    schema: dict[str, Any] = load("fields")["$defs"][name]
    return _definition(_target(schema)) if "$ref" in schema else schema


def _target(schema: dict[str, Any]) -> str:
    reference: str = schema["$ref"]
    return reference.removeprefix("#/$defs/")


@cache
def _words(definition: str) -> str:
    """Return what is wrong with a text that fails the definition."""
    schema = _definition(definition)
    if "enum" in schema:
        return f"is none of: {', '.join(schema['enum'])}"
    words: str = schema.get("errorMessage") or schema["patternErrorMessage"]
    return words


def _pattern(schema: dict[str, Any]) -> str:
    """Return the one pattern that a text matches that fulfils a schema."""
    demands = schema.keys() - _ANNOTATIONS - {"type"}
    assert len(demands) == 1, "besides a type, a schema of a field makes one demand"
    if "$ref" in schema:
        return _pattern(_definition(_target(schema)))
    if "anyOf" in schema:
        return "|".join(f"(?:{_pattern(option)})" for option in schema["anyOf"])
    pattern: str = schema["pattern"]
    assert pattern.startswith("^"), "it can match where the text begins, and nowhere else"
    return pattern


def form_error(field: str, value: object, profile: Profile) -> str | None:
    """Return why the schema rejects a value, None if it is valid."""
    from consentlint.model.items import MISSING

    if value is MISSING:
        return "missing"
    if field_predicate(field, profile)(value):
        return None
    if value is None:
        return "null"
    if not isinstance(value, str):
        return "type"
    return "enum" if "enum" in _definition(definition_name(field, profile)) else "pattern"


def is_valid(field: str, value: object, profile: Profile) -> bool:
    """Return whether the schema accepts a value."""
    return field_predicate(field, profile)(value)


def pattern_of(definition: str) -> str:
    """Return the pattern of a definition without anchors."""
    return _pattern(_definition(definition)).removeprefix("^").removesuffix("$(?!\\n)")
