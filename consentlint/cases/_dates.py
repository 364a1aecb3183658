"""Valid dates: every form that the API accepts, none of them in the future."""

import calendar
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from consentlint.cases._case import ABSENT, Case, one_of
from consentlint.cases._choices import Choices, Make
from consentlint.cases._context import Context
from consentlint.fields import iso8601, schemas
from consentlint.model.moment import Moment

Day = Literal["calendar", "week", "ordinal"]
Parts = Literal["hour", "minute", "second", "fraction"]

DAYS: tuple[Day, ...] = ("calendar", "week", "ordinal")
PARTS: tuple[Parts, ...] = ("second", "minute", "fraction", "hour")
_EXTENDED_OFFSETS = ("Z", "+hh:mm", "+hh", "+hhmm", "")
_BASIC_OFFSETS = ("Z", "+hhmm", "+hh", "")
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
    """How the offset from UTC is written; "" for not at all."""
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

    def draw_offset(self, choices: Choices) -> int:
        """Return an offset from UTC in minutes that this form can express."""
        if not self.offset.startswith("+"):
            return 0
        if self.offset == "+hh":
            return choices.integer(-23, 23) * 60
        if choices.boolean():
            return choices.choice((330, -210, _DAY_MINUTES - 1, 1 - _DAY_MINUTES))
        return choices.integer(1 - _DAY_MINUTES, _DAY_MINUTES - 1)


PLAIN = Form()
_WITH_OFFSET = Form(offset="+hh:mm")


def forms(days: Sequence[Day] = DAYS, parts: Sequence[Parts] = PARTS) -> tuple[Form, ...]:
    """Return all forms of the grammar, or those with some days and parts."""
    return tuple(
        Form(is_extended, day, part, offset, mark)
        for is_extended in (True, False)
        for day in days
        for part in parts
        for offset in (_EXTENDED_OFFSETS if is_extended else _BASIC_OFFSETS)
        for mark in (".,"[: 1 + (part == "fraction")])
    )


FORMS = forms()


def date_predicate(context: Context) -> Callable[[object], bool]:
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


def draw_time(choices: Choices, first: datetime, last: datetime) -> datetime:
    """Return a time in whole seconds, from `first` to `last` inclusive."""
    start, end = (int((time - _SIMPLEST).total_seconds()) for time in (first, last))
    return _SIMPLEST + timedelta(seconds=choices.integer(start, end))


def _any_form(context: Context) -> Make[str]:
    def make(choices: Choices) -> str:
        form = choices.choice(FORMS)
        minutes = form.draw_offset(choices)
        latest = context.now + timedelta(minutes=minutes)
        fraction = ""
        if form.parts == "fraction":
            # The grammar allows any number of digits; most programs support six or nine.
            fraction = choices.text("0123456789", choices.integer(1, 12))
            latest -= timedelta(seconds=1)
        local = draw_time(choices, datetime(1, 1, 1), latest)  # noqa: DTZ001
        return form.write(local, minutes, fraction)

    return make


def _on_a_day(days: Sequence[date], *day_forms: Day, clocks: Sequence[str] = ()) -> Make[str]:
    """Return times on these days, which must be in the past in every time zone."""
    all_forms = forms(day_forms)

    def make(choices: Choices) -> str:
        form, day = choices.choice(all_forms), choices.choice(days)
        if clocks:
            return form.join(
                form.format_day(day), choices.choice(clocks), form.draw_offset(choices)
            )
        time = datetime(day.year, day.month, day.day)  # noqa: DTZ001
        time += timedelta(seconds=choices.integer(0, 24 * 3600 - 1))
        return form.write(time, form.draw_offset(choices))

    return make


def _leap_second(context: Context) -> Make[str]:
    """Return second 60 at the end of a day in UTC, with any offset."""
    in_seconds = forms(parts=("second",))

    def make(choices: Choices) -> str:
        form = choices.choice(in_seconds)
        minutes = form.draw_offset(choices)
        yesterday = context.now - timedelta(days=1)
        last = draw_time(choices, datetime(1, 1, 2), yesterday)  # noqa: DTZ001
        end = last.replace(hour=23, minute=59, second=0) + timedelta(minutes=minutes)
        return form.join(form.format_day(end), f"{end:%H:%M}:60", minutes)

    return make


def at_moment(context: Context, seconds: int, fraction: str) -> Make[str]:
    """Return the moment `seconds` after now, with any offset."""
    precise = forms(parts=("fraction",) if fraction else ("second", "fraction"))

    def make(choices: Choices) -> str:
        form = choices.choice(precise)
        minutes = form.draw_offset(choices)
        local = context.now + timedelta(minutes=minutes, seconds=seconds)
        return form.write(local, minutes, fraction or "0")

    return make


def in_time_zone(context: Context, seconds: int, first: int, last: int) -> Make[str]:
    """Return the moment `seconds` after now, with an offset between two numbers of minutes."""

    def make(choices: Choices) -> str:
        minutes = choices.integer(first, last)
        return _WITH_OFFSET.write(
            context.now + timedelta(minutes=minutes, seconds=seconds), minutes
        )

    return make


def past_years(context: Context, condition: Callable[[int], bool]) -> list[int]:
    """Return the past years among the last four hundred that meet a condition, latest first."""
    last = context.now.year - 1
    return [year for year in range(last, last - 400, -1) if condition(year)]


def has_week_53(year: int) -> bool:
    """Return whether a year has 53 ISO 8601 weeks."""
    return date(year, 12, 28).isocalendar().week == 53


def valid_date_cases(context: Context) -> tuple[Case, ...]:
    """Return the cases of a valid date."""
    leap_years = past_years(context, calendar.isleap)
    long_years = past_years(context, has_week_53)
    week_53 = [date.fromisocalendar(y, 53, day) for y in long_years for day in range(1, 8)]
    past_days = [(context.now - timedelta(days=ago)).date() for ago in (2, 3, 30, 365, 3000)]
    feb_29 = [date(year, 2, 29) for year in leap_years]
    last_days = [date(year, 12, 31) for year in leap_years]
    long_ago = [date(year, month, 1) for year in (1969, 1900, 1583) for month in (1, 12)]
    long_ago += [date(1, month, 2) for month in range(1, 13)]
    ends = ("24:00", "24:00:00")
    now = (
        Case("now", at_moment(context, 0, context.fraction), is_boundary=True),
        Case("now, in a time zone ahead of UTC", in_time_zone(context, 0, 1, 14 * 60), is_boundary=True),
    )  # fmt: skip
    return (
        # It needs no choice, so examples in which the date does not matter shrink to it.
        Case("the simplest", one_of(PLAIN.write(_SIMPLEST if context.now > _SIMPLEST else datetime(1970, 1, 1), 0))),  # noqa: DTZ001
        Case("any form", _any_form(context)),
        *(now if context.is_exact else ()),
        Case("the end of a day as 24:00", _on_a_day(past_days, *DAYS, clocks=ends), is_boundary=True),
        Case("a leap second", _leap_second(context), is_boundary=True),
        Case("week 53", _on_a_day(week_53, "week"), is_boundary=True),
        Case("day 366", _on_a_day(last_days, "ordinal"), is_boundary=True),
        Case("February 29", _on_a_day(feb_29, "calendar"), is_boundary=True),
        Case("long ago", _on_a_day(long_ago, "calendar"), is_boundary=True),
        Case("missing", one_of(ABSENT)),
    )  # fmt: skip
