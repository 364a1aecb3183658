"""CSV with a header, delimited by commas, semicolons or tabs."""

import csv
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from consentlint.formats._batch import (
    ColumnBatch,
    LineMatcher,
    Load,
    Parsed,
    Proven,
)
from consentlint.formats._decode import MAX_ERRORS, decode, encoding_error
from consentlint.formats._lines import LineOffsets, line_of, prove_lines, split_lines
from consentlint.model.endpoints import FIELDS, SUPERSEDED_BY
from consentlint.model.findings import FileError
from consentlint.model.items import MISSING, Item, Location, Member, ParseError, Source
from consentlint.text.plurals import counted

MAX_RECORD = 1024 * 1024
"""In bytes; a record has a few hundred, and csv accepts no cell over 131,072 characters."""

_KNOWN = frozenset((*FIELDS, SUPERSEDED_BY))


class Table(NamedTuple):
    """The layout of a table. Picklable."""

    columns: tuple[str, ...]
    delimiter: str

    def find(self, text: str) -> list[Member]:
        """Return the cells of a record, given its text."""
        cell = cell_pattern(self.delimiter)
        found = []
        at = 0
        for column in self.columns:
            match = cell.match(text, at)
            assert match is not None
            found.append(Member(column, at, at, match.end()))
            at = match.end() + 1
        return found


class CsvPart(NamedTuple):
    """Consecutive records of a table."""

    table: Table
    load: Load
    start: int
    end: int
    first_line: int

    def at_line(self, first_line: int) -> "CsvPart":
        """Return the same part with its first line."""
        return self._replace(first_line=first_line)

    def parse(self, matcher: LineMatcher | None, *, is_last: bool) -> Parsed:
        """Parse the records, except those that the matcher proves clean."""
        content = self.load(self.start, self.end)
        count, unproven, proven = prove_lines(content, matcher)
        lines = split_lines(content) if unproven else ()
        records = _Records(lines, count, self.table, is_last=is_last)
        records.read(unproven)
        if records.swallowed:
            # Lines inside a quoted cell that look like records of their own.
            proven = _without(proven, records.swallowed, count, unproven)
        end = records.end
        if end < count:
            kept = end - bisect_left(unproven, end) - len(records.swallowed)
            proven = Proven(proven.ids[:kept], proven.pairs[:kept])
        return Parsed(
            end - len(records.skipped),
            end,
            records.numbers,
            _batch(self.table, records.rows),
            records.errors,
            proven,
            records.skipped,
            records.open_at,
            records.is_fatal,
        )

    def items(self, rows: Sequence[int], layout: Sequence[int]) -> Iterator[Item]:
        """Parse some records again, with their sources."""
        lines = split_lines(self.load(self.start, self.end))
        offsets = LineOffsets(lines)
        skipped = frozenset(layout)
        for row in rows:
            at = line_of(row, layout)
            last = at + 1
            while last in skipped and last < len(lines):
                last += 1
            record = [decode(line) + "\n" for line in lines[at:last]]
            reader = csv.reader(record, delimiter=self.table.delimiter, strict=True)
            cells = next(reader)
            text = "".join(record[: reader.line_num])
            fields = {
                column: cell
                for column, cell in zip(self.table.columns, cells, strict=True)
                if cell and column in _KNOWN
            }
            location = Location(self.first_line + at, 1, self.start + offsets.of(at))
            yield Item(row, fields, {}, Source(text, location, self.table.find))


class _Records:
    """Reads records from some of the lines of a part."""

    def __init__(self, lines: Sequence[bytes], count: int, table: Table, *, is_last: bool) -> None:
        self._lines = lines
        self._offsets = LineOffsets(lines)
        self._table = table
        self._is_last = is_last
        self._at = 0
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.errors: list[tuple[int, ParseError]] = []
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
        if len(cells) == len(self._table.columns) and self._is_utf8(start):
            self.rows.append(cells)
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
        message, offset = f"malformed CSV: {error}.", 0
        for said, meant in _MESSAGES.items():
            if said in str(error):
                message = meant
                alone = re.search(r"\r(?!\n)", text) if said == _CR else None
                offset = alone.start() if alone else _cell_at(text, self._table.delimiter)
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


def _without(
    proven: Proven, swallowed: Sequence[int], lines: int, unproven: Sequence[int]
) -> Proven:
    """Return what is proven without some lines."""
    kept = bytearray(b"\1") * lines
    for line in swallowed:
        kept[line] = 0
    for line in reversed(unproven):
        del kept[line]
    return Proven(array("Q", compress(proven.ids, kept)), array("Q", compress(proven.pairs, kept)))


def _batch(table: Table, rows: Sequence[Sequence[str]]) -> ColumnBatch:
    columns = {
        column: [cell or MISSING for cell in cells]
        for column, cells in zip(table.columns, zip(*rows, strict=True), strict=False)
        if column in _KNOWN
    }
    return ColumnBatch(columns, len(rows))


def cell_pattern(delimiter: str) -> re.Pattern[str]:
    """Return a pattern for a cell as it is written, quoted or not."""
    return re.compile(rf'"(?:[^"]|"")*"|[^{delimiter}\r\n]*')


def _is_too_long(error: csv.Error) -> bool:
    return _TOO_LONG in str(error)


def _is_open(error: csv.Error) -> bool:
    return "end of data" in str(error)


_TOO_LONG = "field larger"
_CR = "new-line character"
# What csv says, and what it means for the user.
_MESSAGES = {
    "end of data": "the quote that opens here is never closed.",
    "expected after": "the quote that opens here is closed before the end of its cell."
    ' Write a quote inside a cell as "".',
    _TOO_LONG: "this cell is too long. Check whether its quote is closed; the rest of the file is"
    " not read.",
    _CR: "the line ends in CR alone. Save the file with LF or CRLF line endings.",
}


def _cell_at(text: str, delimiter: str) -> int:
    """Return the offset of the cell that is too long, not closed, or not before a delimiter."""
    cell = cell_pattern(delimiter)
    at = 0
    while at < len(text):
        match = cell.match(text, at)
        assert match is not None
        end = match.end()
        if end - at > csv.field_size_limit():
            return at
        if text[at] == '"':
            closed = end > at + 1 and text[end - 1] == '"'
            if not closed or text[end : end + 1] not in ("", "\r", "\n", delimiter):
                return at
        at = end + 1
    return 0
