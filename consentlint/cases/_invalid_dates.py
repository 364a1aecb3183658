"""The cases of a date. The invalid ones: wrong notation, no such day or time, or in the future."""

import calendar
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from consentlint.cases._case import (
    Case,
    FieldCases,
    common_mistakes,
    field_cases,
    joined,
    made,
    non_ascii_digits,
    one_of,
)
from consentlint.cases._choices import Choices, Make
from consentlint.cases._context import Context
from consentlint.cases._dates import (
    FORMS,
    PLAIN,
    Form,
    at_moment,
    date_predicate,
    has_week_53,
    in_time_zone,
    past_years,
    valid_date_cases,
)

_IN_UTC = (PLAIN, PLAIN._replace(is_extended=False))


def _clock(choices: Choices) -> str:
    seconds = choices.integer(0, 24 * 3600 - 1)
    # A second 59 may turn into 60, which is valid at the end of a day.
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{min(seconds % 60, 58):02}"


@lru_cache(maxsize=64)
def date_cases(context: Context) -> FieldCases:
    """Return the cases of a date of consent."""
    years = past_years(context, lambda _: True)
    days = joined("{:04}-{:02}-{:02}", years, range(1, 13), range(2, 28))
    valid = joined("{}T{}{}", days, _clock, ("Z", "+00:00", "-05:00", "+05:30"))
    invalid = (
        *common_mistakes(valid, is_required=False),
        non_ascii_digits(valid),
        *_wrong_notations(valid, years),
        *_impossible_days(context, years),
        *_impossible_times(days),
        *_future_dates(context),
    )
    return field_cases(valid_date_cases(context), invalid, date_predicate(context))


def _wrong_notations(valid: Make[str], years: Sequence[int]) -> tuple[Case, ...]:
    in_utc = made(valid, lambda text: f"{text[:19]}Z")
    return (
        Case("a date without a time", made(valid, lambda t: t[:10], lambda t: t[:10].replace("-", "")), is_boundary=True),
        Case("a space instead of the T", made(valid, lambda text: text.replace("T", " ")), is_boundary=True),
        Case("t and z in lower case", made(in_utc, str.lower), is_boundary=True),
        Case("a Unix time", lambda choices: choices.integer(946_684_800, 1_700_000_000)),
        Case("a spreadsheet's day number", lambda choices: f"{choices.integer(30_000, 46_000)}.{choices.text('0123456789', 4)}"),
        Case("a US date", joined("6/2/{} 3:30 PM", years)),
        Case("a basic time with +hh:mm", made(valid, lambda t: re.sub("[-:]", "", t[:19]) + "+02:00"), is_boundary=True),
        Case("basic and extended format mixed", made(in_utc, lambda t: t.replace("-", ""), lambda t: t.replace(":", "")), is_boundary=True),
        Case("a fraction of a minute or an hour", made(in_utc, lambda t: f"{t[:16]}.5Z", lambda t: f"{t[:13]},5Z"), is_boundary=True),
        Case("a fraction without digits", made(in_utc, lambda t: f"{t[:19]}.Z"), is_boundary=True),
        Case("no leading zeros", made(in_utc, lambda t: re.sub("-0?", "-", t).replace("T0", "T")), is_boundary=True),
        Case("a year of two or five digits", made(valid, lambda t: t[2:], lambda t: f"+0{t}"), is_boundary=True),
        Case("a word", one_of("null", "now", "NaT", "n/a")),
        Case("UTC as a word", made(in_utc, lambda t: f"{t[:19]} UTC"), is_boundary=True),
    )  # fmt: skip


def _impossible_days(context: Context, years: Sequence[int]) -> tuple[Case, ...]:
    common = past_years(context, lambda year: not calendar.isleap(year))
    short = past_years(context, lambda year: not has_week_53(year))
    return (
        Case("February 30", _on_day("{:04}-02-30", years), is_boundary=True),
        Case("February 29 in a common year", _on_day("{:04}-02-29", common), is_boundary=True),
        Case("another impossible month or day", _on_day("{:04}-{}", years, ("00-10", "13-01", "04-31", "06-00", "12-32", "02-31")), is_boundary=True),
        Case("week 53 in a year of 52 weeks", _on_day("{:04}-W53-{}", short, range(1, 8)), is_boundary=True),
        Case("an impossible week or weekday", _on_day("{:04}-W{}", years, ("00-1", "54-1", "10-0", "10-8")), is_boundary=True),
        Case("day 366 in a common year", _on_day("{:04}-366", common), is_boundary=True),
        Case("day 0 or 367", _on_day("{:04}-{}", years, ("000", "367")), is_boundary=True),
        Case("the year 0000", _on_day("0000-{:02}-10", range(1, 13)), is_boundary=True),
    )  # fmt: skip


def _on_day(template: str, *parts: Sequence[object]) -> Make[str]:
    """Return a valid time on a day, whose template is in extended format."""
    return _at(FORMS, joined(template, *parts), _clock)


def _at(forms: Sequence[Form], day: Make[str], clock: Make[str]) -> Make[str]:
    return lambda choices: choices.choice(forms).join(day(choices), clock(choices), 0)


def _impossible_times(days: Make[str]) -> tuple[Case, ...]:
    second_60 = joined("{:02}:{:02}:60", range(23), range(60))
    no_offset = joined("{}T{}{}{}", days, _clock, "+-", ("24:00", "23:60"))
    return (
        Case("a time after 24:00", _at(FORMS, days, one_of("24:01", "24:30", "24:00:01", "25:00")), is_boundary=True),
        Case("second 60 before the end of a day", _at(_IN_UTC, days, second_60), is_boundary=True),
        Case("minute 60 or second 61", _at(_IN_UTC, days, one_of("12:60", "12:30:61", "12:60:00")), is_boundary=True),
        Case("an offset of 24 hours or with minute 60", no_offset, is_boundary=True),
    )  # fmt: skip


def _future_dates(context: Context) -> tuple[Case, ...]:
    def later(choices: Choices) -> str:
        form, days = choices.choice(FORMS), choices.integer(0, 300)
        return form.write(context.future + timedelta(days=days), 0, "5")

    in_a_moment = (
        Case("a second after now", at_moment(context, 1, ""), is_boundary=True),
        Case("a fraction of a second after now", at_moment(context, 0, f"{context.fraction}1"), is_boundary=True),
        Case("a minute after now, in a time zone behind UTC", in_time_zone(context, 60, -12 * 60, -1), is_boundary=True),
    )  # fmt: skip
    return (
        Case("in the future", later, is_boundary=True),
        *(in_a_moment if context.is_exact else ()),
    )
