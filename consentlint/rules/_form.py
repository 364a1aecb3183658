"""Words for values that the schema rejects."""

import math
import re
from collections.abc import Mapping
from functools import cache

from consentlint.fields import schemas
from consentlint.fields.phone_numbers import PhoneStatus
from consentlint.model.items import MISSING
from consentlint.rules._rule import Problem, Quote, RuleSettings
from consentlint.text.plurals import counted

LENIENT_NOTE = "The lenient profile accepts this form."

_IMPOSSIBLE = {
    PhoneStatus.LOCAL_ONLY: "has no area code, so it can only be dialed locally",
    PhoneStatus.TOO_SHORT: "is too short for its country code",
    PhoneStatus.TOO_LONG: "is too long for its country code",
    PhoneStatus.INVALID_LENGTH: "has a length that its country code does not allow",
    PhoneStatus.UNKNOWN_CALLING_CODE: "does not start with a valid country code",
}
ROUNDED = "rounded"
"""The detail of a problem with a number that a spreadsheet rounded."""
_SCIENTIFIC = re.compile(r"\+?[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+")
_MAX_ROUNDED = 40
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def check_form(rule: str, field: str, value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    """Return a problem if the schema rejects a value.

    Its detail is the schema keyword, or "rounded": reports show these apart from other values.
    """
    error = schemas.form_error(field, value, settings.profile)
    if error == "pattern" and isinstance(value, str) and is_rounded(value.strip()):
        error = ROUNDED
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


def is_rounded(text: str) -> bool:
    """Return whether a text is a number in scientific notation, which has lost digits."""
    return len(text) <= _MAX_ROUNDED and _SCIENTIFIC.fullmatch(text) is not None


def is_nan(value: object) -> bool:
    """Return whether a value is NaN, which data frames use for a missing value."""
    return isinstance(value, float) and math.isnan(value)


def describe_status(status: PhoneStatus) -> str:
    """Return what is wrong with a number in E.164 form that is not possible."""
    return _IMPOSSIBLE[status]


def wrong_length(value: object, after: str = "") -> str:
    """Return how many digits an id has instead of 32; empty if it may have as many.

    Args:
        value: the id, as a UUID is written or not.
        after: what the digits follow, such as " after MG".
    """
    text = value.strip() if isinstance(value, str) else ""
    digits = text.replace("-", "")
    if set(digits) <= _HEXADECIMAL:
        count, found, expected = len(digits), "hexadecimal digit", "32"
    else:
        count, found, expected = len(text), "character", "32 hexadecimal digits"
    if count in (0, 32) or not (digits.isascii() and digits.isalnum()):
        return ""
    return f"has {counted(count, found)}{after}, expected {expected}"


def item_location(quote: Quote, position: int) -> str:
    """Return where another item is, such as "on line 6"."""
    name = quote.item(position)
    return f"on {name}" if name.startswith("line") else f"in {name}"


def sentences(*parts: str) -> str:
    """Join the sentences that are not empty."""
    return " ".join(part for part in parts if part)
