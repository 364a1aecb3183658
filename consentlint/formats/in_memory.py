"""Items that are in memory already: those of a form body, or of a program."""

from array import array
from collections.abc import Iterator, Sequence

from consentlint.formats._batch import (
    NOTHING_PROVEN,
    ColumnBatch,
    Parsed,
    RowBatch,
)
from consentlint.model.items import Item, ParseError


class ItemsPart:
    """Items and parse errors in their order.

    Args:
        found: what was read.
    """

    def __init__(self, found: Sequence[Item | ParseError]) -> None:
        self._found = found

    def parse(self) -> Parsed:
        """Return all items."""
        items = [item for item in self._found if isinstance(item, Item)]
        return Parsed(
            len(self._found),
            0,
            [row for row, item in enumerate(self._found) if isinstance(item, Item)],
            RowBatch([item.fields for item in items]),
            [(row, each) for row, each in enumerate(self._found) if isinstance(each, ParseError)],
            NOTHING_PROVEN,
            array("I"),
        )

    def items(self, rows: Sequence[int], layout: Sequence[int]) -> Iterator[Item]:
        """Return some items."""
        for row in rows:
            item = self._found[row]
            assert isinstance(item, Item)
            yield Item(row, item.fields, item.repeated, item.source)


class ColumnsPart:
    """Items that a program has in columns.

    Args:
        batch: the columns.
    """

    def __init__(self, batch: ColumnBatch) -> None:
        self._batch = batch

    def parse(self) -> Parsed:
        """Return all items."""
        count = self._batch.count
        return Parsed(count, 0, range(count), self._batch, [], NOTHING_PROVEN, array("I"))

    def items(self, rows: Sequence[int], layout: Sequence[int]) -> Iterator[Item]:
        """Return some items."""
        for row in rows:
            yield Item(row, self._batch.fields(row))
