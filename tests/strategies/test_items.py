"""What the strategies say of an item, the linter says too."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint import CONSENTS, CONTACTS, Endpoint, Reason, Severity, check_item, reason_codes
from consentlint.strategies import (
    JudgedItem,
    contact_near_misses,
    invalid_contacts,
    invalid_items,
    near_misses,
    valid_contacts,
    valid_items,
)

NOWS = [
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(9998, 12, 31, 12, 0, 0, 250_000),  # noqa: DTZ001 - read as UTC
    None,
]
terms = pytest.mark.parametrize(
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
Items = Callable[..., st.SearchStrategy[dict[str, object]]]
Judged = Callable[..., st.SearchStrategy[JudgedItem]]
valid = pytest.mark.parametrize(
    ("endpoint", "items"), [(CONSENTS, valid_items), (CONTACTS, valid_contacts)]
)
invalid = pytest.mark.parametrize(
    ("endpoint", "items"), [(CONSENTS, invalid_items), (CONTACTS, invalid_contacts)]
)
near = pytest.mark.parametrize(
    ("endpoint", "items"), [(CONSENTS, near_misses), (CONTACTS, contact_near_misses)]
)
every = settings(max_examples=30)


@terms
@valid
def test_no_error_is_found_in_a_valid_item(
    endpoint: Endpoint, items: Items, profile: str, now: datetime | None
) -> None:
    @every
    @given(items(now=now, profile=profile))
    def check(item: dict[str, object]) -> None:
        found = check_item(item, kind=endpoint, profile=profile, now=now)
        assert [each for each in found if each.severity is Severity.ERROR] == []

    check()


@terms
@invalid
def test_an_invalid_item_gets_exactly_the_reason_codes_that_come_with_it(
    endpoint: Endpoint, items: Judged, profile: str, now: datetime | None
) -> None:
    @every
    @given(items(now=now, profile=profile))
    def check(judged: JudgedItem) -> None:
        given = reason_codes(judged.item, kind=endpoint, profile=profile, now=now)
        assert judged.reasons == given != []

    check()


@terms
@near
def test_an_item_near_the_border_gets_exactly_the_reason_codes_that_come_with_it(
    endpoint: Endpoint, items: Judged, profile: str, now: datetime | None
) -> None:
    sides = set()

    @every
    @given(items(now=now, profile=profile))
    def check(judged: JudgedItem) -> None:
        given = reason_codes(judged.item, kind=endpoint, profile=profile, now=now)
        assert judged.reasons == given
        sides.add(bool(given))

    check()
    assert sides == {True, False}


@invalid
def test_every_set_of_reason_codes_can_be_asked_for(endpoint: Endpoint, items: Judged) -> None:
    def check(some: tuple[Reason, ...]) -> None:
        @settings(max_examples=3)
        @given(items(some[::-1], now=NOWS[0]))
        def check_item(judged: JudgedItem) -> None:
            given = reason_codes(judged.item, kind=endpoint, now=NOWS[0])
            assert judged.reasons == given == list(some)

        check_item()

    known = REASONS[endpoint.name]
    sets = [some for size in range(1, len(known) + 1) for some in combinations(known, size)]
    assert len(sets) == 2 ** len(known) - 1
    for some in sets:
        check(some)


@invalid
def test_sets_of_every_size_come_up(endpoint: Endpoint, items: Judged) -> None:
    sizes = set()

    # One in 64 has all six: of a hundred, now and then none would. What is drawn is the same
    # only as long as no source file changes, for Hypothesis takes constants from them.
    @settings(max_examples=500, derandomize=True)
    @given(items(now=NOWS[0]))
    def check(judged: JudgedItem) -> None:
        sizes.add(len(judged.reasons))

    check()
    assert sizes == set(range(1, len(REASONS[endpoint.name]) + 1))


@invalid
@pytest.mark.parametrize(
    "reasons",
    [[], ["INVALID"], ["INTERNAL_SERVER_ERROR"], ["INVALID_STATUS", "INVALID_ZIP_CODE"], "x"],
)
def test_reason_codes_that_no_item_gets_are_refused(
    endpoint: Endpoint, items: Judged, reasons: list[str]
) -> None:
    with pytest.raises(ValueError, match="reasons must be some of: INVALID_CORRELATION_ID"):
        items(reasons)


@valid
def test_a_clock_that_is_out_of_range_is_refused(endpoint: Endpoint, items: Items) -> None:
    for year in (1969, 9999):
        with pytest.raises(ValueError, match="1970 to 9998"):
            items(now=datetime(year, 6, 1, tzinfo=UTC))


@valid
def test_a_profile_that_does_not_exist_is_refused(endpoint: Endpoint, items: Items) -> None:
    with pytest.raises(ValueError, match="strict"):
        items(profile="strict")


@pytest.mark.parametrize("now", NOWS)
def test_near_misses_have_dates_on_both_sides(now: datetime | None) -> None:
    dates: dict[bool, set[object]] = {True: set(), False: set()}

    @settings(max_examples=100, derandomize=True)
    @given(near_misses(now=now))
    def check(judged: JudgedItem) -> None:
        refused = "INVALID_DATE_OF_CONSENT" in judged.reasons
        dates[refused].add(str(judged.item.get("date_of_consent")))

    check()
    assert len(dates[True]) > 10
    assert len(dates[False]) > 10
