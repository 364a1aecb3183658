"""How long sending takes, and what to ask Support for."""

from datetime import UTC, datetime

import pytest

from consentlint.model.sending_time import describe_end, rate_for_one_day, requests_for

NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize(("items", "requests"), [(0, 0), (1, 1), (25, 1), (26, 2), (10**6, 40_000)])
def test_a_request_holds_25_items(items: int, requests: int) -> None:
    assert requests_for(items) == requests


@pytest.mark.parametrize(("requests", "rate"), [(0, 0), (1_440, 1), (1_441, 2), (40_000, 28)])
def test_the_rate_for_one_day_is_rounded_up(requests: int, rate: int) -> None:
    assert rate_for_one_day(requests) == rate


def test_a_run_of_a_minute_has_no_end_to_plan() -> None:
    assert describe_end(100, 100, NOW) == []


def test_a_run_of_hours_has_an_end() -> None:
    assert describe_end(40_000, 100, NOW) == [
        "If it starts now, it ends at 2026-11-27 06:39 UTC at the earliest."
    ]


def test_a_run_of_days_names_the_limit_to_ask_for() -> None:
    end, advice = describe_end(40_000_000, 100, NOW)
    assert end == "If it starts now, it ends at 2027-08-31 18:39 UTC at the earliest."
    assert "27,778 requests a minute are needed" in advice
    assert advice.endswith("then pass --rate 27778.")


def test_at_the_rate_that_is_named_the_run_ends_within_a_day() -> None:
    for requests in (150_000, 1_000_000, 40_000_000):
        rate = int(describe_end(requests, 100, NOW, 62.0)[1].rpartition(" ")[2].rstrip("."))
        assert len(describe_end(requests, rate, NOW, 62.0)) == 1
        assert len(describe_end(requests, rate - rate // 50, NOW, 62.0)) == 2


def test_an_end_beyond_the_calendar_is_described() -> None:
    assert describe_end(10**15, 1, NOW) == ["It would end after the year 9999."]
