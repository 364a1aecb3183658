"""Compare the verdicts of consentlint on phone numbers with those of phonenumbers.

    python scripts/compare_phone_numbers.py [--numbers 5000000] [--seed N] [--jobs N]

For each number, phone_numbers.check_number must return the status and the canonical form
that phonenumbers gives, and phone_numbers.possible_pattern must match only canonical
numbers. All numbers are distinct. Most are near a limit: of lengths, of calling codes, of
national prefixes. The exit code is 1 if there is a difference.
"""

import argparse
import os
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import product
from random import Random

import phonenumbers
from phone_number_samples import (
    ASSIGNED,
    DIGITS,
    KINDS,
    MOST_DIGITS,
    RANDOM,
    SHORT,
    beginnings,
)
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from consentlint.fields import phone_numbers
from consentlint.fields._phone_table import PHONENUMBERS_VERSION
from consentlint.fields.phone_numbers import PhoneStatus

STATUSES = {
    ValidationResult.IS_POSSIBLE: PhoneStatus.POSSIBLE,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: PhoneStatus.LOCAL_ONLY,
    ValidationResult.INVALID_COUNTRY_CODE: PhoneStatus.UNKNOWN_CALLING_CODE,
    ValidationResult.TOO_SHORT: PhoneStatus.TOO_SHORT,
    ValidationResult.INVALID_LENGTH: PhoneStatus.INVALID_LENGTH,
    ValidationResult.TOO_LONG: PhoneStatus.TOO_LONG,
}
ERRORS = {
    NumberParseException.INVALID_COUNTRY_CODE: PhoneStatus.UNKNOWN_CALLING_CODE,
    NumberParseException.TOO_LONG: PhoneStatus.TOO_LONG,
}


def asked(number: str) -> tuple[PhoneStatus, str]:
    """Return the status and the canonical form that phonenumbers gives."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException as error:
        return ERRORS.get(error.error_type, PhoneStatus.TOO_SHORT), ""
    status = STATUSES[phonenumbers.is_possible_number_with_reason(parsed)]
    if status is not PhoneStatus.POSSIBLE:
        return status, ""
    return status, phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


ALL_SHORT = f"all of up to {SHORT} digits"
TOTAL = "total"
COLUMNS = ("compared", "canonical", "from the table", "in the pattern", "different")


@cache
def matcher() -> re.Pattern[bytes]:
    """Return the pattern as the fast path uses it: for bytes, before a quote."""
    return re.compile(rb'"\+(' + phone_numbers.possible_pattern().encode("ascii") + rb')"')


Counts = Counter[tuple[str, str]]


def compare(number: str, kind: str, counts: Counts) -> str:
    """Count a number under its kind and its status; describe the difference, if any."""
    status, canonical = asked(number)
    verdict = phone_numbers.check_number(number)
    plan = phone_numbers._plan(number[1:4])  # noqa: SLF001
    table = plan is not None and plan.check(number) is not None
    pattern = matcher().fullmatch(f'"{number}"'.encode()) is not None
    different = verdict != (status, canonical) or (pattern and canonical != number)
    facts = (True, canonical == number, table, pattern, different)
    columns = [column for column, fact in zip(COLUMNS, facts, strict=True) if fact]
    counts.update((row, column) for row in (kind, status.name, TOTAL) for column in columns)
    return f"{number}: {status.name} {canonical}, {verdict}, {pattern=}" if different else ""


Result = tuple[Counts, list[str]]


def compare_beginning(beginning: str, wanted: int, seed: int) -> Result:
    """Compare the numbers with a beginning, at least as many as wanted."""
    random = Random(f"{seed} {beginning}")  # noqa: S311
    seen: set[str] = set()
    counts: Counts = Counter()
    differences = []
    for kind, numbers in KINDS.items():
        for digits in numbers(beginning, random):
            if kind == RANDOM and len(seen) >= wanted:
                break
            if SHORT < len(digits) <= MOST_DIGITS and digits not in seen:
                seen.add(digits)
                differences.append(compare(f"+{digits}", kind, counts))
    return counts, list(filter(None, differences))


def compare_short() -> Result:
    """Compare all numbers of up to SHORT digits."""
    counts: Counts = Counter()
    differences = [
        compare("+" + "".join(digits), ALL_SHORT, counts)
        for length in range(1, SHORT + 1)
        for digits in product(DIGITS, repeat=length)
    ]
    return counts, list(filter(None, differences))


def main() -> int:
    """Compare, print the counts and the first differences, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--numbers", type=int, default=5_000_000, help="minimum number of numbers")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="number of processes")
    options = parser.parse_args()

    starts = beginnings()
    # Numbers of no calling code share one status: a tenth of them is enough.
    share = options.numbers / sum(1 if start in ASSIGNED else 0.1 for start in starts)
    wanted = [int(share if start in ASSIGNED else share / 10) + 1 for start in starts]
    totals: Counts = Counter()
    differences: list[str] = []
    with ProcessPoolExecutor(options.jobs) as pool:
        short = pool.submit(compare_short)
        each = pool.map(partial(compare_beginning, seed=options.seed), starts, wanted)
        for counts, different in (short.result(), *each):
            totals.update(counts)
            differences += different

    print(f"phonenumbers {phonenumbers.__version__}, table of {PHONENUMBERS_VERSION}")
    print(f"{'':26}" + "".join(f"{column:>16}" for column in COLUMNS))
    for row in (ALL_SHORT, *KINDS, *(status.name for status in PhoneStatus), TOTAL):
        print(f"{row:26}" + "".join(f"{totals[row, column]:16,}" for column in COLUMNS))
    print(*differences[:20], sep="\n")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
