"""Hints for dates that are invalid.

A hint that repairs a date is given only if the repaired date is valid.
"""

import re

from consentlint.fields import schemas
from consentlint.fields.iso8601 import parse
from consentlint.rules._form import (
    MAX_HINT_LENGTH,
    ROUNDED,
    common_hint,
    has_no_value,
    is_rounded,
    look_alike_hint,
)

_LEAVE_OUT = "If the date is unknown, leave the field out."
_FIELD = "date_of_consent"
_NO_DATE = re.compile(r"invalid date|0000-?00-?00.*|00/00/0000.*|unknown", re.IGNORECASE)
_DATE_ALONE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_DAY_OR_MONTH_FIRST = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})(?:,?[ T].*)?")
_NO_HYPHENS = re.compile(r"([0-9]{4})[./]([0-9]{2})[./]([0-9]{2})[ T]")
_ZONE_NAME = re.compile(r"\[[A-Za-z0-9_+/-]+\]$")
_LOST_PLUS = re.compile(r"(T[0-9:.,]+) (?=[0-9]{2}:?[0-9]{0,2}$)")
_SPACE = re.compile(r"(?<=[0-9]) +(?=[0-9])")
_UTC = re.compile(r" ?(?:UTC|GMT|Z)$")
_UNIX_TIME = re.compile(r"(?:[0-9]{10}|[0-9]{13})(?:\.[0-9]+)?")
_DAY_NUMBER = re.compile(r"[34][0-9]{4}(?:\.[0-9]+)?")
_NAMES = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
)


def is_date(text: str) -> bool:
    """Return whether a text is a date and time that exists."""
    if not schemas.predicate(_FIELD)(text):
        return False
    try:
        parse(text)
    except ValueError:
        return False
    return True


def date_hint(value: object) -> str:
    """Return the hint for a value that is not a date with a time, empty if there is none."""
    if has_no_value(value):
        return _LEAVE_OUT
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Larger numbers are not dates, and Python cannot format the largest.
        return _number_hint(str(value)) if abs(value) < 10**15 else ""
    hint = common_hint(value, is_date)
    if hint or not isinstance(value, str):
        return hint
    text = value.strip()
    if len(text) > MAX_HINT_LENGTH:
        return ""
    if _NO_DATE.fullmatch(text):
        return _LEAVE_OUT
    if _DATE_ALONE.fullmatch(text):
        return "Add the time: a date alone is rejected."
    return _repair_hint(text) or _number_hint(text) or _form_hint(text)


def _repair_hint(text: str) -> str:
    if is_date(_ZONE_NAME.sub("", text)):
        return "Remove the name of the time zone in brackets."
    if is_date(_LOST_PLUS.sub(r"\1+", text)):
        return 'Restore the lost "+" of the offset (in a form body, escape it as %2B).'
    if is_date(text.upper()):
        return "Write T and Z in upper case."
    with_t = _SPACE.sub("T", text, count=1)
    if is_date(with_t):
        return "Write T between date and time."
    if is_date(_UTC.sub("Z", with_t).replace(" ", "")):
        return "Write T before the time, and the offset (Z for UTC) without a space."
    if is_date(_NO_HYPHENS.sub(r"\1-\2-\3T", text)):
        return "Write hyphens in the date and T before the time."
    return ""


def _number_hint(text: str) -> str:
    if _UNIX_TIME.fullmatch(text):
        # Not the date itself: from it, a phone number in the wrong column could be computed.
        return "If it is a Unix timestamp, convert it to a date with a time."
    if is_rounded(text):
        return ROUNDED
    if _DAY_NUMBER.fullmatch(text):
        return "If it is a spreadsheet's day number, format the column as a date with a time."
    return ""


def _form_hint(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        return look_alike_hint(text)
    if _NAMES.search(text):
        return "Write numbers, not names of days and months (in JavaScript: toISOString())."
    if _DAY_OR_MONTH_FIRST.fullmatch(text):
        return "Write the year first, then month, day and time."
    return ""
