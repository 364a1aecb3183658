"""Read a JSON document: a request, an array of items, or a single item."""

from collections.abc import Iterator

from consentlint.fields.schemas import type_name
from consentlint.formats._decode import GIVE_UP_AFTER, decode, given_up, item_of
from consentlint.formats._json_text import JsonFault, after_value, key_at, scan, skip_space
from consentlint.formats._skipping import Passing
from consentlint.formats._stream import Stream
from consentlint.model.items import Event, Fault, Passed, Place
from consentlint.rules import files

_LIST_KEYS = ("Items", "items")


def read(stream: Stream, passing: Passing) -> Iterator[Event]:
    """Yield the items of a JSON document in their order."""
    text = decode(stream.read(), 1)
    if isinstance(text, Fault):
        yield text
    else:
        yield from _Document(text, passing).events()


class _GivenUp(Exception):
    """The rest of the document is not read."""


class _Document:
    """A JSON text that is walked item by item, from its start to its end."""

    def __init__(self, text: str, passing: Passing) -> None:
        self._text = text
        self._passing = passing
        self._at = skip_space(text, 0)
        # How far the lines have been counted.
        self._counted = 0
        self._line = 1
        self._line_start = 0

    def events(self) -> Iterator[Event]:
        try:
            yield from self._root()
        except _GivenUp:
            return
        except JsonFault as fault:
            place = self._place(fault.offset)
            line = self._text[self._line_start : fault.offset + 400].partition("\n")[0]
            words = f"malformed JSON: {fault}"
            yield Fault(files.FILE_MALFORMED, words, *place, text=line, offset=place.column - 1)

    def _root(self) -> Iterator[Event]:
        if self._at == len(self._text):
            return
        if self._next() == "[":
            yield from self._array("")
        elif self._next() == "{":
            yield from self._object()
        else:
            yield self._element(0, "")
        self._at = skip_space(self._text, self._at)
        if self._at < len(self._text):
            raise JsonFault("there is more text after the end; is it JSON Lines?", self._at)

    def _object(self) -> Iterator[Event]:
        """Walk a request by its list of items; any other object is a single item."""
        start = self._at
        list_key = None
        for key in self._openings("{", "}"):
            if key not in _LIST_KEYS:
                if key.lower().rstrip("s") == "item" and self._next() == "[":
                    raise JsonFault("the list of items must have the key Items or items", self._at)
                _, self._at = scan(self._text, self._at)
                continue
            if list_key is not None:
                raise JsonFault(f"the request has a list {list_key} already", self._at)
            list_key = key
            if self._next() != "[":
                value, _ = scan(self._text, self._at)
                words = f"{key} must be an array of items, and is {type_name(value)}"
                raise JsonFault(words, self._at)
            yield from self._array(f"/{key}")
        if list_key is None and skip_space(self._text, start + 1) < self._at - 1:
            self._at = start
            yield self._element(0, "")

    def _array(self, pointer: str) -> Iterator[Event]:
        faults = index = 0
        for _ in self._openings("[", "]"):
            passed, self._at = self._passing.elements(self._text, self._at, index)
            if passed:
                index += passed
                yield Passed(passed)
            event = self._element(index, f"{pointer}/{index}")
            index += 1
            yield event
            faults += isinstance(event, Fault)
            if faults == GIVE_UP_AFTER:
                yield given_up(self._line)
                raise _GivenUp

    def _openings(self, opening: str, closing: str) -> Iterator[str]:
        """Stop at each element of the array, or value of the object, that begins here.

        Yields the key of the value, or an empty text. Whoever gets it moves on to the
        end of the value.
        """
        self._at = skip_space(self._text, self._at + 1)
        if self._next() != closing:
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

    def _element(self, index: int, pointer: str) -> Event:
        start = self._at
        value, self._at = scan(self._text, start)
        return item_of(value, index, self._text[start : self._at], self._place(start), pointer)

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _place(self, offset: int) -> Place:
        """Return the line and column of an offset, which never lies before the last asked for."""
        newlines = self._text.count("\n", self._counted, offset)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rfind("\n", self._counted, offset) + 1
        self._counted = offset
        return Place(self._line, offset - self._line_start + 1)
