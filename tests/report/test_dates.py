"""Dates are read as the linter reads them."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consentlint.fields.iso8601 import parse
from consentlint.report.dates import NO_DAY, DateReader
from consentlint.strategies import valid_items

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DATES = valid_items(now=NOW).map(lambda item: item.get("date_of_consent"))


@given(st.lists(DATES, max_size=5))
@example(["0001-01-01T00:01:59+00:02", None])
@example(["0001-01-01T00:01:59+00:02"])
@example(["9999-12-31T23:59:59-00:02", None])
@example(["2025-06-02T15:30:00.123456789Z", "2025-06-02T15:30:00,1Z", "2025-06-02T15:30:00Z"])
def test_each_date_is_the_moment_that_the_linter_reads(dates: list[str | None]) -> None:
    read = DateReader().read(dates)
    for text, day, second, microsecond in zip(dates, *read, strict=True):
        if text is None:
            assert day == NO_DAY
        else:
            moment = parse(text).moment
            seconds = moment.seconds - parse("1970-01-01T00:00:00Z").moment.seconds
            assert (day, second) == divmod(seconds, 86_400)
            assert microsecond == int(moment.fraction[:6].ljust(6, "0"))


@pytest.mark.parametrize(
    ("text", "midnights", "without_offset"),
    [
        ("2025-06-02T00:00:00Z", 1, 0),
        ("2025-06-02T00:00Z", 1, 0),
        ("2025-06-02T00:00:00.000+02:00", 1, 0),
        ("2025-06-02T00:00:00", 1, 1),
        ("20250602T000000", 1, 1),
        ("2025-06-02T00:00:01Z", 0, 0),
        ("2025-06-02T00:00:00.5Z", 0, 0),
        ("2025-06-02T15:30:00", 0, 1),
        ("1970-01-01T00:00:00Z", 0, 0),
        ("no date", 0, 0),
    ],
)
def test_dates_that_show_little_are_counted(text: str, midnights: int, without_offset: int) -> None:
    reader = DateReader()
    reader.read([text, "2025-06-02T15:30:00Z", None])
    assert (reader.at_midnight, reader.without_offset) == (midnights, without_offset)
