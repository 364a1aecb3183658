"""The header of a table: its delimiter, its columns, and what is wrong with them."""

import csv
import re
from collections.abc import Iterator, Sequence

from consentlint.formats._content import Content
from consentlint.formats._decode import decode, encoding_error
from consentlint.formats._lines import split_lines
from consentlint.formats.csv_table import MAX_RECORD, CsvPart, Table
from consentlint.model.endpoints import FIELDS
from consentlint.model.findings import FileError
from consentlint.model.items import Header, Location, ParseError, Source
from consentlint.text.masking import shown
from consentlint.text.suggestions import fold_name

DELIMITERS = ",;\t"

_FIELDS = frozenset(FIELDS)
_BY_FOLDED_NAME = {fold_name(field): field for field in sorted(_FIELDS)}
_SEPARATOR_LINE = re.compile(r'"?sep=[^"]"?\r?', re.IGNORECASE)


class CsvFile:
    """A table, opened: its header has been read.

    Args:
        content: the file.
    """

    def __init__(self, content: Content) -> None:
        self.header: Header | None = None
        self.errors: list[ParseError] = []
        """Why the table cannot be read; its rows are not read then."""
        self.is_empty = False
        """True: there is no text at all."""
        self._content = content
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
        if at == len(lines) or not lines[at].strip():
            if at + 1 < len(lines):
                self.errors.append(_error("expected a header, found a blank line.", start))
            self.is_empty = not self.errors
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
        header = Header(columns, Source(text, start, self._table.find))
        self.errors += _column_errors(header)
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


def delimiter_of(first_line: str) -> str:
    """Return the delimiter that makes the most known columns of the first line."""

    def known(delimiter: str) -> int:
        try:
            row = next(csv.reader([first_line], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return len(_FIELDS.intersection(map(str.strip, row)))

    return max(DELIMITERS, key=known)


def _header_error(part: CsvPart, start: Location, message: str) -> list[ParseError]:
    """Return the parse error of a header that csv cannot read."""
    errors = part.parse(None, is_last=True).errors
    found = errors[0][1] if errors else _error(f"malformed CSV: {message}.", Location(1, 1, 0))
    assert found.location is not None
    line, column, offset = found.location
    moved = Location(line + start.line - 1, column, offset + start.offset)
    return [found._replace(location=moved, item=None)]


def _column_errors(header: Header) -> list[ParseError]:
    """Return what is wrong with the columns as a set."""
    columns = header.columns
    known = [column for column in columns if column in _FIELDS]
    errors = []
    seen: set[str] = set()
    for member in header.source.members:
        column = member.key
        meant = _BY_FOLDED_NAME.get(fold_name(column))
        if column in seen and column in _FIELDS:
            message = f"two columns are named {column}. Remove or rename one of them."
        elif meant is not None and meant not in known and meant not in seen:
            message = f'column is named "{shown(column)}", expected "{meant}". Rename it.'
            seen.add(meant)
        else:
            seen.add(column)
            continue
        location = header.source.locate(member.start)
        kind = FileError.MALFORMED if column in _FIELDS else FileError.KIND
        errors.append(
            ParseError(kind, message, location, text=header.source.text, offset=member.start)
        )
    if errors or known:
        return errors
    return [
        _error(
            "no column has a field name of the API. Expected a header such as"
            " contact_id,correlation_id,sender_id,status,source,date_of_consent.",
            header.source.location,
            header.source.text,
        )
    ]


def _error(message: str, location: Location, text: str = "") -> ParseError:
    return ParseError(FileError.KIND, message, location, text=text)
