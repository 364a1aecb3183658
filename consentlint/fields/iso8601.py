"""Parse a date with a time, as in ISO 8601:2019 with Amendment 1.

The pattern of `date_of_consent` in the schemas decides the form. This module does what a pattern
cannot: which dates exist, the end of the day (24:00), leap seconds, and the order of moments.
"""

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from consentlint.fields import schemas
from consentlint.model.moment import Moment
from consentlint.text.masking import printable

_DAY_SECONDS = 86_400

COMMON_FORM = schemas.pattern_of("date_of_consent_usual")
"""Regular expression of the form that all parsers compared accept (docs/evidence.md)."""


class DateTime(NamedTuple):
    """A parsed date and time."""

    moment: Moment
    has_offset: bool
    """False if the text has no UTC offset; the moment then assumes UTC."""


# Several rules parse the same value, each for a column of values.
@lru_cache(maxsize=4_096)
def parse(text: str) -> DateTime:
    """Parse a text that has the form of `date_of_consent`.

    A time without an offset is read as UTC.

    Raises:
        ValueError: the date or time does not exist. The message continues a sentence about the
            text, such as "is not a real date (February 2025 has 28 days)".
    """
    day_text, has_time, rest = text.partition("T")
    if not has_time:
        raise ValueError("is not a date with a time")
    clock, offset = _divided(rest)
    clock, has_fraction, fraction = clock.replace(",", ".").partition(".")
    day = _day(day_text.replace("-", ""))
    clock = clock.replace(":", "")
    hour, minute, second = (int(clock[at : at + 2] or 0) for at in (0, 2, 4))
    if hour == 24 and (minute or second or has_fraction or len(clock) == 2):
        raise ValueError("has hour 24, which is valid only as 24:00 or 24:00:00")
    seconds = (day * 24 + hour) * 3600 + minute * 60 + second - _offset(offset or "Z")
    # A leap second is the last second of a UTC day, so one second later is midnight UTC.
    if second == 60 and seconds % _DAY_SECONDS:
        raise ValueError("has second 60, which is valid only at 23:59 UTC")
    return DateTime(Moment(seconds, fraction.rstrip("0")), bool(offset))


def seconds_of_day(text: str) -> int:
    """Return how many seconds after midnight, by its own offset, a date is that `parse` accepts."""
    _, offset = _divided(text.partition("T")[2])
    return (parse(text).moment.seconds + _offset(offset or "Z")) % _DAY_SECONDS


def _divided(time_text: str) -> tuple[str, str]:
    """Return a time and its offset."""
    # Only an offset has one of these characters.
    sign = max(time_text.find("Z"), time_text.find("+"), time_text.find("-"))
    return (time_text, "") if sign < 0 else (time_text[:sign], time_text[sign:])


def parse_now(value: str | datetime | None) -> Moment:
    """Return the moment that dates are compared with.

    Args:
        value: a date with a time, in a form that `date_of_consent` accepts, or a datetime
            (UTC if it has no time zone). None is the current time.

    Raises:
        ValueError: the string is not a date with a time, or does not exist.
        TypeError: the value has another type.
    """
    if value is None:
        return from_unix(time.time())
    if isinstance(value, datetime):
        return _from_datetime(value)
    if not isinstance(value, str):
        raise TypeError(f"expected a string or a datetime, not {type(value).__name__}")
    # It may come from a configuration file of somebody else, and be shown on a terminal.
    shown = printable(value)
    if not schemas.predicate("date_of_consent")(value):
        raise ValueError(
            f'"{shown}" is not an ISO 8601 date with a time, such as 2025-06-02T15:30:00Z'
        )
    try:
        return parse(value).moment
    except ValueError as error:
        raise ValueError(f'"{shown}" {error}') from None


def from_unix(seconds: float) -> Moment:
    """Return the moment of a Unix time in seconds, truncated to microseconds."""
    whole, fraction = divmod(int(seconds * 1_000_000), 1_000_000)
    return Moment(
        date(1970, 1, 1).toordinal() * _DAY_SECONDS + whole - _DAY_SECONDS,
        f"{fraction:06d}".rstrip("0"),
    )


def to_datetime(moment: Moment) -> datetime:
    """Return a moment as a datetime in UTC, truncated to microseconds.

    Raises:
        OverflowError: its year is not from 0001 to 9999.
    """
    since_start = timedelta(
        seconds=moment.seconds, microseconds=int(moment.fraction[:6].ljust(6, "0"))
    )
    return datetime(1, 1, 1, tzinfo=UTC) + since_start


def format_utc(moment: Moment) -> str | None:
    """Return a moment as `YYYY-MM-DDThh:mm:ss[.fraction]Z`, None if its year has not four digits."""
    days, seconds = divmod(moment.seconds, _DAY_SECONDS)
    if not 1 <= days + 1 <= date.max.toordinal():
        return None
    fraction = f".{moment.fraction[:9]}" if moment.fraction else ""
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{date.fromordinal(days + 1).isoformat()}T{clock}{fraction}Z"


def _from_datetime(value: datetime) -> Moment:
    # Not by astimezone, which fails near the first and the last year.
    offset = value.utcoffset() or timedelta(0)
    since_start = value.replace(tzinfo=UTC) - datetime(1, 1, 1, tzinfo=UTC) - offset
    return Moment(
        since_start.days * _DAY_SECONDS + since_start.seconds,
        f"{since_start.microseconds:06d}".rstrip("0"),
    )


# Files repeat the days of a few years, and a few offsets.
@lru_cache(maxsize=4_096)
def _day(digits: str) -> int:
    """Return the number of days from 0001-01-01 to a date, given without hyphens."""
    year = int(digits[:4])
    if year == 0:
        raise ValueError("has the year 0000, expected 0001 or later")
    if digits[4] == "W":
        return _week_day(year, int(digits[5:7]), int(digits[7]))
    first = date(year, 1, 1).toordinal() - 1
    if len(digits) == 7:
        number, days = int(digits[4:]), 365 + _is_leap(year)
        if not 1 <= number <= days:
            raise ValueError(f"is not a real date ({year:04d} has {days} days)")
        return first + number - 1
    month, day = int(digits[4:6]), int(digits[6:])
    days = _days_in_month(year, month)
    if day > days:
        name = _MONTHS[month - 1]
        raise ValueError(f"is not a real date ({name} {year:04d} has {days} days)")
    return date(year, month, day).toordinal() - 1


def _week_day(year: int, week: int, day: int) -> int:
    try:
        return date.fromisocalendar(year, week, day).toordinal() - 1
    except (ValueError, OverflowError):
        if week < 53:
            raise ValueError("is after the year 9999") from None
        raise ValueError(f"is not a real date ({year:04d} has 52 weeks)") from None


# The module calendar has these, and is slow to import.
def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 28 + _is_leap(year)
    return 30 if month in (4, 6, 9, 11) else 31


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@lru_cache(maxsize=256)
def _offset(text: str) -> int:
    """Return by how many seconds local time is ahead of UTC."""
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -seconds if text[0] == "-" else seconds
