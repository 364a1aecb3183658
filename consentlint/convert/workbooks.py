"""Sheets of workbooks as tables, read by python-calamine."""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from consentlint.convert.cells import UNCALCULATED, cell_text, named
from consentlint.convert.mapping import ConvertError
from consentlint.convert.tables import Row, Table, TableOptions
from consentlint.text.masking import printable, shown

_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook has no time zones
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_MAX_LISTED = 20
_PIECE = 2**20
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


class Workbook(Table):
    """A sheet of a workbook."""

    def __init__(self, name: str, options: TableOptions) -> None:
        super().__init__(name)
        workbook, failure = _open(name)
        self.sheet = _choose(workbook, name, options.sheet)
        try:
            sheet = workbook.get_sheet_by_name(self.sheet)
        except failure as error:
            raise _failed(name, error) from None
        self.size = sheet.total_height
        self.epoch = _EPOCH_1904 if _is_1904(name) else _EPOCH_1900
        self._left = sheet.start[1] if sheet.start else 0
        self._cells = enumerate((list(map(cell_text, row)) for row in sheet.iter_rows()), 1)
        self._formulas = _formulas_without_value(name, workbook.sheet_names.index(self.sheet))
        header: list[str] = []
        for number, cells in self._cells:
            header = cells
            if number >= options.header_row:
                break
        self.columns = named(header)

    def rows(self) -> Iterator[Row]:
        """Yield the rows, without blank ones."""
        for number, cells in self._cells:
            self.position = number
            for at, cell in enumerate(cells) if self._formulas else ():
                if not cell and f"{self._letters(at)}{number}" in self._formulas:
                    cells[at] = UNCALCULATED
            if any(map(str.strip, cells)):
                yield Row(number, cells)

    def _letters(self, column: int) -> str:
        """Return the letters of a column, counted from 0."""
        letters, column = "", column + self._left + 1
        while column:
            column, letter = divmod(column - 1, 26)
            letters = chr(65 + letter) + letters
        return letters

    def place(self, number: int, column: int | None) -> str:
        """Return how a message names a cell, or a row, as Excel counts them."""
        sheet = printable(self.sheet)
        quoted = sheet if sheet.isidentifier() else f"'{sheet}'"
        cell = number if column is None else f"{self._letters(column)}{number}"
        return f"{printable(self.name)}: {quoted}!{cell}"


def _open(name: str) -> tuple[Any, type[Exception]]:
    """Return a workbook, and the exception that its sheets may raise."""
    try:
        import python_calamine as calamine
    except ModuleNotFoundError as error:
        if error.name != "python_calamine":
            raise
        raise ConvertError(
            'python-calamine is not installed. Run "pip install python-calamine", or install'
            ' consentlint with the extra "excel".'
        ) from None
    try:
        return calamine.CalamineWorkbook.from_path(name), calamine.CalamineError
    except calamine.PasswordError:
        raise ConvertError(
            f"{printable(name)} is protected by a password. Save a copy without it."
        ) from None
    except (calamine.CalamineError, OSError) as error:
        raise _failed(name, error) from None


def _failed(name: str, error: Exception) -> ConvertError:
    return ConvertError(f"{printable(name)} cannot be read: {shown(str(error))}.")


def _choose(workbook: Any, name: str, given: str | None) -> str:
    """Return the name of the sheet to read."""
    names: list[str] = workbook.sheet_names
    listed = ", ".join(f'"{shown(each)}"' for each in names[:_MAX_LISTED])
    if given is not None:
        if given not in names:
            raise ConvertError(
                f'{printable(name)} has no sheet "{shown(given)}". It has: {listed}.'
            )
        return given
    if len(names) != 1:
        raise ConvertError(
            f"{printable(name)} has {len(names)} sheets: {listed}. Pass --sheet NAME."
        )
    return names[0]


def _is_1904(name: str) -> bool:
    content = _member(name, "xl/workbook.xml", limit=_PIECE)
    return re.search(rb'date1904="(?:1|true)"', content) is not None


def _member(name: str, member: str, limit: int = -1) -> bytes:
    """Return the start of a member of a zip archive, nothing if it has none."""
    try:
        with zipfile.ZipFile(name) as archive, archive.open(member) as file:
            return file.read(limit)
    except (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return b""


def _formulas_without_value(name: str, number: int) -> frozenset[str]:
    """Return the cells of a sheet whose formula has no value, as Excel names them.

    A program that writes workbooks without a spreadsheet program does not calculate them, and the
    cell looks blank.
    """
    found: set[str] = set()
    try:
        with zipfile.ZipFile(name) as archive, archive.open(_sheet_file(name, number)) as file:
            rest = b""
            while piece := file.read(_PIECE):
                text = rest + piece
                if b"<f" in text:
                    found.update(match[1].decode() for match in _NO_VALUE.finditer(text))
                rest = text[max(0, text.rfind(b"<c ")) :][-_PIECE:]
    except (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        # Other kinds of workbooks keep the value with the formula.
        return frozenset()
    return frozenset(found)


def _sheet_file(name: str, number: int) -> str:
    ids = re.findall(rb'<sheet [^>]*r:id="([^"]+)"', _member(name, "xl/workbook.xml"))
    links = _member(name, "xl/_rels/workbook.xml.rels")
    for link in re.findall(rb"<Relationship [^>]*>", links):
        target = re.search(rb'Target="/?(?:xl/)?([^"]+)"', link)
        if number < len(ids) and b'Id="%s"' % ids[number] in link and target is not None:
            return f"xl/{target[1].decode()}"
    return ""
