"""A JSON document: a request, an array of items, or a single item."""

from array import array
from collections.abc import Callable, Iterator
from typing import Protocol

from consentlint.fields.schemas import type_name
from consentlint.formats._batch import Parsed
from consentlint.formats._decode import MAX_ERRORS
from consentlint.formats._json_parts import Chunk, DocumentPart
from consentlint.formats._json_text import (
    JsonError,
    ShapeError,
    after_value,
    key_at,
    scan,
    skip_space,
)
from consentlint.formats.json_layout import after_document
from consentlint.formats.json_shapes import describe_rows
from consentlint.model.findings import FileError
from consentlint.model.items import Item, Location, ParseError, locate

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


class JsonDocument:
    """A JSON document, walked once from its start to its end.

    Args:
        text: its text, as `decode` reads it, without a byte order mark.
        start: the offset of the text in the file.
    """

    def __init__(self, text: str, start: int) -> None:
        self._text = text
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
        self._chunk = Chunk(self._part("", None))
        try:
            yield from self._root()
        except JsonError as error:
            location = self._locate(error.offset)
            start = self._text.rfind("\n", 0, error.offset) + 1
            line = self._text[start : error.offset + 400].partition("\n")[0]
            self._chunk.fail(
                ParseError(
                    FileError.MALFORMED,
                    str(error) if isinstance(error, ShapeError) else f"malformed JSON: {error}.",
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
        if not self._chunk.is_fatal:
            self._check_end(0)

    def _check_end(self, start: int) -> None:
        """Raise an error if anything but white space follows.

        Args:
            start: where the value before it begins.
        """
        end = skip_space(self._text, self._at)
        if end < len(self._text):
            message = after_document(self._text, start, self._at, end)
            if message:
                raise ShapeError(message, end)
            raise JsonError("expected the end of the document", end)

    def _object(self) -> Iterator[tuple[DocumentPart, Parsed]]:
        """Read a request by its list of items; any other object is a single item."""
        start = self._at
        list_key = None
        for key in self._openings("{", "}"):
            if key not in _LIST_KEYS:
                _, self._at = scan(self._text, self._at)
                continue
            if list_key is not None:
                raise JsonError(f"the request already has a list {list_key}", self._at)
            list_key = key
            if self._peek() != "[":
                value, _ = scan(self._text, self._at)
                raise ShapeError(
                    f"{key} is {type_name(value)}, expected an array of items.", self._at
                )
            yield from self._array(f"/{key}")
        if list_key is not None:
            return
        self._check_end(start)
        if skip_space(self._text, start + 1) < self._at - 1:
            self._single(start)

    def _single(self, start: int) -> None:
        self._at = start
        self._chunk = Chunk(self._part("", None))
        self._element()

    def _array(self, pointer: str) -> Iterator[tuple[DocumentPart, Parsed]]:
        index = errors = 0
        self._chunk = Chunk(self._part(pointer, 0))
        start = self._at
        for _ in self._openings("[", "]"):
            if self._peek() == "[" and not index and not self._chunk.count:
                message = describe_rows(scan(self._text, self._at)[0])
                raise ShapeError(message, start)
            if self._chunk.count >= (_MAX_ITEMS if index else _FIRST_ITEMS):
                yield self._chunk.part, self._chunk.parsed()
                index += self._chunk.count
                errors += len(self._chunk.errors)
                self._chunk = Chunk(self._part(pointer, index))
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
