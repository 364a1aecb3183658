"""Read the records of a part of a table, and what is wrong or unusual about them."""

import csv
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from consentlint.formats._batch import EXTRA_CELL, REPEATED_HEADER, STRAY_QUOTE, Remark
from consentlint.formats._csv_text import TOO_LONG, explain, stray_quote
from consentlint.formats._decode import MAX_ERRORS, decode, encoding_error
from consentlint.formats._lines import LineOffsets
from consentlint.model.endpoints import FIELDS
from consentlint.model.findings import FileError
from consentlint.model.items import Location, ParseError, Source
from consentlint.text.plurals import counted

if TYPE_CHECKING:
    from consentlint.formats.csv_table import Table

MAX_RECORD = 1024 * 1024
"""In bytes; a record has a few hundred, and csv accepts no cell over 131,072 characters."""

_FIELDS = frozenset(FIELDS)
# Around the names in a header.
_NO_TEXT = "\ufeff \t\r\n"


class Records:
    """Reads records from some of the lines of a part.

    Args:
        lines: the lines.
        count: how many lines the part has.
        table: its layout.
        is_last: whether an incomplete record at the end is malformed.
    """

    def __init__(
        self, lines: Sequence[bytes], count: int, table: "Table", *, is_last: bool
    ) -> None:
        self._lines = lines
        self._offsets = LineOffsets(lines)
        self._table = table
        self._is_last = is_last
        self._has_quotes = any(b'"' in line for line in lines)
        self._header_starts = _FIELDS.union(table.columns[:1])
        self._at = 0
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.errors: list[tuple[int, ParseError]] = []
        self.remarks: dict[str, Remark] = {}
        self.skipped = array("I")
        self.swallowed: list[int] = []
        self.open_at: int | None = None
        self.is_fatal = False
        self.end = count
        """How many lines were read."""

    def read(self, unproven: Sequence[int]) -> None:
        """Read the records that begin on some lines, and the lines that these continue on."""
        for at in unproven:
            if at < self._at:
                continue
            jumped = self._at != at
            self._at = at
            if jumped or at == 0:
                reader = csv.reader(self._source(), delimiter=self._table.delimiter, strict=True)
            if not self._record(reader, at, unproven):
                return

    def _source(self) -> Iterator[str]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if b"\0" in line:
                raise _Stop(self._at - 1, decode(line).index("\0"))
            yield decode(line) + "\n"

    def _record(self, reader: "Iterator[list[str]]", start: int, unproven: Sequence[int]) -> bool:
        """Read one record; return False if nothing after it can be read."""
        row = start - len(self.skipped)
        try:
            cells = next(reader)
        except csv.Error as error:
            if not self._is_last and self._at == len(self._lines) and _is_open(error):
                self.open_at = self.end = start
                return False
            if self._size(start) >= MAX_RECORD and not _is_too_long(error):
                return self._too_long(start, row, unproven)
            return self._fail(self._malformed(error, start, row), row, start, unproven)
        except _Stop as stop:
            message = "zero byte: the file is not text, or is damaged."
            where = Location(
                stop.line + 1, stop.column + 1, self._offsets.of(stop.line) + stop.column
            )
            self.is_fatal = True
            return self._fail(ParseError(FileError.MALFORMED, message, where), row, start, unproven)
        if self._size(start) >= MAX_RECORD:
            return self._too_long(start, row, unproven)
        if not any(map(str.strip, cells)):
            # Spreadsheets write rows that were once used.
            self.skipped.append(start)
            self._continue(start, unproven)
            return True
        if cells[0].strip(_NO_TEXT) in self._header_starts and self._is_header(cells):
            return self._header(cells, start, row, unproven)
        fitting = cells
        if len(cells) != len(self._table.columns):
            fitting = self._table.fit(cells) or []
        if fitting and self._is_utf8(start):
            if fitting is not cells or (self._has_quotes and '"' in "".join(cells)):
                self._remark_form(cells, start)
            self.rows.append(fitting)
            self.numbers.append(row)
            self._continue(start, unproven)
            return True
        where = Location(start + 1, 1, self._offsets.of(start))
        text = self._text(start)
        found = encoding_error(text, where, row) or ParseError(
            FileError.ITEM_MALFORMED,
            f"row has {counted(len(cells), 'cell')}, expected {len(self._table.columns)} as in"
            " the header.",
            where,
            row,
            text=text,
        )
        return self._fail(found, row, start, unproven)

    def _is_header(self, cells: Sequence[str]) -> bool:
        """Tell whether a record that begins like a header is one."""
        names = [cell.strip(_NO_TEXT) for cell in cells]
        return tuple(names) == self._table.columns or len(_FIELDS.intersection(names)) > 1

    def _header(self, cells: Sequence[str], start: int, row: int, unproven: Sequence[int]) -> bool:
        """Skip the header of another file that was appended; stop if its columns are others."""
        if tuple(cell.strip(_NO_TEXT) for cell in cells) == self._table.columns:
            self._remark(REPEATED_HEADER, start, 0)
            self.skipped.append(start)
            self._continue(start, unproven)
            return True
        self.is_fatal = True
        message = (
            "another header with other columns. Put the rows from here on in a file of their own;"
            " they are not read."
        )
        where = Location(start + 1, 1, self._offsets.of(start))
        error = ParseError(FileError.MALFORMED, message, where, text=self._text(start))
        return self._fail(error, row, start, unproven)

    def _remark_form(self, cells: Sequence[str], start: int) -> None:
        """Remark what other programs may read in another way."""
        if len(cells) > len(self._table.columns):
            self._remark(EXTRA_CELL, start, 0)
        at = stray_quote(self._text(start), self._table.delimiter)
        if at is not None:
            self._remark(STRAY_QUOTE, start, at)

    def _remark(self, kind: str, start: int, offset: int) -> None:
        known = self.remarks.get(kind)
        if known is not None:
            self.remarks[kind] = known._replace(records=known.records + 1)
            return
        text = self._text(start)
        location = Location(start + 1, 1, self._offsets.of(start))
        self.remarks[kind] = Remark(kind, 1, location, text, offset)

    def _too_long(self, start: int, row: int, unproven: Sequence[int]) -> bool:
        message = f"record is longer than {MAX_RECORD:,} bytes."
        self.is_fatal = True
        where = Location(start + 1, 1, self._offsets.of(start))
        return self._fail(ParseError(FileError.MALFORMED, message, where), row, start, unproven)

    def _fail(self, error: ParseError, row: int, start: int, unproven: Sequence[int]) -> bool:
        self.errors.append((row, error))
        if error.item is None:
            # It is not the item that is wrong, but the file.
            self.skipped.append(start)
        self._continue(start, unproven)
        if self.is_fatal or len(self.errors) == MAX_ERRORS:
            self.end = self._at
            return False
        return True

    def _continue(self, start: int, unproven: Sequence[int]) -> None:
        """Note the lines on which a record continues."""
        for line in range(start + 1, self._at):
            self.skipped.append(line)
            place = bisect_left(unproven, line)
            if place == len(unproven) or unproven[place] != line:
                self.swallowed.append(line)

    def _is_utf8(self, start: int) -> bool:
        content = b"\n".join(self._lines[start : self._at])
        if content.isascii():
            return True
        try:
            content.decode()
        except UnicodeDecodeError:
            return False
        return True

    def _size(self, start: int) -> int:
        return sum(map(len, self._lines[start : self._at])) + self._at - start

    def _text(self, start: int) -> str:
        return decode(b"\n".join(self._lines[start : self._at])) + "\n"

    def _malformed(self, error: csv.Error, start: int, row: int) -> ParseError:
        """Return the parse error for a record that csv cannot read."""
        text = self._text(start)
        message, offset = explain(error, text, self._table)
        source = Source(text, Location(start + 1, 1, self._offsets.of(start)), lambda _: ())
        where = source.locate(offset)
        line = text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
        self.is_fatal = _is_too_long(error)
        return ParseError(
            FileError.MALFORMED, message, where, row, text=line, offset=where.column - 1
        )


class _Stop(Exception):
    """A line holds a zero byte."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__()
        self.line = line
        self.column = column


def _is_too_long(error: csv.Error) -> bool:
    return TOO_LONG in str(error)


def _is_open(error: csv.Error) -> bool:
    return "end of data" in str(error)
