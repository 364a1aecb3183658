"""Columns of the values of records, as a pattern captures them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import compress, product
from typing import Any, NamedTuple

_FEW = 16
"""So many rows are dropped one by one."""


class Columns(NamedTuple):
    """The values of proven records, in order."""

    contacts: list[bytes]
    """The digits of phone numbers, without the "+"."""
    gaps: list[Any]
    """What a matcher captured of the other values (see `layout`)."""
    dates: list[bytes]
    """Up to the minute or the second; empty if the records have none."""
    fractions: list[bytes]
    """Of their seconds, with the point; empty if the records have none."""
    offsets: list[bytes]
    """Offsets from UTC; empty if the dates are in UTC."""


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
