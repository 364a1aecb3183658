"""The JSON Schemas, and what the rules read from them.

Patterns and enumerations are said in `schemas/` and nowhere else. A field's schema
becomes a predicate here, for the many values that are right; jsonschema itself is
loaded for the first one that is wrong, to say which demand it fails.
"""

import json
import os
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from consentlint.findings import Profile

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
    package = os.path.dirname(os.path.abspath(__file__))
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
    """Return a test of a value against a definition of `fields.json`.

    It says what jsonschema says (held by a test) and costs a hundredth of it.
    """
    return _compile(load("fields")["$defs"][definition])


def complaint(definition: str, value: object) -> str:
    """Return what is wrong with a value that fails the definition, in the schema's words.

    The sentence lacks its subject: "is not exactly 32 hexadecimal digits".
    """
    error = next(iter(_validator(definition).iter_errors(value)))
    if error.validator == "type":
        return f"is {type_name(value)}, not a {error.validator_value}"
    if error.validator == "enum":
        if not isinstance(value, str):
            return f"is {type_name(value)}, not a string"
        return f"is none of: {', '.join(error.validator_value)}"
    said: dict[str, str] = error.schema
    return said.get("errorMessage") or said["patternErrorMessage"]


def type_name(value: object) -> str:
    """Return the JSON type of a value, with its article."""
    for kind, name in _TYPE_NAMES:
        if isinstance(value, kind):
            return name
    # Only a Python program can pass something else.
    return "null" if value is None else f"a Python {type(value).__name__}"


@cache
def _validator(definition: str) -> Any:
    # Not a type that mypy could use here: jsonschema is loaded only when needed.
    from jsonschema import Draft202012Validator

    definitions = load("fields")["$defs"]
    return Draft202012Validator({**definitions[definition], "$defs": definitions})


# A boolean is an int in Python, so it comes first.
_TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "a string"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    ((list, tuple), "an array"),
    (dict, "an object"),
)


def _compile(schema: dict[str, Any]) -> Predicate:
    demands = [
        _KEYWORDS[keyword](value)
        for keyword, value in schema.items()
        if keyword not in _ANNOTATIONS
    ]
    first, *others = demands
    if not others:
        return first
    (second,) = others
    return lambda value: first(value) and second(value)


def _type(name: str) -> Predicate:
    assert name == "string", "the fields know no other type"
    return lambda value: isinstance(value, str)


def _pattern(pattern: str) -> Predicate:
    search = re.compile(pattern).search
    # JSON Schema: a pattern says nothing of a value that is no string.
    return lambda value: not isinstance(value, str) or search(value) is not None


def _enum(words: list[str]) -> Predicate:
    allowed = frozenset(words)
    return lambda value: isinstance(value, str) and value in allowed


def _any_of(schemas: list[dict[str, Any]]) -> Predicate:
    @cache
    def option(number: int) -> Predicate:
        # Compiled when the options before it have refused a value, which may never be.
        return _compile(schemas[number])

    numbers = range(len(schemas))
    return lambda value: any(option(number)(value) for number in numbers)


def _reference(target: str) -> Predicate:
    return predicate(target.removeprefix("#/$defs/"))


_KEYWORDS: dict[str, Callable[[Any], Predicate]] = {
    "type": _type,
    "pattern": _pattern,
    "enum": _enum,
    "anyOf": _any_of,
    "$ref": _reference,
}
