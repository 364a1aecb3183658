"""CSV with a header, delimited by commas, semicolons, tabs or vertical bars."""

import csv
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from consentlint.formats._batch import ColumnBatch, LineMatcher, Load, Parsed, Proven
from consentlint.formats._csv_records import Records
from consentlint.formats._csv_text import cell_pattern
from consentlint.formats._decode import decode
from consentlint.formats._lines import LineOffsets, line_of, prove_lines, split_lines
from consentlint.model.endpoints import ENDPOINTS, FIELDS, SUPERSEDED_BY
from consentlint.model.items import MISSING, Item, Location, Member, Source

_KNOWN = frozenset((*FIELDS, SUPERSEDED_BY))
_REQUIRED = frozenset(field for endpoint in ENDPOINTS.values() for field in endpoint.required)


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
            if text[at - 1 : at] != self.delimiter:
                # The last cells are missing, see `fit`.
                break
        return found

    def fit(self, cells: list[str]) -> list[str] | None:
        """Return one cell for each column, or None if the record has too many or too few.

        Spreadsheets and programs drop empty cells at the end of a record, or write more of them.
        A record that lacks the cells of several required fields is something else.
        """
        count = len(self.columns)
        if len(cells) > count:
            return None if any(map(str.strip, cells[count:])) else cells[:count]
        missing = self.columns[len(cells) :]
        if len(_REQUIRED.intersection(missing)) > 1:
            return None
        return [*cells, *[""] * len(missing)]


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
        records = Records(lines, count, self.table, is_last=is_last)
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
            tuple(records.remarks.values()),
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
                for column, cell in zip(self.table.columns, cells, strict=False)
                if cell and column in _KNOWN
            }
            location = Location(self.first_line + at, 1, self.start + offsets.of(at))
            yield Item(row, fields, {}, Source(text, location, self.table.find))


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
