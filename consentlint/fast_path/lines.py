"""Prove lines of a stream, a block at a time."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from consentlint.fast_path.index import Index, Rows
from consentlint.fast_path.proof import Known, Prover
from consentlint.readers import Lines, Stream, Unreadable

BLOCK = 262_144
"""How many bytes are proven at once; what is made of them stays in the processor's cache."""

# More than any reader takes as one line.
_LONGEST = 32 * 1024 * 1024


class Block(NamedTuple):
    """Whole lines, and what is proven of them."""

    length: int
    """How many lines there are."""
    unproven: list[int]
    """The lines, counted from 0, that must be read; in their order."""
    rows: Rows
    """What the others say, each an item."""
    content: Callable[[], bytes]
    """Returns the lines as they stand in the file."""


def proven(lines: bytes, prover: Prover, known: Known) -> tuple[int, list[int], Rows]:
    """Return how many lines there are, which of them must be read, and what the others say.

    Args:
        lines: whole lines, the last one perhaps without its end.
        prover: how items are proven.
        known: values that do no harm.
    """
    end = lines.rfind(b"\n") + 1
    matches = prover.pattern.findall(lines, 0, end)
    unproven, rows = prover.rows(matches, known)
    count = len(matches)
    if end < len(lines):
        unproven.append(count)
        count += 1
    return count, unproven, rows


class ProvenLines(Lines):
    """The lines of a stream, of which those are passed over that are proven."""

    def __init__(self, stream: Stream, jobs: int | None) -> None:
        super().__init__(stream)
        self._jobs = jobs
        self._read = 0
        self._blocks: Iterator[Block] | None = None
        self._block: Block | None = None
        self._content: list[bytes] | None = None
        # The line at hand, how many of those before it are proven, and the next that is not.
        self._line = self._row = self._unproven = 0

    def learn(self, prover: Prover, known: Known, index: Index) -> None:
        """Take in how items are proven and kept."""
        self._prover = prover
        self._known = known
        self._index = index
        if self._blocks is None:
            self._blocks = self._own_blocks()

    def readline(self, longest: int) -> bytes:
        """Return the next line, its first part where it is longer, nothing at the end."""
        if self._blocks is None:
            line = self._stream.readline(longest)
            self._read += len(line)
            return line
        block = self._block_at_hand()
        if block is None:
            return b""
        if self._content is None:
            self._content = block.content().split(b"\n")
        if self._line == self._next_unproven(block):
            self._unproven += 1
        else:
            self._row += 1
        line = self._content[self._line]
        self._line += 1
        if self._line < len(self._content):
            line += b"\n"
        return line[:longest]

    def pass_items(self, number: int) -> int:
        """Pass over the items that come next and need not be read."""
        if self._blocks is None:
            return 0
        block = self._block_at_hand()
        if block is None:
            return 0
        count = self._next_unproven(block) - self._line
        if count:
            count = self._index.add(block.rows, self._row, self._row + count, number)
            self._line += count
            self._row += count
        return count

    def _next_unproven(self, block: Block) -> int:
        if self._unproven < len(block.unproven):
            return block.unproven[self._unproven]
        return block.length

    def _block_at_hand(self) -> Block | None:
        """Return the block of the next line, None where there is no more."""
        while self._block is None or self._line == self._block.length:
            assert self._blocks is not None
            self._block = next(self._blocks, None)
            self._content = None
            self._line = self._row = self._unproven = 0
            if self._block is None:
                return None
        return self._block

    def _own_blocks(self) -> Iterator[Block]:
        """Yield blocks that are proven here."""
        for lines in whole_lines(self._stream):
            count, unproven, rows = proven(lines, self._prover, self._known)
            yield Block(count, unproven, rows, partial(bytes, lines))


def whole_lines(stream: Stream) -> Iterator[bytes]:
    """Yield the rest of a stream in blocks of whole lines; the last may lack its end.

    A line that is longer than any reader takes is cut off, and nothing comes after it.

    Raises:
        Unreadable, OSError: it cannot be read on. The whole lines before come first.
    """
    pieces: list[bytes] = []
    size = 0
    while True:
        try:
            piece = stream.read1(BLOCK)
        except (OSError, Unreadable):
            lines = b"".join(pieces)
            yield lines[: lines.rfind(b"\n") + 1]
            raise
        pieces.append(piece)
        size += len(piece)
        end = piece.rfind(b"\n") + 1
        if end and size >= BLOCK:
            pieces[-1] = piece[:end]
            yield b"".join(pieces)
            pieces = [piece[end:]]
            size = len(piece) - end
        elif not piece or size > _LONGEST:
            yield b"".join(pieces)
            return
