"""Dates that are refused: no date with a time, no such day, or later than now."""

import calendar
import re
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache

from hypothesis import strategies as st

from consentlint.strategies._cases import (
    Case,
    Cases,
    cases,
    spoiled,
    with_digits_of_another_script,
)
from consentlint.strategies._context import Terms
from consentlint.strategies._dates import (
    PLAIN,
    Form,
    at_moment,
    forms,
    has_week_53,
    past_years,
    taken_dates,
    takes,
)

_IN_UTC = st.sampled_from((PLAIN, PLAIN._replace(is_extended=False)))
_CLOCKS = st.builds(
    "{:02}:{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59), st.integers(0, 58)
)


@lru_cache(maxsize=64)
def date_cases(terms: Terms) -> Cases:
    """Return the cases of a date of consent."""
    years = st.sampled_from(past_years(terms, where=lambda _: True))
    good = st.builds(
        "{:04}-{:02}-{:02}T{}{}".format, years, st.integers(1, 12), st.integers(1, 28), _CLOCKS,
        st.sampled_from(("Z", "+00:00", "-05:00", "+05:30")),
    )  # fmt: skip
    refused = (
        *spoiled(good, is_required=False),
        with_digits_of_another_script(good),
        *_not_of_the_form(good, years),
        *_no_such_day(terms, years),
        *_no_such_time(years),
        *_later_than_now(terms),
    )
    return cases(taken_dates(terms), refused, takes(terms))


def _edits(good: st.SearchStrategy[str], *edits: Callable[[str], str]) -> st.SearchStrategy[str]:
    return st.builds(lambda text, edit: edit(text), good, st.sampled_from(edits))


def _not_of_the_form(
    good: st.SearchStrategy[str], years: st.SearchStrategy[int]
) -> tuple[Case, ...]:
    basic = good.map(lambda text: text.replace("-", "", 2).replace(":", ""))
    in_utc = good.map(lambda text: f"{text[:19]}Z")
    return (
        Case("a date without a time", _edits(good, lambda t: t[:10], lambda t: t[:10].replace("-", "")), is_near=True),
        Case("a space for the T", good.map(lambda text: text.replace("T", " ")), is_near=True),
        Case("t and z in lower case", in_utc.map(str.lower), is_near=True),
        Case("a Unix time", st.integers(946_684_800, 1_700_000_000)),
        Case("a spreadsheet's day number", st.floats(30_000, 46_000).map(lambda each: f"{each:.4f}")),
        Case("as a person writes it", years.map("6/2/{} 3:30 PM".format)),
        Case("basic time with +hh:mm", basic.map(lambda t: f"{t[:15]}+02:00"), is_near=True),
        Case("half basic, half extended", _edits(in_utc, lambda t: t.replace("-", ""), lambda t: t.replace(":", "")), is_near=True),
        Case("a fraction of a minute or an hour", _edits(in_utc, lambda t: f"{t[:16]}.5Z", lambda t: f"{t[:13]},5Z"), is_near=True),
        Case("a fraction without digits", in_utc.map(lambda t: f"{t[:19]}.Z"), is_near=True),
        Case("no leading zeros", in_utc.map(lambda t: re.sub("-0?", "-", t).replace("T0", "T")), is_near=True),
        Case("a year of two digits, or of five", _edits(good, lambda t: t[2:], lambda t: f"+0{t}"), is_near=True),
        Case("a word for it", st.sampled_from(("null", "now", "NaT", "n/a"))),
        Case("UTC written out", in_utc.map(lambda t: f"{t[:19]} UTC"), is_near=True),
    )  # fmt: skip


def _no_such_day(terms: Terms, years: st.SearchStrategy[int]) -> tuple[Case, ...]:
    common = st.sampled_from(past_years(terms, where=lambda y: not calendar.isleap(y)))
    short = st.sampled_from(past_years(terms, where=lambda y: not has_week_53(y)))
    of_months = st.sampled_from(("00-10", "13-01", "04-31", "06-00", "12-32", "02-31"))
    return (
        Case("February 30", _on(years, "{:04}-02-30"), is_near=True),
        Case("February 29 in a common year", _on(common, "{:04}-02-29"), is_near=True),
        Case("another day that no month has", _on(years, "{:04}-{}", of_months), is_near=True),
        Case("week 53 in a year of 52", _on(short, "{:04}-W53-{}", st.integers(1, 7)), is_near=True),
        Case("a week or a weekday that no year has", _on(years, "{:04}-W{}", st.sampled_from(("00-1", "54-1", "10-0", "10-8"))), is_near=True),
        Case("day 366 in a common year", _on(common, "{:04}-366"), is_near=True),
        Case("a day that no year has", _on(years, "{:04}-{}", st.sampled_from(("000", "367"))), is_near=True),
        Case("the year 0000", _on(st.just(0), "{:04}-{:02}-10", st.integers(1, 12)), is_near=True),
    )  # fmt: skip


def _on(
    years: st.SearchStrategy[int], day: str, rest: st.SearchStrategy[object] | None = None
) -> st.SearchStrategy[str]:
    """Return a good time on a day that is written for a year."""
    days = st.builds(day.format, years, *([] if rest is None else [rest]))
    return st.builds(_joined, forms(), days, _CLOCKS)


def _joined(form: Form, day: str, clock: str) -> str:
    return form.join(day, clock, 0)


def _no_such_time(years: st.SearchStrategy[int]) -> tuple[Case, ...]:
    days = st.builds("{:04}-{:02}-{:02}".format, years, st.integers(1, 12), st.integers(2, 27))
    past_24 = st.sampled_from(("24:01", "24:30", "24:00:01", "25:00"))
    second_60 = st.builds("{:02}:{:02}:60".format, st.integers(0, 22), st.integers(0, 59))
    others = st.sampled_from(("12:60", "12:30:61", "12:60:00"))
    return (
        Case("a time after 24:00", st.builds(_joined, forms(), days, past_24), is_near=True),
        Case("second 60 in the middle of a day", st.builds(_joined, _IN_UTC, days, second_60), is_near=True),
        Case("a minute 60, or a second 61", st.builds(_joined, _IN_UTC, days, others), is_near=True),
        Case("an offset of a day", st.builds("{}T{}{}24:00".format, days, _CLOCKS, st.sampled_from("+-")), is_near=True),
        Case("an offset with a minute 60", st.builds("{}T{}{}23:60".format, days, _CLOCKS, st.sampled_from("+-")), is_near=True),
    )  # fmt: skip


def _later_than_now(terms: Terms) -> tuple[Case, ...]:
    tomorrow = st.builds(
        lambda form, days: form.write(terms.now + timedelta(days=days), 0, "5"),
        forms(),
        # An hour alone, or a day, is cut from what is written: it must still be tomorrow.
        st.integers(2, 300),
    )
    in_a_moment = (
        Case("a second after now", at_moment(terms, 1, ""), is_near=True),
        Case("the smallest part of a second after now", at_moment(terms, 0, f"{terms.fraction}1"), is_near=True),
        Case(
            "now, where the clocks are behind UTC",
            st.integers(1, 12 * 60).map(lambda each: PLAIN._replace(offset="+hh:mm").write(terms.now - timedelta(minutes=each - 1), -each)),
            is_near=True,
        ),
    )  # fmt: skip
    return (
        Case("tomorrow, or some day after", tomorrow, is_near=True),
        *(in_a_moment if terms.is_fixed else ()),
    )
