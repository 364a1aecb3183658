"""Exports as tables: columns, and rows of text with their places."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple, Self

from consentlint.convert.cells import named
from consentlint.convert.mapping import ConvertError
from consentlint.formats import (
    Stream,
    Unreadable,
    binary_format,
    format_of_content,
    format_of_name,
    open_stream,
    table_kind,
)
from consentlint.formats.cells import cell_text
from consentlint.formats.csv_layout import DELIMITERS
from consentlint.linter.read import read_items
from consentlint.model.items import Item, ParseError
from consentlint.model.settings import ReadOptions
from consentlint.text.masking import printable, shown

_MAX_HEADER_ROW = 11


class TableOptions(NamedTuple):
    """How exports are read."""

    encoding: str | None = None
    """None for UTF-8."""
    sheet: str | None = None
    header_row: int = 1
    """The row with the names of the columns, from 1."""


class Row(NamedTuple):
    """One row of a table."""

    number: int
    """Its line or row, from 1."""
    cells: list[str]
    error: str = ""
    """Why it cannot be read."""


class Table:
    """An export: its columns have been read.

    Args:
        name: the file's name, as the user gave it.
    """

    unit = ""
    """What a place calls a row, after the file's name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: tuple[str, ...] = ()
        self.epoch: datetime | None = None
        """Day 0 of its serial dates; None if it has none."""
        self.size: int | None = None
        """Of its bytes or rows, for a progress bar; None if it is unknown."""

    @property
    def position(self) -> int:
        """How much of its size has been read."""
        return 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows, without blank ones."""
        raise NotImplementedError

    def place(self, number: int, column: int | None) -> str:
        """Return how a message names a cell, or a row."""
        place = f"{printable(self.name)}:{number}"
        return place if column is None else f'{place}, column "{printable(self.columns[column])}"'


def open_table(name: str, options: TableOptions) -> Table:
    """Open an export, and read its columns.

    Raises:
        ConvertError: it cannot be read.
    """
    try:
        stream = open_stream(name)
        head = stream.head()
    except (Unreadable, OSError) as error:
        raise ConvertError(f"{printable(name)} {error}.") from None
    kind = table_kind(head)
    try:
        format_name = None if kind else _format_of(name, head)
        if format_name == "csv":
            return CsvTable(name, stream, options)
    except ConvertError:
        stream.close()
        raise
    if name == "-":
        stream.close()
        raise ConvertError("Only CSV can be standard input, because other formats are read twice.")
    with stream:
        if kind is not None:
            from consentlint.convert.binary_table import BinaryTable

            return BinaryTable(name, stream, kind, options)
    assert format_name is not None
    if format_name == "form":
        raise ConvertError(f"{printable(name)} is a form body, which holds items already.")
    return JsonTable(name, format_name)


def _format_of(name: str, head: bytes) -> str:
    binary = binary_format(head)
    if binary is not None:
        raise ConvertError(f"{printable(name)} {binary}.")
    if not head.strip():
        raise ConvertError(f"{printable(name)} is empty.")
    return format_of_name(name) or format_of_content(head)


class CsvTable(Table):
    """A CSV file, read as a stream."""

    def __init__(self, name: str, stream: Stream, options: TableOptions) -> None:
        super().__init__(name)
        self.size = stream.size
        self._stream = stream
        encoding = options.encoding or "utf-8-sig"
        try:
            text = io.TextIOWrapper(stream, encoding, newline="")
        except LookupError:
            raise ConvertError(f'There is no encoding "{printable(encoding)}".') from None
        self._text = text
        self._is_default = options.encoding is None
        with self._errors(options.header_row):
            lines = [text.readline() for _ in range(options.header_row)]
            if lines[-1].lower().startswith("sep=") and len(lines[-1]) < 10:
                lines.append(text.readline())
        header = lines[-1]
        delimiter = max(DELIMITERS, key=header.count)
        self._before = len(lines) - 1
        self._reader = csv.reader(chain([header], text), delimiter=delimiter, strict=True)
        with self._errors(self._before + 1):
            self.columns = named(next(self._reader, []))
            if not self.columns:
                raise ConvertError(f"{printable(name)}: {self._blank_header()}")

    @property
    def position(self) -> int:
        """How many bytes have been read, if the size is known."""
        return 0 if self.size is None else self._stream.tell()

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _blank_header(self) -> str:
        """Return what to do about a blank row where the names of the columns should be."""
        number = self._before + 1
        below = next((at for at, line in enumerate(self._text, number + 1) if line.strip()), 0)
        if not below:
            return f"row {number} and all rows below it are blank."
        return f"row {number} is blank. If the header is in row {below}, pass --header-row {below}."

    def _errors(self, line: int) -> "_Errors":
        return _Errors(self, line, self._is_default)

    def rows(self) -> Iterator[Row]:
        """Yield the rows, without blank ones."""
        count, reader, before = len(self.columns), self._reader, self._before
        errors = self._errors(before + 1)
        with errors:
            end = reader.line_num
            for cells in reader:
                start, end = end + 1 + before, reader.line_num
                errors.line = end + before
                if len(cells) == count:
                    if cells[0] or any(map(str.strip, cells)):
                        yield Row(start, cells)
                    continue
                if not any(map(str.strip, cells)):
                    continue
                if any(map(str.strip, cells[count:])):
                    message = f"row has {len(cells)} cells, expected {count} as in the header"
                    yield Row(start, cells, message)
                else:
                    yield Row(start, [*cells, *[""] * (count - len(cells))][:count])


class _Errors:
    """Turns the errors of reading a CSV file into messages."""

    def __init__(self, table: CsvTable, line: int, is_default: bool) -> None:
        self._name = printable(table.name)
        self.line = line
        self._is_default = is_default

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UnicodeError):
            hint = "Pass --encoding cp1252, or the encoding that it was exported in."
            if isinstance(error, UnicodeDecodeError) and error.object.startswith(
                (b"\xff\xfe", b"\xfe\xff")
            ):
                hint = "Pass --encoding utf-16."
            what = "UTF-8" if self._is_default else "text in this encoding"
            raise ConvertError(
                f"{self._name} is not {what} (after line {self.line}). {hint}"
            ) from None
        if isinstance(error, csv.Error):
            raise ConvertError(
                f"{self._name}:{self.line + 1}: malformed CSV: {error}. Check the quotes in this row."
            ) from None
        if isinstance(error, OSError | Unreadable):
            raise ConvertError(f"{self._name} {error}.") from None


class JsonTable(Table):
    """JSON or JSON Lines: the columns are the keys of all objects."""

    def __init__(self, name: str, format_name: str) -> None:
        super().__init__(name)
        self._options = ReadOptions(format=format_name)
        keys: dict[str, None] = {}
        for found in read_items(name, self._options):
            if isinstance(found, Item):
                keys.update(dict.fromkeys(found.fields))
            elif isinstance(found, ParseError) and found.item is None:
                line = found.location.line if found.location else 1
                raise ConvertError(f"{printable(name)}:{line}: {found.message}")
        self.columns = tuple(keys)

    def rows(self) -> Iterator[Row]:
        """Yield the objects as rows."""
        for found in read_items(self.name, self._options):
            if isinstance(found, Item):
                assert found.source is not None
                cells = [cell_text(found.fields.get(column)) for column in self.columns]
                differing = [key for key, differ in found.repeated.items() if differ]
                error = (
                    f'the key "{shown(differing[0])}" occurs more than once, with different values'
                    if differing
                    else ""
                )
                yield Row(found.source.location.line, cells, error)
            elif isinstance(found, ParseError) and found.item is not None:
                line = found.location.line if found.location else 1
                yield Row(line, [], found.message)


def header_elsewhere(
    name: str, options: TableOptions, is_header: Callable[[Sequence[str]], bool]
) -> str:
    """Return the hint for a header that is in another row, empty if none of the first is one."""
    for number in range(1, _MAX_HEADER_ROW) if name != "-" else ():
        try:
            with open_table(name, options._replace(header_row=number)) as table:
                columns = table.columns
        except ConvertError:
            # The row may only be blank.
            continue
        if number != options.header_row and is_header(columns):
            return f"The header is in row {number}: pass --header-row {number}."
    return ""
