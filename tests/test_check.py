"""`check_item`, `check_items` and `reason_codes`, as a program calls them."""

from datetime import UTC, datetime

import pytest

import consentlint
from consentlint import CONTACTS, Finding, Reason, Severity, check_item, check_items, reason_codes

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ITEM = {
    "contact_id": "+14155552671",
    "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "sender_id": "MG9752274e9e519418a7406176694466fa",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}


def test_a_clean_item_has_no_findings() -> None:
    assert check_item(ITEM, now=NOW) == []


def test_reason_codes_are_strings_in_the_order_of_the_api() -> None:
    codes = reason_codes({**ITEM, "contact_id": "+19", "correlation_id": "x"}, now=NOW)
    assert codes == ["INVALID_CORRELATION_ID", "INVALID_CONTACT_ID"]
    assert all(type(code) is str for code in codes)


def test_a_finding_names_item_field_rule_and_reason_and_no_file() -> None:
    (finding,) = check_item({**ITEM, "status": "opt in"}, now=NOW)
    assert finding == Finding(
        file=None,
        line=None,
        column=None,
        item=0,
        pointer=None,
        field="status",
        rule="invalid-status",
        reason=Reason.INVALID_STATUS,
        severity=Severity.ERROR,
        correlation_id=ITEM["correlation_id"],
        message='status "opt in" is none of: opt-in, opt-out; send opt-in',
    )


def test_what_holds_between_items_is_said_of_the_later_one() -> None:
    other = {**ITEM, "contact_id": "+14155552672"}
    (finding,) = check_items([ITEM, other], now=NOW)
    assert (finding.item, finding.reason) == (1, Reason.INVALID_CORRELATION_ID)
    assert "item 0" in finding.message


def test_the_arguments_change_the_verdict() -> None:
    tomorrow = {**ITEM, "date_of_consent": "2026-01-02T00:00:00Z"}
    assert reason_codes(tomorrow, now=NOW) == ["INVALID_DATE_OF_CONSENT"]
    assert reason_codes(tomorrow, now=datetime(2026, 1, 2)) == []  # noqa: DTZ001 - read as UTC
    letters = {**ITEM, "correlation_id": "z" * 32}
    assert reason_codes(letters, now=NOW, profile="lenient") == []
    assert "INVALID_ZIP_CODE" in reason_codes(ITEM, now=NOW, kind=CONTACTS)


def test_without_a_clock_the_present_one_is_read() -> None:
    assert reason_codes(ITEM) == []
    assert reason_codes({**ITEM, "date_of_consent": "9999-12-31T23:59:59Z"}) == [
        "INVALID_DATE_OF_CONSENT"
    ]


def test_wrong_arguments_raise() -> None:
    with pytest.raises(TypeError, match="item 1 must be a mapping, not str"):
        check_items([ITEM, "text"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="strict"):
        check_item(ITEM, profile="strict")


def test_the_public_names_are_these() -> None:
    assert sorted(consentlint.__all__) == [
        "CONSENTS",
        "CONTACTS",
        "Endpoint",
        "Finding",
        "Profile",
        "Reason",
        "Severity",
        "__version__",
        "check_item",
        "check_items",
        "reason_codes",
    ]
    assert all(hasattr(consentlint, name) for name in consentlint.__all__)


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("consent_date", "date_of_consent"),
        ("dateOfConsent", "date_of_consent"),
        ("Contact ID", "contact_id"),
        ("contactid", "contact_id"),
        ("corelation_id", "correlation_id"),
        ("date", "date_of_consent"),
        ("stauts", "status"),
    ],
)
def test_a_slip_of_a_field_s_name_is_recognised(key: str, field: str) -> None:
    (finding,) = check_item({**ITEM, key: "x"}, now=NOW)
    assert finding.message.endswith(f"did you mean {field}?")


def test_a_number_of_argentina_is_mended_by_what_it_lacks() -> None:
    (finding,) = check_item({**ITEM, "contact_id": "+54111512345678"}, now=NOW)
    assert finding.rule == "contact-id-not-canonical"
    assert finding.message.endswith("write 9 after +54, and leave out the 15 after the area code")


def test_a_key_that_is_near_no_field_is_only_named() -> None:
    (finding,) = check_item({**ITEM, "e_mail": "x"}, now=NOW)
    assert finding.message == '"e_mail" is no field of the API: leave it out'


def test_what_would_not_be_stored_is_no_history() -> None:
    """A record in the future is refused, so it does not make a later one come out of order."""
    future = {**ITEM, "status": "opt-out", "date_of_consent": "2030-01-01T00:00:00Z"}
    findings = check_items([future, {**ITEM, "correlation_id": "0" * 32}], now=NOW)
    assert [finding.rule for finding in findings] == ["invalid-date-of-consent"]
