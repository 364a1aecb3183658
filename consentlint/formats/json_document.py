"""A JSON document: a request, an array of items, or a single item."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from consentlint.fields.schemas import type_name
from consentlint.formats._batch import Parsed, Proven, RowBatch
from consentlint.formats._decode import MAX_ERRORS, decode, encoding_error, item_of, parsed_again
from consentlint.formats._json_text import JsonError, after_value, key_at, scan, skip_space
from consentlint.model.endpoints import FIELDS
from consentlint.model.findings import FileError
from consentlint.model.items import Item, Location, ParseError, locate

_LIST_OF_OBJECTS = re.compile(r"\[[ \t\n\r]*\{")
_LIST_KEYS = ("Items", "items")
# The first part is small, because a matcher is learned from it.
_FIRST_ITEMS = 300
_MAX_ITEMS = 4_096
"""How many items a part has at most."""


class ElementMatcher(Protocol):
    """Proves elements of an array clean; see `fast_path`."""

    def match(self, text: str, start: int) -> tuple[int, int, "array[int]", "array[int]"]:
        """Prove elements from an offset on.

        Returns:
            How many are clean, where the element after them begins, and the hashes of ids and
            of pairs. The array never ends after the clean ones.
        """


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


class JsonDocument:
    """A JSON document, walked once from its start to its end.

    Args:
        content: the file, without a byte order mark.
        start: the offset of the content in the file.
    """

    def __init__(self, content: bytes, start: int) -> None:
        self._text = decode(content)
        self._at = skip_space(self._text, 0)
        # How far lines and bytes have been counted.
        self._counted = 0
        self._start = self._location = Location(1, 1, start)
        self._matcher: Callable[[], ElementMatcher | None] = lambda: None

    def read(
        self, matcher: Callable[[], ElementMatcher | None]
    ) -> Iterator[tuple[DocumentPart, Parsed]]:
        """Yield the parts of the document with their contents.

        Args:
            matcher: returns what proves elements, None as long as there is nothing.
        """
        self._matcher = matcher
        self._chunk = _Chunk(self._part("", None))
        try:
            yield from self._root()
        except JsonError as error:
            location = self._locate(error.offset)
            start = self._text.rfind("\n", 0, error.offset) + 1
            line = self._text[start : error.offset + 400].partition("\n")[0]
            self._chunk.fail(
                ParseError(
                    FileError.MALFORMED,
                    f"malformed JSON: {error}.",
                    location,
                    text=line,
                    offset=error.offset - start,
                )
            )
        yield self._chunk.part, self._chunk.parsed()

    def _root(self) -> Iterator[tuple[DocumentPart, Parsed]]:
        if self._at == len(self._text):
            return
        if self._peek() == "[":
            yield from self._array("")
        elif self._peek() == "{":
            yield from self._object()
        else:
            self._single(self._at)
        self._at = skip_space(self._text, self._at)
        if self._at < len(self._text) and not self._chunk.is_fatal:
            raise JsonError(
                "expected the end of the document. If each line is an item, pass --format jsonl",
                self._at,
            )

    def _object(self) -> Iterator[tuple[DocumentPart, Parsed]]:
        """Read a request by its list of items; any other object is a single item."""
        start = self._at
        list_key = None
        other_lists: list[tuple[str, int]] = []
        keys: set[str] = set()
        for key in self._openings("{", "}"):
            keys.add(key)
            if key not in _LIST_KEYS:
                if _LIST_OF_OBJECTS.match(self._text, self._at):
                    other_lists.append((key, self._at))
                    if key.lower().rstrip("s") == "item":
                        break
                _, self._at = scan(self._text, self._at)
                continue
            if list_key is not None:
                raise JsonError(f"the request already has a list {list_key}", self._at)
            list_key = key
            if self._peek() != "[":
                value, _ = scan(self._text, self._at)
                raise JsonError(
                    f"{key} is {type_name(value)}, expected an array of items", self._at
                )
            yield from self._array(f"/{key}")
        if list_key is not None:
            return
        if other_lists and keys.isdisjoint(FIELDS):
            raise JsonError('the list of items has another key. Name it "Items"', other_lists[0][1])
        if skip_space(self._text, start + 1) < self._at - 1:
            self._single(start)

    def _single(self, start: int) -> None:
        self._at = start
        self._chunk = _Chunk(self._part("", None))
        self._element()

    def _array(self, pointer: str) -> Iterator[tuple[DocumentPart, Parsed]]:
        index = errors = 0
        self._chunk = _Chunk(self._part(pointer, 0))
        for _ in self._openings("[", "]"):
            if self._chunk.count >= (_MAX_ITEMS if index else _FIRST_ITEMS):
                yield self._chunk.part, self._chunk.parsed()
                index += self._chunk.count
                errors += len(self._chunk.errors)
                self._chunk = _Chunk(self._part(pointer, index))
            matcher = self._matcher()
            if matcher is not None:
                count, end, ids, pairs = matcher.match(self._text, self._at)
                if count:
                    self._chunk.add_proven(self._at, count, ids, pairs)
                    self._at = end
            self._element()
            if errors + len(self._chunk.errors) == MAX_ERRORS:
                self._chunk.is_fatal = True
                return

    def _openings(self, opening: str, closing: str) -> Iterator[str]:
        """Stop at each element of the array, or value of the object, that begins here.

        Yields the key of the value, or an empty string. The caller moves on to the end of the
        value.
        """
        self._at = skip_space(self._text, self._at + 1)
        if self._peek() != closing:
            position: int | None = self._at
            while position is not None:
                key = ""
                self._at = position
                if opening == "{":
                    key, self._at = key_at(self._text, position)
                yield key
                position = after_value(self._text, self._at, closing)
            self._at = skip_space(self._text, self._at)
        self._at += 1

    def _element(self) -> None:
        start = self._at
        value, self._at = scan(self._text, start)
        if isinstance(value, dict) and self._text.isascii():
            self._chunk.add_item(start, value)
            return
        text = self._text[start : self._at]
        part, row = self._chunk.part, self._chunk.count
        found = part.element(value, row, text, self._locate(start))
        if isinstance(found, Item):
            self._chunk.add_item(start, found.fields)
        else:
            self._chunk.add_error(found)

    def _part(self, pointer: str, first: int | None) -> DocumentPart:
        return DocumentPart(self._text, self._at, self._locate(self._at), pointer, first)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _locate(self, offset: int) -> Location:
        """Return the location of an offset. Offsets that decrease cost a count from the start."""
        if offset < self._counted:
            self._counted, self._location = 0, self._start
        text = self._text[self._counted : offset]
        self._location = locate(text, self._location)
        self._counted = offset
        return self._location


class _Chunk:
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
