"""What Hypothesis shrinks a failure to is small, and still what it was said to be."""

from datetime import UTC, datetime

import pytest
from hypothesis import Phase, find, settings

from consentlint import reason_codes
from consentlint.strategies import (
    invalid_contact_requests,
    invalid_contacts,
    invalid_items,
    near_misses,
    valid_items,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# The phase that explains a failure tries other values after the smallest is found.
FIND = settings(max_examples=2000, derandomize=True, phases=[Phase.generate, Phase.shrink])
PLAIN = {
    "contact_id": "+12015550123",
    "correlation_id": "0" * 32,
    "sender_id": "MG" + "0" * 32,
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2000-01-01T00:00:00Z",
}
PLAIN_CONTACT = {
    "contact_id": "+12015550123",
    "correlation_id": "0" * 32,
    "country_iso_code": "US",
    "zip_code": "00000",
}


PLAIN_DATES = (PLAIN["date_of_consent"], "2026-01-01T00:00:00Z", None)


def is_plain(item: dict[str, object], but: str) -> bool:
    """Tell whether all fields but one are plain; the date may be missing, for it may be."""
    rest = {key: value for key, value in item.items() if key not in (but, "date_of_consent")}
    plain = PLAIN_CONTACT if "status" not in item.keys() | {but} else PLAIN
    expected = {k: v for k, v in plain.items() if k not in (but, "date_of_consent")}
    if but == "country_iso_code":
        expected["zip_code"] = "94105"
    return rest == expected and (
        but == "date_of_consent" or item.get("date_of_consent") in PLAIN_DATES
    )


def test_the_smallest_valid_item_is_plain() -> None:
    item = find(valid_items(now=NOW), lambda _: True, settings=FIND)
    assert is_plain(item, but="")


@pytest.mark.parametrize("field", PLAIN)
def test_the_smallest_invalid_item_has_one_plain_fault(field: str) -> None:
    found = find(
        invalid_items([f"INVALID_{field.upper()}"], now=NOW), lambda _: True, settings=FIND
    )
    assert is_plain(found.item, but=field)
    assert found.item.get(field) is None


@pytest.mark.parametrize("field", PLAIN_CONTACT)
def test_the_smallest_invalid_contact_has_one_plain_fault(field: str) -> None:
    reason = f"INVALID_{field.upper()}"
    found = find(invalid_contacts([reason], now=NOW), lambda _: True, settings=FIND)
    # The country is the one whose postal codes take the fewest choices.
    free = {field, "country_iso_code", "zip_code"}
    assert field not in found.item
    assert found.item.keys() | {field} == PLAIN_CONTACT.keys()
    assert all(found.item[each] == PLAIN_CONTACT[each] for each in PLAIN_CONTACT.keys() - free)


@pytest.mark.parametrize("field", PLAIN)
def test_a_reason_code_among_others_shrinks_to_itself(field: str) -> None:
    reason = f"INVALID_{field.upper()}"
    found = find(invalid_items(now=NOW), lambda judged: reason in judged.reasons, settings=FIND)
    assert found.reasons == [reason] == reason_codes(found.item, now=NOW)
    assert is_plain(found.item, but=field)


def test_what_does_not_matter_becomes_plain() -> None:
    found = find(
        near_misses(now=NOW), lambda j: "," in str(j.item.get("date_of_consent")), settings=FIND
    )
    assert is_plain(found.item, but="date_of_consent")


def test_a_request_shrinks_to_the_items_that_matter_and_few_others() -> None:
    found = find(
        invalid_contact_requests(now=NOW),
        lambda judged: len(set(map(is_upper, judged.items))) == 2,
        settings=FIND,
    )
    assert len(found.items) <= 4


def is_upper(item: dict[str, object]) -> bool:
    """Tell whether an id has capitals."""
    return str(item.get("correlation_id")) != str(item.get("correlation_id")).lower()
