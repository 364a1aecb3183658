"""The header of a table: its delimiter, its columns, and what is wrong with them."""

import csv
import re
from collections.abc import Iterator, Sequence

from consentlint.formats._content import Content
from consentlint.formats._csv_records import MAX_RECORD
from consentlint.formats._decode import decode, encoding_error
from consentlint.formats._lines import split_lines
from consentlint.formats.csv_columns import column_errors
from consentlint.formats.csv_layout import delimiter_of, misplaced_header
from consentlint.formats.csv_table import CsvPart, Table
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import FileError
from consentlint.model.items import Header, Location, ParseError, Source

_SEPARATOR_LINE = re.compile(r'"?sep=[^"]"?\r?', re.IGNORECASE)


class CsvFile:
    """A table, opened: its header has been read.

    Args:
        content: the file.
        endpoint: the endpoint that the user named, if any.
    """

    def __init__(self, content: Content, endpoint: Endpoint | None = None) -> None:
        self.header: Header | None = None
        self.errors: list[ParseError] = []
        """Why the table cannot be read; its rows are not read then."""
        self.is_empty = False
        """True: there is no text at all."""
        self._content = content
        self._endpoint = endpoint
        self._read_header(split_lines(content.load(content.start, _header_end(content))))

    def part(self, start: int, end: int, first_line: int) -> CsvPart:
        """Return the records between two offsets."""
        return CsvPart(self._table, self._content.loader, start, end, first_line)

    def _read_header(self, lines: Sequence[bytes]) -> None:
        at = 0
        self.first_line = 1
        self.start = self._content.start
        """Where the first record begins."""
        if lines and _SEPARATOR_LINE.fullmatch(decode(lines[0])):
            # Spreadsheets write the delimiter there; the header shows it as well.
            at = 1
        start = Location(at + 1, 1, self._content.start + sum(map(len, lines[:at])) + at)
        if not any(line.strip() for line in lines[at:]):
            self.is_empty = True
            return
        misplaced = misplaced_header(lines[at:], start)
        if misplaced is not None:
            self.errors.append(misplaced)
            return
        delimiter = delimiter_of(decode(lines[at]))
        source = _Counted(lines, at)
        try:
            cells = next(csv.reader(source, delimiter=delimiter, strict=True))
        except csv.Error as error:
            part = CsvPart(
                Table(("?",), delimiter), self._content.loader, start.offset, self._content.size, 1
            )
            self.errors += _header_error(part, start, str(error))
            return
        text = decode(b"\n".join(lines[at : source.at])) + "\n"
        bad_byte = encoding_error(text, start, None)
        if bad_byte is not None:
            self.errors.append(bad_byte)
            return
        columns = tuple(cell.strip() for cell in cells)
        self._table = Table(columns, delimiter)
        header = Header(columns, Source(text, start, self._table.find), delimiter)
        self.errors += column_errors(header, self._endpoint)
        if not self.errors:
            self.header = header
        self.first_line = source.at + 1
        self.start = start.offset + sum(map(len, lines[at : source.at])) + source.at - at


class _Counted:
    """Lines as csv wants them; counts those that were read."""

    def __init__(self, lines: Sequence[bytes], at: int) -> None:
        self._lines = lines
        self.at = at

    def __iter__(self) -> "Iterator[str]":
        return self

    def __next__(self) -> str:
        if self.at == len(self._lines):
            raise StopIteration
        self.at += 1
        return decode(self._lines[self.at - 1]) + "\n"


def _header_end(content: Content) -> int:
    """Return an offset that the header does not reach beyond."""
    return min(content.size, content.start + MAX_RECORD)


def _header_error(part: CsvPart, start: Location, message: str) -> list[ParseError]:
    """Return the parse error of a header that csv cannot read."""
    errors = part.parse(None, is_last=True).errors
    found = errors[0][1] if errors else ParseError(FileError.KIND, f"malformed CSV: {message}.")
    line, column, offset = found.location or (1, 1, 0)
    moved = Location(line + start.line - 1, column, offset + start.offset)
    return [found._replace(location=moved, item=None)]
