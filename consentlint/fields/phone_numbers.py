"""Check phone numbers as libphonenumber does, without loading it.

A table generated from the metadata of phonenumbers decides: see `_calling_code`.
phonenumbers is asked only if its installed version is not the one of the table, or about
a calling code whose metadata the table cannot express.
"""

import os
import re
from collections.abc import Callable
from enum import Enum, auto
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from typing import NamedTuple

from consentlint.fields._calling_code import CallingCode
from consentlint.fields._phone_table import CALLING_CODES, PHONENUMBERS_VERSION, POSSIBLE_PATTERN

__all__ = [
    "PhoneStatus",
    "PhoneVerdict",
    "check_number",
    "is_assigned",
    "is_outdated",
    "metadata_version",
    "plain_matcher",
    "possible_pattern",
]


# libphonenumber calls these possible: landlines have as many digits. Mobile numbers that start
# with 7 still have eight.
_OUTDATED = "55[1-9]{2}[689][0-9]{7}"
_OUTDATED_NUMBER = re.compile(rf"\+{_OUTDATED}")


class PhoneStatus(Enum):
    """The result of libphonenumber's length test for a number and its calling code."""

    POSSIBLE = auto()
    LOCAL_ONLY = auto()
    TOO_SHORT = auto()
    TOO_LONG = auto()
    INVALID_LENGTH = auto()
    UNKNOWN_CALLING_CODE = auto()


class PhoneVerdict(NamedTuple):
    """The status of one phone number, and its canonical form."""

    status: PhoneStatus
    canonical: str
    """The number in E.164 format, without a national prefix; "" unless it is possible."""


# Several checks ask about a number, and files repeat some: a sender, or a placeholder.
@lru_cache(maxsize=65_536)
def check_number(number: str) -> PhoneVerdict:
    """Return the verdict on a number.

    Args:
        number: "+" and 2 to 15 ASCII digits, the first not 0.
    """
    if _table_is_current():
        plan = _plan(number[1:4])
        verdict = None if plan is None else plan.check(number)
        if verdict is not None:
            return verdict
    return _ask(number)


def is_assigned(number: str) -> bool:
    """Tell whether a possible number is in an assigned range (libphonenumber's *valid*)."""
    import phonenumbers

    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def is_outdated(number: str) -> bool:
    """Tell whether a possible number lacks a digit that its numbering plan has added.

    Since 2016, mobile numbers of Brazil have a ninth digit, 9, after the area code (Anatel).
    """
    return _OUTDATED_NUMBER.fullmatch(number) is not None


@cache
def calling_code(number: str) -> str:
    """Return the "+" and calling code of a possible number, of which "+" and three digits suffice."""
    starts = (number[:end] for end in (2, 3, 4))
    return next((start for start in starts if start[1:] in CALLING_CODES), number[:4])


def possible_pattern() -> str:
    """Return a regular expression for numbers that are possible, canonical and not outdated.

    A match proves that `check_number` returns POSSIBLE and the same text. No match proves
    nothing: the pattern omits some numbers whose first digits do not distinguish them from
    numbers with a national prefix. It matches the digits after the "+"
    and requires that the end of the text, or a character that is not a digit, follows. It
    is ASCII, has no capturing groups and needs no flags, for `str` and for `bytes`.
    """
    return f"(?!{_OUTDATED}(?![0-9])){_possible_pattern()}"


def _possible_pattern() -> str:
    if _table_is_current():
        return POSSIBLE_PATTERN
    from consentlint.fields import _phone_metadata, _phone_pattern

    return _phone_pattern.pattern(_phone_metadata.calling_codes())


@cache
def plain_matcher() -> Callable[[str], re.Match[str] | None]:
    """Return a compiled `fullmatch` of `possible_pattern` with its "+", for many numbers.

    It is several times faster than `check_number`; its compilation takes milliseconds.
    """
    return re.compile(rf"\+{possible_pattern()}").fullmatch


@cache
def metadata_version() -> str:
    """Return the version of the installed phonenumbers, whose metadata decides."""
    if _table_is_current():
        return PHONENUMBERS_VERSION
    import phonenumbers

    return phonenumbers.__version__


@cache
def _table_is_current() -> bool:
    """Tell whether the installed phonenumbers is the one that the table was made from.

    This looks for the folder of its distribution metadata. importlib.metadata, or an
    import of phonenumbers, would take longer than the rest of a small run.
    """
    spec = PathFinder.find_spec("phonenumbers")
    if spec is None or spec.origin is None:  # pragma: no cover - a declared dependency
        return False
    packages = os.path.dirname(os.path.dirname(spec.origin))
    return os.path.isdir(os.path.join(packages, f"phonenumbers-{PHONENUMBERS_VERSION}.dist-info"))


# "+" and 1 to 15 digits.
_TEXT_LENGTHS = range(2, 17)

_REJECTIONS = {status: PhoneVerdict(status, "") for status in PhoneStatus}
_TOO_LONG = _REJECTIONS[PhoneStatus.TOO_LONG]


class _Plan(NamedTuple):
    """How to check the numbers that start with given digits. Lengths count all characters."""

    plain_lengths: frozenset[int]
    """The lengths at which a number without a national prefix is possible."""
    prefixed_lengths: frozenset[int]
    """The lengths at which the removal of a national prefix can change the verdict."""
    rejections: dict[int, PhoneVerdict]
    """The verdicts at other lengths."""
    code_end: int = 0
    """The number of characters up to the end of the calling code."""
    facts: CallingCode | None = None
    prefix: re.Pattern[str] | None = None
    national_number: re.Pattern[str] | None = None

    def check(self, number: str) -> PhoneVerdict | None:
        """Return the verdict on a number, None if the plan does not cover its length."""
        length = len(number)
        if length in self.prefixed_lengths:
            verdict = self._check_without_prefix(number)
            if verdict is not None:
                return verdict
        if length in self.plain_lengths:
            return PhoneVerdict(PhoneStatus.POSSIBLE, number)
        return self.rejections.get(length)

    def _check_without_prefix(self, number: str) -> PhoneVerdict | None:
        """Return the verdict on a number less its national prefix, None if it keeps it."""
        assert self.prefix is not None
        assert self.facts is not None
        digits = number[self.code_end :]
        found = self.prefix.match(digits)
        if found is None:
            return None
        rule = self.facts.transform_rule
        replaced = rule is not None and found[self.prefix.groups] is not None
        rest = (found.expand(rule) if rule and replaced else "") + digits[found.end() :]
        status = _status(self.facts, len(rest))
        if status is not PhoneStatus.POSSIBLE and status is not PhoneStatus.TOO_LONG:
            return None
        viable = self.national_number
        if viable is not None and viable.fullmatch(digits) and not viable.fullmatch(rest):
            return None
        if status is PhoneStatus.TOO_LONG:
            return _TOO_LONG
        return PhoneVerdict(status, number[: self.code_end] + rest)


def _status(facts: CallingCode, length: int) -> PhoneStatus:
    """Return the status of a number that has so many digits after its calling code."""
    if length in facts.local_lengths:
        return PhoneStatus.LOCAL_ONLY
    if length < facts.lengths[0]:
        return PhoneStatus.TOO_SHORT
    if length > facts.lengths[-1]:
        return PhoneStatus.TOO_LONG
    return PhoneStatus.POSSIBLE if length in facts.lengths else PhoneStatus.INVALID_LENGTH


@cache
def _plan(start: str) -> _Plan | None:
    """Return the plan for numbers whose first three digits are given, None to ask."""
    # No calling code starts with another one.
    for digits in (1, 2, 3):
        code = start[:digits]
        if code in CALLING_CODES:
            row = CALLING_CODES[code]
            return None if row is None else _plan_for(1 + digits, CallingCode(*row))
    # phonenumbers looks for a calling code only if more than two digits follow the "+".
    short, unknown = PhoneStatus.TOO_SHORT, PhoneStatus.UNKNOWN_CALLING_CODE
    return _Plan(
        frozenset(),
        frozenset(),
        {length: _REJECTIONS[unknown if length > 3 else short] for length in _TEXT_LENGTHS},
    )


def _plan_for(code_end: int, facts: CallingCode) -> _Plan:
    """Return the plan for the numbers of a calling code."""
    statuses = {length: _status(facts, length - code_end) for length in _TEXT_LENGTHS}
    possible = {length for length, status in statuses.items() if status is PhoneStatus.POSSIBLE}
    # The removal of a prefix counts only if the rest is not too short.
    shortest = 2 if facts.transform_rule else facts.lengths[0] + 1
    return _Plan(
        frozenset(possible),
        frozenset(length for length in _TEXT_LENGTHS if length >= code_end + shortest)
        if facts.prefix
        else frozenset(),
        {length: _REJECTIONS[statuses[length]] for length in statuses.keys() - possible},
        code_end,
        facts,
        re.compile(facts.prefix) if facts.prefix else None,
        re.compile(facts.national_pattern) if facts.national_pattern else None,
    )


def _ask(number: str) -> PhoneVerdict:
    """Return the verdict of phonenumbers."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        return _REJECTIONS[_PARSE_ERRORS.get(error.error_type, PhoneStatus.TOO_SHORT)]
    result = phonenumbers.is_possible_number_with_reason(parsed)
    status = _RESULTS.get(result, PhoneStatus.INVALID_LENGTH)
    if status is not PhoneStatus.POSSIBLE:
        return _REJECTIONS[status]
    canonical = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return PhoneVerdict(status, canonical)


# The values of phonenumbers.NumberParseException.
_PARSE_ERRORS = {0: PhoneStatus.UNKNOWN_CALLING_CODE, 4: PhoneStatus.TOO_LONG}

# The values of phonenumbers.ValidationResult.
_RESULTS = {
    0: PhoneStatus.POSSIBLE,
    1: PhoneStatus.UNKNOWN_CALLING_CODE,
    2: PhoneStatus.TOO_SHORT,
    3: PhoneStatus.TOO_LONG,
    4: PhoneStatus.LOCAL_ONLY,
}
