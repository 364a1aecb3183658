"""Failing examples shrink to simple ones, whose expected results stay exact."""

from datetime import UTC, datetime

import pytest
from hypothesis import Phase, find, settings

from consentlint import check_items, reason_codes
from consentlint.strategies import (
    invalid_items,
    invalid_requests,
    near_misses,
    valid_items,
)

pytestmark = pytest.mark.slow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Without Phase.explain, which tries other values after the smallest example is found.
FIND = settings(max_examples=2000, derandomize=True, phases=[Phase.generate, Phase.shrink])
SIMPLE = {
    "contact_id": "+12015550123",
    "correlation_id": "0" * 32,
    "sender_id": "MG" + "0" * 32,
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2000-01-01T00:00:00Z",
}
SIMPLE_CONTACT = {
    "contact_id": "+12015550123",
    "correlation_id": "0" * 32,
    "country_iso_code": "US",
    "zip_code": "00000",
}


def is_simple(item: dict[str, object], but: str) -> bool:
    """Return whether all fields but one have their simplest values."""
    rest = {key: value for key, value in item.items() if key != but}
    simple = SIMPLE_CONTACT if "status" not in item.keys() | {but} else SIMPLE
    expected = {key: value for key, value in simple.items() if key != but}
    if but == "country_iso_code":
        expected["zip_code"] = "94105"
    return rest == expected


def test_the_smallest_valid_item_is_simple() -> None:
    item = find(valid_items(now=NOW), lambda _: True, settings=FIND)
    assert is_simple(item, but="")


@pytest.mark.parametrize("field", SIMPLE)
def test_the_smallest_invalid_item_lacks_one_field(field: str) -> None:
    found = find(
        invalid_items([f"INVALID_{field.upper()}"], now=NOW), lambda _: True, settings=FIND
    )
    assert is_simple(found.item, but=field)
    assert found.item.get(field) is None


@pytest.mark.parametrize("field", SIMPLE_CONTACT)
def test_the_smallest_invalid_contact_lacks_one_field(field: str) -> None:
    reason = f"INVALID_{field.upper()}"
    found = find(invalid_items([reason], kind="contacts", now=NOW), lambda _: True, settings=FIND)
    # The country may be any whose postal codes need few choices.
    free = {field, "country_iso_code", "zip_code"}
    assert field not in found.item
    assert found.item.keys() | {field} == SIMPLE_CONTACT.keys()
    assert all(found.item[key] == SIMPLE_CONTACT[key] for key in SIMPLE_CONTACT.keys() - free)


@pytest.mark.parametrize("field", SIMPLE)
def test_an_item_shrinks_to_the_reason_code_that_matters(field: str) -> None:
    reason = f"INVALID_{field.upper()}"
    found = find(
        invalid_items(now=NOW), lambda expected: reason in expected.expected_reasons, settings=FIND
    )
    assert found.expected_reasons == [reason] == reason_codes(found.item, now=NOW)
    assert is_simple(found.item, but=field)


@pytest.mark.parametrize("now", [None, NOW])
def test_a_date_that_does_not_matter_becomes_plain(now: datetime | None) -> None:
    item = find(
        valid_items(now=now),
        lambda item: str(item["sender_id"]).startswith("MG") and "A" in str(item["sender_id"]),
        settings=FIND,
    )
    assert item == {**SIMPLE, "sender_id": item["sender_id"]}
    assert sorted(item["sender_id"]) == sorted("MG" + "A" + "0" * 31)


def test_fields_that_do_not_matter_become_simple() -> None:
    found = find(
        near_misses(now=NOW),
        lambda miss: "," in str(miss.item.get("date_of_consent")),
        settings=FIND,
    )
    assert is_simple(found.item, but="date_of_consent")


def test_a_request_shrinks_to_few_items() -> None:
    found = find(
        invalid_requests(kind="contacts", now=NOW),
        lambda expected: len(set(map(is_upper, expected.items))) == 2,
        settings=FIND,
    )
    assert len(found.items) <= 4


def test_the_smallest_request_with_a_duplicate_id_has_no_other_conflict() -> None:
    found = find(
        invalid_requests(now=NOW), lambda request: not any(request.expected_rules), settings=FIND
    )
    rules = {finding.rule for finding in check_items(found.items, now=NOW)}
    assert not rules & {"consent-out-of-order", "consent-conflict", "consent-duplicate"}


def is_upper(item: dict[str, object]) -> bool:
    """Return whether an id has upper-case letters."""
    return str(item.get("correlation_id")) != str(item.get("correlation_id")).lower()
