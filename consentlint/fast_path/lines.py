"""Pass over the lines of a stream that are proven."""

import os
import sys
from collections.abc import Iterator

from consentlint.fast_path.blocks import Block, prove, unproven, whole_lines
from consentlint.fast_path.index import Index
from consentlint.fast_path.proof import Known, Prover
from consentlint.formats import Lines, Stream, Unreadable

# To start a process takes as long as to prove so many bytes.
_WORTH = 8 * 1024 * 1024
_MOST_JOBS = 4
# Where after so many lines no more than this share of them is proven, it does not pay.
_LEAST_LOOK = 10_000
_LEAST_SHARE = 0.1


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
            self._blocks = self._prove()

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
            if len(self._content) - block.length not in (0, 1):
                raise Unreadable("has changed while it was read: check it again")
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

    def _prove(self) -> Iterator[Block]:
        """Yield the rest of the stream, block by block."""
        path, size = self._stream.path, self._stream.size
        if path is not None and size is not None:
            jobs = jobs_worth(size - self._read, self._jobs)
            # Postal codes that are known to be fine become so many that to tell them to other
            # processes takes longer than to prove the lines.
            if jobs > 1 and "zip_code" not in self._prover.groups:
                from consentlint.fast_path.workers import Part, prove_parts

                yield from prove_parts(
                    Part(path, self._read, size), jobs, self._prover, self._known
                )
                return
        looked_at = passed = 0
        for lines in whole_lines(self._stream):
            if self._index.closed:
                yield unproven(lines)
                continue
            block = prove(lines, self._prover, self._known)
            yield block
            looked_at += block.length
            passed += block.length - len(block.unproven)
            if looked_at > _LEAST_LOOK and passed < _LEAST_SHARE * looked_at:
                self._index.closed = True


def jobs_worth(size: int, jobs: int | None) -> int:
    """Return how many processes so many bytes are worth.

    Args:
        size: how many bytes there are to prove.
        jobs: how many processes there may be, None for as many as the machine has cores.
    """
    if jobs is None:
        cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
        # One process keeps up with what so many others prove.
        jobs = min(cores, _MOST_JOBS)
    return min(jobs, size // _WORTH)
