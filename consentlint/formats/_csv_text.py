"""Find in the text of a record what the csv module rejects, or other programs read otherwise."""

import csv
import re
from typing import TYPE_CHECKING

from consentlint.formats.csv_layout import LINES_END_IN_CR

if TYPE_CHECKING:
    from consentlint.formats.csv_table import Table

TOO_LONG = "field larger"
_CR = "new-line character"
# What csv says, and what it means for the user.
_MESSAGES = {
    "end of data": "the quote that opens here is never closed.",
    "expected after": "the quote that opens here is closed before the end of its cell."
    ' Write a quote inside a cell as "".',
    TOO_LONG: "this cell is too long. Check whether its quote is closed; the rest of the file is"
    " not read.",
}
_CR_IN_CELL = (
    "a carriage return (CR) inside a cell that is not quoted. Remove it, or put the cell in quotes."
)


def cell_pattern(delimiter: str) -> re.Pattern[str]:
    """Return a pattern for a cell as it is written, quoted or not."""
    return re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(delimiter)}\r\n]*')


def explain(error: csv.Error, text: str, table: "Table") -> tuple[str, int]:
    """Return what is wrong with a record that csv rejects, and the offset of it.

    Args:
        error: what csv says.
        text: the record.
        table: its layout.
    """
    if _CR in str(error):
        return _carriage_return(text, table)
    for said, meant in _MESSAGES.items():
        if said in str(error):
            return meant, _cell_at(text, table.delimiter)
    return f"malformed CSV: {error}.", 0


def _carriage_return(text: str, table: "Table") -> tuple[str, int]:
    """Return the message for a carriage return that csv rejects, and its offset."""
    offset = next(
        (
            found.start()
            for found in re.compile(r'"(?:[^"]|"")*"|\r(?!\n)').finditer(text)
            if found[0] == "\r"
        ),
        0,
    )
    delimiters = len(table.columns) - 1
    pieces = text.rstrip().split("\r")
    if all(piece.count(table.delimiter) >= delimiters for piece in pieces):
        return LINES_END_IN_CR, offset
    return _CR_IN_CELL, offset


def stray_quote(text: str, delimiter: str) -> int | None:
    """Return the offset of the first quote inside a cell that is not quoted, or None."""
    cell = cell_pattern(delimiter)
    at = 0
    while at < len(text):
        match = cell.match(text, at)
        assert match is not None
        quote = -1 if text[at] == '"' else text.find('"', at, match.end())
        if quote >= 0:
            return quote
        at = match.end() + 1
    return None


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
