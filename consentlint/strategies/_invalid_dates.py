"""The cases of a date. The invalid ones: wrong notation, no such day or time, or in the future."""

import calendar
import re
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache

from hypothesis import strategies as st

from consentlint.strategies._cases import (
    Case,
    FieldCases,
    common_mistakes,
    field_cases,
    non_ascii_digits,
)
from consentlint.strategies._context import DrawContext
from consentlint.strategies._dates import (
    PLAIN,
    Form,
    at_moment,
    date_predicate,
    forms,
    has_week_53,
    past_years,
    valid_date_cases,
)

_IN_UTC = st.sampled_from((PLAIN, PLAIN._replace(is_extended=False)))
_CLOCKS = st.builds(
    "{:02}:{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59), st.integers(0, 58)
)


@lru_cache(maxsize=64)
def date_cases(context: DrawContext) -> FieldCases:
    """Return the cases of a date of consent."""
    years = st.sampled_from(past_years(context, lambda _: True))
    valid = st.builds(
        "{:04}-{:02}-{:02}T{}{}".format, years, st.integers(1, 12), st.integers(1, 28), _CLOCKS,
        st.sampled_from(("Z", "+00:00", "-05:00", "+05:30")),
    )  # fmt: skip
    invalid = (
        *common_mistakes(valid, is_required=False),
        non_ascii_digits(valid),
        *_wrong_notations(valid, years),
        *_impossible_days(context, years),
        *_impossible_times(years),
        *_future_dates(context),
    )
    return field_cases(valid_date_cases(context), invalid, date_predicate(context))


def _edits(valid: st.SearchStrategy[str], *edits: Callable[[str], str]) -> st.SearchStrategy[str]:
    return st.builds(lambda text, edit: edit(text), valid, st.sampled_from(edits))


def _wrong_notations(
    valid: st.SearchStrategy[str], years: st.SearchStrategy[int]
) -> tuple[Case, ...]:
    basic = valid.map(lambda text: text.replace("-", "", 2).replace(":", ""))
    in_utc = valid.map(lambda text: f"{text[:19]}Z")
    return (
        Case("a date without a time", _edits(valid, lambda t: t[:10], lambda t: t[:10].replace("-", "")), is_boundary=True),
        Case("a space instead of the T", valid.map(lambda text: text.replace("T", " ")), is_boundary=True),
        Case("t and z in lower case", in_utc.map(str.lower), is_boundary=True),
        Case("a Unix time", st.integers(946_684_800, 1_700_000_000)),
        Case("a spreadsheet's day number", st.floats(30_000, 46_000).map(lambda number: f"{number:.4f}")),
        Case("a US date", years.map("6/2/{} 3:30 PM".format)),
        Case("a basic time with +hh:mm", basic.map(lambda t: f"{t[:15]}+02:00"), is_boundary=True),
        Case("basic and extended format mixed", _edits(in_utc, lambda t: t.replace("-", ""), lambda t: t.replace(":", "")), is_boundary=True),
        Case("a fraction of a minute or an hour", _edits(in_utc, lambda t: f"{t[:16]}.5Z", lambda t: f"{t[:13]},5Z"), is_boundary=True),
        Case("a fraction without digits", in_utc.map(lambda t: f"{t[:19]}.Z"), is_boundary=True),
        Case("no leading zeros", in_utc.map(lambda t: re.sub("-0?", "-", t).replace("T0", "T")), is_boundary=True),
        Case("a year of two or five digits", _edits(valid, lambda t: t[2:], lambda t: f"+0{t}"), is_boundary=True),
        Case("a word", st.sampled_from(("null", "now", "NaT", "n/a"))),
        Case("UTC as a word", in_utc.map(lambda t: f"{t[:19]} UTC"), is_boundary=True),
    )  # fmt: skip


def _impossible_days(context: DrawContext, years: st.SearchStrategy[int]) -> tuple[Case, ...]:
    common = st.sampled_from(past_years(context, lambda year: not calendar.isleap(year)))
    short = st.sampled_from(past_years(context, lambda year: not has_week_53(year)))
    month_days = st.sampled_from(("00-10", "13-01", "04-31", "06-00", "12-32", "02-31"))
    return (
        Case("February 30", _on_day(years, "{:04}-02-30"), is_boundary=True),
        Case("February 29 in a common year", _on_day(common, "{:04}-02-29"), is_boundary=True),
        Case("another impossible month or day", _on_day(years, "{:04}-{}", month_days), is_boundary=True),
        Case("week 53 in a year of 52 weeks", _on_day(short, "{:04}-W53-{}", st.integers(1, 7)), is_boundary=True),
        Case("an impossible week or weekday", _on_day(years, "{:04}-W{}", st.sampled_from(("00-1", "54-1", "10-0", "10-8"))), is_boundary=True),
        Case("day 366 in a common year", _on_day(common, "{:04}-366"), is_boundary=True),
        Case("day 0 or 367", _on_day(years, "{:04}-{}", st.sampled_from(("000", "367"))), is_boundary=True),
        Case("the year 0000", _on_day(st.just(0), "{:04}-{:02}-10", st.integers(1, 12)), is_boundary=True),
    )  # fmt: skip


def _on_day(
    years: st.SearchStrategy[int], day: str, rest: st.SearchStrategy[object] | None = None
) -> st.SearchStrategy[str]:
    """Return a valid time on a day, given in extended format with a placeholder for the year."""
    days = st.builds(day.format, years, *([] if rest is None else [rest]))
    return st.builds(_joined, forms(), days, _CLOCKS)


def _joined(form: Form, day: str, clock: str) -> str:
    return form.join(day, clock, 0)


def _impossible_times(years: st.SearchStrategy[int]) -> tuple[Case, ...]:
    days = st.builds("{:04}-{:02}-{:02}".format, years, st.integers(1, 12), st.integers(2, 27))
    past_24 = st.sampled_from(("24:01", "24:30", "24:00:01", "25:00"))
    second_60 = st.builds("{:02}:{:02}:60".format, st.integers(0, 22), st.integers(0, 59))
    others = st.sampled_from(("12:60", "12:30:61", "12:60:00"))
    return (
        Case("a time after 24:00", st.builds(_joined, forms(), days, past_24), is_boundary=True),
        Case("second 60 before the end of a day", st.builds(_joined, _IN_UTC, days, second_60), is_boundary=True),
        Case("minute 60 or second 61", st.builds(_joined, _IN_UTC, days, others), is_boundary=True),
        Case("an offset of 24 hours", st.builds("{}T{}{}24:00".format, days, _CLOCKS, st.sampled_from("+-")), is_boundary=True),
        Case("an offset with minute 60", st.builds("{}T{}{}23:60".format, days, _CLOCKS, st.sampled_from("+-")), is_boundary=True),
    )  # fmt: skip


def _future_dates(context: DrawContext) -> tuple[Case, ...]:
    tomorrow = st.builds(
        lambda form, days: form.write(context.now + timedelta(days=days), 0, "5"),
        forms(),
        # A form without minutes truncates the time: it must still be in the future.
        st.integers(2, 300),
    )
    in_a_moment = (
        Case("a second after now", at_moment(context, 1, ""), is_boundary=True),
        Case("a fraction of a second after now", at_moment(context, 0, f"{context.fraction}1"), is_boundary=True),
        Case(
            "a minute after now, in a time zone behind UTC",
            st.integers(1, 12 * 60).map(lambda minutes: PLAIN._replace(offset="+hh:mm").write(context.now - timedelta(minutes=minutes - 1), -minutes)),
            is_boundary=True,
        ),
    )  # fmt: skip
    return (
        Case("tomorrow or later", tomorrow, is_boundary=True),
        *(in_a_moment if context.is_fixed else ()),
    )
