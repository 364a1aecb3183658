"""Scan the parts of a large file in several processes."""

import signal
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import Any

from consentlint.formats import LinePart
from consentlint.linter.engine import Engine
from consentlint.linter.line_scan import Base, LineScan
from consentlint.linter.part_scan import Scanned, Scanner


def scan_in_processes(
    scan: LineScan, scanner: Scanner, jobs: int
) -> Iterator[tuple[LinePart, Scanned, Base]]:
    """Scan the remaining parts of a file, and yield what was found in their order.

    Args:
        scan: the parts.
        scanner: scans them if no other process does; the processes start with what it knows.
        jobs: how many processes to use.

    Raises:
        Unreadable, OSError: the file cannot be read, or has changed.
    """
    executor = _executor(jobs, scanner)
    waiting: deque[tuple[LinePart, Future[Scanned] | None]] = deque()
    parts = scan.parts(is_ahead=True)
    try:
        while True:
            while len(waiting) <= 2 * jobs and (part := next(parts, None)) is not None:
                waiting.append((part, _submit(executor, part, is_last=scan.is_last(part))))
            if not waiting:
                return
            part, future = waiting.popleft()
            scanned = _result(future)
            if scanned is None:
                scanned = scanner.scan(part, is_last=scan.is_last(part))
            part, base = scan.take(part, scanned)
            yield part, scanned, base
            if scanned.open_at is not None:
                if not waiting:
                    parts = scan.parts(is_ahead=True)
                    continue
                # The next part begins inside a record. Those after it need not, so they stay.
                part, future = waiting.popleft()
                if future is not None:
                    future.cancel()
                waiting.appendleft((scan.with_open_record(part), None))
    finally:
        if executor is not None:
            executor.shutdown(cancel_futures=True)


def _executor(jobs: int, scanner: Scanner) -> ProcessPoolExecutor | None:
    """Return what runs the processes, None if the machine has no means for it."""
    # If it is safe, this process is copied: a new one would have to load everything.
    context = get_context("fork" if sys.platform == "linux" else None)
    engine = scanner.engine
    known = (
        engine.endpoint.name,
        engine.settings,
        scanner.format,
        scanner.matcher,
        scanner.has_columns,
    )
    try:
        return ProcessPoolExecutor(jobs, context, _start, known)
    except (ImportError, NotImplementedError, OSError):
        return None


def _submit(
    executor: ProcessPoolExecutor | None, part: LinePart, *, is_last: bool
) -> "Future[Scanned] | None":
    """Give a part to a process; return None if none accepts it."""
    if executor is None:
        return None
    try:
        with _interrupts_held():
            return executor.submit(_scan, part, is_last)
    except (BrokenProcessPool, OSError):
        return None


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back while processes are started, and forever in these.

    An interrupt is for the process that reports, which then ends the others. One that comes while
    a process is started would leave that process without anybody to end it.
    """
    if sys.platform == "win32":
        yield
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _result(future: "Future[Scanned] | None") -> Scanned | None:
    """Return what a process found, None if it died."""
    if future is not None:
        with suppress(BrokenProcessPool):
            return future.result()
    return None


_scanner: Scanner
"""The scanner of a worker process."""

# More problems are not kept from part to part.
_MAX_PROBLEMS = 65_536


def _start(kind: str, settings: Any, format_name: str, matcher: Any, has_columns: bool) -> None:
    """Prepare a worker process."""
    from consentlint.model.endpoints import ENDPOINTS

    global _scanner  # noqa: PLW0603 - what each process is given once
    _scanner = Scanner(
        Engine(ENDPOINTS[kind], settings),
        format_name,
        use_matcher=matcher is not None,
        has_columns=has_columns,
    )
    _scanner.matcher = matcher
    # Only the process that has seen all earlier parts can tell which values are not counted.
    _scanner.engine.max_counted = sys.maxsize
    # Where interrupts cannot be held back.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _scan(part: LinePart, is_last: bool) -> Scanned:
    if len(_scanner.engine.problems) > _MAX_PROBLEMS:
        _scanner.engine.forget_problems()
    return _scanner.scan(part, is_last=is_last)
