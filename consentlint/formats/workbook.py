"""Sheets of workbooks, read by python-calamine."""

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import python_calamine as calamine

from consentlint.formats.cells import UNCALCULATED, cell_text, column_letters
from consentlint.formats.open_table import Cells, Head, OpenTable, ReadError
from consentlint.text.masking import shown

_MAX_LISTED = 20
_PIECE = 2**20
# A header among so many rows has a title above it.
_MAX_TITLE = 20
_MIN_FIELDS = 2
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
# An error, such as #N/A; the library shows it as a blank cell.
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*\bt="e"[^>]*>\s*'
    rb"(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*)?<v>(#[A-Z0-9/!?_]{1,20})</v>"
)
_COLUMN = re.compile("[A-Z]+")
# What zipfile raises for an archive that is damaged, or that has no such member.
_ZIP_ERRORS = (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError)

Row = list[str | None]


def open_workbook(
    path: str, sheet: str | None, header_row: int | None, fields: Collection[str]
) -> OpenTable:
    """Open a sheet of a workbook.

    Args:
        path: the file.
        sheet: the name of the sheet; None for the only one, or the only one with several of the
            fields.
        header_row: the row with the names of the columns, from 1; None for the first that has
            several of the fields, or that is not blank.
        fields: names of columns.

    Raises:
        ReadError: it cannot be read, or has no such sheet.
    """
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        opened = _choose(book, sheet, fields)
    except calamine.PasswordError:
        raise ReadError("is protected by a password. Save a copy without it") from None
    except (calamine.CalamineError, OSError) as error:
        raise ReadError(
            f"cannot be read as a workbook: {shown(str(error))}. Save it again as .xlsx"
        ) from None
    first_column = opened.start[1] if opened.start else 0
    about = _member(path, "xl/workbook.xml")
    sheet_file = _sheet_file(path, about, book.sheet_names.index(opened.name))
    rows = _rows(opened, first_column, _hidden_texts(path, sheet_file))
    number, names, after = _split(rows, header_row, fields)

    def cells(columns: Sequence[int]) -> Iterator[Cells]:
        for row in after:
            yield [row[at] for at in columns] if any(map(_has_text, row)) else ()

    is_1904 = re.search(rb'date1904="(?:1|true)"', about) is not None
    head = Head(
        [cell or "" for cell in names],
        header_row=number,
        sheet=opened.name,
        first_column=first_column,
        height=opened.total_height,
        epoch="1904-01-01" if is_1904 else "1899-12-30",
    )
    return OpenTable(head, cells)


def _choose(book: Any, given: str | None, fields: Collection[str]) -> Any:
    """Return the sheet to read."""
    names: list[str] = book.sheet_names
    if given is not None:
        if given not in names:
            raise ReadError(f'has no sheet "{shown(given)}". It has: {_listed(names)}')
        return book.get_sheet_by_name(given)
    if len(names) > 1 and fields:
        sheets = map(book.get_sheet_by_name, names)
        related = [sheet for sheet in sheets if _has_fields(sheet, fields)]
        if len(related) == 1:
            return related[0]
        # Without any, the message about the header says what is expected.
        names = [sheet.name for sheet in related] or names[:1]
    if len(names) != 1:
        which = " with the same columns" if fields else ""
        raise ReadError(f"has {len(names)} sheets{which}: {_listed(names)}. Pass --sheet NAME")
    return book.get_sheet_by_name(names[0])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{shown(each)}"' for each in names[:_MAX_LISTED])


def _has_fields(sheet: Any, fields: Collection[str]) -> bool:
    """Tell whether one of the first rows of a sheet has several of the fields."""
    rows = islice(_rows(sheet, 0, {}), _MAX_TITLE)
    return any(_known(row, fields) >= _MIN_FIELDS for row in rows)


def _known(row: Row, fields: Collection[str]) -> int:
    return len({cell.strip() for cell in row if cell}.intersection(fields))


def _rows(sheet: Any, first_column: int, hidden: Mapping[str, str]) -> Iterator[Row]:
    """Yield all rows, from the first of the sheet.

    Args:
        sheet: the sheet.
        first_column: how many columns are left of its first cell.
        hidden: the text of each cell that looks blank and is not.
    """
    letters = [column_letters(first_column + at + 1) for at in range(sheet.width)]
    # The library leaves out a row at the end that has only such cells.
    last = max((int(_COLUMN.sub("", cell)) for cell in hidden), default=0)
    number = 0
    for number, values in enumerate(sheet.iter_rows(), 1):
        row: Row = [cell_text(value) or None for value in values]
        for at, cell in enumerate(row) if hidden else ():
            if cell is None:
                row[at] = hidden.get(f"{letters[at]}{number}")
        yield row
    for below in range(number + 1, last + 1):
        yield [hidden.get(f"{each}{below}") for each in letters]


def _split(
    rows: Iterator[Row], header_row: int | None, fields: Collection[str]
) -> tuple[int, Row, Iterator[Row]]:
    """Return the number of the header, its cells, and the rows below it."""
    if header_row is not None:
        above = [*islice(rows, header_row)]
        return len(above), above[-1] if above else [], rows
    top = [*islice(rows, _MAX_TITLE)]
    filled = [number for number, row in enumerate(top) if any(map(_has_text, row))]
    known = [number for number in filled if _known(top[number], fields) >= _MIN_FIELDS]
    if not filled:
        return 0, [], iter(())
    number = [*known, *filled][0]
    return number + 1, top[number], chain(top[number + 1 :], rows)


def _has_text(cell: str | None) -> bool:
    return cell is not None and not cell.isspace()


def _member(path: str, member: str) -> bytes:
    """Return a member of a zip archive, nothing if it has none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            return file.read()
    except _ZIP_ERRORS:
        return b""


def _hidden_texts(path: str, sheet_file: str) -> dict[str, str]:
    """Return the texts of cells that the library shows as blank, by the name that Excel gives a cell.

    They are errors, and formulas without a value: a program that writes workbooks without a
    spreadsheet program does not calculate them.
    """
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as archive, archive.open(sheet_file) as file:
            rest = b""
            while piece := file.read(_PIECE):
                text = rest + piece
                if b"<f" in text:
                    found.update(
                        (each[1].decode(), UNCALCULATED) for each in _NO_VALUE.finditer(text)
                    )
                if b't="e"' in text:
                    found.update(
                        (each[1].decode(), each[2].decode()) for each in _ERROR.finditer(text)
                    )
                rest = text[max(0, text.rfind(b"<c ")) :][-_PIECE:]
    except _ZIP_ERRORS:
        # Other kinds of workbooks keep the value with the formula.
        return {}
    return found


def _sheet_file(path: str, about: bytes, number: int) -> str:
    """Return the member that has a sheet; empty if the file is not an .xlsx.

    Args:
        path: the file.
        about: its member `xl/workbook.xml`.
        number: the number of the sheet, from 0.
    """
    ids = re.findall(rb'<sheet [^>]*r:id="([^"]+)"', about)
    links = _member(path, "xl/_rels/workbook.xml.rels")
    for link in re.findall(rb"<Relationship [^>]*>", links):
        target = re.search(rb'Target="/?(?:xl/)?([^"]+)"', link)
        if number < len(ids) and b'Id="%s"' % ids[number] in link and target is not None:
            return f"xl/{target[1].decode()}"
    return ""
