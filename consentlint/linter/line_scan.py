"""Scan a file that is read by lines, part by part."""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from consentlint.formats import Content, LinePart, Parsed, line_offset
from consentlint.formats.json_lines import JsonLinesPart, layout_errors
from consentlint.linter.part_scan import Scanned, Scanner
from consentlint.model.endpoints import Endpoint
from consentlint.model.items import Header, Location, ParseError

if TYPE_CHECKING:
    from consentlint.formats.csv_header import CsvFile

# The first part is small, because a matcher is learned from it.
_FIRST_PART = 64 * 1024
_PART = 1024 * 1024
# What is parsed is many times as large as its text. It should stay in the processor's cache.
_PARSED_PART = 256 * 1024
# A record that is still incomplete in a part of this size is malformed.
_MAX_PART = 2 * _PART
# Starting a process takes as long as scanning about so many bytes.
_WORTH = 8 * 1024 * 1024
_MAX_JOBS = 4


class Base(NamedTuple):
    """What to add to lines and offsets that count from a part."""

    line: int
    offset: int


class LineScan:
    """The parts of a file, in order.

    Args:
        content: the file.
        format_name: "csv" or "jsonl".
        endpoint: the endpoint that the user named, if any.
    """

    def __init__(
        self, content: Content, format_name: str, endpoint: Endpoint | None = None
    ) -> None:
        self._content = content
        self._table: CsvFile | None = None
        self.header: Header | None = None
        self.errors: Sequence[ParseError] = ()
        """Why no items can be read."""
        self.is_empty = False
        """Whether there is no text at all."""
        self._offset, self._line = content.start, 1
        self._size = _FIRST_PART
        self._usual_size = min(_PARSED_PART, _PART)
        if content.table is not None:
            from consentlint.formats.table_header import read_header

            self.is_empty = not content.table.columns
            if not self.is_empty:
                self.header, self.errors = read_header(content.table, endpoint)
        elif format_name == "jsonl":
            self.errors = layout_errors(content)
        else:
            # Only a table needs it.
            from consentlint.formats import csv_header

            self._table = table = csv_header.CsvFile(content, endpoint)
            self.header, self.errors, self.is_empty = table.header, table.errors, table.is_empty
            self._offset, self._line = table.start, table.first_line

    def parts(self, *, is_ahead: bool = False) -> Iterator[LinePart]:
        """Yield the parts from the current offset on; their first lines are not known yet.

        Args:
            is_ahead: True if a part is used before it is known where the last record of the
                part before it ends, so that it should begin where a record probably does.
        """
        quote = b'"' if is_ahead and self._table is not None else b""
        for start, end in self._content.ranges(self._offset, self._size, quote):
            if self._table is None:
                yield JsonLinesPart(self._content.loader, start, end, self._line)
            else:
                yield self._table.part(start, end, self._line)

    def is_last(self, part: LinePart) -> bool:
        """Tell whether an incomplete record at the end of a part is malformed."""
        return part.end == self._content.size or self._size >= _MAX_PART

    def take(self, part: LinePart, found: Parsed | Scanned) -> tuple[LinePart, Base]:
        """Move on behind a part, or to the incomplete record at its end.

        Returns:
            The part with its first line, and what to add to its lines and offsets.
        """
        base = Base(self._line - 1, part.start)
        part = part.at_line(self._line)
        self._line += found.lines
        self._offset = part.end
        self._size = self._usual_size
        if found.open_at is not None:
            self._offset = part.start + line_offset(part, found.open_at)
            if found.open_at == 0:
                self._size = min(4 * (part.end - part.start), _MAX_PART)
        return part, base

    def with_open_record(self, following: LinePart) -> LinePart:
        """Return a part that begins with the incomplete record before it.

        Args:
            following: the part after the one that was taken last.
        """
        assert self._table is not None
        return self._table.part(self._offset, following.end, self._line)

    def rest(self, scanner: Scanner, jobs: int | None) -> Iterator[tuple[LinePart, Scanned, Base]]:
        """Scan the remaining parts.

        Args:
            scanner: scans them.
            jobs: how many processes there may be, None to decide by the size of the file.
        """
        if scanner.matcher is not None:
            self._usual_size = _PART
            self._size = max(self._size, _PART)
        count = 1
        if self._content.path is not None:
            count = useful_jobs(self._content.size - self._offset, jobs)
        if count > 1:
            from consentlint.linter.processes import scan_in_processes

            yield from scan_in_processes(self, scanner, count)
            return
        while (part := next(self.parts(), None)) is not None:
            scanned = scanner.scan(part, is_last=self.is_last(part))
            part, base = self.take(part, scanned)
            yield part, scanned, base


def useful_jobs(size: int, jobs: int | None) -> int:
    """Return how many processes are worth starting.

    Args:
        size: how many bytes there are to scan.
        jobs: how many processes there may be, None for as many as the machine has cores.
    """
    return min(usual_jobs() if jobs is None else jobs, size // _WORTH)


def usual_jobs() -> int:
    """Return how many processes may work on a file, by the cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    # One process keeps up with what so many others do.
    return min(cores, _MAX_JOBS)


def moved(error: ParseError, first: int, base: Base) -> ParseError:
    """Return a parse error with numbers that count from the start of the file."""
    if error.item is not None:
        error = error._replace(item=first + error.item)
    if error.location is not None:
        error = error._replace(location=located_in(error.location, base))
    return error


def located_in(location: Location, base: Base) -> Location:
    """Return a location of a part as one of its file."""
    line, column, offset = location
    return Location(line + base.line, column, offset + base.offset)
