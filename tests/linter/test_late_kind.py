"""Items that come before the first one that shows their kind are checked like all others."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from consentlint import Finding
from consentlint.fields.iso8601 import parse_now
from consentlint.formats import MAX_ERRORS
from consentlint.linter.check import Linter
from consentlint.model.settings import ReadOptions, Settings

CONSENT = {
    "contact_id": "+14155552671",
    "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    "sender_id": "MG9752274e9e519418a7406176694466fa",
    "status": "opt in",
    "source": "website",
    "date_of_consent": "2025-06-02T15:30:00Z",
}
# A part of a file ends after about so many bytes.
LONG = "a" * 40_000
MALFORMED = '{"x":"' + LONG
OPEN_KIND = json.dumps({"contact_id": "12", "note": LONG})


def check(folder: Path, lines: Iterable[str]) -> tuple[list[Finding], int]:
    """Return the findings of a JSON Lines file, and how many items it has."""
    file = folder / "items.jsonl"
    file.write_text("\n".join(lines) + "\n")
    linter = Linter(ReadOptions(), Settings(parse_now("2026-01-01T00:00:00Z")))
    with linter.check_file(str(file)) as checked:
        return list(checked.findings()), checked.report.items


def test_items_of_an_open_kind_are_checked_once_it_is_known(tmp_path: Path) -> None:
    found, items = check(tmp_path, [OPEN_KIND] * 3 + [json.dumps(CONSENT)])
    contacts = [f for f in found if f.rule == "invalid-contact-id"]
    assert [(f.item, f.line) for f in contacts] == [(0, 1), (1, 2), (2, 3)]
    assert [(f.item, f.line) for f in found][-1] == (3, 4)
    assert items == 4


def test_malformed_items_before_the_kind_is_known_keep_their_order(tmp_path: Path) -> None:
    found, items = check(tmp_path, [MALFORMED] * 3 + [json.dumps(CONSENT)])
    assert [(f.rule, f.item, f.line) for f in found] == [
        ("file-malformed", 0, 1),
        ("file-malformed", 1, 2),
        ("file-malformed", 2, 3),
        ("invalid-status", 3, 4),
    ]
    assert items == 4


@pytest.mark.parametrize("before", [[], [json.dumps(CONSENT)]])
def test_reading_a_file_with_too_many_parse_errors_stops(tmp_path: Path, before: list[str]) -> None:
    found, items = check(tmp_path, [*before, *['{"x":"' + "a" * 100] * (3 * MAX_ERRORS)])
    malformed = [f for f in found if f.rule == "file-malformed"]
    assert len(malformed) == MAX_ERRORS + 1
    assert "the rest of the file is not read" in malformed[-1].message
    assert items == MAX_ERRORS + len(before)


def test_a_file_of_no_kind_has_one_finding_for_it(tmp_path: Path) -> None:
    found, _ = check(tmp_path, [MALFORMED] * 3 + [OPEN_KIND] * 3)
    assert [(f.rule, f.item, f.line) for f in found] == [
        ("file-malformed", 0, 1),
        ("file-malformed", 1, 2),
        ("file-malformed", 2, 3),
        ("file-kind", None, 4),
    ]
