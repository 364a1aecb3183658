"""What line-based formats share: finding the lines of items within a part."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from consentlint.formats._batch import NOTHING_PROVEN, LineMatcher, LinePart, Proven


def split_lines(content: bytes) -> list[bytes]:
    """Return the lines of a part without their line feeds; the last may lack its own."""
    lines = content.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def prove_lines(content: bytes, matcher: LineMatcher | None) -> tuple[int, Sequence[int], Proven]:
    """Return how many lines a part has, which of them must be parsed, and the hashes of the rest.

    Args:
        content: the part.
        matcher: proves lines clean; None to parse all of them.
    """
    if matcher is not None:
        count, unproven, ids, pairs = matcher.match(content)
        return count, unproven, Proven(ids, pairs)
    count = content.count(b"\n") + (not content.endswith(b"\n"))
    return count, range(count), NOTHING_PROVEN


def row_of(line: int, skipped: Sequence[int]) -> int:
    """Return the number of the item that begins on a line.

    Args:
        line: the line, from 0.
        skipped: the lines on which no item begins, ascending.
    """
    return line - bisect_left(skipped, line)


def line_of(row: int, skipped: Sequence[int]) -> int:
    """Return the line on which an item begins.

    Args:
        row: the number of the item.
        skipped: the lines on which no item begins, ascending.
    """
    if not skipped:
        return row
    return row + bisect_right(range(len(skipped)), row, key=lambda at: skipped[at] - at)


def first_line_of(part: LinePart, row: int, layout: Sequence[int]) -> int:
    """Return the line of the file on which an item begins, without reading the file.

    Args:
        part: the part that has the item.
        row: the number of the item within the part.
        layout: `Parsed.layout` of the part.
    """
    return part.first_line + line_of(row, layout)


class LineOffsets:
    """The byte offsets of lines within a part, counted on from the line before.

    Args:
        lines: the lines of the part.
    """

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines
        self._line = self._offset = 0

    def of(self, line: int) -> int:
        """Return the offset of a line."""
        if line < self._line:
            self._line = self._offset = 0
        self._offset += sum(map(len, self._lines[self._line : line])) + line - self._line
        self._line = line
        return self._offset


def line_offset(part: LinePart, line: int) -> int:
    """Return the byte offset of a line within a part."""
    return LineOffsets(split_lines(part.load(part.start, part.end))).of(line)
