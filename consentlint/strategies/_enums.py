"""Fields with an enumeration of values: status, source and country."""

from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st

from consentlint.fields import schemas
from consentlint.strategies._cases import Case, FieldCases, common_mistakes, field_cases

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
    valid = st.sampled_from(values)
    invalid = (
        *common_mistakes(valid),
        Case("a similar value", st.sampled_from(_SIMILAR_VALUES[field]), is_boundary=True),
        Case("another letter case", st.builds(_recase, valid, st.sampled_from(_LETTER_CASES)), is_boundary=True),
        Case("one letter too few", valid.map(lambda value: value[:-1]), is_boundary=True),
        Case("one letter too many", st.builds("{}{}".format, valid, st.sampled_from("sdA")), is_boundary=True),
    )  # fmt: skip
    if "-" in "".join(values):
        hyphenated = st.sampled_from([value for value in values if "-" in value])
        separators = st.sampled_from((" ", "_", "", "\N{NON-BREAKING HYPHEN}"))
        separated = st.builds(_replace_hyphens, hyphenated, separators)
        invalid = (*invalid, Case("another separator", separated, is_boundary=True))
    return field_cases([Case("any", valid)], invalid, schemas.predicate(field))


_LETTER_CASES = (str.title, str.upper, str.lower)


def _recase(value: str, recase: Callable[[str], str]) -> str:
    return recase(value)


def _replace_hyphens(value: str, separator: str) -> str:
    return value.replace("-", separator)
