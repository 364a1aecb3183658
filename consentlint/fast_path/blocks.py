"""Prove whole lines, some thousand of them at once."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from consentlint.fast_path.index import NO_ROWS, Rows
from consentlint.fast_path.proof import Known, Prover
from consentlint.formats import Stream, Unreadable

BLOCK = 262_144
"""How many bytes are proven at once; what is made of them stays in the processor's cache."""

LONGEST = 32 * 1024 * 1024
"""In bytes; more than any reader takes as one line."""


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


def prove(
    lines: bytes, prover: Prover, known: Known, content: Callable[[], bytes] | None = None
) -> Block:
    """Return what is proven of some lines.

    Args:
        lines: whole lines, the last one perhaps without its end.
        prover: how items are proven.
        known: values that do no harm.
        content: returns the lines; None where they may be kept.
    """
    end = lines.rfind(b"\n") + 1
    matches = prover.pattern.findall(lines, 0, end)
    unproven, rows = prover.rows(matches, known)
    length = len(matches)
    if end < len(lines):
        unproven.append(length)
        length += 1
    return Block(length, unproven, rows, content or partial(bytes, lines))


def unproven(lines: bytes) -> Block:
    """Return lines of which nothing is proven; the last may lack its end."""
    length = lines.count(b"\n") + (not lines.endswith(b"\n"))
    return Block(length, list(range(length)), NO_ROWS, partial(bytes, lines))


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
            # No lines are no block: a reader would take them for the end.
            if b"\n" in lines:
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
        elif not piece or size > LONGEST:
            if size:
                yield b"".join(pieces)
            return
