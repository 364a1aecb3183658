"""Findings about a whole file: its columns, and bytes that are not UTF-8."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from item_lists import CONSENT

from consentlint.fields import iso8601
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Finding, Severity
from consentlint.model.settings import ReadOptions, Settings

SETTINGS = Settings(iso8601.parse("2026-01-01T00:00:00Z").moment)
HEADER = [*CONSENT]

Check = Callable[..., list[Finding]]


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., CheckedFile]:
    """Returns a file that was checked."""

    def check_file(content: str | bytes, name: str = "items.csv") -> CheckedFile:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Linter(ReadOptions(), SETTINGS).check_file(str(file))

    return check_file


@pytest.fixture
def check(checked: Callable[..., CheckedFile]) -> Check:
    """Returns the findings of a file."""

    def findings(content: str | bytes, name: str = "items.csv") -> list[Finding]:
        with checked(content, name) as file:
            return list(file.findings())

    return findings


def cells_of(number: int, **changes: str) -> dict[str, str]:
    """Return the cells of a clean row, with some changes."""
    cells = {name: str(value) for name, value in CONSENT.items()}
    numbers = {"contact_id": f"+1415555{number:04}", "correlation_id": f"{number:032x}"}
    return {**cells, **numbers, **changes}


def table(rows: list[dict[str, str]], header: list[str] | None = None) -> str:
    """Return a table whose cells need no quotes."""
    header = header or [*rows[0]]
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    return "".join(f"{','.join(line)}\n" for line in lines)


def without(field: str) -> list[str]:
    return [name for name in HEADER if name != field]


RULES = {
    "contact_id": "invalid-contact-id",
    "correlation_id": "invalid-correlation-id",
    "sender_id": "invalid-sender-id",
    "status": "invalid-status",
    "source": "invalid-source",
    "date_of_consent": "date-of-consent-missing",
}


@pytest.mark.parametrize("count", [1, 2, 300])
@pytest.mark.parametrize(("field", "rule"), RULES.items())
def test_a_missing_column_is_reported_once_at_the_header(
    check: Check, field: str, rule: str, count: int
) -> None:
    rows = [cells_of(number) for number in range(count)]
    (finding,) = check(table(rows, without(field)))
    assert (finding.rule, finding.field, finding.item) == (rule, field, None)
    assert (finding.line, finding.column) == (1, 1)
    assert finding.message.startswith(f"column {field} is missing.")


@pytest.mark.parametrize("count", [2, 300])
@pytest.mark.parametrize(("field", "rule"), RULES.items())
def test_an_empty_column_is_reported_once_at_its_header(
    check: Check, field: str, rule: str, count: int
) -> None:
    rows = [cells_of(number, **{field: ""}) for number in range(count)]
    (finding,) = check(table(rows))
    assert (finding.rule, finding.field, finding.item) == (rule, field, None)
    assert (finding.line, finding.column) == (1, ",".join(HEADER).index(field) + 1)
    assert finding.message.startswith(f"column {field} is empty in every row.")


@pytest.mark.parametrize(("field", "rule"), RULES.items())
def test_a_column_with_one_value_is_reported_in_every_other_row(
    check: Check, field: str, rule: str
) -> None:
    rows = [cells_of(0), *(cells_of(number, **{field: ""}) for number in (1, 2))]
    found = [(finding.rule, finding.field, finding.item) for finding in check(table(rows))]
    assert found == [(rule, field, 1), (rule, field, 2)]


def test_a_missing_column_is_counted_once(checked: Callable[..., CheckedFile]) -> None:
    rows = [cells_of(number) for number in range(3)]
    with checked(table(rows, without("status"))) as file:
        assert [*file.counts()] == [("invalid-status", Severity.ERROR, 1)]


def test_rows_that_cannot_be_parsed_do_not_hide_a_missing_column(check: Check) -> None:
    content = table([cells_of(0), cells_of(1)], without("source")) + "one,two\n"
    found = [(finding.rule, finding.line) for finding in check(content)]
    assert found == [("invalid-source", 1), ("item-malformed", 4)]


def test_a_zero_byte_at_the_end_does_not_hide_a_missing_column(check: Check) -> None:
    content = table([cells_of(0), cells_of(1)], without("source")) + "\0"
    found = [(finding.rule, finding.line) for finding in check(content)]
    assert found == [("invalid-source", 1), ("file-malformed", 4)]


def test_superseded_rows_do_not_hide_a_missing_column(check: Check) -> None:
    header = [*without("source"), "consentlint_superseded_by"]
    rows = [cells_of(0, consentlint_superseded_by="line 3"), cells_of(1), cells_of(2)]
    assert [(f.rule, f.line) for f in check(table(rows, header))] == [("invalid-source", 1)]


def test_unknown_columns_and_missing_columns_are_reported_in_their_order(check: Check) -> None:
    header = ["note", *without("source"), "reference"]
    rows = [cells_of(number, note="x", reference="y", status="") for number in range(3)]
    found = [
        (finding.rule, finding.field, finding.column) for finding in check(table(rows, header))
    ]
    columns = ",".join(header)
    assert sorted(found, key=lambda each: each[2] or 0) == found
    assert set(found) == {
        ("unknown-field", "note", 1),
        ("invalid-source", "source", 1),
        ("invalid-status", "status", columns.index("status") + 1),
        ("unknown-field", "reference", columns.index("reference") + 1),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_a_column_of_the_other_kind_is_reported_once_at_its_header(
    check: Check, count: int
) -> None:
    rows = [cells_of(number, zip_code="94105") for number in range(count)]
    found = [(f.rule, f.field, f.item, f.line, f.column) for f in check(table(rows))]
    assert found == [("unknown-field", "zip_code", None, 1, len(",".join(HEADER)) + 2)]


def test_each_misnamed_column_is_reported_at_its_header(check: Check) -> None:
    header = ["Contact ID", "correlationId", "sender_id", "STATUS", "source", "date_of_consent"]
    content = ",".join(header) + "\n" + table([cells_of(0)]).partition("\n")[2]
    findings = check(content)
    columns = ",".join(header)
    assert [(f.rule, f.line, f.column) for f in findings] == [
        ("file-kind", 1, columns.index(name) + 1)
        for name in ("Contact ID", "correlationId", "STATUS")
    ]
    fields = ("contact_id", "correlation_id", "status")
    assert [f.message for f in findings] == [
        f'unknown column "{name}": rename the column to "{field}".'
        for name, field in zip(("Contact ID", "correlationId", "STATUS"), fields, strict=True)
    ]


def test_each_duplicate_column_is_reported_at_its_header(check: Check) -> None:
    header = [*HEADER, "status", "contact_id"]
    findings = check(table([cells_of(0)], header))
    assert [(f.rule, f.line) for f in findings] == [("file-malformed", 1)] * 2
    start = len(",".join(HEADER)) + 2
    assert [f.column for f in findings] == [start, start + len("status,")]
    assert ["status" in findings[0].message, "contact_id" in findings[1].message] == [True, True]


def test_misnamed_and_duplicate_columns_are_reported_together(check: Check) -> None:
    header = ["Contact ID", *without("contact_id"), "status"]
    findings = check(table([cells_of(0)], header))
    assert [(f.rule, f.column) for f in findings] == [
        ("file-kind", 1),
        ("file-malformed", len(",".join(header[:-1])) + 2),
    ]


LINE = json.dumps(cells_of(0, source="web\N{LATIN SMALL LETTER E WITH ACUTE}"), ensure_ascii=False)
ROW = table([cells_of(0, source="web\N{LATIN SMALL LETTER E WITH ACUTE}")]).partition("\n")[2]


@pytest.mark.parametrize(
    ("name", "before", "row", "separator"),
    [
        ("items.csv", f"{','.join(HEADER)}\n", ROW.strip(), "\n"),
        ("items.jsonl", "", LINE, "\n"),
        ("items.json", "[", LINE, ",\n"),
    ],
)
def test_a_byte_that_is_not_utf_8_costs_only_its_item(
    check: Check, name: str, before: str, row: str, separator: str
) -> None:
    bad = row.encode().replace(b"\xc3\xa9", b"\xe9")
    others = [
        row.replace("0" * 32, "0" * 31 + digit).replace("+14155550000", f"+1415555000{digit}")
        for digit in "12"
    ]
    rows = [others[0].encode(), bad, others[1].encode()]
    end = b"]" if name.endswith(".json") else b"\n"
    found = check(before.encode() + separator.encode().join(rows) + end, name)
    assert [(finding.rule, finding.item) for finding in found] == [
        ("invalid-source", 0),
        ("file-encoding", 1),
        ("invalid-source", 2),
    ]


def test_items_of_no_known_kind_are_checked_once_the_kind_is_known(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consentlint.linter.line_scan._FIRST_PART", 1)
    monkeypatch.setattr("consentlint.linter.line_scan._PART", 1)
    lines = [{"contact_id": "+19"}, None, cells_of(1), None]
    content = "".join(f"{json.dumps(line)}\n" for line in lines)
    found = check(content, "items.jsonl")
    assert {(finding.rule, finding.item, finding.line) for finding in found} >= {
        ("invalid-contact-id", 0, 1),
        ("item-malformed", 1, 2),
        ("item-malformed", 3, 4),
    }
    assert not [finding for finding in found if finding.item == 2]


def test_parse_errors_are_counted_in_a_file_of_no_known_kind(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consentlint.linter.file_scan.MAX_ERRORS", 5)
    monkeypatch.setattr("consentlint.linter.line_scan._FIRST_PART", 1)
    monkeypatch.setattr("consentlint.linter.line_scan._PART", 1)
    found = check("null\n" * 20, "items.jsonl")
    assert [(finding.rule, finding.item) for finding in found[:5]] == [
        ("item-malformed", number) for number in range(5)
    ]
    assert "parse errors so far" in found[5].message
    assert len(found) == 6


def test_a_table_is_of_the_kind_of_its_columns(checked: Callable[..., CheckedFile]) -> None:
    with checked(table([cells_of(0)])) as file:
        assert file.report.endpoint is CONSENTS


def test_a_file_with_a_bad_first_row_is_not_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    header = b"contact_id,correlation_id,country_iso_code,zip_code\n"
    path.write_bytes(header + b"+1415\x00,a,US,94105\n+14155550123,b,US,94105\n")
    with Linter(ReadOptions(), SETTINGS).check_file(str(path)) as checked:
        assert "file-empty" not in {finding.rule for finding in checked.findings()}
