"""`consentlint check` of workbooks, Parquet and Arrow files."""

import csv
import gzip
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet
from sample_items import CONSENT
from table_files import (
    ARROW_TABLES,
    WORKBOOKS,
    Rows,
    write_parquet,
    write_xlsx,
)

from consentlint.cli import main
from consentlint.formats import table_file

FIXTURE = Path(__file__).parents[2] / "fixtures" / "with_errors" / "subscribers.csv"
NOW = ("--now", "2026-01-01T00:00:00Z")
HEADER = [*CONSENT]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, command: str = "check", stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [command, *arguments, *NOW], input=stdin)


def findings(*arguments: str, **options: Any) -> list[dict[str, Any]]:
    result = run(*arguments, "--output-format", "json", **options)
    assert result.exit_code in (0, 1, 2), result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return found


def fixture_rows() -> list[list[str | None]]:
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        return [[cell or None for cell in row] for row in csv.reader(file)]


def row(**changes: Any) -> list[Any]:
    return list((CONSENT | changes).values())


LOCATION = {"file", "line", "column", "end_line", "end_column", "offset", "end_offset", "cell"}


def without_location(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in each.items() if key not in {*LOCATION, "fix", "message"}}
        for each in found
    ]


@pytest.mark.parametrize("suffix", [*WORKBOOKS, *ARROW_TABLES])
def test_the_findings_of_a_table_are_those_of_its_rows_as_csv(suffix: str) -> None:
    write = (WORKBOOKS | ARROW_TABLES)[suffix]
    write(Path(f"subscribers.{suffix}"), fixture_rows())
    found, expected = findings(f"subscribers.{suffix}"), findings(str(FIXTURE))
    assert without_location(found) == without_location(expected)
    assert len(found) > 4
    # The rows of a workbook are counted with the header, as the lines of a text are.
    above = 0 if suffix in WORKBOOKS else 1
    assert [each["line"] + above for each in found] == [each["line"] for each in expected]
    assert {each["offset"] for each in found} == {None}
    assert {each["fix"] is None for each in found} == {True}


def test_a_finding_names_the_cell_of_a_workbook() -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, row(status="Opt In")], "My list")
    (found,) = findings("book.xlsx")
    assert (found["cell"], found["line"], found["column"]) == ("'My list'!D2", 2, 4)
    assert "book.xlsx: 'My list'!D2: error INVALID_STATUS" in run("book.xlsx").output


def test_a_finding_names_the_row_of_a_parquet_file() -> None:
    write_parquet(Path("items.parquet"), [HEADER, *[row()] * 7, row(status="Opt In")])
    found = findings("items.parquet", "--select", "INVALID_STATUS")
    assert [(each["cell"], each["line"], each["column"]) for each in found] == [("row 8", 8, 4)]


def test_messages_count_rows() -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, *[row()] * 9])
    output = run("book.xlsx", "--select", "INVALID_CORRELATION_ID").output
    assert "is already used in row 2" in output
    assert "more like this, rows 8–10" in output


def test_the_names_of_columns_may_be_below_a_title_and_right_of_empty_columns() -> None:
    rows = [[], ["", "Subscribers of 2025"], [], ["", *HEADER], ["", *row(source="x")], []]
    write_xlsx(Path("book.xlsx"), rows)
    (found,) = findings("book.xlsx")
    assert (found["cell"], found["reason"]) == ("Sheet1!F5", "INVALID_SOURCE")


def test_the_sheet_with_the_columns_is_read() -> None:
    write_xlsx(Path("book.xlsx"), [["Notes"], ["call +14155552671"]], Data=[HEADER, row()])
    result = run("book.xlsx")
    assert result.exit_code == 0
    assert "1 item" in result.output


def test_two_sheets_with_the_columns_are_listed() -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, row()], Old=[HEADER, row(status="x")], Notes=[["a"]])
    result = run("book.xlsx")
    assert result.exit_code == 2
    assert (
        'has 2 sheets with the same columns: "Sheet1", "Old". Pass --sheet NAME.' in result.output
    )
    assert [each["cell"] for each in findings("book.xlsx", "--sheet", "Old")] == ["Old!D2"]
    assert 'has no sheet "x"' in run("book.xlsx", "--sheet", "x").output


def test_a_table_of_something_else_points_to_convert() -> None:
    write_xlsx(Path("export.xlsx"), [["Phone", "Consent"], ["(415) 555-2671", "yes"]])
    result = run("export.xlsx")
    assert result.exit_code == 2
    assert "export.xlsx: Sheet1!A1: error file-kind" in result.output
    assert "consentlint convert --inspect export.xlsx" in result.output


def test_the_cell_of_a_misnamed_column_is_named() -> None:
    write_xlsx(Path("book.xlsx"), [[*HEADER[:3], "Status", *HEADER[4:]], row()])
    (found,) = findings("book.xlsx")
    assert (found["cell"], found["rule"]) == ("Sheet1!D1", "file-kind")
    assert 'rename the column to "status"' in found["message"]


def test_numbers_and_dates_of_a_workbook_are_checked_as_the_text_that_csv_would_have() -> None:
    moment = datetime(2025, 6, 2, 15, 30)  # noqa: DTZ001 - a workbook has no time zones
    numbers = row(contact_id=14155552671, status=True, date_of_consent=moment)
    write_xlsx(Path("book.xlsx"), [HEADER, numbers])
    found = findings("book.xlsx", "--show-values")
    assert {each["field"]: each["value"] for each in found} == {
        "contact_id": "14155552671",
        "status": "true",
        "date_of_consent": "2025-06-02T15:30:00",
    }


def test_a_formula_without_a_value_is_reported() -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, row(date_of_consent="=NOW()")])
    (found,) = findings("book.xlsx")
    assert (found["cell"], found["reason"]) == ("Sheet1!F2", "INVALID_DATE_OF_CONSENT")


def test_a_column_that_is_not_text_is_rejected() -> None:
    columns = dict(zip(HEADER, [[each] for each in row()], strict=True))
    columns |= {"contact_id": [14155552671], "date_of_consent": [datetime(2025, 6, 2)]}  # noqa: DTZ001
    parquet.write_table(pa.table(columns), "items.parquet")
    found = findings("items.parquet")
    assert [each["rule"] for each in found] == ["file-kind"] * 2
    assert 'column "contact_id" is int64, expected string' in found[0]["message"]
    assert "2025-06-02T15:30:00Z" in found[1]["message"]


def test_other_columns_of_a_parquet_file_are_its_own() -> None:
    rows = [[*HEADER, *(f"c{number}" for number in range(40)), "staus"], [*row(), *[1] * 40, "x"]]
    write_parquet(Path("items.parquet"), rows)
    assert findings("items.parquet") == []
    contacts = [
        ["contact_id", "correlation_id", "zip_code", "country"],
        ["+14155552671", "a", "1", "US"],
    ]
    write_parquet(Path("contacts.parquet"), contacts)
    assert any("country" in each["message"] for each in findings("contacts.parquet"))


def test_null_is_a_missing_field_and_an_empty_text_is_not() -> None:
    rows = [
        HEADER,
        row(date_of_consent=None),
        row(correlation_id="0" * 31 + "1", status=""),
        [None] * 6,
    ]
    columns = list(zip(*rows[1:], strict=True))
    table = {name: pa.array(each, pa.string()) for name, each in zip(HEADER, columns, strict=True)}
    parquet.write_table(pa.table(table), "items.parquet")
    found = findings("items.parquet", "--select", "errors")
    assert [(each["item"], each["field"]) for each in found if each["item"] != 2] == [(1, "status")]
    assert len([each for each in found if each["item"] == 2]) == 5


@pytest.mark.parametrize("name", ["book.xlsx", "items.parquet"])
@pytest.mark.parametrize("options", [("--fix",), ("--diff",), ("--fix-only",)])
def test_a_table_is_not_fixed(name: str, options: tuple[str, ...]) -> None:
    {"book.xlsx": write_xlsx, "items.parquet": write_parquet}[name](
        Path(name), [HEADER, row(status="Opt In")]
    )
    before = Path(name).read_bytes()
    result = run(name, *options)
    assert result.exit_code == 2
    assert "and only text files are written." in result.output
    assert ("Save it as CSV" if name == "book.xlsx" else "Export it as CSV") in result.output
    assert "Nothing to fix." not in result.output
    assert Path(name).read_bytes() == before


def test_the_rows_of_a_table_are_not_written() -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, row(status="Opt In")])
    result = run("book.xlsx", "--rejected-rows", "rejected.csv")
    assert result.exit_code == 2
    assert "the file book.xlsx is a workbook, and only text files are written" in result.output
    assert not Path("rejected.csv").exists()


def test_a_table_may_be_gzipped_or_standard_input() -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, row(status="Opt In")])
    content = Path("book.xlsx").read_bytes()
    Path("book.xlsx.gz").write_bytes(gzip.compress(content))
    assert [each["cell"] for each in findings("book.xlsx.gz")] == ["Sheet1!D2"]
    command = [sys.executable, "-m", "consentlint", "check", "-", *NOW]
    result = subprocess.run(command, input=content, capture_output=True, check=False)
    assert b"<stdin>: Sheet1!D2: error INVALID_STATUS" in result.stdout


def test_the_files_of_a_spark_job_are_found() -> None:
    for name in ("part-0000.parquet", "_temporary/part-1.parquet", "_delta_log/x.parquet"):
        Path("out", name).parent.mkdir(parents=True, exist_ok=True)
        write_parquet(Path("out", name), [HEADER, row(status="x")])
    Path("out", "part-00001").write_text(
        json.dumps(dict(zip(HEADER, row(source="x"), strict=True)))
    )
    for name in ("_SUCCESS", ".part-0000.parquet.crc", "~$book.xlsx", "part-2.crc"):
        Path("out", name).write_bytes(b"crc\0")
    assert [each["file"] for each in findings("out")] == ["out/part-0000.parquet", "out/part-00001"]


def test_tables_of_a_directory_without_fields_of_the_api_are_skipped() -> None:
    Path("data").mkdir()
    write_xlsx(Path("data/prices.xlsx"), [["Item", "Price"], ["a", 1]], More=[["b"]])
    write_parquet(Path("data/prices.parquet"), [["item", "price"], ["a", 1]])
    write_parquet(Path("data/items.parquet"), [HEADER, row(status="x")])
    for name in ("prices.xlsx", "items.parquet"):
        Path(f"data/packed-{name}.gz").write_bytes(gzip.compress(Path("data", name).read_bytes()))
    found = findings("data")
    assert [each["file"] for each in found] == [
        "data/items.parquet",
        "data/packed-items.parquet.gz",
    ]


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("book.xlsx", "python_calamine", "excel"), ("items.parquet", "pyarrow", "parquet")],
)
def test_a_missing_extra_is_named(
    name: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    {"book.xlsx": write_xlsx, "items.parquet": write_parquet}[name](Path(name), [HEADER, row()])
    monkeypatch.setattr(table_file, "find_spec", lambda found: None if found == module else 1)
    result = run(name)
    assert result.exit_code == 2
    assert f'install consentlint with the extra "{extra}".' in result.output


def test_a_process_that_cannot_be_started_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, row()])
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    result = run("book.xlsx")
    assert result.exit_code == 2
    assert "no process can be started" in result.output


def test_the_name_of_a_sheet_is_masked() -> None:
    write_xlsx(Path("book.xlsx"), [HEADER, row(status="x")], "+14155552671")
    output = run("book.xlsx").output + run("book.xlsx", "--output-format", "json").output
    assert "INVALID_STATUS" in output
    assert "4155552671" not in output


def test_a_report_is_made_of_a_table() -> None:
    write_xlsx(Path("book.xlsx"), fixture_rows())
    for name, output in (("book.xlsx", "a.json"), (str(FIXTURE), "b.json")):
        assert run(name, "-o", output, command="report").exit_code == 0
    data, expected = (json.loads(Path(name).read_text()) for name in ("a.json", "b.json"))
    assert data["checked"]["files"][0]["format"] == "workbook"
    for key in ("verdict", "contacts", "over_time", "opt_outs"):
        if key in expected:
            assert data[key] == expected[key]
    assert data["verdict"]["records"] == 12


def test_a_row_of_a_large_table_is_found_again() -> None:
    count = 3_000
    rows: Rows = [
        row(correlation_id=f"{n:032x}", contact_id=f"+1415555{n:04}") for n in range(count)
    ]
    changed = [*rows[:2_500], row(correlation_id="f" * 32, status="Opt In"), *rows[2_500:]]
    write_parquet(Path("items.parquet"), [HEADER, *changed])
    assert [each["cell"] for each in findings("items.parquet")] == ["row 2501"]
