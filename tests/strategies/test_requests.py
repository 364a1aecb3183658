"""What the strategies say of the items of a request, the linter says too; and files hold them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint import CONSENTS, CONTACTS, Endpoint, Severity, check_items
from consentlint.fields import iso8601
from consentlint.linter.check import Linter
from consentlint.linter.read import read_items
from consentlint.model.items import Item
from consentlint.model.settings import ReadOptions, Settings
from consentlint.strategies import (
    ItemFile,
    JudgedRequest,
    contact_files,
    files,
    invalid_contact_requests,
    invalid_requests,
    judged_contact_requests,
    judged_requests,
    valid_contact_requests,
    valid_requests,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HISTORY = ("consent-out-of-order", "consent-conflict", "consent-duplicate")
Requests = Callable[..., st.SearchStrategy[Any]]
profiles = pytest.mark.parametrize("profile", ["documented", "lenient"])


@profiles
@pytest.mark.parametrize(
    ("endpoint", "requests"), [(CONSENTS, valid_requests), (CONTACTS, valid_contact_requests)]
)
def test_no_error_is_found_in_a_valid_request(
    endpoint: Endpoint, requests: Requests, profile: str
) -> None:
    @settings(max_examples=10)
    @given(requests(now=NOW, profile=profile))
    def check(items: list[dict[str, object]]) -> None:
        assert 1 <= len(items) <= 25
        found = check_items(items, kind=endpoint, profile=profile, now=NOW)
        assert [each for each in found if each.severity is Severity.ERROR] == []

    check()


@profiles
@pytest.mark.parametrize(
    ("endpoint", "requests", "least"),
    [
        (CONSENTS, invalid_requests, 1),
        (CONTACTS, invalid_contact_requests, 1),
        (CONSENTS, judged_requests, 0),
        (CONTACTS, judged_contact_requests, 0),
    ],
)
def test_each_item_gets_the_reason_codes_and_rules_that_come_with_it(
    endpoint: Endpoint, requests: Requests, least: int, profile: str
) -> None:
    @settings(max_examples=10)
    @given(requests(now=NOW, profile=profile))
    def check(judged: JudgedRequest) -> None:
        items = judged.items
        assert 1 <= len(items) <= 25
        assert len(items) == len(judged.reasons) == len(judged.rules)
        found = check_items(items, kind=endpoint, profile=profile, now=NOW)
        for at in range(len(items)):
            here = [each for each in found if each.item == at]
            assert [str(each.reason) for each in here if each.reason] == judged.reasons[at]
            assert [each.rule for each in here if each.rule in HISTORY] == judged.rules[at]
        repeated = [each for each in found if "is already used" in each.message]
        assert len(repeated) + sum(map(len, judged.rules)) >= least

    check()


def test_everything_that_needs_two_items_comes_up() -> None:
    rules: set[str] = set()
    spellings: set[bool] = set()

    @settings(max_examples=30, derandomize=True)
    @given(invalid_requests(now=NOW))
    def check(judged: JudgedRequest) -> None:
        rules.update(*judged.rules)
        ids = [str(item.get("correlation_id")) for item in judged.items]
        for each in ids:
            if [other.lower() for other in ids].count(each.lower()) > 1 and each.lower() != each:
                spellings.add(ids.count(each) > 1)

    check()
    assert rules == set(HISTORY)
    assert spellings == {True, False}


@pytest.mark.parametrize(("endpoint", "some"), [(CONSENTS, files), (CONTACTS, contact_files)])
def test_a_file_holds_the_items_that_come_with_it(
    endpoint: Endpoint, some: Requests, tmp_path: Path
) -> None:
    formats = set()

    @settings(max_examples=30, derandomize=True)
    @given(some(now=NOW))
    def check(file: ItemFile) -> None:
        formats.add(file.format)
        path = tmp_path / f"items.{file.format}"
        path.write_bytes(file.content)
        events = read_items(str(path), ReadOptions())
        assert [each.fields for each in events if isinstance(each, Item)] == file.items
        # Which format it is, and whose items they are, is told from the file.
        at_now = Settings(iso8601.parse_now(NOW))
        with Linter(ReadOptions(), at_now).check_file(str(path)) as checked:
            assert checked.report.items == len(file.items)
            found = list(checked.findings())
        assert [each.rule for each in found if each.severity is Severity.ERROR] == []

    check()
    assert formats == {"json", "jsonl", "csv", "form"}
