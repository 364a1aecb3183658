"""`check_item`, `check_items` and `reason_codes`, as a program calls them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import consentlint
from consentlint import (
    CONTACTS,
    Finding,
    Reason,
    Severity,
    check_batch,
    check_item,
    check_items,
    reason_codes,
)

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
        end_line=None,
        end_column=None,
        offset=None,
        end_offset=None,
        item=0,
        pointer=None,
        field="status",
        rule="invalid-status",
        reason=Reason.INVALID_STATUS,
        severity=Severity.ERROR,
        correlation_id=ITEM["correlation_id"],
        value="opt in",
        message='status is "opt in", expected "opt-in" or "opt-out". Did you mean "opt-in"?',
        url="docs/rules.md#invalid-status",
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
    with pytest.raises(TypeError, match="item 1 is str, expected a mapping"):
        check_items([ITEM, "text"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="Call check_items for several items"):
        check_item([ITEM])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected an iterable of mappings"):
        check_items(ITEM)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="key that is not a string"):
        check_item({1: "x"})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="expected a string or a datetime"):
        check_item(ITEM, now=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="2026-01-31"):
        check_item(ITEM, now="2026-01-31")
    with pytest.raises(ValueError, match="strict"):
        check_item(ITEM, profile="strict")
    with pytest.raises(ValueError, match="consents"):
        check_item(ITEM, kind="consent")
    with pytest.raises(ValueError, match='Did you mean "invalid-status"'):
        check_item(ITEM, select="invalid-statsu")
    with pytest.raises(ValueError, match="no rule is left"):
        check_item(ITEM, select="placeholder", ignore=["placeholder"])


def test_the_clock_may_be_given_as_text() -> None:
    tomorrow = {**ITEM, "date_of_consent": "2026-01-02T00:00:00Z"}
    assert reason_codes(tomorrow, now="2026-01-01T00:00:00Z") == ["INVALID_DATE_OF_CONSENT"]
    assert reason_codes(tomorrow, now="2026-01-02T02:00:00+02:00") == []


def test_rules_can_be_selected_and_ignored() -> None:
    item = {**ITEM, "status": "x", "source": "y"}
    assert [f.rule for f in check_item(item, select="INVALID_STATUS")] == ["invalid-status"]
    assert [f.rule for f in check_item(item, ignore=["invalid-status"])] == ["invalid-source"]


COLUMNS = tuple(ITEM)
CELLS = st.none() | st.sampled_from([*ITEM.values(), "", "x", "+19", "opt-out", 1, True])


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS)), max_size=6))
def test_a_batch_gets_the_findings_of_its_rows(rows: list[dict[str, object]]) -> None:
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    items = [{key: value for key, value in row.items() if value is not None} for row in rows]
    batch = check_batch(columns, now=NOW)
    assert batch.findings == check_items(items, now=NOW)
    for index, reasons in enumerate(batch.reasons):
        found = [f.reason for f in batch.findings if f.item == index and f.reason]
        assert list(reasons) == [str(reason) for reason in dict.fromkeys(found)]


def test_a_column_that_is_no_field_is_reported_once() -> None:
    batch = check_batch({**{k: [v, v] for k, v in ITEM.items()}, "email": ["a", "b"]}, now=NOW)
    found = [finding for finding in batch.findings if finding.rule == "unknown-field"]
    assert [(finding.field, finding.item) for finding in found] == [("email", None)]


def test_columns_must_have_one_length() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        check_batch({"status": ["opt-in"], "source": []})
    assert check_batch({}) == ([], [])


def test_the_public_names_are_these() -> None:
    assert sorted(consentlint.__all__) == [
        "BatchResult",
        "CONSENTS",
        "CONTACTS",
        "Endpoint",
        "Finding",
        "Profile",
        "Reason",
        "Severity",
        "__version__",
        "check_batch",
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
def test_a_misspelt_key_is_recognised_if_its_field_is_missing(key: str, field: str) -> None:
    item = {name: value for name, value in ITEM.items() if name != field}
    (finding,) = check_item({**item, key: "x"}, now=NOW, select="unknown-field")
    assert f'Did you mean "{field}"?' in finding.message
    (finding,) = check_item({**ITEM, key: "x"}, now=NOW)
    assert finding.message.endswith("The API does not use it.")


def test_a_number_of_argentina_gets_the_9_that_it_lacks() -> None:
    (finding,) = check_item({**ITEM, "contact_id": "+54111512345678"}, now=NOW)
    assert finding.rule == "contact-id-not-canonical"
    assert finding.message.endswith("Insert 9 after +54 and remove the 15 after the area code.")


def test_what_would_not_be_stored_is_no_history() -> None:
    """A record in the future is refused, so it does not make a later one come out of order."""
    future = {**ITEM, "status": "opt-out", "date_of_consent": "2030-01-01T00:00:00Z"}
    findings = check_items([future, {**ITEM, "correlation_id": "0" * 32}], now=NOW)
    assert [finding.rule for finding in findings] == ["invalid-date-of-consent"]
