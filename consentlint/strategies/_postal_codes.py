"""Countries, and postal codes by country."""

import re
from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st

from consentlint.fields import postal_codes, schemas
from consentlint.strategies._cases import (
    Case,
    FieldCases,
    common_mistakes,
    edited,
    field_cases,
    non_ascii_digits,
)

_SIMPLEST = "US"
_NUMBERS = st.integers(501, 99_950)
# An explicit alphabet: otherwise Hypothesis first finds out which characters UTF-8 can encode,
# which in a fresh checkout takes longer than its health check allows.
_ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


@cache
def country_cases() -> tuple[Case, ...]:
    """Return the cases of a valid country, by the format of its postal codes."""
    countries = schemas.enumeration("country_iso_code")
    formats = {country: postal_codes.format_of(country) for country in countries}
    lettered = [country for country, form in formats.items() if form and re.search("[A-Z]", form)]
    return (
        Case("the simplest", st.just(_SIMPLEST)),
        Case("postal codes with letters", st.sampled_from(lettered), is_boundary=True),
        Case("any", st.sampled_from(countries), is_boundary=True),
        Case(
            "no postal code format",
            st.sampled_from([country for country, form in formats.items() if form is None]),
            is_boundary=True,
        ),
    )


@cache
def zip_code_cases(country: str | None) -> FieldCases:
    """Return the cases of a postal code for a country; None for an invalid country."""
    matches_schema = schemas.predicate("zip_code")
    form = None if country is None else postal_codes.format_of(country)
    if country is None or form is None:
        strings = st.text("0123456789ABCXYZ -", min_size=1, max_size=10).filter(matches_schema)
        valid = st.one_of(st.just("94105"), strings)
        mistakes = tuple(
            case for case in common_mistakes(valid) if case.name != "a look-alike character"
        )
        number = Case("a number instead of a string", _NUMBERS)
        return field_cases([Case("any string", valid)], (*mistakes, number), matches_schema)

    def is_valid(value: object) -> bool:
        return matches_schema(value) and postal_codes.matches(str(value), country)

    valid = st.from_regex(re.compile(form, re.ASCII), fullmatch=True, alphabet=_ASCII)
    valid_cases = (
        Case("the country's format", valid),
        Case("lower case", valid.map(str.lower), is_boundary=True),
        Case("no separators", valid.map(_without_separators), is_boundary=True),
    )  # fmt: skip
    invalid_cases = (
        *common_mistakes(valid),
        non_ascii_digits(valid),
        Case("one character too few", valid.map(lambda code: code[:-1]), is_boundary=True),
        Case("one character too many", st.builds("{}{}".format, valid, st.sampled_from("0A")), is_boundary=True),
        *_lost_zeros(is_valid),
        Case("a letter instead of a digit", edited(valid, _with_letter), is_boundary=True),
        Case("a trailing hyphen", valid.map("{}-".format), is_boundary=True),
        Case("another country's format", st.sampled_from(("94105", "SW1A 1AA", "1012 AB", "K1A 0B1", "110001")), is_boundary=True),
        Case("a number instead of a string", _NUMBERS),
        Case("a spreadsheet's decimal", valid.map("{}.0".format)),
        Case("a city before it", valid.map("San Francisco, CA {}".format)),
    )  # fmt: skip
    return field_cases(valid_cases, invalid_cases, is_valid)


def _lost_zeros(is_valid: Callable[[object], bool]) -> tuple[Case, ...]:
    """Return the case of a lost leading 0, if the country's postal codes can start with one."""
    lengths = [n for n in range(2, 10) if is_valid("0" + n * "1") and not is_valid(n * "1")]
    if not lengths:
        return ()
    digits = st.text("123456789", min_size=lengths[0], max_size=lengths[0])
    lost = digits.filter(lambda code: is_valid(f"0{code}"))
    return (Case("a lost leading 0", lost, is_boundary=True),)


def _without_separators(code: str) -> str:
    return code.replace(" ", "").replace("-", "")


def _with_letter(code: str, index: int) -> str:
    indexes = [i for i, character in enumerate(code) if character.isdigit()]
    if not indexes:
        return code
    index = indexes[index % len(indexes)]
    return f"{code[:index]}O{code[index + 1 :]}"
