"""Judge phone numbers as libphonenumber does, without loading it for the clear cases.

A number is accepted here from a table of calling codes and lengths, which is exact:
see phone_metadata.py. Whatever the table does not accept, and every number where the
installed phonenumbers is not the table's, is put to phonenumbers.
"""

import os
import re
from enum import Enum, auto
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from typing import NamedTuple

from consentlint.phone_lengths import CALLING_CODES, PHONENUMBERS_VERSION, POSSIBLE_PATTERN


class Possibility(Enum):
    """What libphonenumber says of a number's length under its calling code."""

    POSSIBLE = auto()
    LOCAL_ONLY = auto()
    TOO_SHORT = auto()
    TOO_LONG = auto()
    INVALID_LENGTH = auto()
    UNKNOWN_CALLING_CODE = auto()


class Number(NamedTuple):
    """The verdict on one phone number."""

    possibility: Possibility
    canonical: str
    """As E.164 writes the number: the same text, or without a trunk prefix that was
    left in. Empty where the number is not possible."""


@lru_cache(maxsize=65_536)
def judge(number: str) -> Number:
    """Return the verdict on a number of E.164 form: "+" and 2 to 15 ASCII digits."""
    if _table_is_current() and _is_plain(number):
        return Number(Possibility.POSSIBLE, number)
    return _ask(number)


def is_assigned(number: str) -> bool:
    """Tell whether a possible number lies in an assigned range (libphonenumber's *valid*)."""
    import phonenumbers

    return phonenumbers.is_valid_number(phonenumbers.parse(number))


@cache
def possible_pattern() -> str:
    """Return a regular expression for numbers that are possible and canonical as they stand.

    It matches what `judge` answers with POSSIBLE and the same text, but for a few numbers
    that it leaves to `judge`: those of which only more than it looks at can tell that they
    hold no trunk prefix. It matches the digits after the "+"; something that is no digit,
    or the end, must be asked for after it. It is ASCII, has no groups to capture and needs
    no flags, in a pattern of text or of bytes.
    """
    if _table_is_current():
        return POSSIBLE_PATTERN
    from consentlint import phone_metadata, phone_pattern

    return phone_pattern.pattern(phone_metadata.calling_codes())


@cache
def metadata_version() -> str:
    """Return the version of the installed phonenumbers, whose metadata judges."""
    if _table_is_current():
        return PHONENUMBERS_VERSION
    import phonenumbers

    return phonenumbers.__version__


@cache
def _table_is_current() -> bool:
    """Tell whether the installed phonenumbers is the one that the table was made from.

    Its folder of distribution metadata is looked for, since asking importlib.metadata,
    or importing phonenumbers, costs more than the rest of a small run.
    """
    spec = PathFinder.find_spec("phonenumbers")
    if spec is None or spec.origin is None:  # pragma: no cover - a declared dependency
        return False
    beside = os.path.dirname(os.path.dirname(spec.origin))
    return os.path.isdir(os.path.join(beside, f"phonenumbers-{PHONENUMBERS_VERSION}.dist-info"))


@cache
def _calling_code(
    code: str,
) -> tuple[tuple[int, ...], tuple[int, ...], re.Pattern[str] | None] | None:
    """Return the row of a calling code in the table, None for no code."""
    row = CALLING_CODES.get(code)
    if row is None:
        return None
    free, guarded, prefix = row
    return free, guarded, re.compile(prefix) if prefix else None


def _is_plain(number: str) -> bool:
    """Tell whether the table alone proves that the number is possible as it stands."""
    # No calling code begins with the digits of another, so the first that fits is it.
    for end in (2, 3, 4):
        row = _calling_code(number[1:end])
        if row is not None:
            free, guarded, prefix = row
            digits = len(number) - end
            if digits not in guarded or prefix is None:
                return digits in free
            # A prefix that matches the empty string strips nothing.
            return not (found := prefix.match(number, end)) or found.end() == end
    return False


def _ask(number: str) -> Number:
    """Return the verdict of phonenumbers."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        return Number(
            Possibility.UNKNOWN_CALLING_CODE
            if error.error_type == error.INVALID_COUNTRY_CODE
            else Possibility.TOO_LONG
            if error.error_type == error.TOO_LONG
            else Possibility.TOO_SHORT,
            "",
        )
    result = phonenumbers.is_possible_number_with_reason(parsed)
    if result == phonenumbers.ValidationResult.IS_POSSIBLE:
        canonical = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        return Number(Possibility.POSSIBLE, canonical)
    return Number(_POSSIBILITIES.get(result, Possibility.INVALID_LENGTH), "")


# The values of phonenumbers.ValidationResult, which are part of its public interface.
_POSSIBILITIES = {
    4: Possibility.LOCAL_ONLY,
    1: Possibility.UNKNOWN_CALLING_CODE,
    2: Possibility.TOO_SHORT,
    3: Possibility.TOO_LONG,
}
