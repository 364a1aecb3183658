"""JSON Lines: one item a line."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from consentlint.formats._batch import (
    LineMatcher,
    Load,
    Parsed,
    Proven,
    RowBatch,
)
from consentlint.formats._content import Content
from consentlint.formats._decode import (
    MAX_ERRORS,
    decode,
    encoding_error,
    item_of,
    parsed_again,
)
from consentlint.formats._json_text import SCAN, JsonError, parse
from consentlint.formats._lines import LineOffsets, line_of, prove_lines, row_of, split_lines
from consentlint.formats.json_layout import lines_error
from consentlint.model.findings import FileError
from consentlint.model.items import Item, Location, ParseError

MAX_LINE = 16 * 1024 * 1024
"""In bytes; an item has a few hundred."""

_SPACE = " \t\r"


class JsonLinesPart(NamedTuple):
    """Consecutive lines of a file."""

    load: Load
    start: int
    end: int
    first_line: int = 1

    def at_line(self, first_line: int) -> "JsonLinesPart":
        """Return the same part with its first line."""
        return self._replace(first_line=first_line)

    def parse(self, matcher: LineMatcher | None, *, is_last: bool) -> Parsed:
        """Parse the items, except those that the matcher proves clean."""
        content = self.load(self.start, self.end)
        count, unproven, proven = prove_lines(content, matcher)
        lines = split_lines(content) if unproven else ()
        rows: list[Mapping[str, object]] = []
        starts: list[int] = []
        skipped = array("I")
        errors: list[tuple[int, ParseError]] = []
        is_fatal = False
        offsets = LineOffsets(lines)
        may_be_too_long = len(content) >= MAX_LINE
        for at in unproven:
            try:
                if may_be_too_long and len(lines[at]) >= MAX_LINE:
                    raise ValueError
                text = lines[at].decode().strip(_SPACE)
                value, end = SCAN(text, 0)
                if end == len(text) and isinstance(value, dict):
                    rows.append(value)
                    starts.append(at - len(skipped))
                    continue
            except (ValueError, StopIteration, RecursionError):
                pass
            if not lines[at].strip(_SPACE.encode()):
                skipped.append(at)
                continue
            row = row_of(at, skipped)
            found = parse_line(lines[at], row, Location(at + 1, 1, offsets.of(at)))
            if isinstance(found, Item):
                rows.append(found.fields)
                starts.append(row)
                continue
            errors.append((row, found))
            is_fatal = len(lines[at]) >= MAX_LINE
            if is_fatal or len(errors) == MAX_ERRORS:
                return _cut(at, row, rows, starts, errors, proven, skipped, unproven, is_fatal)
        return Parsed(
            count - len(skipped),
            count,
            starts,
            RowBatch(rows),
            errors,
            proven,
            skipped,
        )

    def items(self, rows: Sequence[int], layout: Sequence[int]) -> Iterator[Item]:
        """Parse some items again, with their sources."""
        lines = split_lines(self.load(self.start, self.end))
        offsets = LineOffsets(lines)
        for row in rows:
            at = line_of(row, layout)
            location = Location(self.first_line + at, 1, self.start + offsets.of(at))
            yield parsed_again(parse_line(lines[at], row, location), row, decode(lines[at]))


def layout_errors(content: Content) -> list[ParseError]:
    """Return why no line can be read, if the first of them shows it."""
    text = decode(content.head[content.start :])
    message = lines_error(text, is_whole=content.fits_in_head)
    if not message:
        return []
    start = Location(1, 1, content.start)
    return [ParseError(FileError.MALFORMED, message, start, text=text.partition("\n")[0])]


def _cut(  # noqa: PLR0913 - the state of the loop that it ends
    at: int,
    row: int,
    rows: list[Mapping[str, object]],
    starts: list[int],
    errors: list[tuple[int, ParseError]],
    proven: Proven,
    skipped: "array[int]",
    unproven: Sequence[int],
    is_fatal: bool,
) -> Parsed:
    """Return the contents of the part up to a line after which nothing is read."""
    kept = at - unproven.index(at)
    proven = Proven(proven.ids[:kept], proven.pairs[:kept])
    # A line that is too long is not counted as an item.
    items = row if is_fatal else row + 1
    return Parsed(items, at + 1, starts, RowBatch(rows), errors, proven, skipped, is_fatal=is_fatal)


def parse_line(line: bytes, row: int, start: Location) -> Item | ParseError:
    """Return the item on a line that is not blank.

    Args:
        line: the line, without its end.
        row: the number of the item.
        start: where the line begins.
    """
    if len(line) >= MAX_LINE:
        message = f"line is longer than {MAX_LINE:,} bytes. Check that the file is JSON Lines."
        return ParseError(FileError.MALFORMED, message, start)
    text = decode(line)
    error = encoding_error(text, start, row)
    if error is not None:
        return error
    bare = text.strip(_SPACE)
    indent = text.index(bare[0])
    location = Location(start.line, 1 + indent, start.offset + indent)
    try:
        value = parse(bare)
    except JsonError as json_error:
        before = bare[: json_error.offset]
        where = Location(
            location.line, location.column + len(before), location.offset + len(before.encode())
        )
        message = f"malformed JSON: {json_error}."
        return ParseError(FileError.MALFORMED, message, where, row, None, bare, json_error.offset)
    return item_of(value, row, bare, location, "")
