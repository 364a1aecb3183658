"""Dates with a time, up to now, in every form that the API takes."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple

from hypothesis import strategies as st

from consentlint.fields import iso8601, schemas
from consentlint.model.moment import Moment
from consentlint.strategies._cases import ABSENT, Case
from consentlint.strategies._context import Terms

Day = Literal["calendar", "week", "ordinal"]
Parts = Literal["hour", "minute", "second", "fraction"]

DAYS: tuple[Day, ...] = ("calendar", "week", "ordinal")
PARTS: tuple[Parts, ...] = ("second", "minute", "fraction", "hour")
EXTENDED_OFFSETS = ("Z", "+hh:mm", "+hh", "+hhmm", "")
BASIC_OFFSETS = ("Z", "+hhmm", "+hh", "")
_DAY_MINUTES = 24 * 60
_PLAINEST = datetime(2000, 1, 1)  # noqa: DTZ001
"""Where shrinking ends, of the dates that may be anywhere."""


class Form(NamedTuple):
    """How a date with a time is written."""

    is_extended: bool = True
    """With hyphens and colons, or without."""
    day: Day = "calendar"
    parts: Parts = "second"
    """The smallest part of the time that is written."""
    offset: str = "Z"
    """One of `EXTENDED_OFFSETS` or `BASIC_OFFSETS`."""
    mark: str = "."
    """What comes before a fraction."""

    def write(self, local: datetime, minutes: int, fraction: str = "0") -> str:
        """Return what a clock shows that is some minutes ahead of UTC."""
        clock = f"{local:%H:%M:%S}{self.mark}{fraction}"
        end = {"hour": 2, "minute": 5, "second": 8, "fraction": len(clock)}[self.parts]
        return self.join(self.written_day(local), clock[:end], minutes)

    def join(self, day: str, clock: str, minutes: int) -> str:
        """Return a date and a clock in extended form as this form has them, and the offset."""
        if not self.is_extended:
            day, clock = day.replace("-", ""), clock.replace(":", "")
        return f"{day}T{clock}{self.written_offset(minutes)}"

    def written_day(self, day: date) -> str:
        """Return a day in the extended format."""
        if self.day == "week":
            year, week, weekday = day.isocalendar()
            return f"{year:04}-W{week:02}-{weekday}"
        if self.day == "ordinal":
            return f"{day.year:04}-{day.timetuple().tm_yday:03}"
        return f"{day.year:04}-{day.month:02}-{day.day:02}"

    def written_offset(self, minutes: int) -> str:
        """Return an offset from UTC, as far as this form can say it."""
        if not self.offset.startswith("+"):
            return self.offset
        hours, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else "+"
        return self.offset.replace("+hh", f"{sign}{hours:02}").replace("mm", f"{rest:02}")


PLAIN = Form()


@cache
def forms(
    days: tuple[Day, ...] = DAYS, parts: tuple[Parts, ...] = PARTS
) -> st.SearchStrategy[Form]:
    """Return all forms that the grammar has, or those of some days and parts."""
    return st.sampled_from(
        [
            Form(is_extended, day, part, offset, mark)
            for is_extended in (True, False)
            for day in days
            for part in parts
            for offset in (EXTENDED_OFFSETS if is_extended else BASIC_OFFSETS)
            for mark in (".,"[: 1 + (part == "fraction")])
        ]
    )


@cache
def offsets(form: Form) -> st.SearchStrategy[int]:
    """Return minutes that a clock is ahead of UTC, of those that a form can say."""
    if not form.offset.startswith("+"):
        return st.just(0)
    if form.offset == "+hh":
        return st.integers(-23, 23).map(lambda hours: hours * 60)
    return st.one_of(
        st.integers(1 - _DAY_MINUTES, _DAY_MINUTES - 1),
        st.sampled_from((_DAY_MINUTES - 1, 1 - _DAY_MINUTES, 330, -210)),
    )


def takes(terms: Terms) -> Callable[[object], bool]:
    """Return the linter's test of a date."""

    def is_taken(value: object) -> bool:
        if value is ABSENT:
            return True
        moment = moment_of(value)
        return moment is not None and moment <= terms.moment

    return is_taken


def moment_of(value: object) -> Moment | None:
    """Return the moment that a text names, None where it names none."""
    if not schemas.predicate("date_of_consent")(value):
        return None
    try:
        return iso8601.parse(str(value)).moment
    except ValueError:
        return None


def _times(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    """Return whole seconds from one to another, both included."""
    # One number is drawn faster than the six of st.datetimes.
    bounds = (int((each - _PLAINEST).total_seconds()) for each in (first, last))
    return st.integers(*bounds).map(lambda each: _PLAINEST + timedelta(seconds=each))


@st.composite
def _any_form(draw: st.DrawFn, terms: Terms) -> str:
    form = draw(forms())
    minutes = draw(offsets(form))
    latest = terms.now + timedelta(minutes=minutes)
    fraction = ""
    if form.parts == "fraction":
        # Seconds have any number of digits; most programs know six, or nine, of them.
        fraction = draw(st.text("0123456789", min_size=1, max_size=12))
        latest -= timedelta(seconds=1)
    return form.write(draw(_times(datetime(1, 1, 1), latest)), minutes, fraction)  # noqa: DTZ001


@st.composite
def _on_a_day(
    draw: st.DrawFn, days: st.SearchStrategy[date], day: Day, clock: str | None = None
) -> str:
    """Return times on these days, which lie in the past wherever one is."""
    form = draw(forms((day,)))
    there = draw(days)
    if clock is not None:
        return form.join(form.written_day(there), clock, draw(offsets(form)))
    time = datetime(there.year, there.month, there.day) + draw(_TIMES)  # noqa: DTZ001
    return form.write(time, draw(offsets(form)))


_TIMES = st.integers(0, 24 * 3600 - 1).map(lambda seconds: timedelta(seconds=seconds))


def _ends_of_days(days: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    return st.one_of([_on_a_day(days, day, end) for day in DAYS for end in ("24:00", "24:00:00")])


@st.composite
def _leap_second(draw: st.DrawFn, terms: Terms) -> str:
    """Return the second 60 of a day in UTC, as a clock anywhere shows it."""
    form = draw(forms(parts=("second",)))
    minutes = draw(offsets(form))
    last = draw(_times(datetime(1, 1, 2), terms.now - timedelta(days=1)))  # noqa: DTZ001
    end = last.replace(hour=23, minute=59, second=0, microsecond=0) + timedelta(minutes=minutes)
    return form.join(form.written_day(end), f"{end:%H:%M}:60", minutes)


@st.composite
def at_moment(draw: st.DrawFn, terms: Terms, seconds: int, fraction: str) -> str:
    """Return a moment some seconds from now, as clocks show it that are ahead of UTC or behind."""
    form = draw(forms(parts=("fraction",) if fraction else ("second", "fraction")))
    minutes = draw(offsets(form))
    local = terms.now + timedelta(minutes=minutes, seconds=seconds)
    return form.write(local, minutes, fraction or "0")


def past_years(terms: Terms, *, where: Callable[[int], bool]) -> list[int]:
    """Return the years that are over, of the last four hundred, the latest first."""
    last = terms.now.year - 1
    return [year for year in range(last, last - 400, -1) if where(year)]


def has_week_53(year: int) -> bool:
    """Tell whether a year has 53 weeks by ISO 8601."""
    return date(year, 12, 28).isocalendar().week == 53


def taken_dates(terms: Terms) -> tuple[Case, ...]:
    """Return the cases of a date that is taken."""
    leap_years = past_years(terms, where=calendar.isleap)
    long_years = past_years(terms, where=has_week_53)
    week_53 = st.builds(
        date.fromisocalendar, st.sampled_from(long_years), st.just(53), st.integers(1, 7)
    )
    nights = [(terms.now - timedelta(days=ago)).date() for ago in (2, 3, 30, 365, 3000)]
    year_one = [date(1, month, 2) for month in range(1, 13)]
    before_1970 = [date(year, month, 1) for year in (1969, 1900, 1583) for month in (1, 12)]
    feb_29 = [date(year, 2, 29) for year in leap_years]
    last_days = [date(year, 12, 31) for year in leap_years]
    ahead = st.integers(1, 14 * 60)
    return (
        Case("in any form", _any_form(terms)),
        Case("now", at_moment(terms, 0, terms.fraction), is_near=True),
        Case(
            "now, where the clocks are ahead of UTC",
            ahead.map(lambda each: PLAIN._replace(offset="+hh:mm").write(terms.now + timedelta(minutes=each), each)),
            is_near=True,
        ),
        Case("the end of a day as 24:00", _ends_of_days(st.sampled_from(nights)), is_near=True),
        Case("a leap second", _leap_second(terms), is_near=True),
        Case("in week 53", _on_a_day(week_53, "week"), is_near=True),
        Case("on day 366", _on_a_day(st.sampled_from(last_days), "ordinal"), is_near=True),
        Case("on February 29", _on_a_day(st.sampled_from(feb_29), "calendar"), is_near=True),
        Case("long ago", st.one_of(_on_a_day(st.sampled_from(before_1970), "calendar"), _on_a_day(st.sampled_from(year_one), "calendar")), is_near=True),
        Case("missing", st.just(ABSENT)),
    )  # fmt: skip
