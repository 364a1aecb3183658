"""A file that changes while it is checked is reported as unreadable, never with a traceback."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from item_lists import CONSENT

from consentlint.fields import iso8601
from consentlint.linter import check
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.model.findings import Severity
from consentlint.model.settings import ReadOptions, Settings

SETTINGS = Settings(iso8601.parse("2026-01-01T00:00:00Z").moment)
# Longer than what is kept in memory.
CONTENT = f"{json.dumps({**CONSENT, 'source': 'web'})}\n" * 600


def overwrite(file: Path) -> None:
    file.write_text("x" * len(CONTENT))


def shorten(file: Path) -> None:
    file.write_text("x")


def replace(file: Path) -> None:
    other = file.with_suffix(".new")
    other.write_text("x" * len(CONTENT))
    os.replace(other, file)


CHANGES = [overwrite, shorten, replace, Path.unlink]
Change = Callable[[Path], None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "items.jsonl"
    path.write_text(CONTENT)
    return path


def reported(checked: CheckedFile) -> list[str]:
    found = [finding.rule for finding in checked.findings()]
    assert [finding.rule for _, findings in checked.items() for finding in findings] == found
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_before_its_items_are_compared(
    file: Path, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = check.link

    def changed_first(*arguments: object) -> None:
        change(file)
        link(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(check, "link", changed_first)
    with Linter(ReadOptions(), SETTINGS).check_file(str(file)) as checked:
        assert reported(checked) == ["file-unreadable"]
        assert [*checked.counts()] == [("file-unreadable", Severity.ERROR, 1)]


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_before_its_findings_are_shown(file: Path, change: Change) -> None:
    with Linter(ReadOptions(), SETTINGS).check_file(str(file)) as checked:
        change(file)
        assert reported(checked) == ["file-unreadable"]


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_its_findings_are_shown(file: Path, change: Change) -> None:
    with Linter(ReadOptions(), SETTINGS).check_file(str(file)) as checked:
        findings = checked.findings()
        assert next(findings).rule == "invalid-source"
        change(file)
        *_, last = findings
        assert {finding.rule for finding in checked.findings()} == {"file-unreadable"}
    assert last.rule in {"file-unreadable", "invalid-source", "consent-duplicate"}


def test_a_failure_in_a_file_that_did_not_change_is_raised(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "link", fail)
    with pytest.raises(ZeroDivisionError):
        Linter(ReadOptions(), SETTINGS).check_file(str(file))
