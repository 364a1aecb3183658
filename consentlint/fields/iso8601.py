"""Read a date with a time, by ISO 8601:2019 with Amendment 1.

The form is said by the pattern of `date_of_consent` in the schemas, and must have
been tested before: this module does what a pattern cannot. Which dates exist, the
end of the day (24:00), leap seconds, and which of two moments is the later.
"""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

_DAY_SECONDS = 86_400


class Moment(NamedTuple):
    """A point in time; two of them compare as earlier and later.

    Seconds are counted from 0001-01-01T00:00Z, for datetime has neither leap
    seconds nor fractions finer than a microsecond.
    """

    seconds: int
    fraction: str
    """Digits after the decimal sign, without trailing zeros."""


class DateTime(NamedTuple):
    """What a text says: the moment, and whether it gives an offset from UTC."""

    moment: Moment
    has_offset: bool


def read(text: str) -> DateTime:
    """Return what a text of the form of `date_of_consent` says.

    A time with no offset is read as UTC.

    Raises:
        ValueError: there is no such date or time; the message says why, and
            holds no part of the text.
    """
    day_text, has_clock, rest = text.partition("T")
    if not has_clock:
        raise ValueError("is not a date with a time")
    # Only an offset has one of these signs after the T.
    sign = max(rest.find("Z"), rest.find("+"), rest.find("-"))
    clock, offset = (rest, "") if sign < 0 else (rest[:sign], rest[sign:])
    clock, has_fraction, fraction = clock.replace(",", ".").partition(".")
    day = _day(day_text.replace("-", ""))
    clock = clock.replace(":", "")
    hour, minute, second = (int(clock[at : at + 2] or 0) for at in (0, 2, 4))
    if hour == 24 and (minute or second or has_fraction or len(clock) == 2):
        raise ValueError("has an hour 24, which only 24:00 or 24:00:00 may have")
    seconds = (day * 24 + hour) * 3600 + minute * 60 + second - _offset(offset or "Z")
    # A leap second is the last of a day in UTC, so one second on is midnight there.
    if second == 60 and seconds % _DAY_SECONDS:
        raise ValueError("has a second 60 where it is not 23:59 in UTC")
    return DateTime(Moment(seconds, fraction.rstrip("0")), bool(offset))


def from_unix(seconds: float) -> Moment:
    """Return the moment of a Unix time in seconds, cut to whole microseconds."""
    whole, fraction = divmod(int(seconds * 1_000_000), 1_000_000)
    return Moment(
        date(1970, 1, 1).toordinal() * _DAY_SECONDS + whole - _DAY_SECONDS,
        f"{fraction:06d}".rstrip("0"),
    )


# The days of some years stand in item after item, and so do a few offsets.
@lru_cache(maxsize=4_096)
def _day(text: str) -> int:
    """Return how many days lie between 0001-01-01 and a date."""
    digits = text.replace("-", "")
    year = int(digits[:4])
    if year == 0:
        raise ValueError("has a year 0000, which is before the first that is taken, 0001")
    try:
        if digits[4] == "W":
            day = date.fromisocalendar(year, int(digits[5:7]), int(digits[7]))
        elif len(digits) == 7:
            number = int(digits[4:])
            day = date.fromordinal(date(year, 1, 1).toordinal() + number - 1)
            if day.year != year:
                raise ValueError
        else:
            day = date(year, int(digits[4:6]), int(digits[6:]))
    except (ValueError, OverflowError):
        raise ValueError("is no date of the calendar: there is no such day") from None
    return day.toordinal() - 1


@lru_cache(maxsize=256)
def _offset(text: str) -> int:
    """Return the seconds that a local time is ahead of UTC."""
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -seconds if text[0] == "-" else seconds
