"""Read CSV with a header, delimited by commas, semicolons or tabs, a record at a time."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from consentlint.formats._decode import GIVE_UP_AFTER, decode, given_up
from consentlint.formats._skipping import Lines, Passing
from consentlint.formats._stream import Stream
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.items import Event, Fault, Header, Item, Member, Passed, Place, Source
from consentlint.rules import OVERTAKEN, files
from consentlint.text.masking import shown
from consentlint.text.suggestions import same_letters

DELIMITERS = ",;\t"
LONGEST_RECORD = 1024 * 1024
"""In bytes; a record has some hundred, and csv takes no cell over 131,072 characters."""

_FIELDS = frozenset(field for endpoint in ENDPOINTS.values() for field in endpoint.fields)

_BY_LETTERS = {same_letters(field): field for field in sorted(_FIELDS)}


class _Lines:
    """The lines of a file, as csv wants them; keeps those of the record at hand."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._number = 0
        self._record: list[str] = []
        self._length = 0
        self.first_line = 1
        """The line on which the record at hand begins."""

    def __iter__(self) -> Iterator[str]:
        while content := self._lines.readline(LONGEST_RECORD):
            self._number += 1
            self._length += len(content)
            if self._length >= LONGEST_RECORD:
                words = f"the record that begins here is longer than {LONGEST_RECORD:,} bytes"
                raise _Unusable(Fault(files.FILE_MALFORMED, words, self.first_line, 1))
            line = decode(content, self._number)
            if isinstance(line, Fault):
                raise _Unusable(line)
            if "\0" in line:
                column = line.index("\0") + 1
                words = "a zero byte stands here: this is no text, or a damaged file"
                raise _Unusable(Fault(files.FILE_MALFORMED, words, self._number, column))
            self._record.append(line)
            yield line

    def start_record(self) -> None:
        """Forget the lines of the record before."""
        self._record = []
        self._length = 0
        self.first_line = self._number + 1

    def pass_items(self) -> int:
        """Pass over the records that come next and need not be read; return how many."""
        passed = self._lines.pass_items(self.first_line)
        self._number += passed
        self.first_line += passed
        return passed

    def record(self) -> str:
        """Return the lines of the record at hand, as they stand in the file."""
        return "".join(self._record)


class _Unusable(Exception):
    """The file cannot be read on; holds the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read(stream: Stream, passing: Passing) -> Iterator[Event]:
    """Yield the header of a table, then its rows as items; an empty cell is a missing field."""
    try:
        yield from _read(_Lines(passing.lines(stream)))
    except _Unusable as unusable:
        yield unusable.fault


def _read(lines: _Lines) -> Iterator[Event]:
    source = iter(lines)
    first_line = next(source, "")
    if re.fullmatch(r'"?sep=[^"]"?[\r\n]*', first_line, re.IGNORECASE):
        # Spreadsheets write the delimiter there; the header tells it as well.
        lines.start_record()
        first_line = next(source, "")
    if not first_line.strip():
        if next(source, None) is not None:
            words = "a blank line stands where the header belongs"
            yield Fault(files.FILE_KIND, words, lines.first_line, 1)
        return
    delimiter = delimiter_of(first_line)
    rows = csv.reader(chain([first_line], source), delimiter=delimiter, strict=True)
    try:
        columns = tuple(cell.strip() for cell in next(rows))
    except csv.Error as error:
        yield _malformed(error, lines, delimiter)
        return
    header, place = lines.record(), Place(lines.first_line, 1)
    finder = _cell_finder(columns, delimiter)
    fault = _unusable_columns(columns)
    if fault:
        yield fault._replace(line=place.line, column=place.column, text=header)
        return
    yield Header(columns, Source(header, place, finder))
    places = [(at, name) for at, name in enumerate(columns) if name in _FIELDS or name == OVERTAKEN]
    index = faults = 0
    while faults < GIVE_UP_AFTER:
        lines.start_record()
        while passed := lines.pass_items():
            index += passed
            yield Passed(passed)
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield _malformed(error, lines, delimiter)._replace(item=index)
            index += 1
            faults += 1
            continue
        if row is None:
            return
        if not any(map(str.strip, row)):
            # Spreadsheets write out rows that were once used.
            continue
        place = Place(lines.first_line, 1)
        if len(row) == len(columns):
            fields = {column: row[at] for at, column in places if row[at]}
            yield Item(index, fields, {}, Source(lines.record(), place, finder))
        else:
            words = f"this row has {_cells(len(row))}, and the header {len(columns)}"
            yield Fault(files.ITEM_MALFORMED, words, *place, index, text=lines.record())
            faults += 1
        index += 1
    yield given_up(lines.first_line + 1)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def delimiter_of(first_line: str) -> str:
    """Return the delimiter that makes the most known columns of the first line."""

    def known(delimiter: str) -> int:
        try:
            row = next(csv.reader([first_line], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return len(_FIELDS.intersection(map(str.strip, row)))

    return max(DELIMITERS, key=known)


def _unusable_columns(columns: Sequence[str]) -> Fault | None:
    """Return what is wrong with the columns as a set, its place left open."""
    known = [column for column in columns if column in _FIELDS]
    twice = [column for column in known if known.count(column) > 1]
    if twice:
        words = f"the header has two columns {twice[0]}: which one counts?"
        return Fault(files.FILE_MALFORMED, words)
    for column in columns:
        # Surely meant, and then every row would lack it; less sure slips are only hinted at.
        meant = _BY_LETTERS.get(same_letters(column))
        if meant is not None and meant not in known:
            words = f"the column of {meant} must have this name, and not {shown(column)}"
            return Fault(files.FILE_KIND, words)
    if known:
        return None
    words = (
        "the first line names no field of the API: a header such as"
        " contact_id,correlation_id,sender_id,status,source,date_of_consent belongs there,"
        " delimited by commas, semicolons or tabs"
    )
    return Fault(files.FILE_KIND, words)


def _cell_finder(columns: Sequence[str], delimiter: str) -> Callable[[str], list[Member]]:
    """Return what finds the cells of a record in its text."""
    cell = _cell(delimiter)

    def find(text: str) -> list[Member]:
        found = []
        at = 0
        for column in columns:
            match = cell.match(text, at)
            assert match is not None
            found.append(Member(column, at, at, match.end()))
            at = match.end() + 1
        return found

    return find


def _cell(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf'"(?:[^"]|"")*"|[^{delimiter}\r\n]*')


def _malformed(error: csv.Error, lines: _Lines, delimiter: str) -> Fault:
    """Return the fault for a record that csv cannot read.

    Raises:
        _Unusable: nothing after it can be read for sure.
    """
    text = lines.record()
    words, offset = f"malformed CSV: {error}", 0
    for said, meant in _WORDS.items():
        if said in str(error):
            words = meant
            alone = re.search(r"\r(?!\n)", text) if said == _CR else None
            offset = alone.start() if alone else _cell_at_fault(text, delimiter)
    place = Source(text, Place(lines.first_line, 1), lambda _: ()).place_of(offset)
    line = text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
    fault = Fault(files.FILE_MALFORMED, words, *place, text=line, offset=place.column - 1)
    if _TOO_LONG in str(error):
        raise _Unusable(fault)
    return fault


_TOO_LONG = "field larger"
_CR = "new-line character"
# What csv says, and what it means for who reads it.
_WORDS = {
    "end of data": "the quote that opens here is never closed",
    "expected after": "the quote that opens here is closed before the end of its cell",
    _TOO_LONG: "the cell that begins here is too long; is its quote never closed?"
    " The rest of the file is not read",
    _CR: "the line ends in CR alone: save the file with LF or CRLF",
}


def _cell_at_fault(text: str, delimiter: str) -> int:
    """Return where the cell begins that is too long, not closed, or not before a delimiter."""
    cell = _cell(delimiter)
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
