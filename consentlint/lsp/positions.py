"""Convert offsets in bytes to positions of the Language Server Protocol, and back.

A position has a line, and a number of code units in it. How long a code unit is depends on the
encoding that the editor and the server agree on, UTF-16 if the editor names none.
"""

import re
from bisect import bisect_right

from lsprotocol.types import Position, PositionEncodingKind, Range

_LINE_END = re.compile(rb"\r\n|\r|\n")
# The name of the codec in Python, and how many bytes a code unit has.
_CODECS = {
    PositionEncodingKind.Utf8: ("utf-8", 1),
    PositionEncodingKind.Utf16: ("utf-16-le", 2),
    PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
_UTF_16 = _CODECS[PositionEncodingKind.Utf16]


def encode(text: str) -> bytes:
    """Return a text as bytes; half of a surrogate pair becomes bytes that are not UTF-8."""
    return text.encode("utf-8", "surrogatepass")


class Positions:
    """Finds positions in a text. They are found fastest in their order.

    Args:
        content: the text as `encode` returns it.
        encoding: the encoding that the positions count in.
    """

    def __init__(self, content: bytes, encoding: PositionEncodingKind | str | None) -> None:
        self._content = content
        self._codec, self._unit = _CODECS.get(PositionEncodingKind(encoding or "utf-16"), _UTF_16)
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(content))]
        self._is_ascii = content.isascii()
        # Of the last position; a line may have megabytes, with thousands of findings.
        self._line = self._offset = self._character = 0

    def range(self, start: int, end: int) -> Range:
        """Return the range between two offsets."""
        return Range(self.position(start), self.position(end))

    def position(self, offset: int) -> Position:
        """Return the position of an offset; one within a character means the character after it."""
        offset = min(offset, len(self._content))
        while offset < len(self._content) and self._content[offset] & 0xC0 == 0x80:
            offset += 1
        line = bisect_right(self._starts, offset) - 1
        if line != self._line or offset < self._offset:
            self._line, self._offset, self._character = line, self._starts[line], 0
        self._character += self._units(self._content[self._offset : offset])
        self._offset = offset
        return Position(line, self._character)

    def offset(self, position: Position) -> int:
        """Return the offset of a position; one after the end of a line means its end."""
        if position.line >= len(self._starts):
            return len(self._content)
        start, end = self.line(position.line)
        units = self._content[start:end].decode("utf-8", "surrogatepass")
        encoded = units.encode(self._codec, "surrogatepass")[: position.character * self._unit]
        return start + len(encode(encoded.decode(self._codec, "ignore")))

    def line(self, number: int) -> tuple[int, int]:
        """Return the offsets of the first byte of a line, and of the byte after its last."""
        following = self._starts[number + 1 : number + 2]
        start, end = self._starts[number], following[0] if following else len(self._content)
        return start, start + len(self._content[start:end].rstrip(b"\r\n"))

    def _units(self, piece: bytes) -> int:
        if self._is_ascii or self._codec == "utf-8":
            return len(piece)
        text = piece.decode("utf-8", "surrogatepass")
        return len(text.encode(self._codec, "surrogatepass")) // self._unit
