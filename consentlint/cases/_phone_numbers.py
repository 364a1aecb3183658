"""Phone numbers of every calling code, and common mistakes in them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

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
    with_inner_space,
)
from consentlint.cases._choices import Choices, Make
from consentlint.cases._patterns import pattern
from consentlint.fields import phone_numbers, schemas
from consentlint.fields.phone_numbers import PhoneStatus

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

    def numbers(self, lengths: tuple[int, ...] = ()) -> Make[str]:
        """Return numbers of this calling code, with its possible lengths or with others."""
        return lambda choices: (
            f"{_E164.prefix}{self.code}"
            + choices.text(_DIGITS, choices.choice(lengths or self.lengths))
        )


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
def _examples() -> tuple[str, ...]:
    return tuple(example for code in calling_codes() for example in code.examples)


def _example(choices: Choices) -> str:
    return choices.choice(_examples())


def _any_number(choices: Choices) -> str:
    return choices.choice(calling_codes()).numbers()(choices)


_any_canonical = matching(_any_number, is_canonical)


def valid_number(choices: Choices) -> str:
    """Return a number of any calling code in canonical E.164 form."""
    return (_any_canonical if choices.boolean() else _example)(choices)


@cache
def number_cases(valid: Make[str]) -> FieldCases:
    """Return the cases of a phone number, which are the same for both profiles.

    Args:
        valid: Makes the valid numbers that most invalid ones are derived from.
    """
    codes = calling_codes()
    shortest = min(len(code.code) + code.lengths[0] for code in codes)
    short = [code for code in codes if len(code.code) + code.lengths[0] <= shortest + 1]
    long = [code for code in codes if _MAX_DIGITS - len(code.code) in code.lengths]
    foreign = [code for code in codes if not code.has_country]
    keep_zero = [
        example
        for code in codes
        for example in code.examples
        if example.startswith(f"+{code.code}0")
    ]

    def with_zero(choices: Choices) -> str:
        code, rest = _parts(choices.choice(keep_zero))
        return f"{code}0{choices.text(_DIGITS, len(rest) - 1)}"

    valid_cases = (
        Case("an example number", _example),
        Case("any calling code", _any_number),
        Case("an unassigned range", matching(_any_number, is_unassigned), is_boundary=True),
        Case("one of the shortest", _of(short, lambda code: code.lengths[:1]), is_boundary=True),
        Case("the maximum length of E.164", _of(long, lambda code: (_MAX_DIGITS - len(code.code),)), is_boundary=True),
        Case("a 0 that belongs to the number", with_zero, is_boundary=True),
        Case("a calling code of no country", _of(foreign, lambda code: code.lengths), is_boundary=True),
    )  # fmt: skip
    canonical = [case._replace(make=matching(case.make, is_canonical)) for case in valid_cases]
    return field_cases(
        canonical, (*_other_notations(valid), *_impossible_numbers(valid)), is_possible
    )


def _of(
    codes: Sequence[CallingCode], lengths: Callable[[CallingCode], tuple[int, ...]]
) -> Make[str]:
    """Return numbers of some calling codes, with the lengths that a function selects."""

    def make(choices: Choices) -> str:
        code = choices.choice(codes)
        return code.numbers(lengths(code))(choices)

    return make


def is_unassigned(number: str) -> bool:
    """Return whether a canonical number is in no assigned range, so that it is nobody's."""
    return is_canonical(number) and not phone_numbers.is_assigned(number)


def _impossible_numbers(valid: Make[str]) -> tuple[Case, ...]:
    """Return strings in E.164 form, or close to it, that are not possible numbers."""
    codes = calling_codes()
    starts = [f"{first}{rest:02}" for first in _E164.first for rest in range(100)]
    known = tuple(code.code for code in codes)
    unknown = [start for start in starts if not start.startswith(known)]
    local = _of([code for code in codes if code.local_lengths], lambda code: code.local_lengths)
    return (
        Case("one digit too many", joined("{}{}", valid, _DIGITS), is_boundary=True),
        Case("one digit too few", made(valid, lambda number: number[:-1]), is_boundary=True),
        Case("little more than a calling code", _of(codes, lambda _: (1, 2, 3)), is_boundary=True),
        Case("possible within a local area only", matching(local, _is_local), is_boundary=True),
        Case("more digits than E.164 allows", _E164.strings(_MAX_DIGITS, _MAX_DIGITS + 4, "123456789"), is_boundary=True),
        Case("an unknown calling code", joined("+{}{}", unknown, lambda choices: choices.text(_DIGITS, 7)), is_boundary=True),
        Case("a 0 after the +", made(valid, lambda number: f"+0{number[1:]}"), is_boundary=True),
    )  # fmt: skip


def _is_local(number: str) -> bool:
    return phone_numbers.check_number(number).status is PhoneStatus.LOCAL_ONLY


def _other_notations(valid: Make[str]) -> tuple[Case, ...]:
    """Return valid numbers in notations other than E.164 that people and programs use."""
    return (
        *common_mistakes(valid),
        non_ascii_digits(valid),
        Case("formatted", made(valid, _international, _with_zero, _with_punctuation, _with_dots), is_boundary=True),
        Case("an inner space", edited(valid, with_inner_space), is_boundary=True),
        Case("no +", made(valid, lambda number: number[1:]), is_boundary=True),
        Case("00 instead of the +", made(valid, lambda number: f"00{number[1:]}"), is_boundary=True),
        Case("national format", made(valid, _national)),
        Case("an extension", joined("{}{}", valid, (" ext. 7", "x7", ";ext=7"))),
        Case("a number instead of a string", made(valid, lambda number: int(number[1:]))),
        Case("a spreadsheet's apostrophe", made(valid, "'{}".format), is_boundary=True),
        Case("a spreadsheet's scientific notation", made(valid, lambda number: f"{int(number[1:]):.2E}")),
        Case("a spreadsheet's decimal", made(valid, lambda number: f"{number[1:]}.0")),
        Case("a channel before it", joined("{}:{}", ("tel", "whatsapp", "sms"), valid)),
    )  # fmt: skip


def _parts(number: str) -> tuple[str, str]:
    """Return the calling code with the "+", and the rest of a number."""
    code = len(str(phonenumbers.parse(number).country_code)) + 1
    return number[:code], number[code:]


def _international(number: str) -> str:
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def _with_zero(number: str) -> str:
    return "{}(0){}".format(*_parts(number))


def _with_punctuation(number: str) -> str:
    code, rest = _parts(number)
    return f"{code} ({rest[:3]}) {rest[3:-4]}-{rest[-4:]}"


def _with_dots(number: str) -> str:
    code, rest = _parts(number)
    return f"{code}.{rest[:3]}.{rest[3:]}"


def _national(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


def with_trunk_prefix(valid: Make[str]) -> Make[str]:
    """Return possible numbers that are not canonical: a domestic prefix was left in.

    The API accepts them, but no STOP will match them.
    """

    def make(choices: Choices) -> str:
        code, rest = _parts(valid(choices))
        return f"{code}{'1' if code == '+1' else '0'}{rest}"

    return matching(make, _is_not_canonical)


def _is_not_canonical(number: str) -> bool:
    return is_possible(number) and not is_canonical(number)


@cache
def _prefixed_examples() -> tuple[str, ...]:
    return tuple(
        example
        for example in _examples()
        if _is_not_canonical(f"{_parts(example)[0]}0{_parts(example)[1]}")
    )


def number_with_prefix(choices: Choices) -> str:
    """Return a valid number of a country in which a domestic prefix can be left in."""
    example = choices.choice(_prefixed_examples())
    return example[:-2] + choices.text(_DIGITS, 2)
