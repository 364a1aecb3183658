"""Scan the parts of a large file in several processes."""

import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from consentlint.formats import LinePart
from consentlint.linter.engine import Engine
from consentlint.linter.line_scan import Base, LineScan
from consentlint.linter.part_scan import Scanned, Scanner
from consentlint.linter.pool import Pool


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
    engine = scanner.engine
    known = (engine.endpoint.name, engine.settings, scanner.format, scanner.matcher)
    pool = Pool(jobs, _scan, _start, *known, scanner.has_columns)
    waiting: deque[tuple[LinePart, Future[Scanned] | None]] = deque()
    parts = scan.parts(is_ahead=True)
    try:
        while True:
            while len(waiting) <= 2 * jobs and (part := next(parts, None)) is not None:
                waiting.append((part, pool.submit(part, scan.is_last(part))))
            if not waiting:
                return
            part, future = waiting.popleft()
            scanned = pool.result(future)
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
        pool.close()


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


def _scan(part: LinePart, is_last: bool) -> Scanned:
    if len(_scanner.engine.problems) > _MAX_PROBLEMS:
        _scanner.engine.forget_problems()
    return _scanner.scan(part, is_last=is_last)
