"""Tell from the first lines of a table where its header is, and what delimits its columns."""

import csv
import re
from collections.abc import Sequence
from itertools import islice

from consentlint.fields.names import field_named
from consentlint.formats._decode import decode
from consentlint.model.endpoints import FIELDS
from consentlint.model.findings import FileError
from consentlint.model.items import Location, ParseError

DELIMITERS = ",;\t|"

_FIELDS = frozenset(FIELDS)
_OTHER_DELIMITERS = ("~", "^", ":", "/", "\\t", "\x01", "\x1e", "\x1f", " ")
# A header among so many lines, of at most so many bytes each, has a title above it.
_MAX_TITLE = 20
_MAX_LINE = 10_000
_POWERSHELL = re.compile(r'"?#TYPE\b')


def delimiter_of(first_line: str) -> str:
    """Return the delimiter that makes the most known columns of the first line."""
    return max(DELIMITERS, key=lambda delimiter: _known(first_line, delimiter))


def misplaced_header(lines: Sequence[bytes], start: Location) -> ParseError | None:
    """Return the parse error for a first line that is not a header, if the reason is known.

    Args:
        lines: the first lines of the file, from where the header belongs.
        start: where they begin.
    """
    first = decode(lines[0][:_MAX_LINE]).rstrip("\r")
    found = ""
    count = _fields_in(first)
    if count < 2:
        found = _title(lines, first, start.line) or _quoted_lines(first)
    if not count and not found:
        found = _carriage_returns(first) or _other_delimiter(first)
    if not found and not first.strip() and len(lines) > 1:
        found = "expected a header, found a blank line."
    if not found:
        return None
    return ParseError(FileError.MALFORMED, found, start, text=first)


def _title(lines: Sequence[bytes], first: str, number: int) -> str:
    """Return the message for a header that is further down."""
    for after, line in enumerate(islice(lines, 1, _MAX_TITLE), 1):
        if len(line) > _MAX_LINE or _fields_in(decode(line)) < 2:
            continue
        at = number + after
        what = "the lines before it"
        if _POWERSHELL.match(first):
            what = "the #TYPE line of PowerShell (Export-Csv -NoTypeInformation)"
        return (
            f"the header is on line {at}, expected on line {number}. Remove {what}:"
            f" tail -n +{at} FILE > items.csv"
        )
    return ""


def _quoted_lines(first: str) -> str:
    """Return the message for lines that are quoted as a whole."""
    cells = _cells(first, delimiter_of(first))
    if len(cells) != 1 or not first.startswith('"') or _fields_in(cells[0]) < 2:
        return ""
    return (
        "each line is in quotes as a whole. Remove these quotes: sed -e 's/^\"//' -e"
        " 's/\"[[:space:]]*$//' -e 's/\"\"/\"/g' FILE > items.csv"
    )


def _carriage_returns(first: str) -> str:
    """Return the message for a file without line feeds."""
    if _fields_in(first.partition("\r")[0]) < 2:
        return ""
    return LINES_END_IN_CR


def _other_delimiter(first: str) -> str:
    """Return the message for a delimiter that is not supported."""
    for delimiter in _OTHER_DELIMITERS:
        names = first.replace('"', "").split(delimiter)
        if len(_FIELDS.intersection(map(str.strip, names))) > 1:
            shown = f'"{delimiter}"' if delimiter.isprintable() else f"U+{ord(delimiter):04X}"
            return (
                f"the columns are separated by {shown}, expected a comma, semicolon, tab or"
                " vertical bar. Export the table with commas."
            )
    return ""


def _fields_in(line: str) -> int:
    """Return how many columns of a line have names that are, or surely mean, fields."""
    return len({*map(field_named, _cells(line, delimiter_of(line)))} - {None})


def _known(line: str, delimiter: str) -> tuple[int, int]:
    """Return how many columns a delimiter makes that are fields, and that mean fields."""
    cells = [cell.strip() for cell in _cells(line, delimiter)]
    return len(_FIELDS.intersection(cells)), len({*map(field_named, cells)} - {None})


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


LINES_END_IN_CR = (
    "lines end in a carriage return (CR) alone. Run: tr '\\r' '\\n' < FILE > items.csv"
)
