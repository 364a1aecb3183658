"""Phone numbers of every calling code, and what people make of them."""

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
    Cases,
    cases,
    edited,
    spoiled,
    with_digits_of_another_script,
)
from consentlint.strategies._patterns import shape

_FORM = shape("phone_number")
_DIGITS = _FORM.alphabet
_MOST_DIGITS = 1 + (_FORM.most or 0)


class CallingCode(NamedTuple):
    """What libphonenumber knows of a calling code."""

    code: str
    lengths: tuple[int, ...]
    """How many digits may follow it."""
    local_lengths: tuple[int, ...]
    """How many may follow in its own area alone."""
    examples: tuple[str, ...]
    """Numbers as E.164 writes them, the first a mobile one where there are any."""
    has_country: bool


@cache
def calling_codes() -> tuple[CallingCode, ...]:
    """Return all calling codes, in their numerical order."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return tuple(_calling_code(code, regions[code][0]) for code in sorted(regions))


def _calling_code(code: int, region: str) -> CallingCode:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    assert metadata is not None
    assert metadata.general_desc is not None
    has_country = code not in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    shown = (
        (
            phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE),
            phonenumbers.example_number_for_type(region, PhoneNumberType.FIXED_LINE),
        )
        if has_country
        else (phonenumbers.example_number_for_non_geo_entity(code),)
    )
    numbers = (phonenumbers.format_number(each, PhoneNumberFormat.E164) for each in shown if each)
    general = metadata.general_desc
    # libphonenumber knows longer numbers than E.164 allows.
    most = _MOST_DIGITS - len(str(code))
    return CallingCode(
        str(code),
        tuple(length for length in general.possible_length if length <= most),
        tuple(length for length in general.possible_length_local_only if length <= most),
        tuple(filter(is_canonical, numbers)),
        has_country,
    )


def drawn_from(codes: Sequence[CallingCode]) -> st.SearchStrategy[CallingCode]:
    """Return some of the calling codes. What Hypothesis shows of it are their digits alone."""
    return st.sampled_from([code.code for code in codes]).map(_known)


def _known(digits: str) -> CallingCode:
    return _by_digits()[digits]


@cache
def _by_digits() -> dict[str, CallingCode]:
    return {code.code: code for code in calling_codes()}


def is_canonical(value: object) -> bool:
    """Tell whether the linter takes a number, and E.164 writes it so."""
    if not schemas.predicate("phone_number")(value):
        return False
    return phone_numbers.check_number(str(value)).canonical == value


def is_possible(value: object) -> bool:
    """Tell whether the linter takes a number."""
    return schemas.predicate("phone_number")(value) and (
        phone_numbers.check_number(str(value)).status is PhoneStatus.POSSIBLE
    )


@cache
def with_code(code: CallingCode, lengths: tuple[int, ...] = ()) -> st.SearchStrategy[str]:
    """Return numbers of a calling code, or what begins with it and has other lengths."""
    return st.sampled_from(lengths or code.lengths).flatmap(
        lambda length: st.text(_DIGITS, min_size=length, max_size=length).map(
            f"{_FORM.prefix}{code.code}{{}}".format
        )
    )


@cache
def good_numbers() -> st.SearchStrategy[str]:
    """Return numbers of all calling codes as E.164 writes them."""
    codes = drawn_from(calling_codes())
    return st.one_of(
        st.sampled_from([example for code in calling_codes() for example in code.examples]),
        codes.flatmap(with_code).filter(is_canonical),
    )


@cache
def number_cases() -> Cases:
    """Return the cases of a phone number; the profiles do not differ."""
    good, codes = good_numbers(), calling_codes()
    examples = [example for code in codes for example in code.examples]
    fewest = min(len(code.code) + code.lengths[0] for code in codes)
    short = [code for code in codes if len(code.code) + code.lengths[0] <= fewest + 1]
    long = [code for code in codes if _MOST_DIGITS - len(code.code) in code.lengths]
    keep_zero = [
        code for code in codes if any(e.startswith(f"+{code.code}0") for e in code.examples)
    ]
    taken = (
        Case("an example of libphonenumber", st.sampled_from(examples)),
        Case("of any calling code", drawn_from(codes).flatmap(with_code)),
        Case(
            "in no assigned range",
            drawn_from(codes).flatmap(with_code).filter(_is_unassigned),
            is_near=True,
        ),
        Case(
            "among the shortest",
            drawn_from(short).flatmap(lambda code: with_code(code, code.lengths[:1])),
            is_near=True,
        ),
        Case(
            "of all digits that E.164 allows",
            drawn_from(long).flatmap(
                lambda code: with_code(code, (_MOST_DIGITS - len(code.code),))
            ),
            is_near=True,
        ),
        Case(
            "with a 0 that stays",
            st.sampled_from(
                [e for c in keep_zero for e in c.examples if e[len(c.code) + 1] == "0"]
            ),
            is_near=True,
        ),
        Case(
            "of no country",
            drawn_from([code for code in codes if not code.has_country]).flatmap(with_code),
            is_near=True,
        ),
    )
    canonical = (case._replace(values=case.values.filter(is_canonical)) for case in taken)
    return cases(canonical, (*_written_otherwise(good), *_refused_numbers(good)), is_possible)


def _is_unassigned(number: str) -> bool:
    return is_canonical(number) and not phone_numbers.is_assigned(number)


def _refused_numbers(good: st.SearchStrategy[str]) -> tuple[Case, ...]:
    """Return what has the form of E.164, or nearly, and cannot be a number."""
    codes = calling_codes()
    unknown = [
        f"{first}{rest:02}"
        for first in _FORM.first
        for rest in range(100)
        if not any(f"{first}{rest:02}".startswith(code.code) for code in codes)
    ]
    local = [code for code in codes if code.local_lengths]
    return (
        Case("a digit too many", st.builds("{}{}".format, good, st.sampled_from(_DIGITS)).filter(_is_impossible), is_near=True),
        Case("a digit too few", good.map(lambda number: number[:-1]).filter(_is_impossible), is_near=True),
        Case("little more than a calling code", drawn_from(codes).flatmap(lambda code: with_code(code, (1, 2, 3))).filter(_is_impossible), is_near=True),
        Case("possible in its own area alone", drawn_from(local).flatmap(lambda code: with_code(code, code.local_lengths)).filter(_is_local), is_near=True),
        Case("more digits than E.164 allows", _FORM.runs(_MOST_DIGITS, _MOST_DIGITS + 4, "123456789"), is_near=True),
        Case("of no calling code in use", st.builds("+{}{}".format, st.sampled_from(unknown), st.text(_DIGITS, min_size=7, max_size=7)), is_near=True),
        Case("a 0 after the +", good.map(lambda number: f"+0{number[1:]}"), is_near=True),
    )  # fmt: skip


def _is_impossible(number: str) -> bool:
    return not is_possible(number)


def _is_local(number: str) -> bool:
    return phone_numbers.check_number(number).status is PhoneStatus.LOCAL_ONLY


def _written_otherwise(good: st.SearchStrategy[str]) -> tuple[Case, ...]:
    """Return right numbers as people and programs write them, and not E.164."""
    return (
        *spoiled(good),
        with_digits_of_another_script(good),
        Case("formatting kept in", st.builds(_formatted, good, st.sampled_from(_FORMATS)), is_near=True),
        Case("a space in it", edited(good, lambda text, at: _inserted(text, at, " ")), is_near=True),
        Case("without its +", good.map(lambda number: number[1:]), is_near=True),
        Case("00 for the +", good.map(lambda number: f"00{number[1:]}"), is_near=True),
        Case("as it is dialled within the country", good.map(_national)),
        Case("with an extension", st.builds("{}{}".format, good, st.sampled_from((" ext. 7", "x7", ";ext=7")))),
        Case("a number for a text", good.map(lambda number: int(number[1:]))),
        Case("a spreadsheet's apostrophe", good.map("'{}".format), is_near=True),
        Case("a spreadsheet's power of ten", good.map(lambda number: f"{int(number[1:]):.2E}")),
        Case("a spreadsheet's decimal", good.map(lambda number: f"{number[1:]}.0")),
        Case("a name before it", st.builds("{}:{}".format, st.sampled_from(("tel", "whatsapp", "sms")), good)),
    )  # fmt: skip


_FORMATS = (
    PhoneNumberFormat.INTERNATIONAL,
    "(0)",
    "()",
    ".",
)


def _formatted(number: str, how: int | str) -> str:
    """Return a number with punctuation in it."""
    parsed = phonenumbers.parse(number)
    if how == PhoneNumberFormat.INTERNATIONAL:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    code = len(str(parsed.country_code)) + 1
    start, rest = number[:code], number[code:]
    if how == "(0)":
        return f"{start}(0){rest}"
    if how == "()":
        return f"{start} ({rest[:3]}) {rest[3:-4]}-{rest[-4:]}"
    return f"{start}.{rest[:3]}.{rest[3:]}"


def _national(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


def _inserted(text: str, place: int, what: str) -> str:
    at = 1 + place % (len(text) - 1)
    return text[:at] + what + text[at:]
