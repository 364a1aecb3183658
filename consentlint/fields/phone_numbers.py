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

from consentlint.fields._phone_table import CALLING_CODES, PHONENUMBERS_VERSION, POSSIBLE_PATTERN


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
    from consentlint.fields import _phone_metadata as phone_metadata
    from consentlint.fields import _phone_pattern as phone_pattern

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


class _Plan(NamedTuple):
    """What the table says of numbers that begin with some digits."""

    code_end: int
    """Where the calling code ends in the number."""
    free: frozenset[int]
    """How long a number may be that holds no prefix, its calling code and the + included."""
    guarded: frozenset[int]
    """How long a number may be that is to be searched for a prefix."""
    prefix: re.Pattern[str] | None
    """What is stripped behind the calling code, if anything is."""


@cache
def _plan(start: str) -> _Plan | None:
    """Return what holds for numbers of which the first three digits are these."""
    # No calling code begins with the digits of another, so the first that fits is it.
    for digits in (1, 2, 3):
        row = CALLING_CODES.get(start[:digits])
        if row is not None:
            free, guarded, prefix = row
            end = 1 + digits
            return _Plan(
                end,
                frozenset(end + length for length in free),
                frozenset(end + length for length in guarded) if prefix else frozenset(),
                re.compile(prefix) if prefix else None,
            )
    return None


def _is_plain(number: str) -> bool:
    """Tell whether the table alone proves that the number is possible as it stands."""
    plan = _plan(number[1:4])
    if plan is None:
        return False
    if plan.prefix is None or len(number) not in plan.guarded:
        return len(number) in plan.free
    # A prefix that matches the empty string strips nothing.
    found = plan.prefix.match(number, plan.code_end)
    return found is None or found.end() == plan.code_end


# The same wrong numbers stand in item after item: that of a sender, or of nobody.
@lru_cache(maxsize=65_536)
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


PhoneStatus = Possibility


class PhoneVerdict(NamedTuple):
    """The verdict on one phone number."""

    status: PhoneStatus
    canonical: str


def check_number(number: str) -> PhoneVerdict:
    """Return the verdict on a number in E.164 form."""
    return PhoneVerdict(*judge(number))
