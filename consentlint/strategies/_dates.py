"""Valid dates: every form that the API accepts, none of them in the future."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple

from hypothesis import strategies as st

from consentlint.fields import iso8601, schemas
from consentlint.model.moment import Moment
from consentlint.strategies._cases import ABSENT, Case
from consentlint.strategies._context import DrawContext

Day = Literal["calendar", "week", "ordinal"]
Parts = Literal["hour", "minute", "second", "fraction"]

DAYS: tuple[Day, ...] = ("calendar", "week", "ordinal")
PARTS: tuple[Parts, ...] = ("second", "minute", "fraction", "hour")
EXTENDED_OFFSETS = ("Z", "+hh:mm", "+hh", "+hhmm", "")
BASIC_OFFSETS = ("Z", "+hhmm", "+hh", "")
_DAY_MINUTES = 24 * 60
_SIMPLEST = datetime(2000, 1, 1)  # noqa: DTZ001
"""Dates that may have any value shrink to this one."""


class Form(NamedTuple):
    """A notation for a date and time."""

    is_extended: bool = True
    """Whether it is the extended format, with hyphens and colons."""
    day: Day = "calendar"
    parts: Parts = "second"
    """The smallest unit of time that is written."""
    offset: str = "Z"
    """One of `EXTENDED_OFFSETS` or `BASIC_OFFSETS`."""
    mark: str = "."
    """The character before a fraction."""

    def write(self, local: datetime, minutes: int, fraction: str = "0") -> str:
        """Return a local time whose offset from UTC is `minutes`."""
        clock = f"{local:%H:%M:%S}{self.mark}{fraction}"
        end = {"hour": 2, "minute": 5, "second": 8, "fraction": len(clock)}[self.parts]
        return self.join(self.format_day(local), clock[:end], minutes)

    def join(self, day: str, clock: str, minutes: int) -> str:
        """Return a day and a time, given in extended format, and an offset in this form."""
        if not self.is_extended:
            day, clock = day.replace("-", ""), clock.replace(":", "")
        return f"{day}T{clock}{self.format_offset(minutes)}"

    def format_day(self, day: date) -> str:
        """Return a day in the extended format."""
        if self.day == "week":
            year, week, weekday = day.isocalendar()
            return f"{year:04}-W{week:02}-{weekday}"
        if self.day == "ordinal":
            return f"{day.year:04}-{day.timetuple().tm_yday:03}"
        return f"{day.year:04}-{day.month:02}-{day.day:02}"

    def format_offset(self, minutes: int) -> str:
        """Return an offset from UTC; "" or "Z" if this form has no numeric offset."""
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
    """Return all forms of the grammar, or those with some days and parts."""
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
    """Return the offsets from UTC in minutes that a form can express."""
    if not form.offset.startswith("+"):
        return st.just(0)
    if form.offset == "+hh":
        return st.integers(-23, 23).map(lambda hours: hours * 60)
    return st.one_of(
        st.integers(1 - _DAY_MINUTES, _DAY_MINUTES - 1),
        st.sampled_from((_DAY_MINUTES - 1, 1 - _DAY_MINUTES, 330, -210)),
    )


def date_predicate(context: DrawContext) -> Callable[[object], bool]:
    """Return the linter's check of a date."""

    def is_valid(value: object) -> bool:
        if value is ABSENT:
            return True
        moment = moment_of(value)
        return moment is not None and moment <= context.moment

    return is_valid


def moment_of(value: object) -> Moment | None:
    """Return the moment of a date, or None if it is not a valid date."""
    if not schemas.predicate("date_of_consent")(value):
        return None
    try:
        return iso8601.parse(str(value)).moment
    except ValueError:
        return None


def _times(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    """Return times in whole seconds, from `first` to `last` inclusive."""
    # One integer is faster to draw than the six of st.datetimes.
    bounds = (int((time - _SIMPLEST).total_seconds()) for time in (first, last))
    return st.integers(*bounds).map(lambda seconds: _SIMPLEST + timedelta(seconds=seconds))


@st.composite
def _any_form(draw: st.DrawFn, context: DrawContext) -> str:
    form = draw(forms())
    minutes = draw(offsets(form))
    latest = context.now + timedelta(minutes=minutes)
    fraction = ""
    if form.parts == "fraction":
        # The grammar allows any number of digits; most programs support six or nine.
        fraction = draw(st.text("0123456789", min_size=1, max_size=12))
        latest -= timedelta(seconds=1)
    return form.write(draw(_times(datetime(1, 1, 1), latest)), minutes, fraction)  # noqa: DTZ001


@st.composite
def _on_a_day(
    draw: st.DrawFn, days: st.SearchStrategy[date], day: Day, clock: str | None = None
) -> str:
    """Return times on these days, which must be in the past in every time zone."""
    form = draw(forms((day,)))
    drawn_day = draw(days)
    if clock is not None:
        return form.join(form.format_day(drawn_day), clock, draw(offsets(form)))
    time = datetime(drawn_day.year, drawn_day.month, drawn_day.day) + draw(_TIMES)  # noqa: DTZ001
    return form.write(time, draw(offsets(form)))


_TIMES = st.integers(0, 24 * 3600 - 1).map(lambda seconds: timedelta(seconds=seconds))


def _ends_of_days(days: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    return st.one_of([_on_a_day(days, day, end) for day in DAYS for end in ("24:00", "24:00:00")])


@st.composite
def _leap_second(draw: st.DrawFn, context: DrawContext) -> str:
    """Return second 60 at the end of a day in UTC, with any offset."""
    form = draw(forms(parts=("second",)))
    minutes = draw(offsets(form))
    last = draw(_times(datetime(1, 1, 2), context.now - timedelta(days=1)))  # noqa: DTZ001
    end = last.replace(hour=23, minute=59, second=0, microsecond=0) + timedelta(minutes=minutes)
    return form.join(form.format_day(end), f"{end:%H:%M}:60", minutes)


@st.composite
def at_moment(draw: st.DrawFn, context: DrawContext, seconds: int, fraction: str) -> str:
    """Return the moment `seconds` after now, with any offset."""
    form = draw(forms(parts=("fraction",) if fraction else ("second", "fraction")))
    minutes = draw(offsets(form))
    local = context.now + timedelta(minutes=minutes, seconds=seconds)
    return form.write(local, minutes, fraction or "0")


def past_years(context: DrawContext, condition: Callable[[int], bool]) -> list[int]:
    """Return the past years among the last four hundred that meet a condition, latest first."""
    last = context.now.year - 1
    return [year for year in range(last, last - 400, -1) if condition(year)]


def has_week_53(year: int) -> bool:
    """Return whether a year has 53 ISO 8601 weeks."""
    return date(year, 12, 28).isocalendar().week == 53


def valid_date_cases(context: DrawContext) -> tuple[Case, ...]:
    """Return the cases of a valid date."""
    leap_years = past_years(context, calendar.isleap)
    long_years = past_years(context, has_week_53)
    week_53 = st.builds(
        date.fromisocalendar, st.sampled_from(long_years), st.just(53), st.integers(1, 7)
    )
    past_days = [(context.now - timedelta(days=ago)).date() for ago in (2, 3, 30, 365, 3000)]
    year_one = [date(1, month, 2) for month in range(1, 13)]
    before_1970 = [date(year, month, 1) for year in (1969, 1900, 1583) for month in (1, 12)]
    feb_29 = [date(year, 2, 29) for year in leap_years]
    last_days = [date(year, 12, 31) for year in leap_years]
    ahead = st.integers(1, 14 * 60)
    return (
        Case("any form", _any_form(context)),
        Case("now", at_moment(context, 0, context.fraction), is_boundary=True),
        Case(
            "now, in a time zone ahead of UTC",
            ahead.map(lambda minutes: PLAIN._replace(offset="+hh:mm").write(context.now + timedelta(minutes=minutes), minutes)),
            is_boundary=True,
        ),
        Case("the end of a day as 24:00", _ends_of_days(st.sampled_from(past_days)), is_boundary=True),
        Case("a leap second", _leap_second(context), is_boundary=True),
        Case("week 53", _on_a_day(week_53, "week"), is_boundary=True),
        Case("day 366", _on_a_day(st.sampled_from(last_days), "ordinal"), is_boundary=True),
        Case("February 29", _on_a_day(st.sampled_from(feb_29), "calendar"), is_boundary=True),
        Case("long ago", st.one_of(_on_a_day(st.sampled_from(before_1970), "calendar"), _on_a_day(st.sampled_from(year_one), "calendar")), is_boundary=True),
        Case("missing", st.just(ABSENT)),
    )  # fmt: skip
