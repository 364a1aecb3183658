"""What a reader of workbooks, Parquet or Arrow files returns."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Cells = Sequence[str | None]
"""The texts of some columns of a row, None for nothing; empty if the row is blank."""


class ReadError(Exception):
    """The table cannot be read; the message completes "the file …"."""


class Head(NamedTuple):
    """What a table says about its rows."""

    columns: Sequence[str]
    """The names of the columns, as they are in the file."""
    types: Sequence[str | None] = ()
    """The type of each column that has no text, None for one that has; empty for a workbook, where
    each cell has a type."""
    header_row: int = 0
    """The row with the names of the columns, from 1; 0 if they are in no row."""
    sheet: str | None = None
    first_column: int = 0
    """How many columns of the sheet are left of the first one that has a cell."""
    height: int = 0
    """How many rows there are, with blank ones and the header."""
    epoch: str | None = None
    """Day 0 of dates that are numbers, in ISO 8601; None if there are none."""


class OpenTable(NamedTuple):
    """A table that was opened: its columns are known."""

    head: Head
    rows: Callable[[Sequence[int]], Iterator[Cells]]
    """Returns the rows below the header, given the numbers of the columns to read, from 0."""
