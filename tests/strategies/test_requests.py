"""The linter reports for each generated request and file what the strategy expects."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import consentlint
from consentlint import CONSENTS, CONTACTS, Endpoint, Severity, check_items
from consentlint.fields import iso8601
from consentlint.linter.check import Linter
from consentlint.linter.read import read_items
from consentlint.model.items import Item
from consentlint.model.settings import ReadOptions, Settings
from consentlint.strategies import (
    ExpectedFile,
    ExpectedRequest,
    invalid_requests,
    mixed_files,
    mixed_requests,
    valid_files,
    valid_requests,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CROSS_ITEM_RULES = ("consent-out-of-order", "consent-conflict", "consent-duplicate")
Requests = Callable[..., st.SearchStrategy[ExpectedRequest]]
Files = Callable[..., st.SearchStrategy[ExpectedFile]]
endpoints = pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda each: each.name)
profiles = pytest.mark.parametrize("profile", ["documented", "lenient"])


def reason_codes(item: dict[str, object], endpoint: Endpoint, profile: str) -> list[str]:
    return consentlint.reason_codes(item, kind=endpoint, profile=profile, now=NOW)


@profiles
@endpoints
def test_a_valid_request_has_no_error(endpoint: Endpoint, profile: str) -> None:
    @settings(max_examples=10)
    @given(valid_requests(kind=endpoint, now=NOW, profile=profile))
    def check(items: list[dict[str, object]]) -> None:
        assert 1 <= len(items) <= 25
        findings = check_items(items, kind=endpoint, profile=profile, now=NOW)
        assert [f for f in findings if f.severity is Severity.ERROR] == []

    check()


@profiles
@endpoints
@pytest.mark.parametrize(("requests", "min_pairs"), [(invalid_requests, 1), (mixed_requests, 0)])
def test_each_item_gets_its_expected_reason_codes_and_rules(
    endpoint: Endpoint, requests: Requests, min_pairs: int, profile: str
) -> None:
    @settings(max_examples=10)
    @given(requests(kind=endpoint, now=NOW, profile=profile))
    def check(expected: ExpectedRequest) -> None:
        items = expected.items
        assert 1 <= len(items) <= 25
        assert len(items) == len(expected.expected_reasons) == len(expected.expected_rules)
        findings = check_items(items, kind=endpoint, profile=profile, now=NOW)
        for index in range(len(items)):
            of_item = [f for f in findings if f.item == index]
            reasons = [str(f.reason) for f in of_item if f.reason]
            rules = [f.rule for f in of_item if f.rule in CROSS_ITEM_RULES]
            assert reasons == expected.expected_reasons[index]
            assert rules == expected.expected_rules[index]
        duplicate_ids = [
            item
            for item, reasons in zip(items, expected.expected_reasons, strict=True)
            if "INVALID_CORRELATION_ID" in reasons
            and "INVALID_CORRELATION_ID" not in reason_codes(item, endpoint, profile)
        ]
        assert len(duplicate_ids) + sum(map(len, expected.expected_rules)) >= min_pairs

    check()


@pytest.mark.slow
def test_every_conflict_between_two_items_is_generated() -> None:
    rules: set[str] = set()
    is_same_spelling: set[bool] = set()

    @settings(max_examples=120, derandomize=True)
    @given(invalid_requests(now=NOW))
    def check(expected: ExpectedRequest) -> None:
        rules.update(*expected.expected_rules)
        ids = [str(item.get("correlation_id")) for item in expected.items]
        lower_ids = [correlation_id.lower() for correlation_id in ids]
        for correlation_id, lower_id in zip(ids, lower_ids, strict=True):
            if lower_ids.count(lower_id) > 1 and lower_id != correlation_id:
                is_same_spelling.add(ids.count(correlation_id) > 1)

    check()
    assert rules == set(CROSS_ITEM_RULES)
    assert is_same_spelling == {True, False}


@pytest.mark.slow
@endpoints
@pytest.mark.parametrize("strategy", [valid_files, mixed_files])
def test_a_file_has_its_items_and_expected_results(
    endpoint: Endpoint, strategy: Files, tmp_path: Path
) -> None:
    formats, rules = set(), set()

    @settings(max_examples=40, derandomize=True)
    @given(strategy(kind=endpoint, now=NOW))
    def check(file: ExpectedFile) -> None:
        formats.add(file.format)
        path = tmp_path / f"items.{file.format}"
        path.write_bytes(file.content)
        read_options = ReadOptions(endpoint)
        events = read_items(str(path), read_options)
        assert [event.fields for event in events if isinstance(event, Item)] == file.items
        # The linter detects the format.
        settings_at_now = Settings(iso8601.parse_now(NOW))
        with Linter(read_options, settings_at_now).check_file(str(path)) as checked:
            assert checked.report.items == len(file.items)
            findings = list(checked.findings())
        for index in range(len(file.items)):
            of_item = [f for f in findings if f.item == index]
            # The findings of a file are in the order of their locations.
            reasons = {str(f.reason) for f in of_item if f.reason}
            assert reasons == set(file.expected_reasons[index])
            found = [f.rule for f in of_item if f.rule in FILE_RULES]
            assert sorted(found) == sorted(file.expected_rules[index])
            rules.update(found)
        if strategy is valid_files:
            assert [f.rule for f in findings if f.severity is Severity.ERROR] == []

    check()
    assert formats == {"json", "jsonl", "form"} | ({"csv"} if strategy is valid_files else set())
    if strategy is mixed_files:
        assert rules >= {"contact-id-not-canonical", "unknown-field", "duplicate-key"}


FILE_RULES = (*CROSS_ITEM_RULES, "contact-id-not-canonical", "unknown-field", "duplicate-key")
