"""The header of a workbook, a Parquet or an Arrow file, and what is wrong with it."""

import csv
import io
from collections.abc import Sequence

from consentlint.formats.csv_columns import column_errors
from consentlint.formats.csv_table import Table
from consentlint.formats.table_file import TableLayout
from consentlint.model.endpoints import FIELDS, Endpoint
from consentlint.model.findings import FileError
from consentlint.model.items import Header, Location, ParseError, Source
from consentlint.text.column_types import type_error

_DELIMITER = ","


class _HeaderSource(Source):
    """A header as a record of CSV; a location counts columns of the table, not characters."""

    __slots__ = ("_first_column",)

    def __init__(self, layout: TableLayout) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=_DELIMITER, lineterminator="\n").writerow(layout.columns)
        find = Table(layout.columns, _DELIMITER).find
        super().__init__(text.getvalue(), Location(layout.header_row, 1, 0), find)
        self._first_column = layout.first_column

    def locate(self, offset: int) -> Location:
        """Return the row of the header, and the number of the column at a character of the text."""
        before = sum(member.end < offset for member in self.members)
        return Location(self.location.line, self._first_column + before + 1, 0)


def read_header(
    layout: TableLayout, endpoint: Endpoint | None
) -> tuple[Header, Sequence[ParseError]]:
    """Return the header of a table, and why its rows cannot be read.

    Args:
        layout: its columns.
        endpoint: the endpoint that the user named, if any.
    """
    header = Header(layout.columns, _HeaderSource(layout), _DELIMITER)
    return header, column_errors(header, endpoint) or _type_errors(header, layout)


def _type_errors(header: Header, layout: TableLayout) -> list[ParseError]:
    """Return the errors of columns with another type than text, which the API expects."""
    found = []
    for member, kind in zip(header.source.members, layout.types, strict=False):
        if kind is not None and member.key in FIELDS:
            location = header.source.locate(member.start)
            message = type_error(member.key, member.key, kind)
            found.append(
                ParseError(
                    FileError.KIND,
                    message,
                    location,
                    text=header.source.text,
                    offset=member.start,
                )
            )
    return found
