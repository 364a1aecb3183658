"""Words for values that the schema rejects, and hints that apply to any field."""

import math
from collections.abc import Callable, Mapping

from consentlint.fields import schemas
from consentlint.model.items import MISSING
from consentlint.rules._rule import Problem, Quote, RuleSettings

LENIENT_NOTE = "The lenient profile accepts this form."

NO_VALUE = frozenset({"nan", "nat", "none", "null", "nil", "n/a", "#n/a", "na", "undefined", "-"})
"""What databases and programs write for a value that does not exist, in lower case."""

_MAX_CHARACTERS = 3


def check_form(
    rule: str, field: str, value: object, settings: RuleSettings, *args: object
) -> tuple[Problem, ...]:
    """Return a problem if the schema rejects a value; its detail is the schema keyword.

    Args:
        rule: the name of the rule.
        field: the field.
        value: its value.
        settings: what checks know besides the values.
        args: the facts for `Problem.args`.
    """
    error = schemas.form_error(field, value, settings.profile)
    return () if error is None else (Problem(rule, field, error, args),)


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
        expected: what the field expects, such as "a string".
        invalid: what is wrong with a string, such as "is not in E.164 format"; empty to say
            what is expected.
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
    return f"{field} is {_named(value, field, quote)}, expected {expected}."


def _named(value: object, field: str, quote: Quote) -> str:
    if value is None:
        return "null"
    if is_nan(value):
        return "NaN (no value)"
    name = schemas.type_name(value)
    return f"{quote(value, field)} ({name})" if isinstance(value, int | float) else name


def is_nan(value: object) -> bool:
    """Return whether a value is the float that stands for no value."""
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
        return "Put it in quotes." if accepts(str(value)) else ""
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


def look_alike_hint(value: object) -> str:
    """Return the hint for characters that a user cannot see or tell from ASCII."""
    if not isinstance(value, str):
        return ""
    strange = [each for each in dict.fromkeys(value) if not (each.isascii() and each.isprintable())]
    if not strange:
        return ""
    named = ", ".join(f"U+{ord(each):04X}" for each in strange[:_MAX_CHARACTERS])
    more = ", …" if len(strange) > _MAX_CHARACTERS else ""
    return f"It contains invisible or look-alike characters: {named}{more}."


def sentences(*parts: str) -> str:
    """Join the sentences that are not empty."""
    return " ".join(part for part in parts if part)
