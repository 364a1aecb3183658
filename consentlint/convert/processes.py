"""Convert the rows of a table, in several processes if that takes less time."""

import sys
from collections import deque
from collections.abc import Iterator
from itertools import islice

from consentlint.convert.rows import Converted, RowConverter
from consentlint.convert.tables import Row, Table
from consentlint.linter.line_scan import usual_jobs
from consentlint.linter.pool import Pool

_BATCH = 2_000
_TRIAL = 5
"""After so many batches it is known what the rows cost."""
_MIN_READ = 0.3
"""A row that must be read value by value costs ten times as much as another."""
_MIN_ROWS = 20_000
"""Fewer rows are converted before other processes have started."""

Batch = tuple[list[Row], list[Converted]]


def converted(table: Table, converter: RowConverter, jobs: int | None) -> Iterator[Batch]:
    """Yield the rows of a table in batches, each with what became of its rows, in order.

    Args:
        table: the table.
        converter: converts its rows.
        jobs: how many processes there may be; None to decide by what the rows cost.
    """
    batches = _batches(table.rows())
    count = 0
    for rows in islice(batches, _TRIAL):
        count += len(rows)
        yield rows, converter.convert(rows)
    is_slow = converter.values_read > _MIN_READ * count
    share = table.position / table.size if table.size and table.position else 1
    is_long = count / share - count > _MIN_ROWS
    if jobs is None:
        jobs = usual_jobs() if is_slow and is_long else 1
    # The converter cannot be sent to a process, only be in a copy of this one.
    if jobs > 1 and sys.platform == "linux":
        yield from _in_processes(batches, converter, jobs)
        return
    for rows in batches:
        yield rows, converter.convert(rows)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _in_processes(
    batches: Iterator[list[Row]], converter: RowConverter, jobs: int
) -> Iterator[Batch]:
    pool = Pool(jobs, _convert, _start, converter)
    waiting = deque((rows, pool.submit(rows)) for rows in islice(batches, 2 * jobs))
    try:
        while waiting:
            rows, future = waiting.popleft()
            found = pool.result(future)
            yield rows, converter.convert(rows) if found is None else found
            waiting.extend((rows, pool.submit(rows)) for rows in islice(batches, 1))
    finally:
        pool.close()


_converter: RowConverter
"""The converter of a worker process."""


def _start(converter: RowConverter) -> None:
    global _converter  # noqa: PLW0603 - what each process is given once
    _converter = converter


def _convert(rows: list[Row]) -> list[Converted]:
    return _converter.convert(rows)
