"""Failing examples shrink to simple ones, whose expected results stay exact."""

from datetime import UTC, datetime

import pytest
from hypothesis import Phase, find, settings

from consentlint import check_items, reason_codes
from consentlint.strategies import (
    invalid_contact_requests,
    invalid_contacts,
    invalid_items,
    invalid_requests,
    near_misses,
    valid_items,
)

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


SIMPLE_DATES = (SIMPLE["date_of_consent"], "2026-01-01T00:00:00Z", None)


def is_simple(item: dict[str, object], but: str) -> bool:
    """Return whether all fields but one have their simplest values; the date may be missing."""
    rest = {key: value for key, value in item.items() if key not in (but, "date_of_consent")}
    simple = SIMPLE_CONTACT if "status" not in item.keys() | {but} else SIMPLE
    expected = {k: v for k, v in simple.items() if k not in (but, "date_of_consent")}
    if but == "country_iso_code":
        expected["zip_code"] = "94105"
    return rest == expected and (
        but == "date_of_consent" or item.get("date_of_consent") in SIMPLE_DATES
    )


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
    found = find(invalid_contacts([reason], now=NOW), lambda _: True, settings=FIND)
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


def test_fields_that_do_not_matter_become_simple() -> None:
    found = find(
        near_misses(now=NOW),
        lambda miss: "," in str(miss.item.get("date_of_consent")),
        settings=FIND,
    )
    assert is_simple(found.item, but="date_of_consent")


def test_a_request_shrinks_to_few_items() -> None:
    found = find(
        invalid_contact_requests(now=NOW),
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
