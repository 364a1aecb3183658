"""Write workbooks, Parquet and Arrow files, for tests of any room."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import xlwt
from pyarrow import parquet

Rows = Sequence[Sequence[Any]]

_ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
_ODS_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_MIME}"/>'
    "</manifest:manifest>"
)


def write_xlsx(path: Path, rows: Rows, title: str = "Sheet1", **others: Rows) -> None:
    """Write a workbook; each keyword is a further sheet with its rows."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    for name, further in others.items():
        sheet = book.create_sheet(name)
        for row in further:
            sheet.append(list(row))
    book.save(path)


def write_xls(path: Path, rows: Rows) -> None:
    """Write a workbook of Excel 97."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    book.save(str(path))


def write_ods(path: Path, rows: Rows) -> None:
    """Write an OpenDocument spreadsheet of texts."""
    cells = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows
    )
    write_ods_content(path, cells)


def ods_cell(value: str | None, attributes: str = "") -> str:
    """Return the XML of a cell."""
    if value is None:
        return f"<table:table-cell{attributes}/>"
    text = value.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<table:table-cell office:value-type="string"{attributes}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def write_ods_content(path: Path, rows: str) -> None:
    """Write an OpenDocument spreadsheet, given the XML of its rows."""
    content = (
        f"<office:document-content{_ODS_NAMES}><office:body><office:spreadsheet><table:table"
        f' table:name="Sheet1">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_MIME, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        archive.writestr("content.xml", content)


def _table(rows: Rows) -> pa.Table:
    header, *others = rows
    columns = zip(*others, strict=True)
    return pa.table({name: list(column) for name, column in zip(header, columns, strict=True)})


def write_parquet(path: Path, rows: Rows) -> None:
    """Write a Parquet file; the first row has the names of the columns."""
    parquet.write_table(_table(rows), path, row_group_size=4)


def write_arrow(path: Path, rows: Rows) -> None:
    """Write an Arrow IPC file."""
    table = _table(rows)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=5)


def write_arrow_stream(path: Path, rows: Rows) -> None:
    """Write an Arrow IPC stream."""
    table = _table(rows)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)


WORKBOOKS: Mapping[str, Callable[[Path, Rows], None]] = {
    "xlsx": write_xlsx,
    "xls": write_xls,
    "ods": write_ods,
}
"""What writes a workbook, for each suffix."""

ARROW_TABLES: Mapping[str, Callable[[Path, Rows], None]] = {
    "parquet": write_parquet,
    "arrow": write_arrow,
    "arrows": write_arrow_stream,
}
"""What writes a file with columns of one type, for each suffix."""
