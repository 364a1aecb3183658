"""Workbooks and Parquet files: their values, their places, and what is wrong with them."""

import datetime as dt
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
import xlwt
from click.testing import CliRunner, Result
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from pyarrow import parquet
from table_files import ods_cell, write_arrow, write_ods, write_ods_content

from consentlint.cli import main

OPTIONS = (
    *("--set", "sender_id=MG9752274e9e519418a7406176694466fa", "--set", "source=website"),
    *("--map", "contact_id=Phone", "--map", "status=Consent", "--map", "date_of_consent=Date"),
    *("--status", "Subscribed=opt-in", "--status", "true=opt-in", "--timezone", "UTC"),
    *("--now", "2026-01-01T00:00:00Z"),
)
HEADER = ["Phone", "Consent", "Date"]
MIDNIGHT = dt.datetime(2025, 2, 28)  # noqa: DTZ001
MOMENT = dt.datetime(2025, 2, 28, 14, 5)  # noqa: DTZ001 - a workbook has no time zones


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def book(
    *rows: list[Any], name: str = "book.xlsx", title: str = "Sheet1", mac: bool = False
) -> str:
    workbook = openpyxl.Workbook()
    if mac:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    sheet.title = title
    for row in (HEADER, *rows):
        sheet.append(row)
    workbook.save(name)
    return name


def convert(name: str, *options: str) -> tuple[list[dict[str, Any]], Result]:
    arguments = ["convert", name, "-o", "items.jsonl", *OPTIONS, *options]
    result = CliRunner().invoke(main, arguments)
    path = Path("items.jsonl")
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines()], result


def test_numbers_and_dates_of_a_workbook_are_read() -> None:
    items, result = convert(book([14155552671, "Subscribed", MOMENT]), "--lost-plus")
    assert result.exit_code == 0, result.output
    Path("book.xlsx.gz").write_bytes(gzip.compress(Path("book.xlsx").read_bytes()))
    assert len(convert("book.xlsx.gz", "--lost-plus")[0]) == 1
    assert items[0]["contact_id"] == "+14155552671"
    assert items[0]["date_of_consent"] == "2025-02-28T14:05:00+00:00"


@pytest.mark.parametrize(("mac", "serial"), [(False, 45716.5868055556), (True, 44254.5868055556)])
def test_a_date_as_a_number_is_read_by_the_epoch_of_the_workbook(mac: bool, serial: float) -> None:
    items, result = convert(book(["+14155552671", True, serial], mac=mac))
    assert result.exit_code == 0, result.output
    assert items[0]["date_of_consent"] == "2025-02-28T14:05:00+00:00"


@pytest.mark.parametrize("kind", ["date", "midnight", "ods", "serial", "serial with a fraction"])
def test_a_date_at_midnight_of_a_workbook_has_no_time(kind: str) -> None:
    cells = {"date": MIDNIGHT.date(), "midnight": MIDNIGHT, "serial": 45716}
    cell = cells.get(kind, 45716.0000001)
    if kind == "ods":
        other = "".join(map(ods_cell, ("+14155552671", "Subscribed")))
        date = (
            '<table:table-cell office:value-type="date" office:date-value="2025-02-28T00:00:00"/>'
        )
        rows = ("".join(map(ods_cell, HEADER)), other + date)
        name = "book.ods"
        write_ods_content(
            Path(name), "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        )
    else:
        name = book(["+14155552671", "Subscribed", cell])
    items, result = convert(name)
    assert items == []
    assert "pass --time-of-day TIME" in result.output
    items, _ = convert(name, "--time-of-day", "12:00")
    assert items[0]["date_of_consent"] == "2025-02-28T12:00:00+00:00"


def test_a_date_at_midnight_of_a_column_of_times_has_a_time() -> None:
    columns = {
        "Phone": ["+14155552671"],
        "Consent": ["Subscribed"],
        "Date": [MIDNIGHT],
    }
    parquet.write_table(pa.table(columns), "export.parquet")
    items, _ = convert("export.parquet", "--time-of-day", "12:00")
    assert items[0]["date_of_consent"] == "2025-02-28T00:00:00+00:00"


def test_a_place_is_named_as_excel_counts_it() -> None:
    book([14155552671, "Subscribed", "soon"], [4.15e18, "Subscribed", MOMENT], title="My list")
    _, result = convert("book.xlsx", "--lost-plus")
    assert result.exit_code == 1
    assert "book.xlsx: 'My list'!C2: \"soon\"" in result.output
    assert "A spreadsheet rounded it" in result.output
    assert "book.xlsx: 'My list'!A3: " in result.output


def test_columns_are_counted_from_the_edge_of_the_sheet() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for column, name in enumerate(HEADER, 2):
        sheet.cell(3, column, name)
    sheet.cell(4, 2, "nobody")
    sheet.cell(4, 3, "Subscribed")
    workbook.save("book.xlsx")
    _, result = convert("book.xlsx", "--header-row", "3")
    assert "book.xlsx: Sheet!B4: " in result.output


def test_a_formula_without_a_value_is_a_finding() -> None:
    book(["=1+1", "Subscribed", MOMENT], ["+14155552671", "Subscribed", None])
    items, result = convert("book.xlsx")
    assert [item["contact_id"] for item in items] == ["+14155552671"]
    assert "A formula has no value" in result.output
    assert "Sheet1!A2" in result.output


def test_a_workbook_with_several_sheets_lists_them() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(["+14155552671", "Subscribed", MOMENT])
    for number in range(9):
        workbook.create_sheet(f"Extra {number}")
    workbook.save("book.xlsx")
    _, result = convert("book.xlsx")
    assert result.exit_code == 2
    assert 'has 10 sheets: "Sheet", "Extra 0"' in result.output
    assert "Pass --sheet NAME." in result.output
    assert len(convert("book.xlsx", "--sheet", "Sheet")[0]) == 1
    assert 'has no sheet "x"' in convert("book.xlsx", "--sheet", "x")[1].output


def test_an_old_workbook_is_read() -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("List")
    for at, row in enumerate((HEADER, [14155552671, "Subscribed", "2025-02-28 14:05:00"])):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    workbook.save("book.xls")
    assert len(convert("book.xls", "--lost-plus")[0]) == 1


def test_a_workbook_with_a_password_says_so() -> None:
    # The header of a compound file whose directory names an encrypted package.
    Path("book.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    _, result = convert("book.xlsx")
    assert result.exit_code == 2
    assert "book.xlsx cannot be read" in result.output


def test_a_parquet_file_is_read_in_batches() -> None:
    moment = MOMENT.replace(tzinfo=dt.UTC)
    columns = {
        "Phone": [f"+1415555{number:04}" for number in range(2_500)],
        "Consent": [True, None] * 1_250,
        "Date": [moment] * 2_500,
    }
    parquet.write_table(pa.table(columns), "export.parquet")
    items, result = convert("export.parquet")
    assert len(items) == 1_250
    assert items[0]["date_of_consent"] == "2025-02-28T14:05:00+00:00"
    assert "1,250 written + 1,250 left out = 2,500 rows." in result.output
    assert 'export.parquet: row 2, column "Consent"' in result.output


def test_a_damaged_parquet_file_says_so() -> None:
    Path("export.parquet").write_bytes(b"PAR1" + bytes(100))
    _, result = convert("export.parquet")
    assert result.exit_code == 2
    assert "export.parquet cannot be read" in result.output


@pytest.mark.parametrize(
    ("module", "extra", "head"),
    [
        ("python_calamine", "excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("pyarrow", "parquet", b"PAR1"),
    ],
)
def test_a_missing_extra_is_named(
    module: str, extra: str, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name.partition(".")[0] == module:
                raise ModuleNotFoundError(name=name)

    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    Path("export").write_bytes(head + bytes(100))
    _, result = convert("export")
    assert result.exit_code == 2
    assert f'with the extra "{extra}"' in " ".join(result.output.split())


def test_an_opendocument_spreadsheet_is_read() -> None:
    rows = [HEADER, ["+14155552671", "Subscribed", "2025-02-28 14:05:00"], [None, None, None]]
    write_ods(Path("book.ods"), [*rows, ["nobody", "Subscribed", None]])
    items, result = convert("book.ods")
    assert [item["contact_id"] for item in items] == ["+14155552671"]
    assert "book.ods: Sheet1!A4: " in result.output


def test_a_header_below_merged_cells_is_pointed_to() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Contact", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(HEADER)
    sheet.append(["+14155552671", "Subscribed", MOMENT])
    workbook.save("book.xlsx")
    _, result = convert("book.xlsx")
    assert result.exit_code == 2
    assert "The header is in row 2: pass --header-row 2." in " ".join(result.output.split())
    assert len(convert("book.xlsx", "--header-row", "2")[0]) == 1


def test_totals_at_the_end_are_left_out() -> None:
    book(
        ["+14155552671", "Subscribed", MOMENT], [], ["Total", 1, None], [None, "=SUM(B2:B3)", None]
    )
    items, result = convert("book.xlsx")
    assert len(items) == 1
    assert "1 written + 2 left out = 3 rows." in result.output


def test_nested_and_very_many_columns_do_not_matter() -> None:
    columns = {
        "Phone": ["+14155552671"],
        "Consent": ["Subscribed"],
        "Date": [MOMENT.replace(tzinfo=dt.UTC)],
        "nested": [{"a": [{"b": 1}]}],
        **{f"c{number}": ["x"] for number in range(10_000)},
    }
    parquet.write_table(pa.table(columns), "export.parquet")
    items, result = convert("export.parquet", "--left-out", "left.csv")
    assert result.exit_code == 0, result.output
    assert len(items) == 1


def test_an_arrow_file_is_read() -> None:
    write_arrow(Path("export.arrow"), [HEADER, ["+14155552671", "Subscribed", "soon"]])
    _, result = convert("export.arrow")
    assert 'export.arrow: row 1, column "Date": "soon"' in result.output


def test_an_error_in_a_cell_is_not_a_blank_cell() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(HEADER)
    sheet.append(["#N/A", "Subscribed", MOMENT])
    sheet.append(["+14155552671", "Subscribed", "#REF!"])
    sheet["A2"].data_type = sheet["C3"].data_type = "e"
    workbook.save("book.xlsx")
    items, result = convert("book.xlsx")
    assert items == []
    assert result.exit_code == 1
    assert "correct the formula" in " ".join(result.output.split())
    assert 'book.xlsx: Sheet!A2: "#N/A"' in result.output
    assert 'book.xlsx: Sheet!C3: "#REF!"' in result.output
