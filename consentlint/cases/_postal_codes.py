"""Countries, and postal codes by country."""

import re
from collections.abc import Callable
from functools import cache

from consentlint.cases._case import (
    Case,
    FieldCases,
    common_mistakes,
    edited,
    field_cases,
    joined,
    made,
    matching,
    non_ascii_digits,
    one_of,
    replaced,
)
from consentlint.cases._choices import Choices, Make
from consentlint.cases._patterns import strings_of
from consentlint.fields import postal_codes, schemas

_SIMPLEST = "US"


def _number(choices: Choices) -> int:
    return choices.integer(501, 99_950)


@cache
def country_cases() -> tuple[Case, ...]:
    """Return the cases of a valid country, by the format of its postal codes."""
    countries = schemas.enumeration("country_iso_code")
    formats = {country: postal_codes.format_of(country) for country in countries}
    lettered = [country for country, form in formats.items() if form and re.search("[A-Z]", form)]
    no_format = [country for country, form in formats.items() if form is None]
    return (
        Case("the simplest", one_of(_SIMPLEST)),
        Case("postal codes with letters", one_of(*lettered), is_boundary=True),
        Case("any", one_of(*countries), is_boundary=True),
        Case("no postal code format", one_of(*no_format), is_boundary=True),
    )


@cache
def valid_code(country: str) -> Make[str]:
    """Return postal codes in the format of a country that has one."""
    expression = postal_codes.format_of(country)
    assert expression is not None
    # Alternatives may contradict the anchors that are ignored.
    return matching(strings_of(expression), lambda code: postal_codes.matches(code, country))


@cache
def zip_code_cases(country: str | None) -> FieldCases:
    """Return the cases of a postal code for a country; None for an invalid country."""
    matches_schema = schemas.predicate("zip_code")
    if country is None or postal_codes.format_of(country) is None:

        def any_text(choices: Choices) -> str:
            if choices.boolean():
                return choices.text("0123456789ABCXYZ -", choices.integer(1, 10))
            return "94105"

        valid = matching(any_text, matches_schema)
        mistakes = [c for c in common_mistakes(valid) if c.name != "a look-alike character"]
        mistakes.append(Case("a number instead of a string", _number))
        return field_cases([Case("any string", valid)], mistakes, matches_schema)

    def is_valid(value: object) -> bool:
        return matches_schema(value) and postal_codes.matches(str(value), country)

    valid = valid_code(country)
    valid_cases = (
        Case("the country's format", valid),
        Case("lower case", made(valid, str.lower), is_boundary=True),
        Case("no separators", made(valid, _without_separators), is_boundary=True),
    )
    invalid_cases = (
        *common_mistakes(valid),
        non_ascii_digits(valid),
        Case("one character too few", made(valid, lambda code: code[:-1]), is_boundary=True),
        Case("one character too many", joined("{}{}", valid, "0A"), is_boundary=True),
        *_lost_zeros(is_valid),
        *_letters(country, valid, is_valid),
        Case("a trailing hyphen", made(valid, "{}-".format), is_boundary=True),
        Case("another country's format", one_of("94105", "SW1A 1AA", "1012 AB", "K1A 0B1", "110001"), is_boundary=True),
        Case("a number instead of a string", _number),
        Case("a spreadsheet's decimal", made(valid, "{}.0".format)),
        Case("a city before it", made(valid, "San Francisco, CA {}".format)),
    )  # fmt: skip
    return field_cases(valid_cases, invalid_cases, is_valid)


def _lost_zeros(is_valid: Callable[[object], bool]) -> tuple[Case, ...]:
    """Return the case of a lost leading 0, if the country's postal codes can start with one."""
    lengths = [n for n in range(2, 10) if is_valid("0" + n * "1") and not is_valid(n * "1")]
    if not lengths:
        return ()
    lost = matching(
        lambda choices: choices.text("123456789", lengths[0]), lambda code: is_valid(f"0{code}")
    )
    return (Case("a lost leading 0", lost, is_boundary=True),)


def _letters(
    country: str, valid: Make[str], is_valid: Callable[[object], bool]
) -> tuple[Case, ...]:
    """Return the case of a letter instead of a digit, if the country's codes tell them apart."""
    example = postal_codes.example_of(country) or ""
    if all(is_valid(_with_letter(example, index)) for index in range(len(example))):
        return ()
    return (Case("a letter instead of a digit", edited(valid, _with_letter), is_boundary=True),)


def _without_separators(code: str) -> str:
    return code.replace(" ", "").replace("-", "")


def _with_letter(code: str, index: int) -> str:
    indexes = [i for i, character in enumerate(code) if character.isdigit()]
    return replaced(code, indexes[index % len(indexes)], lambda _: "O") if indexes else code
