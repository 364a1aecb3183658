"""Hold what consentlint accepts without phonenumbers against phonenumbers, over many numbers.

    python scripts/compare_phone_numbers.py [--numbers 5000000] [--seed N]

Compared is the verdict of phone_numbers.judge with what phonenumbers says, and each number
that phone_numbers.possible_pattern matches must be one that phonenumbers accepts and writes
the same. All numbers are distinct. Most stand near a border: of lengths, of calling codes,
of national prefixes. The exit code is 1 where anything differs.
"""

import argparse
import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import product
from random import Random

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from consentlint.fields import _phone_pattern as phone_pattern
from consentlint.fields import phone_numbers
from consentlint.fields._phone_table import PHONENUMBERS_VERSION
from consentlint.fields.phone_numbers import Possibility

DIGITS = "0123456789"
ASSIGNED = {str(code) for code in COUNTRY_CODE_TO_REGION_CODE}
# Of an E.164 number, and one more. Those of up to SHORT digits are all compared.
MOST_DIGITS = 16
SHORT = 4
# What numbers begin with, after the calling code: a digit, or what is dialled somewhere.
STARTS = (*DIGITS, "00", "000", "011", "06", "08", "09", "11", "15", "80", "89", "90", "99")

VERDICTS = {
    ValidationResult.IS_POSSIBLE: Possibility.POSSIBLE,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Possibility.LOCAL_ONLY,
    ValidationResult.INVALID_COUNTRY_CODE: Possibility.UNKNOWN_CALLING_CODE,
    ValidationResult.TOO_SHORT: Possibility.TOO_SHORT,
    ValidationResult.INVALID_LENGTH: Possibility.INVALID_LENGTH,
    ValidationResult.TOO_LONG: Possibility.TOO_LONG,
}
ERRORS = {
    NumberParseException.INVALID_COUNTRY_CODE: Possibility.UNKNOWN_CALLING_CODE,
    NumberParseException.TOO_LONG: Possibility.TOO_LONG,
}


def asked(number: str) -> tuple[Possibility, str]:
    """Return what phonenumbers says of a number: the verdict, and how E.164 writes it."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException as error:
        return ERRORS.get(error.error_type, Possibility.TOO_SHORT), ""
    verdict = VERDICTS[phonenumbers.is_possible_number_with_reason(parsed)]
    if verdict is not Possibility.POSSIBLE:
        return verdict, ""
    return verdict, phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def beginnings() -> list[str]:
    """Return beginnings of which each number of more than SHORT digits has exactly one.

    They are the calling codes, and three digits each where none is assigned.
    """
    three = map("".join, product(DIGITS, repeat=3))
    return sorted(ASSIGNED) + [
        digits for digits in three if ASSIGNED.isdisjoint({digits[:1], digits[:2], digits})
    ]


@cache
def metadata_of(beginning: str) -> PhoneMetadata | None:
    """Return what phonenumbers reads for a calling code, None where none is assigned."""
    if beginning not in ASSIGNED:
        return None
    region = COUNTRY_CODE_TO_REGION_CODE[int(beginning)][0]
    return PhoneMetadata.metadata_for_region_or_calling_code(int(beginning), region)


def filled(start: str, digits: int, random: Random) -> str:
    """Return a number of so many digits that begins with some."""
    return (start + "".join(random.choices(DIGITS, k=digits)))[:digits]


def at_borders(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers of every length, with every first digit and some prefixes."""
    for start, digits in product(STARTS, range(SHORT + 1, MOST_DIGITS + 1)):
        for _ in range(6):
            yield filled(beginning + start, digits, random)
    for digit, digits in product(DIGITS, range(SHORT + 1, MOST_DIGITS + 1)):
        yield (beginning + digit * digits)[:digits]


def of_local_length(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers that have a length of local numbers, a digit more and one less."""
    metadata = metadata_of(beginning)
    if metadata is None or metadata.general_desc is None:
        return
    for length in metadata.general_desc.possible_length_local_only:
        for start, more in product(STARTS, (-1, 0, 1)):
            for _ in range(10):
                yield filled(beginning + start, len(beginning) + length + more, random)


def with_prefix(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers that begin with a national prefix, or with all of it but a digit."""
    metadata = metadata_of(beginning)
    if metadata is None or not metadata.national_prefix_for_parsing:
        return
    pieces = phone_pattern._pieces(metadata.national_prefix_for_parsing)  # noqa: SLF001
    assert pieces, f"no sample can be made of the prefix of +{beginning}"
    prefix = branches_of(iter(pieces))
    for _ in range(100 if len(pieces) < 3 else 1000):
        start = sample(prefix, random)
        for digits in range(SHORT + 1, MOST_DIGITS + 1):
            yield filled(beginning + start, digits, random)
            yield filled(beginning + start[:-1] + random.choice(DIGITS), digits, random)
        yield beginning + start


Branches = list[list[list["str | int | Branches"]]]


def branches_of(pieces: Iterator[str]) -> Branches:
    """Return the branches of a pattern: places, of digits or branches, and how often each."""
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
    """Return digits that a pattern matches."""
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
    """Return the example numbers of the library under their calling code, without "+"."""
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
    """Yield each example number with a digit more, less or changed, at every place."""
    for number in examples().get(beginning, []):
        for place in range(len(beginning), len(number) + 1):
            yield number[:place] + number[place + 1 :]
            for digit in DIGITS:
                yield number[:place] + digit + number[place:]
                yield number[:place] + digit + number[place + 1 :]


def by_chance(beginning: str, random: Random) -> Iterator[str]:
    """Yield numbers of any digits without end."""
    while True:
        yield filled(beginning, random.randint(SHORT + 1, MOST_DIGITS), random)


KINDS = {
    "example numbers": examples_of,
    "a digit from an example": near_examples,
    "national prefixes": with_prefix,
    "local lengths": of_local_length,
    "lengths and first digits": at_borders,
    "by chance": by_chance,
}
ALL_SHORT = f"all of up to {SHORT} digits"
COLUMNS = ("compared", "possible as they stand", "by the table", "by the pattern", "differ")


@cache
def matcher() -> re.Pattern[bytes]:
    """Return the pattern as it is used: over bytes, with a sign after it."""
    return re.compile(rb'"\+(' + phone_numbers.possible_pattern().encode("ascii") + rb')"')


def compare(number: str, counts: Counter[str]) -> str:
    """Count a number, and return what differs: nothing, where all is well."""
    expected, canonical = asked(number)
    verdict = phone_numbers.judge(number)
    stands = canonical == number
    table = phone_numbers._table_is_current() and phone_numbers._is_plain(number)  # noqa: SLF001
    pattern = matcher().fullmatch(f'"{number}"'.encode()) is not None
    differs = verdict != (expected, canonical) or (table and not stands) or (pattern and not stands)
    counts.update(
        dict(zip(COLUMNS, map(int, (True, stands, table, pattern, differs)), strict=True))
    )
    return f"{number}: {expected.name} {canonical}, {verdict}, {pattern=}" if differs else ""


Result = tuple[dict[str, Counter[str]], list[str]]


def compare_beginning(beginning: str, wanted: int, seed: int) -> Result:
    """Compare numbers with a beginning, at least as many as wanted."""
    random = Random(f"{seed} {beginning}")  # noqa: S311
    seen: set[str] = set()
    counts: dict[str, Counter[str]] = {}
    differences = []
    for kind, numbers in KINDS.items():
        counts[kind] = Counter()
        for digits in numbers(beginning, random):
            if kind == "by chance" and len(seen) >= wanted:
                break
            if SHORT < len(digits) <= MOST_DIGITS and digits not in seen:
                seen.add(digits)
                differences.append(compare(f"+{digits}", counts[kind]))
    return counts, list(filter(None, differences))


def compare_short() -> Result:
    """Compare all numbers of up to SHORT digits."""
    counts: Counter[str] = Counter()
    differences = [
        compare("+" + "".join(digits), counts)
        for length in range(1, SHORT + 1)
        for digits in product(DIGITS, repeat=length)
    ]
    return {ALL_SHORT: counts}, list(filter(None, differences))


def main() -> int:
    """Compare, print a table of what was compared, and tell whether anything differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--numbers", type=int, default=5_000_000, help="at least how many")
    parser.add_argument("--seed", type=int, default=1, help="for what is left to chance")
    options = parser.parse_args()

    starts = beginnings()
    # Where no calling code is assigned, there is one answer: a tenth is enough.
    share = options.numbers / sum(1 if start in ASSIGNED else 0.1 for start in starts)
    wanted = [int(share if start in ASSIGNED else share / 10) + 1 for start in starts]
    totals = {kind: Counter[str]() for kind in (ALL_SHORT, *KINDS)}
    differences: list[str] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        short = pool.submit(compare_short)
        each = pool.map(partial(compare_beginning, seed=options.seed), starts, wanted)
        for counts, differing in (short.result(), *each):
            differences += differing
            for kind, count in counts.items():
                totals[kind].update(count)

    print(f"phonenumbers {phonenumbers.__version__}, table of {PHONENUMBERS_VERSION}")
    print(f"{'':26}" + "".join(f"{column:>24}" for column in COLUMNS))
    for kind, count in [*totals.items(), ("all", sum(totals.values(), Counter()))]:
        print(f"{kind:26}" + "".join(f"{count[column]:24,}" for column in COLUMNS))
    print(*differences[:20], sep="\n")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
