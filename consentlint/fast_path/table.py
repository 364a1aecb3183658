"""Columns of the values of records, as a pattern captures them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import compress, product
from typing import Any

_FEW = 16
"""So many rows are dropped one by one."""


class Table:
    """Columns of records, from which rows are dropped.

    Args:
        columns: as many cells in each.
    """

    def __init__(self, columns: dict[str, list[Any]], count: int) -> None:
        self.columns = columns
        self.dropped: list[int] = []
        """The rows that have been dropped, by their first numbers."""
        self._rows: Sequence[int] = range(count)

    def drop(self, rows: Iterable[int]) -> None:
        """Drop rows, by their present numbers."""
        last_first = sorted({*rows}, reverse=True)
        if not last_first:
            return
        self._rows = list(self._rows)
        self.dropped += [self._rows[row] for row in last_first]
        columns = (self._rows, *self.columns.values())
        if len(last_first) <= _FEW:
            for column, row in product(columns, last_first):
                del column[row]
            return
        keep = bytearray(b"\1") * len(self._rows)
        for row in last_first:
            keep[row] = 0
        for column in columns:
            column[:] = compress(column, keep)


def places_of(value: object, column: Sequence[object]) -> list[int]:
    """Return where a value is in a column."""
    places: list[int] = []
    with suppress(ValueError):
        while True:
            places.append(column.index(value, places[-1] + 1 if places else 0))
    return places
