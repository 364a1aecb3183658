"""Damaged and hostile workbooks, Parquet and Arrow files: a clear line, and memory in bounds."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from table_files import ods_cell, write_ods_content, write_parquet, write_xlsx

from consentlint.formats import table_file
from consentlint.model.findings import Finding

pytestmark = pytest.mark.slow

Check = Callable[..., list[Finding]]

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NEEDS_LIMIT = pytest.mark.skipif(os.name != "posix", reason="Windows limits no memory")


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a process have less memory, so that a test of too much takes less time."""
    monkeypatch.setattr(table_file, "MAX_MEMORY", 2**28)


def changed(path: Path, member: str, content: bytes) -> bytes:
    """Return a small workbook with another member."""
    write_xlsx(path, [["contact_id", "status"], ["+14155552671", "opt-in"]])
    output = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return output.getvalue()


def only(check: Check, name: str, content: bytes) -> str:
    (finding,) = check(name, content)
    assert finding.rule == "file-unreadable"
    return finding.message


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "as a workbook"),
        ("x.xlsx", b"PK\x03\x04[Content_Types].xml" + bytes(50), "as a workbook"),
        ("x.parquet", b"PAR1" + bytes(100), "as Parquet"),
        ("x.arrow", b"ARROW1\0\0" + bytes(100), "as Arrow"),
        ("x.arrows", b"\xff\xff\xff\xff\xff\xff\xff\x7f" + bytes(100), "as Arrow"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_file_is_reported(check: Check, name: str, content: bytes, words: str) -> None:
    message = only(check, name, content)
    assert f"cannot be read {words}" in message
    assert "again" in message


@NEEDS_LIMIT
def test_a_sheet_with_a_billion_cells_is_reported(check: Check, tmp_path: Path) -> None:
    cell = '<c r="{}" t="inlineStr"><is><t>status</t></is></c>'
    rows = "".join(
        f'<row r="{row}">{cell.format(f"{column}{row}")}</row>'
        for column, row in (("A", 1), ("XFD", 1_048_576))
    )
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    content = changed(tmp_path / "x.xlsx", "xl/worksheets/sheet1.xml", sheet.encode())
    assert "needed more than 4096 MB of memory" in only(check, "x.xlsx", content)


@NEEDS_LIMIT
@pytest.mark.usefixtures("little_memory")
def test_a_workbook_that_unpacks_to_gigabytes_is_reported(check: Check, tmp_path: Path) -> None:
    cell = b'<c r="A1" t="inlineStr"><is><t>%s</t></is></c>' % (b"a" * 2**28)
    rows = b'<sheetData><row r="1">%s</row></sheetData>' % cell
    sheet = b'<worksheet xmlns="%s">%s</worksheet>' % (SHEET.encode(), rows)
    content = changed(tmp_path / "x.xlsx", "xl/worksheets/sheet1.xml", sheet)
    assert len(content) < 2**20
    assert "needed more than 256 MB of memory" in only(check, "x.xlsx", content)


def test_a_row_that_is_repeated_a_million_times_is_reported(check: Check, tmp_path: Path) -> None:
    row = ods_cell("contact_id", ' table:number-columns-repeated="16384"')
    rows = f'<table:table-row table:number-rows-repeated="1048576">{row}</table:table-row>'
    write_ods_content(tmp_path / "x.ods", rows)
    assert "cannot be read" in only(check, "x.ods", (tmp_path / "x.ods").read_bytes())


@NEEDS_LIMIT
@pytest.mark.usefixtures("little_memory")
def test_a_long_text_that_each_row_has_is_reported(check: Check, tmp_path: Path) -> None:
    numbers = pa.array([0] * 100_000, pa.int32())
    texts = pa.DictionaryArray.from_arrays(numbers, pa.array(["a" * 2_000_000]))
    parquet.write_table(pa.table({"contact_id": texts, "status": texts}), tmp_path / "x.parquet")
    message = only(check, "x.parquet", (tmp_path / "x.parquet").read_bytes())
    assert "needed more than 256 MB of memory" in message


def test_rows_that_are_a_hundred_times_as_large_as_their_file_are_not_read(
    check: Check, tmp_path: Path
) -> None:
    numbers = pa.array([0] * 30_000, pa.int32())
    texts = pa.DictionaryArray.from_arrays(numbers, pa.array(["a" * 100]))
    parquet.write_table(pa.table({"contact_id": texts, "status": texts}), tmp_path / "x.parquet")
    found = check("x.parquet", (tmp_path / "x.parquet").read_bytes())
    assert any("more than 100 times its size" in finding.message for finding in found)


def test_ten_thousand_columns_are_read(check: Check, tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(10_000)]
    rows = [["contact_id", "status", "source", *names], ["+14155552671", "x", "y", *["z"] * 10_000]]
    write_parquet(tmp_path / "x.parquet", rows)
    found = check("x.parquet", (tmp_path / "x.parquet").read_bytes())
    assert {"invalid-status", "invalid-source"} <= {finding.rule for finding in found}


def test_nested_columns_are_the_users_own_unless_they_have_the_name_of_a_field(
    check: Check, tmp_path: Path
) -> None:
    nested = [{"a": [1, 2], "b": {"c": None}}]
    texts = {"contact_id": ["+14155552671"], "source": ["website"]}
    parquet.write_table(pa.table({**texts, "more": nested, "status": nested}), tmp_path / "x")
    (finding,) = check("x.parquet", (tmp_path / "x").read_bytes())
    assert 'column "status" is struct<a: list' in finding.message


def test_a_text_that_is_not_utf_8_does_not_end_the_run(check: Check, tmp_path: Path) -> None:
    texts = pa.array([b"\xff\xfe", b"opt-in"], pa.binary())
    bad = pa.Array.from_buffers(pa.string(), 2, texts.buffers())
    columns = {"contact_id": ["+14155552671"] * 2, "source": ["website"] * 2, "status": bad}
    parquet.write_table(pa.table(columns), tmp_path / "x")
    found = check("x.parquet", (tmp_path / "x").read_bytes())
    assert [finding.item for finding in found if finding.rule == "invalid-status"] == [0]


def test_an_empty_table_is_reported(check: Check, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "x.xlsx", [])
    (finding,) = check("x.xlsx", (tmp_path / "x.xlsx").read_bytes())
    assert finding.rule == "file-empty"
    names = ["contact_id", "sender_id", "correlation_id", "status", "source"]
    parquet.write_table(
        pa.table({name: pa.array([], pa.string()) for name in names}), tmp_path / "x"
    )
    found = check("x.parquet", (tmp_path / "x").read_bytes())
    assert "file-empty" in [finding.rule for finding in found]


def test_the_process_that_reads_a_table_finds_no_module_in_the_current_folder(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('found')")
    monkeypatch.chdir(tmp_path)
    write_xlsx(
        tmp_path / "x.xlsx", [["contact_id", "status", "source"], ["+14155552671", "x", "y"]]
    )
    found = check("x.xlsx", (tmp_path / "x.xlsx").read_bytes())
    assert "invalid-status" in {finding.rule for finding in found}
