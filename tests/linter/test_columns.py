"""What is reported once of a table: repeated headers, row ends, quotes, carriage returns."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from item_lists import CONSENT

from consentlint.fields import iso8601
from consentlint.linter.check import Linter
from consentlint.model.findings import Finding
from consentlint.model.settings import ReadOptions, Settings
from consentlint.rules import DEFAULT_RULES

SETTINGS = Settings(iso8601.parse("2026-01-01T00:00:00Z").moment)
HEADER = ",".join(CONSENT)

Check = Callable[..., tuple[list[Finding], int]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Returns the findings of a table, and how many items it has."""

    def checked(
        content: str, settings: Settings = SETTINGS, **options: object
    ) -> tuple[list[Finding], int]:
        path = tmp_path / "items.csv"
        path.write_text(content, newline="")
        read_options = ReadOptions(**options)  # type: ignore[arg-type]
        with Linter(read_options, settings).check_file(str(path)) as file:
            findings = [*file.findings()]
            assert sum(count for _, _, count in file.counts()) == len(findings)
            return findings, file.report.items

    return checked


def row(number: int, **changes: str) -> str:
    cells = {name: str(value) for name, value in CONSENT.items()}
    numbers = {"contact_id": f"+1415555{number:04}", "correlation_id": f"{number:032x}"}
    return ",".join({**cells, **numbers, **changes}.values())


def rows(count: int, end: str = "\n") -> str:
    return "".join(f"{row(number)}{end}" for number in range(count))


# The rows of a file are read in parts, and most of those in a large file are proven clean.
COUNTS = [3, 1000]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(
    "header", [HEADER, f"\ufeff{HEADER}", f"{HEADER}\r", HEADER.replace(",", ", ")]
)
def test_a_repeated_header_is_one_finding_and_no_item(
    check: Check, count: int, header: str
) -> None:
    content = f"{HEADER}\n{rows(count)}{header}\n{row(5000)}\n"
    (finding,), items = check(content)
    assert (finding.rule, finding.line, finding.item) == ("file-malformed", count + 2, None)
    assert finding.message == "the header is repeated here. Remove the line."
    assert items == count + 1


def test_many_repeated_headers_are_one_finding(check: Check, tmp_path: Path) -> None:
    table = "".join(f"{HEADER}\n{row(number)}\n" for number in range(2000))
    (finding,), items = check(table)
    assert (finding.line, items) == (3, 2000)
    assert "and on 1,998 more lines" in finding.message
    command = finding.message[finding.message.index("awk") :]
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    assert check((tmp_path / "items-2.csv").read_text()) == ([], 2000)


@pytest.mark.parametrize(
    "other",
    [
        "correlation_id,contact_id,sender_id,status,source,date_of_consent",
        "contact_id,correlation_id,country_iso_code,zip_code",
        "contact_id,status",
    ],
)
def test_rows_below_a_header_with_other_columns_are_not_read(check: Check, other: str) -> None:
    findings, items = check(f"{HEADER}\n{rows(3)}{other}\n{rows(3)}")
    assert [(f.rule, f.line) for f in findings] == [("file-malformed", 5)]
    assert "another header" in findings[0].message
    assert items == 3


def test_a_repeated_header_does_not_hide_a_missing_column(check: Check) -> None:
    header = HEADER.replace(",source", "")
    content = "".join(f"{header}\n{row(number).replace(',website', '')}\n" for number in range(3))
    findings, _ = check(content)
    assert [f.rule for f in findings] == ["invalid-source", "file-malformed"]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(("end", "last"), [(",", ""), (",,", ""), (", ", "\r"), (",", "\r")])
def test_a_delimiter_at_the_end_of_rows_is_one_warning(
    check: Check, count: int, end: str, last: str
) -> None:
    findings, items = check(f"{HEADER}\n" + rows(count, f"{end}{last}\n"))
    assert [(f.rule, f.line, f.severity) for f in findings] == [("ambiguous-csv", 2, "warning")]
    assert "delimiter" in findings[0].message
    assert items == count


@pytest.mark.parametrize("count", COUNTS)
def test_a_delimiter_at_the_end_of_every_line_is_one_warning(check: Check, count: int) -> None:
    findings, _ = check(f"{HEADER},\n" + rows(count, ",\n"))
    assert [(f.rule, f.line) for f in findings] == [("unknown-field", 1)]
    assert "the header ends with a delimiter" in findings[0].message


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("more", ["", ",note", ",note,", ",note,name"])
def test_rows_may_omit_empty_cells_at_their_end(check: Check, count: int, more: str) -> None:
    table = f"{HEADER}{more}\n" + rows(count).replace(f",{CONSENT['date_of_consent']}", "")
    findings, items = check(table)
    rules = {f.rule for f in findings if f.rule != "unknown-field"}
    assert (rules, items) == ({"date-of-consent-missing"}, count)


@pytest.mark.parametrize("count", COUNTS)
def test_some_rows_may_lack_their_last_cells(check: Check, count: int) -> None:
    lines = [row(number) + (",x" if number % 3 else "") for number in range(count)]
    findings, items = check(f"{HEADER},note\n" + "\n".join(lines))
    assert ([f.rule for f in findings], items) == (["unknown-field"], count)


@pytest.mark.parametrize("line", ["Total: 20", "+14155550123", row(1).partition(",opt-")[0]])
def test_a_row_that_lacks_the_cells_of_required_fields_is_malformed(
    check: Check, line: str
) -> None:
    findings, _ = check(f"{HEADER}\n{rows(1)}{line}\n")
    assert [(f.rule, f.line) for f in findings] == [("item-malformed", 3)]


@pytest.mark.parametrize("notes", ["", "".join(f",note {n}" for n in range(20))])
def test_a_row_that_lacks_the_cell_of_one_required_field_is_an_item_without_it(
    check: Check, notes: str
) -> None:
    short = row(1).partition(",website")[0]
    findings, items = check(f"{HEADER}{notes}\n{rows(1)}{short}\n")
    found = [(f.rule, f.line) for f in findings if f.rule != "unknown-field"]
    assert found == [("invalid-source", 3), ("date-of-consent-missing", 3)]
    assert items == 2


@pytest.mark.parametrize("note", ['5" pipe', 'a "b" c', 'x""y', ' "quoted"'])
@pytest.mark.parametrize("count", COUNTS)
def test_quotes_inside_cells_without_quotes_are_one_warning(
    check: Check, note: str, count: int
) -> None:
    lines = [f"{row(number)},{note if number % 2 else 'x'}" for number in range(count)]
    findings, items = check(f"{HEADER},note\n" + "\n".join(lines))
    (finding,) = [f for f in findings if f.rule != "unknown-field"]
    assert (finding.rule, finding.severity, finding.line) == ("ambiguous-csv", "warning", 3)
    assert finding.column == len(row(1)) + 2 + note.index('"')
    assert (f"in {count // 2} rows" in finding.message) == (count > 3)
    assert items == count


@pytest.mark.parametrize("note", ['"a ""b"" c"', '""', '"""x"""', "'x'"])
def test_quotes_inside_cells_in_quotes_are_fine(check: Check, note: str) -> None:
    findings, _ = check(f"{HEADER},note\n{row(1)},{note}\n")
    assert [f.rule for f in findings] == ["unknown-field"]


@pytest.mark.parametrize(
    "table",
    [
        f'{HEADER},note\n{row(1)},a"b\n',
        f"{HEADER}\n{row(1)},\n",
        f"{HEADER}\n{row(1)}\n".replace(",", "|"),
    ],
)
def test_the_advice_about_the_form_of_a_table_can_be_ignored(check: Check, table: str) -> None:
    rules = DEFAULT_RULES - {"ambiguous-csv", "unknown-field"}
    assert check(table, SETTINGS._replace(rules=rules))[0] == []
    findings, _ = check(table, SETTINGS._replace(strict=True))
    assert "error" in {f.severity for f in findings if f.rule == "ambiguous-csv"}


@pytest.mark.parametrize("note", ["a\rb", "x\r", "\ry"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_carriage_return_inside_a_cell_is_named(check: Check, note: str, end: str) -> None:
    line = f"{row(1)},{note},z"
    findings, _ = check(f"{HEADER},note,x{end}{row(0)},a,b{end}{line}{end}")
    found = [f for f in findings if f.rule == "file-malformed"]
    assert [(f.line, f.column) for f in found] == [(3, line.index("\r") + 1)]
    assert "carriage return (CR) inside a cell" in found[0].message


def test_rows_that_end_in_a_carriage_return_alone_are_distinguished_from_cells(
    check: Check,
) -> None:
    findings, _ = check(f"{HEADER}\n{row(0)}\r{row(1)}\r{row(2)}\n")
    assert [f.rule for f in findings] == ["file-malformed"]
    assert "lines end in a carriage return (CR) alone" in findings[0].message


def test_missing_and_misnamed_columns_are_reported_in_few_lines(check: Check) -> None:
    header = HEADER.replace("contact_id,", "").replace("status", "Consent Status")
    lines = "".join(row(number).partition(",")[2] + "\n" for number in range(20_000))
    findings, items = check(f"{header}\n{lines}")
    assert len(findings) == 2
    assert items == 0
