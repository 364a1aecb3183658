"""Words for values that the schema rejects, and hints that apply to any field."""

import math
import re
from collections.abc import Callable, Mapping
from functools import cache

from consentlint.fields import schemas
from consentlint.model.items import MISSING
from consentlint.rules._rule import Problem, Quote, RuleSettings

LENIENT_NOTE = "The lenient profile accepts this form."

NO_VALUE = frozenset({"nan", "nat", "none", "null", "nil", "n/a", "#n/a", "na", "undefined", "-"})
"""What databases and programs write for a value that does not exist, in lower case."""

ROUNDED = "A spreadsheet rounded it: export again with the column formatted as text."
READ_AS_NUMBER = "A program read it as a number: export again with the column formatted as text."

MAX_HINT_LENGTH = 100
"""Longer texts are not worth a hint, and some patterns are slow for them."""

_SCIENTIFIC = re.compile(r"\+?[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+")
_MAX_NUMBER = 10**20
_MAX_CHARACTERS = 3


def check_form(rule: str, field: str, value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    """Return a problem if the schema rejects a value; its detail is the schema keyword."""
    error = schemas.form_error(field, value, settings.profile)
    return () if error is None else _problems(rule, field, error)


@cache
def _problems(rule: str, field: str, error: str) -> tuple[Problem, ...]:
    return (Problem(rule, field, error),)


def describe_form(
    problem: Problem,
    fields: Mapping[str, object],
    quote: Quote,
    expected: str,
    invalid: str = "",
) -> str:
    """Return the sentence that says what is wrong with a value that the schema rejects.

    Args:
        problem: the problem; its detail is the schema keyword.
        fields: the fields of the item.
        quote: formats values.
        expected: what the field expects, such as "a date with a time".
        invalid: what is wrong with a string, such as "is not in E.164 format". Empty for a field
            with an enumeration, of which the values themselves are expected.
    """
    field = problem.field or ""
    value = fields.get(field, MISSING)
    if problem.detail == "missing" or value is MISSING:
        return f"{field} is missing."
    if isinstance(value, str):
        if not value.strip():
            return f"{field} is {'blank' if value else 'empty'}, expected {expected}."
        if invalid:
            return f"{field} {quote(value, field)} {invalid}."
        return f"{field} is {quote(value, field)}, expected {expected}."
    wanted = "a string" if invalid else expected
    return f"{field} is {_named(value, field, quote)}, expected {wanted}."


def _named(value: object, field: str, quote: Quote) -> str:
    if value is None:
        return "null"
    if is_nan(value):
        return "NaN (no value)"
    name = schemas.type_name(value)
    if isinstance(value, bool):
        return f"{'true' if value else 'false'} ({name})"
    return f"{quote(value, field)} ({name})" if isinstance(value, int | float) else name


def is_nan(value: object) -> bool:
    """Return whether a value is NaN, which data frames use for a missing value."""
    return isinstance(value, float) and math.isnan(value)


def has_no_value(value: object) -> bool:
    """Return whether a value only says that there is none."""
    if isinstance(value, str):
        return not value.strip() or value.strip().lower() in NO_VALUE
    return value is None or is_nan(value)


def common_hint(value: object, accepts: Callable[[str], bool]) -> str:
    """Return the hint for mistakes that can happen to any field, empty if none applies.

    Args:
        value: the invalid value.
        accepts: returns whether a repaired value is valid.
    """
    if isinstance(value, Mapping):
        return _unwrapped(value, accepts)
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Python cannot format the largest integers.
        return "Put it in quotes." if abs(value) < _MAX_NUMBER and accepts(str(value)) else ""
    if not isinstance(value, str):
        return ""
    stripped = value.strip()
    if accepts(stripped):
        return "Remove the surrounding white space."
    for start, end, hint in _WRAPPERS:
        inner = stripped[len(start) : len(stripped) - len(end)].strip()
        if stripped.startswith(start) and stripped.endswith(end) and accepts(inner):
            return hint
    return ""


_WRAPPERS = (
    ("'", "", "Remove the leading apostrophe (a spreadsheet adds it to text)."),
    ('="', '"', 'Remove the surrounding ="…" (a spreadsheet formula).'),
    ('"', '"', "Remove the surrounding quotes."),
    ("'", "'", "Remove the surrounding quotes."),
)


def _unwrapped(value: Mapping[object, object], accepts: Callable[[str], bool]) -> str:
    if len(value) != 1:
        return ""
    ((key, inner),) = value.items()
    if not (isinstance(inner, str) and accepts(inner)):
        return ""
    if key == "S":
        return 'Use the value inside {"S": …} (DynamoDB JSON wraps values in their type).'
    # The key is shown only if it is a known one: any other may hold personal data.
    wrapper = '{"$date": …}' if key == "$date" else "the object"
    return f"Use the value inside {wrapper}."


def is_rounded(text: str) -> bool:
    """Return whether a text is a number in scientific notation."""
    return len(text) <= MAX_HINT_LENGTH and _SCIENTIFIC.fullmatch(text) is not None


def look_alike_hint(value: object) -> str:
    """Return the hint for characters that a user cannot see or tell from ASCII."""
    named = look_alikes(value)
    return f"It contains invisible or look-alike characters: {named}." if named else ""


def meant_hint(value: object, meant: str | None) -> str:
    """Return the hint that proposes a value of an enumeration."""
    if meant is None:
        return look_alike_hint(value)
    named = look_alikes(value)
    without = f" without {named} (invisible or look-alike)" if named else ""
    return f'Did you mean "{meant}"{without}?'


def look_alikes(value: object) -> str:
    """Return the characters of a text that a user cannot see or tell from ASCII."""
    if not isinstance(value, str):
        return ""
    strange = [each for each in dict.fromkeys(value) if not (each.isascii() and each.isprintable())]
    if not strange:
        return ""
    named = ", ".join(f"U+{ord(each):04X}" for each in strange[:_MAX_CHARACTERS])
    return f"{named}, …" if len(strange) > _MAX_CHARACTERS else named


def item_location(quote: Quote, position: int) -> str:
    """Return where another item is, such as "on line 6"."""
    name = quote.item(position)
    return f"on {name}" if name.startswith("line") else f"in {name}"


def then(first: str, second: str) -> str:
    """Join two hints in one sentence."""
    return f"{first.removesuffix('.')}, then {second[0].lower()}{second[1:]}"


def sentences(*parts: str) -> str:
    """Join the sentences that are not empty."""
    return " ".join(part for part in parts if part)
