"""Phone numbers of every calling code, and common mistakes in them."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import phonenumbers
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from consentlint.fields import phone_numbers, schemas
from consentlint.fields.phone_numbers import PhoneStatus
from consentlint.strategies._cases import (
    Case,
    FieldCases,
    common_mistakes,
    edited,
    field_cases,
    non_ascii_digits,
)
from consentlint.strategies._patterns import pattern

_E164 = pattern("phone_number")
_DIGITS = _E164.alphabet
_MAX_DIGITS = 1 + (_E164.max_length or 0)


class CallingCode(NamedTuple):
    """The metadata of a calling code."""

    code: str
    lengths: tuple[int, ...]
    """The possible numbers of digits after it."""
    local_lengths: tuple[int, ...]
    """The numbers of digits that are possible within a local area only."""
    examples: tuple[str, ...]
    """Example numbers in canonical E.164 form, a mobile one first if there is one."""
    has_country: bool


@cache
def calling_codes() -> tuple[CallingCode, ...]:
    """Return all calling codes in numerical order."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return tuple(_calling_code(code, regions[code][0]) for code in sorted(regions))


def _calling_code(code: int, region: str) -> CallingCode:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    assert metadata is not None
    assert metadata.general_desc is not None
    has_country = code not in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    examples = (
        (
            phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE),
            phonenumbers.example_number_for_type(region, PhoneNumberType.FIXED_LINE),
        )
        if has_country
        else (phonenumbers.example_number_for_non_geo_entity(code),)
    )
    numbers = (
        phonenumbers.format_number(number, PhoneNumberFormat.E164) for number in examples if number
    )
    general = metadata.general_desc
    # libphonenumber also has numbers that are longer than E.164 allows.
    max_length = _MAX_DIGITS - len(str(code))
    return CallingCode(
        str(code),
        tuple(length for length in general.possible_length if length <= max_length),
        tuple(length for length in general.possible_length_local_only if length <= max_length),
        tuple(filter(is_canonical, numbers)),
        has_country,
    )


def sampled_codes(codes: Sequence[CallingCode]) -> st.SearchStrategy[CallingCode]:
    """Return these calling codes. Sampling their digits keeps the repr in Hypothesis short."""
    return st.sampled_from([code.code for code in codes]).map(_code_of)


def _code_of(digits: str) -> CallingCode:
    return _codes_by_digits()[digits]


@cache
def _codes_by_digits() -> dict[str, CallingCode]:
    return {code.code: code for code in calling_codes()}


def is_canonical(value: object) -> bool:
    """Return whether the linter accepts a number and it is in canonical E.164 form."""
    if not schemas.predicate("phone_number")(value):
        return False
    return phone_numbers.check_number(str(value)).canonical == value


def is_possible(value: object) -> bool:
    """Return whether the linter accepts a number."""
    return schemas.predicate("phone_number")(value) and (
        phone_numbers.check_number(str(value)).status is PhoneStatus.POSSIBLE
    )


@cache
def with_code(code: CallingCode, lengths: tuple[int, ...] = ()) -> st.SearchStrategy[str]:
    """Return numbers of a calling code, with its possible lengths or with others."""
    return st.sampled_from(lengths or code.lengths).flatmap(
        lambda length: st.text(_DIGITS, min_size=length, max_size=length).map(
            f"{_E164.prefix}{code.code}{{}}".format
        )
    )


@cache
def valid_numbers() -> st.SearchStrategy[str]:
    """Return numbers of all calling codes in canonical E.164 form."""
    codes = sampled_codes(calling_codes())
    return st.one_of(
        st.sampled_from([example for code in calling_codes() for example in code.examples]),
        codes.flatmap(with_code).filter(is_canonical),
    )


@cache
def number_cases() -> FieldCases:
    """Return the cases of a phone number, which are the same for both profiles."""
    valid, codes = valid_numbers(), calling_codes()
    examples = [example for code in codes for example in code.examples]
    shortest = min(len(code.code) + code.lengths[0] for code in codes)
    short = [code for code in codes if len(code.code) + code.lengths[0] <= shortest + 1]
    long = [code for code in codes if _MAX_DIGITS - len(code.code) in code.lengths]
    keep_zero = [
        code
        for code in codes
        if any(example.startswith(f"+{code.code}0") for example in code.examples)
    ]
    valid_cases = (
        Case("an example number", st.sampled_from(examples)),
        Case("any calling code", sampled_codes(codes).flatmap(with_code)),
        Case(
            "an unassigned range",
            sampled_codes(codes).flatmap(with_code).filter(_is_unassigned),
            is_boundary=True,
        ),
        Case(
            "one of the shortest",
            sampled_codes(short).flatmap(lambda code: with_code(code, code.lengths[:1])),
            is_boundary=True,
        ),
        Case(
            "the maximum length of E.164",
            sampled_codes(long).flatmap(
                lambda code: with_code(code, (_MAX_DIGITS - len(code.code),))
            ),
            is_boundary=True,
        ),
        Case(
            "a 0 that belongs to the number",
            st.sampled_from(
                [
                    example
                    for code in keep_zero
                    for example in code.examples
                    if example[len(code.code) + 1] == "0"
                ]
            ),
            is_boundary=True,
        ),
        Case(
            "a calling code of no country",
            sampled_codes([code for code in codes if not code.has_country]).flatmap(with_code),
            is_boundary=True,
        ),
    )
    canonical = (case._replace(values=case.values.filter(is_canonical)) for case in valid_cases)
    return field_cases(
        canonical, (*_other_notations(valid), *_impossible_numbers(valid)), is_possible
    )


def _is_unassigned(number: str) -> bool:
    return is_canonical(number) and not phone_numbers.is_assigned(number)


def _impossible_numbers(valid: st.SearchStrategy[str]) -> tuple[Case, ...]:
    """Return strings in E.164 form, or close to it, that are not possible numbers."""
    codes = calling_codes()
    unknown = [
        f"{first}{rest:02}"
        for first in _E164.first
        for rest in range(100)
        if not any(f"{first}{rest:02}".startswith(code.code) for code in codes)
    ]
    local = [code for code in codes if code.local_lengths]
    return (
        Case("one digit too many", st.builds("{}{}".format, valid, st.sampled_from(_DIGITS)).filter(_is_impossible), is_boundary=True),
        Case("one digit too few", valid.map(lambda number: number[:-1]).filter(_is_impossible), is_boundary=True),
        Case("little more than a calling code", sampled_codes(codes).flatmap(lambda code: with_code(code, (1, 2, 3))).filter(_is_impossible), is_boundary=True),
        Case("possible within a local area only", sampled_codes(local).flatmap(lambda code: with_code(code, code.local_lengths)).filter(_is_local), is_boundary=True),
        Case("more digits than E.164 allows", _E164.strings_of_length(_MAX_DIGITS, _MAX_DIGITS + 4, "123456789"), is_boundary=True),
        Case("an unknown calling code", st.builds("+{}{}".format, st.sampled_from(unknown), st.text(_DIGITS, min_size=7, max_size=7)), is_boundary=True),
        Case("a 0 after the +", valid.map(lambda number: f"+0{number[1:]}"), is_boundary=True),
    )  # fmt: skip


def _is_impossible(number: str) -> bool:
    return not is_possible(number)


def _is_local(number: str) -> bool:
    return phone_numbers.check_number(number).status is PhoneStatus.LOCAL_ONLY


def _other_notations(valid: st.SearchStrategy[str]) -> tuple[Case, ...]:
    """Return valid numbers in notations other than E.164 that people and programs use."""
    return (
        *common_mistakes(valid),
        non_ascii_digits(valid),
        Case("formatted", st.builds(_formatted, valid, st.sampled_from(_NOTATIONS)), is_boundary=True),
        Case("an inner space", edited(valid, lambda text, index: _insert(text, index, " ")), is_boundary=True),
        Case("no +", valid.map(lambda number: number[1:]), is_boundary=True),
        Case("00 instead of the +", valid.map(lambda number: f"00{number[1:]}"), is_boundary=True),
        Case("national format", valid.map(_national)),
        Case("an extension", st.builds("{}{}".format, valid, st.sampled_from((" ext. 7", "x7", ";ext=7")))),
        Case("a number instead of a string", valid.map(lambda number: int(number[1:]))),
        Case("a spreadsheet's apostrophe", valid.map("'{}".format), is_boundary=True),
        Case("a spreadsheet's scientific notation", valid.map(lambda number: f"{int(number[1:]):.2E}")),
        Case("a spreadsheet's decimal", valid.map(lambda number: f"{number[1:]}.0")),
        Case("a channel before it", st.builds("{}:{}".format, st.sampled_from(("tel", "whatsapp", "sms")), valid)),
    )  # fmt: skip


_NOTATIONS = (
    PhoneNumberFormat.INTERNATIONAL,
    "(0)",
    "()",
    ".",
)


def _formatted(number: str, notation: int | str) -> str:
    """Return a number with punctuation."""
    parsed = phonenumbers.parse(number)
    if notation == PhoneNumberFormat.INTERNATIONAL:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    code = len(str(parsed.country_code)) + 1
    start, rest = number[:code], number[code:]
    if notation == "(0)":
        return f"{start}(0){rest}"
    if notation == "()":
        return f"{start} ({rest[:3]}) {rest[3:-4]}-{rest[-4:]}"
    return f"{start}.{rest[:3]}.{rest[3:]}"


def _national(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


def _insert(text: str, index: int, inserted: str) -> str:
    index = 1 + index % (len(text) - 1)
    return text[:index] + inserted + text[index:]
