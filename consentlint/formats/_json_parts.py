"""A part of a JSON document: consecutive elements of its list of items."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from consentlint.formats._batch import Parsed, Proven, RowBatch
from consentlint.formats._decode import encoding_error, item_of, parsed_again
from consentlint.formats._json_text import after_value, scan
from consentlint.model.items import Item, Location, ParseError, locate


class DocumentPart(NamedTuple):
    """Consecutive elements of the list of items."""

    text: str
    offset: int
    """Where the part begins in the text."""
    location: Location
    """Where that is in the file."""
    pointer: str
    """JSON pointer to the list, or to the one item."""
    first: int | None
    """The number of the first element; None if the document is one item."""

    def items(self, rows: Sequence[int], layout: Sequence[int]) -> Iterator[Item]:
        """Parse some elements again, with their sources.

        Args:
            rows: their numbers within the part, ascending.
            layout: the number of an element and its offset, in turn; elements in between
                follow each other.
        """
        numbers, offsets = layout[::2], layout[1::2]
        at, here, number = self.offset, self.location, -1
        for row in rows:
            anchor = bisect_right(numbers, row) - 1
            # A proven run may be long: continue from the previous row, not from its start.
            if number < numbers[anchor]:
                number, offset = numbers[anchor], offsets[anchor]
            else:
                offset = at
            for _ in range(row - number):
                following = after_value(self.text, scan(self.text, offset)[1], "]")
                assert following is not None
                offset = following
            number = row
            here = locate(self.text[at:offset], here)
            at = offset
            value, end = scan(self.text, offset)
            text = self.text[offset:end]
            yield parsed_again(self.element(value, row, text, here), row, text)

    def element(self, value: Any, row: int, text: str, location: Location) -> Item | ParseError:
        """Return the item that an element is, or the parse error if it is none."""
        error = encoding_error(text, location, row)
        if error is not None:
            return error
        pointer = self.pointer if self.first is None else f"{self.pointer}/{self.first + row}"
        return item_of(value, row, text, location, pointer)


class Chunk:
    """Collects the contents of a part."""

    def __init__(self, part: DocumentPart) -> None:
        self.part = part
        self.count = 0
        self.errors: list[tuple[int, ParseError]] = []
        self.is_fatal = False
        self._rows: list[Mapping[str, object]] = []
        self._numbers: list[int] = []
        self._layout = array("Q")
        self._proven = Proven(array("Q"), array("Q"))

    def add_item(self, offset: int, fields: Mapping[str, object]) -> None:
        self._layout.extend((self.count, offset))
        self._numbers.append(self.count)
        self._rows.append(fields)
        self.count += 1

    def add_error(self, error: ParseError) -> None:
        self.errors.append((self.count, error))
        self.count += 1

    def add_proven(self, offset: int, count: int, ids: "array[int]", pairs: "array[int]") -> None:
        self._layout.extend((self.count, offset))
        self._proven.ids.extend(ids)
        self._proven.pairs.extend(pairs)
        self.count += count

    def fail(self, error: ParseError) -> None:
        """Add an error that is about the document, after which nothing is read."""
        self.errors.append((self.count, error))
        self.is_fatal = True

    def parsed(self) -> Parsed:
        return Parsed(
            self.count,
            0,
            self._numbers,
            RowBatch(self._rows),
            self.errors,
            self._proven,
            self._layout,
            is_fatal=self.is_fatal,
        )
