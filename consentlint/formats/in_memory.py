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
        self._rows = [each for each in found if _is_row(each)]

    def parse(self) -> Parsed:
        """Return all items."""
        items = [item for item in self._rows if isinstance(item, Item)]
        errors: list[tuple[int, ParseError]] = []
        row = 0
        for each in self._found:
            if isinstance(each, ParseError):
                # An error of the file comes after the item before it.
                errors.append((row if _is_row(each) else max(0, row - 1), each))
            row += _is_row(each)
        return Parsed(
            len(self._rows),
            0,
            [row for row, item in enumerate(self._rows) if isinstance(item, Item)],
            RowBatch([item.fields for item in items]),
            errors,
            NOTHING_PROVEN,
            array("I"),
        )

    def items(self, rows: Sequence[int], layout: Sequence[int]) -> Iterator[Item]:
        """Return some items."""
        for row in rows:
            item = self._rows[row]
            assert isinstance(item, Item)
            yield Item(row, item.fields, item.repeated, item.source)


def _is_row(found: Item | ParseError) -> bool:
    """Tell whether something is an item, even one that could not be parsed."""
    return isinstance(found, Item) or found.item is not None


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
