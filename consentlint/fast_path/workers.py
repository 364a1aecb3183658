"""Prove the lines of a large file in several processes.

Each process reads the parts of the file that it is given, and answers with what is proven
of them, some thirty bytes an item. Only the process that reports keeps items, in the
order of the file.
"""

import signal
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import NamedTuple

from consentlint.fast_path.blocks import BLOCK, LONGEST, Block, prove
from consentlint.fast_path.proof import Known, Prover
from consentlint.formats import Unreadable

PART = 2 * 1024 * 1024
"""How many bytes a process is given at once."""


class Part(NamedTuple):
    """Whole lines of a file; the last may lack its end."""

    path: str
    start: int
    end: int

    def content(self) -> bytes:
        """Return the lines as they stand in the file.

        Raises:
            Unreadable: they are not there any more.
            OSError: the file cannot be read.
        """
        with open(self.path, "rb") as file:
            file.seek(self.start)
            content = file.read(self.end - self.start)
        if len(content) != self.end - self.start:
            raise Unreadable("has changed while it was read: check it again")
        return content


def prove_parts(whole: Part, jobs: int, prover: Prover, known: Known) -> Iterator[Block]:
    """Yield what is proven of the lines of a file, in their order.

    Args:
        whole: the lines.
        jobs: how many processes are to prove them.
        prover: how items are proven.
        known: values that do no harm; those that are added later are made use of.

    Raises:
        Unreadable, OSError: the file cannot be read, or has changed.
    """
    waiting: deque[tuple[Part, Future[list[Block]] | None]] = deque()
    executor = _executor(jobs, prover)
    try:
        for part in parts_of(whole):
            waiting.append((part, _submit(executor, part, known)))
            if len(waiting) > 2 * jobs:
                yield from _answer(*waiting.popleft(), prover, known)
        while waiting:
            yield from _answer(*waiting.popleft(), prover, known)
    finally:
        if executor is not None:
            executor.shutdown(cancel_futures=True)


def _executor(jobs: int, prover: Prover) -> ProcessPoolExecutor | None:
    """Return what runs the processes, None where the machine has no means for it."""
    # Where it is safe, a copy of this process is made: a new one would have to load it all.
    context = get_context("fork" if sys.platform == "linux" else None)
    try:
        return ProcessPoolExecutor(jobs, context, _start, (prover,))
    except (ImportError, NotImplementedError, OSError):
        return None


def _submit(
    executor: ProcessPoolExecutor | None, part: Part, known: Known
) -> "Future[list[Block]] | None":
    """Give a part to a process; return None where none takes it."""
    if executor is None:
        return None
    # A copy, for it is handed over while more may become known.
    known = Known(dict(known.senders), dict(known.offsets), set(known.postal_codes))
    try:
        return executor.submit(_prove_part, part, known)
    except (BrokenProcessPool, OSError):
        return None


def parts_of(whole: Part) -> Iterator[Part]:
    """Yield a part after the other.

    A line that is longer than any reader takes is cut off, and nothing comes after it.
    """
    path, start, end = whole
    with open(path, "rb") as file:
        while start < end:
            at = start + PART
            file.seek(at)
            while at < end and (line := file.readline(65_536)):
                at += len(line)
                if line.endswith(b"\n"):
                    break
                if at - start > LONGEST:
                    yield Part(path, start, at)
                    return
            yield Part(path, start, min(at, end))
            start = at


def _answer(
    part: Part, answer: "Future[list[Block]] | None", prover: Prover, known: Known
) -> list[Block]:
    """Return what is proven of a part, by this process where no other one has done it."""
    if answer is not None:
        with suppress(BrokenProcessPool):
            return answer.result()
    return _blocks(part, prover, known)


_prover: Prover
"""How a process of its own proves items."""


def _start(prover: Prover) -> None:
    """Prepare a process that proves parts."""
    global _prover  # noqa: PLW0603 - what each process is given once
    _prover = prover
    # An interrupt is for the process that reports; it ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _prove_part(part: Part, known: Known) -> list[Block]:
    return _blocks(part, _prover, known)


def _blocks(part: Part, prover: Prover, known: Known) -> list[Block]:
    """Return what is proven of a part, in blocks."""
    content = part.content()
    blocks = []
    start = 0
    while start < len(content):
        end = content.rfind(b"\n", start, start + BLOCK) + 1
        if not end:
            end = content.find(b"\n", start) + 1 or len(content)
        source = Part(part.path, part.start + start, part.start + end)
        blocks.append(prove(content[start:end], prover, known, source.content))
        start = end
    return blocks
