"""Hints for dates that are invalid.

A hint that repairs a date is given only if the repaired date is valid.
"""

import re

from consentlint.fields import schemas
from consentlint.fields.iso8601 import format_utc, from_unix, parse
from consentlint.rules._form import common_hint, has_no_value, look_alike_hint

_LEAVE_OUT = "If the date is unknown, leave the field out."
_FIELD = "date_of_consent"
_NO_DATE = re.compile(r"invalid date|0000-?00-?00.*|00/00/0000.*|unknown", re.IGNORECASE)
_DATE_ALONE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_NUMERIC_DATE = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}(?:,?[ T].*)?")
_ZONE_NAME = re.compile(r"\[[A-Za-z0-9_+/-]+\]$")
_LOST_PLUS = re.compile(r"(T[0-9:.,]+) (?=[0-9]{2}:?[0-9]{0,2}$)")
_SPACE = re.compile(r"(?<=[0-9]) +(?=[0-9])")
_UTC = re.compile(r" ?(?:UTC|GMT|Z)$")
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+")
_UNIX_TIME = re.compile(r"([0-9]{10})([0-9]{3})?(?:\.[0-9]+)?")
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
        # Larger numbers are no dates, and Python refuses to format the largest.
        return _number_hint(str(value)) if abs(value) < 10**15 else ""
    hint = common_hint(value, is_date)
    if hint or not isinstance(value, str):
        return hint
    text = value.strip()
    if _NO_DATE.fullmatch(text):
        return _LEAVE_OUT
    if _DATE_ALONE.fullmatch(text):
        return "Add the time: a date alone is rejected."
    return _repair_hint(text) or _number_hint(text) or _form_hint(text)


def _repair_hint(text: str) -> str:
    if is_date(_ZONE_NAME.sub("", text)):
        return "Remove the name of the time zone in brackets."
    if is_date(_LOST_PLUS.sub(r"\1+", text)):
        return 'Restore the lost "+" of the offset. In a form body, escape it as %2B.'
    if is_date(text.upper()):
        return "Write T and Z in upper case."
    repaired = _SPACE.sub("T", _UTC.sub("Z", text), count=1).replace(" ", "")
    if is_date(repaired):
        return f"Write {repaired}."
    return ""


def _number_hint(text: str) -> str:
    unix = _UNIX_TIME.fullmatch(text)
    if unix is not None:
        milliseconds = f".{unix[2]}" if unix[2] else ""
        date = format_utc(from_unix(float(unix[1] + milliseconds)))
        return f"It looks like a Unix timestamp: write {date}." if date and is_date(date) else ""
    if _SCIENTIFIC.fullmatch(text):
        return "A spreadsheet rounded it. Export again with the column formatted as text."
    if _DAY_NUMBER.fullmatch(text):
        return "It looks like a spreadsheet's day number. Format the column as a date with a time."
    return ""


def _form_hint(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        return look_alike_hint(text)
    if _NAMES.search(text):
        return "Write numbers, not names of days and months (in JavaScript: toISOString())."
    if _NUMERIC_DATE.fullmatch(text):
        return "Write the year first, then month, day and time."
    return ""
