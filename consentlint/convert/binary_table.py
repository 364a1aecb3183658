"""Workbooks, Parquet and Arrow files as tables."""

import json
from collections.abc import Iterator
from datetime import datetime

from consentlint.convert.cells import named
from consentlint.convert.mapping import ConvertError
from consentlint.convert.tables import Row, Table, TableOptions
from consentlint.formats import Stream, Unreadable
from consentlint.formats.table_file import TableFile
from consentlint.text.masking import printable


class BinaryTable(Table):
    """A sheet of a workbook, a Parquet or an Arrow file.

    Args:
        name: the name of the file.
        stream: the file.
        kind: what `formats.table_kind` returned.
        options: how to read it.
    """

    def __init__(self, name: str, stream: Stream, kind: str, options: TableOptions) -> None:
        super().__init__(name)
        self._rows_read = 0
        try:
            self._file = TableFile(stream, kind, sheet=options.sheet, header_row=options.header_row)
        except (Unreadable, OSError) as error:
            raise ConvertError(f"{printable(name)} {error}.") from None
        self._layout = self._file.layout
        self.columns = named(self._layout.columns)
        self.size = self._file.height
        if self._file.epoch is not None:
            self.epoch = datetime.fromisoformat(self._file.epoch)

    @property
    def position(self) -> int:
        """How many rows have been read."""
        return self._rows_read

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """Yield the rows, without blank ones."""
        try:
            for line in self._file.lines():
                self._rows_read += 1
                if line != b"\n":
                    yield Row(self._rows_read, json.loads(line))
        except Unreadable as error:
            raise ConvertError(f"{printable(self.name)} {error}.") from None

    def place(self, number: int, column: int | None) -> str:
        """Return how a message names a cell, or a row."""
        layout = self._layout
        at = None if column is None else layout.first_column + column + 1
        place = f"{printable(self.name)}: {printable(layout.cell(number, at))}"
        if layout.sheet is None and column is not None:
            place += f', column "{printable(self.columns[column])}"'
        return place
