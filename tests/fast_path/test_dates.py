"""Dates that are proven exist and are past; others are not proven."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from consentlint.fast_path.dates import DateLayout
from consentlint.model.moment import Moment


def _moment(when: datetime) -> Moment:
    return Moment(int((when - datetime(1, 1, 1, tzinfo=UTC)).total_seconds()), "")


def test_every_day_from_1993_to_2999_is_proven_and_no_other() -> None:
    layout = DateLayout(has_seconds=True, has_fraction=False, has_offset=False)
    for year in (*range(1900, 2110), *range(2390, 2410), 2800, 2900, 2999, 3000):
        days = [f"{year}-{month:02}-{day:02}" for month in range(14) for day in range(33)]
        unproven = layout.unproven([f"{day}T23:59:59".encode() for day in days], b"9")
        proven = {day for row, day in enumerate(days) if row not in {*unproven}}
        existing = {day for day in days if _exists(day)}
        assert proven == (existing if 1993 <= year < 3000 else set())


def _exists(day: str) -> bool:
    try:
        datetime.fromisoformat(day)
    except ValueError:
        return False
    return True


def test_every_time_of_a_day_is_proven_and_no_other() -> None:
    for has_seconds in (True, False):
        layout = DateLayout(has_seconds, has_fraction=False, has_offset=False)
        times = [
            f"{hour:02}:{minute:02}" + (f":{second:02}" if has_seconds else "")
            for hour in range(26) for minute in range(0, 100, 3) for second in range(0, 100, 3)
        ]  # fmt: skip
        unproven = {*layout.unproven([f"2024-05-06T{time}".encode() for time in times], b"9")}
        for row, time in enumerate(times):
            numbers = list(map(int, time.split(":")))
            assert (row in unproven) == (numbers[0] > 23 or max(numbers[1:]) > 59)


def test_dates_of_another_shape_are_not_proven() -> None:
    layout = DateLayout(has_seconds=True, has_fraction=False, has_offset=False)
    random = Random(3)
    date = b"2024-05-06T07:08:09"
    for _ in range(2_000):
        other = bytearray(date)
        at = random.randrange(len(date))
        other[at] = random.randrange(256)
        is_digit = 0x30 <= date[at] <= 0x39
        unproven = layout.unproven([date, bytes(other), date], b"9")
        assert unproven in ([], [1], [1, 1])
        if not (is_digit and 0x30 <= other[at] <= 0x39) and other != date:
            assert unproven


@pytest.mark.parametrize("has_offset", [True, False])
@pytest.mark.parametrize("has_seconds", [True, False])
def test_dates_that_may_be_in_the_future_are_not_proven(
    has_seconds: bool, has_offset: bool
) -> None:
    layout = DateLayout(has_seconds, has_fraction=False, has_offset=has_offset)
    random = Random(4)
    for _ in range(2_000):
        now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(10**8))
        then = now + timedelta(seconds=random.choice((-90_000, -86_400, -86_399, -60, -1, 0, 1)))
        date = then.strftime("%Y-%m-%dT%H:%M:%S")[: layout.width].encode()
        is_proven = not layout.unproven([date], layout.future(_moment(now)))
        if is_proven:
            assert then + timedelta(days=has_offset) < now + timedelta(seconds=1)
        else:
            assert then >= now - timedelta(days=has_offset, minutes=not has_seconds)


def test_nothing_is_proven_if_now_is_outside_the_years_that_are_proven() -> None:
    layout = DateLayout(has_seconds=True, has_fraction=False, has_offset=False)
    for year in (1, 1992, 9999):
        now = _moment(datetime(year, 12, 31, 23, tzinfo=UTC))
        assert layout.unproven([b"1993-01-01T00:00:00"], layout.future(now)) == [0]


@pytest.mark.parametrize(
    "date",
    ["2025-06-02T15:30:00", "2025-06-02T15:30:00+0200", "2025-06-02T15:30:00+02", "20250602T153000Z",
     "2025-W23-1T15:30Z", "2025-06-02T15:30:00,5Z", "2025-06-02T15:30:00.0123456789Z", "2025-06-02",
     "2025-06-02T15:30:00z", "2025-06-02T15:30:00.Z", "2025-06-02T15Z", "2025-06-02T15:30.5Z",
     "2025-06-02T15:30:00Z ", "2025-06-02T15:30:00Z\n"],
)  # fmt: skip
def test_an_unusual_date_has_no_layout(date: str) -> None:
    assert DateLayout.of(date) is None
