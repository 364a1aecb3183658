"""Dates with a time are parsed exactly, and one parser reads now."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentlint.fields.iso8601 import (
    COMMON_FORM,
    format_utc,
    from_unix,
    parse,
    parse_now,
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-02-30T10:00Z", "is not a real date (February 2024 has 29 days)"),
        ("2025-02-29T10:00Z", "is not a real date (February 2025 has 28 days)"),
        ("20250431T10Z", "is not a real date (April 2025 has 30 days)"),
        ("2025-366T10:00Z", "is not a real date (2025 has 365 days)"),
        ("2025-000T10:00Z", "is not a real date (2025 has 365 days)"),
        ("2025-W53-1T10:00Z", "is not a real date (2025 has 52 weeks)"),
        ("9999-W52-7T10:00Z", "is after the year 9999"),
        ("0000-01-01T10:00Z", "has the year 0000, expected 0001 or later"),
        ("2025-06-02T24:01Z", "has hour 24, which is valid only as 24:00 or 24:00:00"),
        ("2025-06-02T24Z", "has hour 24, which is valid only as 24:00 or 24:00:00"),
        ("2025-06-02T15:30:60Z", "has second 60, which is valid only at 23:59 UTC"),
        ("2025-06-02", "is not a date with a time"),
    ],
)
def test_a_date_that_does_not_exist_is_rejected_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-06-02T15:30:00+00:00",
        "20250602T153000Z",
        "2025-W23-1T15:30Z",
        "2025-153T17:30+02",
        "2025-06-02T15:30:00.000Z",
    ],
)
def test_all_forms_of_one_moment_are_equal(text: str) -> None:
    assert parse(text) == parse("2025-06-02T15:30:00Z")


def test_a_time_without_an_offset_is_read_as_utc() -> None:
    date = parse("2025-06-02T15:30:00")
    assert not date.has_offset
    assert date.moment == parse("2025-06-02T15:30:00Z").moment


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7, minutes=-30))])))
def test_now_may_be_a_datetime(value: datetime) -> None:
    assert parse_now(value) == parse(value.isoformat()).moment


def test_now_may_be_a_string_or_the_clock() -> None:
    assert parse_now("2026-01-01T00:00:00Z") == parse("2026-01-01T00:00:00Z").moment
    assert parse_now(datetime(2026, 1, 1)) == parse("2026-01-01T00:00:00Z").moment  # noqa: DTZ001
    assert parse_now(None) > parse("2024-01-01T00:00:00Z").moment


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2026-01-01", '"2026-01-01" is not an ISO 8601 date with a time'),
        ("now", '"now" is not an ISO 8601 date with a time'),
        ("2025-02-30T00:00Z", '"2025-02-30T00:00Z" is not a real date'),
    ],
)
def test_a_now_that_is_not_a_date_with_a_time_is_rejected(value: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_now(value)


def test_a_now_of_another_type_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="expected a string or a datetime, not float"):
        parse_now(0.0)  # type: ignore[arg-type]


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_written_in_the_common_form_and_read_back(value: datetime) -> None:
    moment = parse_now(value)
    text = format_utc(moment)
    assert text is not None
    assert re.fullmatch(COMMON_FORM, text)
    assert parse(text).moment == moment


def test_a_moment_outside_four_digit_years_is_not_written() -> None:
    assert format_utc(parse("0001-01-01T00:00+01:00").moment) is None
    assert format_utc(parse("9999-12-31T23:59-01:00").moment) is None


def test_a_unix_time_is_truncated_to_microseconds() -> None:
    assert from_unix(0) == parse("1970-01-01T00:00:00Z").moment
    assert from_unix(1.5) == parse("1970-01-01T00:00:01.5Z").moment


@pytest.mark.parametrize(
    ("text", "is_common"),
    [
        ("2025-06-02T15:30:00Z", True),
        ("2025-06-02T15:30:00.123456789+18:00", True),
        ("2025-06-02T15:30:00-17:59", True),
        ("2025-06-02T15:30:00", False),
        ("2025-06-02T15:30Z", False),
        ("2025-06-02T15:30:00+18:01", False),
        ("2025-06-02T15:30:00+0200", False),
        ("2025-06-02T15:30:00.1234567890Z", False),
        ("2025-06-02T24:00:00Z", False),
        ("2016-12-31T23:59:60Z", False),
    ],
)
def test_the_common_form_is_what_all_parsers_accept(text: str, is_common: bool) -> None:
    assert (re.fullmatch(COMMON_FORM, text) is not None) is is_common
