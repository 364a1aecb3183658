"""Read the dates of many records at once."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from operator import attrgetter, sub
from typing import NamedTuple, cast

from consentlint.fields.iso8601 import parse

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_SECONDS = parse("1970-01-01T00:00:00Z").moment.seconds
FIRST_DAY = (date(1992, 12, 3) - _EPOCH.date()).days
"""The day of the first text message, before which nobody can have consented to one."""
_NO_DATE = timedelta.min
NO_DAY = _NO_DATE.days
"""The day of a record without a date."""

_days_of = attrgetter("days")
_seconds_of = attrgetter("seconds")
_microseconds_of = attrgetter("microseconds")
_AT_MIDNIGHT = re.compile(r"T00(?::?00){0,2}(?:[.,]0+)?(?![0-9:.,])")


class Dates(NamedTuple):
    """Dates, by column."""

    days: Sequence[int]
    """Days from 1970-01-01 in UTC; `NO_DAY` for no date."""
    seconds: Sequence[int]
    """Seconds since midnight UTC."""
    microseconds: Sequence[int]
    """The fractions of these seconds; what is finer is left out."""


class DateReader:
    """Reads dates, and counts those that show less than they seem to."""

    def __init__(self) -> None:
        self.without_offset = 0
        """Dates whose offset from UTC is unknown."""
        self.at_midnight = 0
        """Dates from `FIRST_DAY` on that are midnight exactly, as they are written."""

    def read(self, texts: Sequence[str | None]) -> Dates:
        """Read dates. A missing or invalid date has the day `NO_DAY`."""
        dates = cast("Sequence[str]", texts)
        try:
            # Many times as fast as `parse`, which also knows hour 24 and leap seconds.
            since = list(map(sub, map(datetime.fromisoformat, dates), repeat(_EPOCH)))
        except (TypeError, ValueError):
            # One of them is missing, has no offset, or is in an unusual form.
            since = list(map(self._read_one, texts))
        days = list(map(_days_of, since))
        together = "\n".join(filter(None, texts))
        microseconds: Sequence[int] = bytes(len(days))
        if "." in together or "," in together:
            microseconds = list(map(_microseconds_of, since))
        if "T00" in together:
            self.at_midnight += sum(
                day >= FIRST_DAY and _AT_MIDNIGHT.search(text) is not None
                for day, text in zip(days, texts, strict=True)
                if text and "T00" in text
            )
        return Dates(days, list(map(_seconds_of, since)), microseconds)

    def _read_one(self, text: str | None) -> timedelta:
        try:
            date = parse(text or "")
        except ValueError:
            return _NO_DATE
        self.without_offset += not date.has_offset
        seconds, fraction = date.moment
        microseconds = int(fraction[:6].ljust(6, "0"))
        return timedelta(seconds=seconds - _EPOCH_SECONDS, microseconds=microseconds)
