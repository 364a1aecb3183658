"""The public functions: `check_item`, `check_items`, `reason_codes` and `check_batch`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from item_lists import CONSENT, ITEM_LISTS, KINDS

import consentlint
from consentlint import (
    CONSENTS,
    CONTACTS,
    Finding,
    Reason,
    Severity,
    check_batch,
    check_item,
    check_items,
    reason_codes,
)
from consentlint.model.findings import Fix

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ITEM = CONSENT
OTHER = {**ITEM, "correlation_id": "0" * 32, "contact_id": "+14155552672"}


def columns_of(items: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    """Return the columns of items, None for a missing value."""
    names = dict.fromkeys([*ITEM, *(name for item in items for name in item)])
    return {name: [item.get(name) for item in items] for name in names}


def test_a_clean_item_has_no_findings() -> None:
    assert check_item(ITEM, now=NOW) == []


def test_reason_codes_are_strings_in_the_order_of_the_api() -> None:
    codes = reason_codes({**ITEM, "contact_id": "+19", "correlation_id": "x"}, now=NOW)
    assert codes == ["INVALID_CORRELATION_ID", "INVALID_CONTACT_ID"]
    assert all(type(code) is str for code in codes)


def test_a_finding_names_item_field_rule_reason_and_value_but_no_file() -> None:
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
        correlation_id=str(ITEM["correlation_id"]),
        value="opt in",
        message='status is "opt in", expected "opt-in" or "opt-out". Write "opt-in".',
        url="https://consentlint.github.io/consentlint/rules/invalid-status/",
        fix=Fix('Write "opt-in".', safe=True, edits=()),
    )


def test_a_cross_item_finding_is_about_the_later_item() -> None:
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
    assert "INVALID_ZIP_CODE" in reason_codes(ITEM, now=NOW, kind="contacts")
    assert reason_codes(ITEM, now=NOW, kind=CONSENTS) == []


@pytest.mark.parametrize("now", ["2025-06-02T15:29:59Z", "2025-06-02T17:29:59+02:00"])
def test_now_may_be_a_string(now: str) -> None:
    assert reason_codes(ITEM, now=now) == ["INVALID_DATE_OF_CONSENT"]
    assert reason_codes(ITEM, now="2025-06-02T15:30:00Z") == []


def test_the_clock_decides_if_no_now_is_given() -> None:
    assert reason_codes(ITEM) == []
    assert reason_codes({**ITEM, "date_of_consent": "9999-12-31T23:59:59Z"}) == [
        "INVALID_DATE_OF_CONSENT"
    ]


def test_rules_can_be_selected_and_ignored() -> None:
    item = {**ITEM, "status": "opt in", "sender_id": "12345"}
    every = [finding.rule for finding in check_item(item, now=NOW)]
    assert every == ["invalid-status", "sender-not-messaging-service"]
    for select in ("errors", ["errors"], "INVALID_STATUS", ("invalid-status", "unknown-field")):
        assert [f.rule for f in check_item(item, now=NOW, select=select)] == every[:1]
    for ignore in ("advice", ["sender-not-messaging-service"]):
        assert [f.rule for f in check_item(item, now=NOW, ignore=ignore)] == every[:1]
    unassigned = {**ITEM, "contact_id": "+19999999999"}
    assert check_item(unassigned, now=NOW) == []
    assert [f.rule for f in check_item(unassigned, now=NOW, select="all")] == [
        "contact-id-unassigned"
    ]


def test_an_argument_of_the_wrong_type_raises_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"item is list, expected a mapping\. Call check_items"):
        check_item([ITEM])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="item is str, expected a mapping"):
        reason_codes("text")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="item 1 is str, expected a mapping"):
        check_items([ITEM, "text"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="item 0 has a key that is not a string"):
        check_item({1: "x"})  # type: ignore[dict-item]
    for items in (ITEM, "text", b"text", 5):
        with pytest.raises(TypeError, match="expected an iterable of mappings"):
            check_items(items)  # type: ignore[arg-type]
    for now in (0, NOW.date(), b"2026-01-01T00:00Z"):
        with pytest.raises(TypeError, match="now: expected a string or a datetime"):
            check_item(ITEM, now=now)  # type: ignore[arg-type]


def test_an_invalid_argument_raises_a_value_error() -> None:
    with pytest.raises(ValueError, match="profile is 'strict', expected \"documented\""):
        check_item(ITEM, profile="strict")
    with pytest.raises(ValueError, match="kind is 'consent', expected \"consents\""):
        check_item(ITEM, kind="consent")
    for now in ("2026-01-01", "2026-02-30T00:00Z", "now", ""):
        with pytest.raises(ValueError, match=f'now: "{now}" is not'):
            check_item(ITEM, now=now)
    for names in ("invalid-statu", ["default", "nothing"]):
        with pytest.raises(ValueError, match="unknown rule"):
            check_item(ITEM, select=names)
        with pytest.raises(ValueError, match="unknown rule"):
            check_item(ITEM, ignore=names)
    with pytest.raises(ValueError, match="no rule is left"):
        check_item(ITEM, ignore="all")


def test_items_may_come_from_a_generator() -> None:
    findings = check_items((item for item in (ITEM, ITEM)), now=NOW)
    assert {finding.item for finding in findings} == {1}


def test_no_items_have_no_findings() -> None:
    assert check_items([]) == []
    assert check_batch({}) == ([], [])
    assert check_batch({"contact_id": []}) == ([], [])


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
def test_a_misspelled_field_is_recognized_if_the_field_is_missing(key: str, field: str) -> None:
    item = {key if name == field else name: value for name, value in ITEM.items()}
    (finding,) = [each for each in check_item(item, now=NOW) if each.rule == "unknown-field"]
    assert finding.message.endswith(f'Rename it to "{field}".')
    (finding,) = check_item({**ITEM, key: "x"}, now=NOW)
    assert finding.message.endswith("The API does not use it.")


def test_the_message_for_a_number_of_argentina_says_what_to_insert() -> None:
    (finding,) = check_item({**ITEM, "contact_id": "+54111512345678"}, now=NOW)
    assert finding.rule == "contact-id-not-canonical"
    assert finding.message.endswith("Insert 9 after +54 and remove the 15 after the area code.")


def test_a_key_similar_to_no_field_is_only_named() -> None:
    (finding,) = check_item({**ITEM, "e_mail": "x"}, now=NOW)
    assert finding.message == 'unknown field "e_mail". The API does not use it.'


def test_a_rejected_record_is_not_part_of_a_history() -> None:
    """A record in the future is rejected, so a later one is not out of order."""
    future = {**ITEM, "status": "opt-out", "date_of_consent": "2030-01-01T00:00:00Z"}
    findings = check_items([future, {**ITEM, "correlation_id": "0" * 32}], now=NOW)
    assert [finding.rule for finding in findings] == ["invalid-date-of-consent"]


# -- Columns -------------------------------------------------------------------------------


def test_a_batch_has_findings_by_row_and_the_reason_codes_of_each_row() -> None:
    bad = {**OTHER, "status": "opt in", "correlation_id": "x", "source": "web"}
    result = check_batch(columns_of([ITEM, bad, OTHER]), now=NOW)
    codes = ("INVALID_CORRELATION_ID", "INVALID_STATUS", "INVALID_SOURCE")
    assert result.reasons == [(), codes, ()]
    assert [finding.item for finding in result.findings] == [1, 1, 1]
    assert all(type(code) is str for row in result.reasons for code in row)


def test_rows_of_a_batch_are_checked_as_one_list() -> None:
    result = check_batch(columns_of([ITEM, {**ITEM, "status": "opt-out"}]), now=NOW)
    assert result.reasons == [(), ("INVALID_CORRELATION_ID",)]
    found = [(f.item, f.rule) for f in result.findings]
    assert found == [(1, "invalid-correlation-id"), (1, "consent-conflict")]


def test_none_in_a_column_is_a_missing_value() -> None:
    columns = columns_of([ITEM, OTHER])
    result = check_batch({**columns, "date_of_consent": [None, None]}, now=NOW)
    assert [f.rule for f in result.findings] == ["date-of-consent-missing"] * 2
    assert result.reasons == [(), ()]
    result = check_batch({**columns, "status": [None, "opt-in"]}, now=NOW)
    assert result.reasons == [("INVALID_STATUS",), ()]
    assert [f.message for f in result.findings] == ["status is missing."]


def test_an_absent_column_is_missing_in_every_row() -> None:
    columns = columns_of([ITEM, OTHER])
    del columns["source"]
    assert check_batch(columns, now=NOW).reasons == [("INVALID_SOURCE",)] * 2


def test_an_unknown_column_is_reported_once() -> None:
    columns = {**columns_of([ITEM, OTHER]), "note": [None, "x"], "zip_code": ["1", "2"]}
    found = check_batch(columns, now=NOW).findings
    assert [(finding.item, finding.field, finding.rule) for finding in found] == [
        (None, "note", "unknown-field"),
        (None, "zip_code", "unknown-field"),
    ]


def test_columns_may_be_any_sequences() -> None:
    columns = {name: tuple(values) for name, values in columns_of([ITEM, OTHER]).items()}
    assert check_batch(columns, now=NOW) == ([], [(), ()])


def test_a_batch_accepts_the_same_arguments_as_an_item() -> None:
    columns = columns_of([{**ITEM, "status": "opt in", "sender_id": "12345"}])
    rules = ["invalid-status", "sender-not-messaging-service"]
    assert [f.rule for f in check_batch(columns, now=NOW).findings] == rules
    assert [f.rule for f in check_batch(columns, now=NOW, select="errors").findings] == rules[:1]
    assert [f.rule for f in check_batch(columns, now=NOW, ignore="errors").findings] == rules[1:]
    assert check_batch(columns, now=NOW, ignore="INVALID_STATUS").reasons == [()]
    (codes,) = check_batch(columns, kind="contacts").reasons
    assert codes == ("INVALID_COUNTRY_ISO_CODE", "INVALID_ZIP_CODE")
    (codes,) = check_batch(columns, now="2025-01-01T00:00Z").reasons
    assert codes == ("INVALID_STATUS", "INVALID_DATE_OF_CONSENT")
    letters = columns_of([{**ITEM, "correlation_id": "z" * 32}])
    assert check_batch(letters, now=NOW, profile="lenient").reasons == [()]


def test_columns_of_unequal_length_raise() -> None:
    with pytest.raises(ValueError, match="the columns differ in length"):
        check_batch({"contact_id": ["+14155552671"], "status": []})


def test_columns_that_are_not_sequences_raise() -> None:
    with pytest.raises(TypeError, match="columns is list, expected a mapping of sequences"):
        check_batch([ITEM])  # type: ignore[arg-type]
    for column in ("text", b"text", {"a": 1}, 5, None):
        with pytest.raises(TypeError, match=r"column status is \w+, expected a sequence"):
            check_batch({"status": column})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="a name that is not a string"):
        check_batch({1: []})  # type: ignore[dict-item]


@settings(deadline=None, max_examples=150)
@given(KINDS, ITEM_LISTS)
def test_a_batch_gets_the_verdicts_of_a_list(kind: str, items: list[dict[str, object]]) -> None:
    # In a batch, None is a missing value.
    present = [{key: value for key, value in item.items() if value is not None} for item in items]
    expected = check_items(present, kind=kind, now=NOW)
    result = check_batch(columns_of(present), kind=kind, now=NOW)

    # Unknown columns are reported once.
    of_list = [each for each in expected if each.rule != "unknown-field"]
    assert [each for each in result.findings if each.rule != "unknown-field"] == of_list
    assert result.reasons == [
        tuple(dict.fromkeys(str(f.reason) for f in expected if f.item == row and f.reason))
        for row in range(len(present))
    ]


@settings(deadline=None, max_examples=100)
@given(KINDS, ITEM_LISTS)
def test_reason_codes_are_those_of_the_findings(kind: str, items: list[dict[str, object]]) -> None:
    for item in items:
        findings = check_item(item, kind=kind, now=NOW)
        codes = list(dict.fromkeys(str(each.reason) for each in findings if each.reason))
        assert reason_codes(item, kind=kind, now=NOW) == codes
