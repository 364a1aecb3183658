"""Postal codes, by country."""

import re
from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st

from consentlint.fields import postal_codes, schemas
from consentlint.strategies._cases import (
    Case,
    Cases,
    cases,
    edited,
    spoiled,
    with_digits_of_another_script,
)

_PLAINEST = "US"
_NUMBERS = st.integers(501, 99_950)
# Said so that Hypothesis need not find out which characters UTF-8 can encode: where it has
# not done so before, that takes longer than its health check allows.
_ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


@cache
def country_cases() -> tuple[Case, ...]:
    """Return the cases of a country that is taken, by what its postal codes are like."""
    countries = schemas.enumeration("country_iso_code")
    formats = {country: postal_codes.format_of(country) for country in countries}
    lettered = [each for each, form in formats.items() if form and re.search("[A-Z]", form)]
    return (
        Case("the plainest", st.just(_PLAINEST)),
        Case("one whose postal codes have letters", st.sampled_from(lettered), is_near=True),
        Case("any", st.sampled_from(countries), is_near=True),
        Case(
            "one that has no format",
            st.sampled_from([each for each, form in formats.items() if form is None]),
            is_near=True,
        ),
    )


@cache
def zip_code_cases(country: str | None) -> Cases:
    """Return the cases of a postal code beside a country, None for one that is refused."""
    has_form = schemas.predicate("zip_code")
    form = None if country is None else postal_codes.format_of(country)
    if country is None or form is None:
        words = st.text("0123456789ABCXYZ -", min_size=1, max_size=10).filter(has_form)
        good = st.one_of(st.just("94105"), words)
        in_spaces = tuple(case for case in spoiled(good) if case.name != "a look-alike in it")
        number = Case("a number for a text", _NUMBERS)
        return cases([Case("any text", good)], (*in_spaces, number), has_form)

    def takes(value: object) -> bool:
        return has_form(value) and postal_codes.matches(str(value), country)

    good = st.from_regex(re.compile(form, re.ASCII), fullmatch=True, alphabet=_ASCII)
    taken = (
        Case("of its country's format", good),
        Case("in lower case", good.map(str.lower), is_near=True),
        Case("without its separators", good.map(_without_separators), is_near=True),
    )  # fmt: skip
    refused = (
        *spoiled(good),
        with_digits_of_another_script(good),
        Case("a character too few", good.map(lambda code: code[:-1]), is_near=True),
        Case("a character too many", st.builds("{}{}".format, good, st.sampled_from("0A")), is_near=True),
        *_lost_zeros(takes),
        Case("a letter for a digit", edited(good, _lettered), is_near=True),
        Case("a hyphen around it", good.map("{}-".format), is_near=True),
        Case("of another country", st.sampled_from(("94105", "SW1A 1AA", "1012 AB", "K1A 0B1", "110001")), is_near=True),
        Case("a number for a text", _NUMBERS),
        Case("a spreadsheet's decimal", good.map("{}.0".format)),
        Case("a place before it", good.map("San Francisco, CA {}".format)),
    )  # fmt: skip
    return cases(taken, refused, takes)


def _lost_zeros(takes: Callable[[object], bool]) -> tuple[Case, ...]:
    """Return codes that have lost their first 0, where those of the country may begin with one."""
    lengths = [n for n in range(2, 10) if takes("0" + n * "1") and not takes(n * "1")]
    if not lengths:
        return ()
    digits = st.text("123456789", min_size=lengths[0], max_size=lengths[0])
    return (Case("a lost 0", digits.filter(lambda code: takes(f"0{code}")), is_near=True),)


def _without_separators(code: str) -> str:
    return code.replace(" ", "").replace("-", "")


def _lettered(code: str, place: int) -> str:
    places = [at for at, each in enumerate(code) if each.isdigit()]
    if not places:
        return code
    at = places[place % len(places)]
    return f"{code[:at]}O{code[at + 1 :]}"
