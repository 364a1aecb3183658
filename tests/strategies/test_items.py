"""The linter reports for each generated item what the strategy expects."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations

import pytest
from hypothesis import given, settings

from consentlint import CONSENTS, CONTACTS, Endpoint, Reason, Severity, check_item, reason_codes
from consentlint.strategies import (
    ExpectedItem,
    flagged_items,
    invalid_items,
    near_misses,
    valid_items,
)

NOWS = [
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(9998, 12, 31, 12, 0, 0, 250_000),  # noqa: DTZ001 - read as UTC
    None,
]
contexts = pytest.mark.parametrize(
    ("profile", "now"), [(profile, now) for profile in ("documented", "lenient") for now in NOWS]
)
REASONS = {
    CONSENTS.name: [
        Reason.INVALID_CORRELATION_ID,
        Reason.INVALID_SENDER_ID,
        Reason.INVALID_CONTACT_ID,
        Reason.INVALID_STATUS,
        Reason.INVALID_SOURCE,
        Reason.INVALID_DATE_OF_CONSENT,
    ],
    CONTACTS.name: [
        Reason.INVALID_CORRELATION_ID,
        Reason.INVALID_COUNTRY_ISO_CODE,
        Reason.INVALID_CONTACT_ID,
        Reason.INVALID_ZIP_CODE,
    ],
}
endpoints = pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda each: each.name)
FLAGS = {"contact-id-not-canonical", "unknown-field"}
few_examples = settings(max_examples=30)


@contexts
@endpoints
def test_a_valid_item_has_no_error(endpoint: Endpoint, profile: str, now: datetime | None) -> None:
    @few_examples
    @given(valid_items(kind=endpoint, now=now, profile=profile))
    def check(item: dict[str, object]) -> None:
        findings = check_item(item, kind=endpoint, profile=profile, now=now)
        assert [f for f in findings if f.severity is Severity.ERROR] == []

    check()


@contexts
@endpoints
def test_an_invalid_item_gets_exactly_its_expected_reason_codes(
    endpoint: Endpoint, profile: str, now: datetime | None
) -> None:
    @few_examples
    @given(invalid_items(kind=endpoint, now=now, profile=profile))
    def check(expected: ExpectedItem) -> None:
        actual = reason_codes(expected.item, kind=endpoint, profile=profile, now=now)
        assert expected.expected_reasons == actual != []

    check()


@contexts
@endpoints
def test_a_near_miss_gets_exactly_its_expected_reason_codes(
    endpoint: Endpoint, profile: str, now: datetime | None
) -> None:
    is_invalid = set()

    @few_examples
    @given(near_misses(kind=endpoint, now=now, profile=profile))
    def check(expected: ExpectedItem) -> None:
        actual = reason_codes(expected.item, kind=endpoint, profile=profile, now=now)
        assert expected.expected_reasons == actual
        is_invalid.add(bool(actual))

    check()
    assert is_invalid == {True, False}


@endpoints
def test_every_set_of_reason_codes_can_be_requested(endpoint: Endpoint) -> None:
    def check(reasons: tuple[Reason, ...]) -> None:
        @settings(max_examples=3)
        @given(invalid_items(reasons[::-1], kind=endpoint, now=NOWS[0]))
        def check_item(expected: ExpectedItem) -> None:
            actual = reason_codes(expected.item, kind=endpoint, now=NOWS[0])
            assert expected.expected_reasons == actual == list(reasons)

        check_item()

    known = REASONS[endpoint.name]
    sets = [chosen for size in range(1, len(known) + 1) for chosen in combinations(known, size)]
    assert len(sets) == 2 ** len(known) - 1
    for reasons in sets:
        check(reasons)


@pytest.mark.slow
@endpoints
def test_items_get_every_number_of_reason_codes(endpoint: Endpoint) -> None:
    sizes = set()

    # One item in 64 has all six, so a hundred examples may have none. derandomize alone is not
    # enough: Hypothesis takes constants from the source files, which change.
    @settings(max_examples=500, derandomize=True)
    @given(invalid_items(kind=endpoint, now=NOWS[0]))
    def check(expected: ExpectedItem) -> None:
        sizes.add(len(expected.expected_reasons))

    check()
    assert sizes == set(range(1, len(REASONS[endpoint.name]) + 1))


@endpoints
@pytest.mark.parametrize(
    "reasons",
    [[], ["INVALID"], ["INTERNAL_SERVER_ERROR"], ["INVALID_STATUS", "INVALID_ZIP_CODE"], "x"],
)
def test_reason_codes_that_no_item_can_get_are_rejected(
    endpoint: Endpoint, reasons: list[str]
) -> None:
    with pytest.raises(ValueError, match="reasons must be one or more of: INVALID_CORRELATION_ID"):
        invalid_items(reasons, kind=endpoint)


@endpoints
def test_a_time_out_of_range_is_rejected(endpoint: Endpoint) -> None:
    for year in (1969, 9999):
        with pytest.raises(ValueError, match="from 1970 to 9998"):
            valid_items(kind=endpoint, now=datetime(year, 6, 1, tzinfo=UTC))


@endpoints
def test_an_unknown_profile_is_rejected(endpoint: Endpoint) -> None:
    with pytest.raises(ValueError, match="strict"):
        valid_items(kind=endpoint, profile="strict")


@pytest.mark.parametrize("now", NOWS)
def test_near_misses_have_valid_and_invalid_dates(now: datetime | None) -> None:
    dates: dict[bool, set[object]] = {True: set(), False: set()}

    @settings(max_examples=100, derandomize=True)
    @given(near_misses(now=now))
    def check(expected: ExpectedItem) -> None:
        is_invalid = "INVALID_DATE_OF_CONSENT" in expected.expected_reasons
        dates[is_invalid].add(str(expected.item.get("date_of_consent")))

    check()
    assert len(dates[True]) > 10
    assert len(dates[False]) > 10


@contexts
@endpoints
def test_a_flagged_item_has_no_reason_code_and_exactly_its_expected_rule(
    endpoint: Endpoint, profile: str, now: datetime | None
) -> None:
    rules = set()

    @few_examples
    @given(flagged_items(kind=endpoint, now=now, profile=profile))
    def check(expected: ExpectedItem) -> None:
        findings = check_item(expected.item, kind=endpoint, profile=profile, now=now)
        assert expected.expected_reasons == [str(f.reason) for f in findings if f.reason] == []
        assert expected.expected_rules == [f.rule for f in findings if f.rule in FLAGS]
        rules.update(expected.expected_rules)

    check()
    assert rules == FLAGS
