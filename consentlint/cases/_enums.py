"""Fields with an enumeration of values: status, source and country."""

from collections.abc import Callable
from functools import cache

from consentlint.cases._case import (
    Case,
    FieldCases,
    common_mistakes,
    field_cases,
    joined,
    made,
    one_of,
)
from consentlint.fields import schemas

_SIMILAR_VALUES = {
    "status": ("re-opt-in", "opted-in", "subscribed", "STOP", "yes", "pending"),
    "source": ("other", "web", "opt-in", "sms", "unknown", "import"),
    # Often mistaken for ISO 3166-1 alpha-2 codes: reserved or withdrawn codes, codes of three
    # letters, numeric codes, and names.
    "country_iso_code": ("UK", "XK", "EU", "AN", "ZZ", "USA", "DEU", "840", "United States"),
}


@cache
def enum_cases(field: str) -> FieldCases:
    """Return the cases of a field with an enumeration."""
    values = schemas.enumeration(field)
    valid = one_of(*values)
    invalid = (
        *common_mistakes(valid),
        Case("a similar value", one_of(*_SIMILAR_VALUES[field]), is_boundary=True),
        Case("another letter case", made(valid, str.title, str.upper, str.lower), is_boundary=True),
        Case("one letter too few", made(valid, lambda value: value[:-1]), is_boundary=True),
        Case("one letter too many", joined("{}{}", valid, "sdA"), is_boundary=True),
    )
    if hyphenated := [value for value in values if "-" in value]:
        separated = made(
            one_of(*hyphenated),
            *(_with_separator(other) for other in (" ", "_", "", "\N{NON-BREAKING HYPHEN}")),
        )
        invalid = (*invalid, Case("another separator", separated, is_boundary=True))
    return field_cases([Case("any", valid)], invalid, schemas.predicate(field))


def _with_separator(separator: str) -> Callable[[str], str]:
    return lambda value: value.replace("-", separator)
