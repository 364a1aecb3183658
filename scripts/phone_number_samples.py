"""Phone numbers to compare two implementations by: most are near a limit."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from random import Random

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    PhoneMetadata,
    PhoneNumberFormat,
    PhoneNumberType,
)

from consentlint.fields import _phone_pattern as phone_pattern

DIGITS = "0123456789"
ASSIGNED = {str(code) for code in COUNTRY_CODE_TO_REGION_CODE}
# The limit of E.164. All numbers of up to SHORT digits are compared.
MOST_DIGITS = 15
SHORT = 4
# The first digits after the calling code: a digit, or a prefix that some country uses.
STARTS = (*DIGITS, "00", "000", "011", "06", "08", "09", "11", "15", "80", "89", "90", "99")


def beginnings() -> list[str]:
    """Return beginnings; each number of more than SHORT digits has exactly one of them.

    They are the calling codes, and the three digits that start with none.
    """
    three = map("".join, product(DIGITS, repeat=3))
    return sorted(ASSIGNED) + [
        digits for digits in three if ASSIGNED.isdisjoint({digits[:1], digits[:2], digits})
    ]


@cache
def metadata_of(beginning: str) -> PhoneMetadata | None:
    """Return the metadata of a calling code, None if it is not assigned."""
    if beginning not in ASSIGNED:
        return None
    region = COUNTRY_CODE_TO_REGION_CODE[int(beginning)][0]
    return PhoneMetadata.metadata_for_region_or_calling_code(int(beginning), region)


def filled(start: str, digits: int, random: Random) -> str:
    """Return a number of the given length that starts with the given digits."""
    return (start + "".join(random.choices(DIGITS, k=digits)))[:digits]


def at_borders(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers of every length with every first digit and some prefixes."""
    for start, digits in product(STARTS, range(SHORT + 1, MOST_DIGITS + 1)):
        for _ in range(6):
            yield filled(beginning + start, digits, random)
    for digit, digits in product(DIGITS, range(SHORT + 1, MOST_DIGITS + 1)):
        yield (beginning + digit * digits)[:digits]


def of_local_length(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers of each local-only length, and of one digit more and less."""
    metadata = metadata_of(beginning)
    if metadata is None or metadata.general_desc is None:
        return
    for length in metadata.general_desc.possible_length_local_only:
        for start, more in product(STARTS, (-1, 0, 1)):
            for _ in range(10):
                yield filled(beginning + start, len(beginning) + length + more, random)


def with_prefix(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers that start with a national prefix, or with one that has a wrong digit."""
    metadata = metadata_of(beginning)
    if metadata is None or not metadata.national_prefix_for_parsing:
        return
    prefix = parsed(metadata.national_prefix_for_parsing)
    for _ in range(100 if len(metadata.national_prefix_for_parsing) < 3 else 1000):
        start = sample(prefix, random)
        for digits in range(SHORT + 1, MOST_DIGITS + 1):
            yield filled(beginning + start, digits, random)
            yield filled(beginning + start[:-1] + random.choice(DIGITS), digits, random)
        yield beginning + start


def national_numbers(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers of the national pattern, alone and after a national prefix."""
    metadata = metadata_of(beginning)
    if metadata is None or metadata.general_desc is None:
        return
    national = parsed(metadata.general_desc.national_number_pattern)
    prefix = parsed(metadata.national_prefix_for_parsing or "0")
    for _ in range(2000):
        number = sample(national, random)
        start = sample(prefix, random)
        yield beginning + number
        yield beginning + start + number
        yield filled(beginning + start, len(beginning) + len(number), random)


Branches = list[list[list["str | int | Branches"]]]


@cache
def parsed(pattern: str) -> Branches:
    """Return the branches of a pattern of the metadata."""
    pieces = phone_pattern._pieces(pattern)  # noqa: SLF001
    assert pieces, f"unknown piece in {pattern}"
    return branches_of(iter(pieces))


def branches_of(pieces: Iterator[str]) -> Branches:
    """Return the branches of a pattern: parts, and how often each of them may repeat."""
    branches: Branches = [[]]
    for piece in pieces:
        if piece == ")":
            break
        if piece == "|":
            branches.append([])
        elif piece == "?":
            branches[-1][-1][1] = 0
        elif piece[0] == "{":
            least, _, most = piece.strip("{}").partition(",")
            branches[-1][-1][1:] = [int(least), int(most or least)]
        elif piece in {"(", "(?:"}:
            branches[-1].append([branches_of(pieces), 1, 1])
        elif piece != "$":
            branches[-1].append(["".join(d for d in DIGITS if re.match(piece, d)), 1, 1])
    return branches


def sample(branches: Branches, random: Random) -> str:
    """Return random digits that a pattern matches."""
    text = ""
    for what, least, most in random.choice(branches):
        assert isinstance(least, int)
        assert isinstance(most, int)
        for _ in range(random.randint(least, most)):
            assert not isinstance(what, int)
            text += random.choice(what) if isinstance(what, str) else sample(what, random)
    return text


@cache
def examples() -> dict[str, list[str]]:
    """Return the example numbers of phonenumbers by calling code, without "+"."""
    types = [value for name, value in vars(PhoneNumberType).items() if name.isupper()]
    found = [
        phonenumbers.example_number_for_type(region, number_type)
        for region, number_type in product(phonenumbers.SUPPORTED_REGIONS, types)
    ]
    found += map(phonenumbers.invalid_example_number, phonenumbers.SUPPORTED_REGIONS)
    codes = phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    found += map(phonenumbers.example_number_for_non_geo_entity, codes)
    by_code: dict[str, list[str]] = {}
    for number in found:
        if number is not None:
            text = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
            by_code.setdefault(str(number.country_code), []).append(text)
    return by_code


def examples_of(beginning: str, _: Random) -> Iterator[str]:
    """Yield the example numbers of a calling code."""
    yield from examples().get(beginning, [])


def near_examples(beginning: str, _: Random) -> Iterator[str]:
    """Yield each example number with a digit inserted, removed or changed."""
    for number in examples().get(beginning, []):
        for place in range(len(beginning), len(number) + 1):
            yield number[:place] + number[place + 1 :]
            for digit in DIGITS:
                yield number[:place] + digit + number[place:]
                yield number[:place] + digit + number[place + 1 :]


def at_random(beginning: str, random: Random) -> Iterator[str]:
    """Yield random numbers, endlessly."""
    while True:
        yield filled(beginning, random.randint(SHORT + 1, MOST_DIGITS), random)


RANDOM = "random"
KINDS = {
    "example numbers": examples_of,
    "a digit from an example": near_examples,
    "national numbers": national_numbers,
    "national prefixes": with_prefix,
    "local lengths": of_local_length,
    "lengths and first digits": at_borders,
    RANDOM: at_random,
}
