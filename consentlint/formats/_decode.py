"""What the formats share: bytes to text, and parsed JSON values to items."""

import re
from typing import Any

from consentlint.fields.schemas import type_name
from consentlint.formats._batch import repeated_keys
from consentlint.formats._encoding import not_utf_8
from consentlint.formats._json_text import (
    JsonError,
    member,
    members,
    members_in_string,
    parse,
)
from consentlint.model.findings import FileError
from consentlint.model.items import Item, Location, Member, ParseError, Source

MAX_ERRORS = 1_000
"""After this many parse errors the rest of a file is not read: the format is probably wrong."""

# What `decode` makes of bytes that are not UTF-8.
_SURROGATE = re.compile("[\udc80-\udcff]")


class ObjectSource(Source):
    """The text of a JSON object; one member is found faster than all of them."""

    __slots__ = ()

    def member(self, key: str | None) -> Member | None:
        """Return the member with a key; the last one if the key is duplicated."""
        return None if key is None else member(self.text, key)


def decode(content: bytes) -> str:
    """Decode UTF-8; each byte that is not UTF-8 becomes a lone surrogate."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Encode text as it was before `decode`."""
    return text.encode("utf-8", "surrogateescape")


def encoding_error(text: str, start: Location, item: int | None) -> ParseError | None:
    """Return the parse error for the first byte that is not UTF-8, or None.

    Args:
        text: what `decode` returned for a line, a record or an element.
        start: where the text begins.
        item: the number of its item.
    """
    if text.isascii():
        return None
    found = _SURROGATE.search(text)
    if found is None:
        return None
    offset = found.start()
    newline = text.rfind("\n", 0, offset) + 1
    location = Location(
        start.line + text.count("\n", 0, offset),
        (1 if newline else start.column) + offset - newline,
        start.offset + len(encode(text[:offset])),
    )
    byte = ord(found[0]) - 0xDC00
    return ParseError(FileError.ENCODING, not_utf_8(byte), location, item)


def item_of(
    value: Any, index: int, text: str, location: Location, pointer: str | None
) -> Item | ParseError:
    """Return the item that a JSON value is, or the parse error if it is none.

    Args:
        value: what was parsed: an object, or a string that holds one as JSON text.
        index: the item's number.
        text: the value as it is written in the file.
        location: where that text begins.
        pointer: the JSON pointer to the value.
    """
    if isinstance(value, dict):
        return Item(
            index, value, repeated_keys(value), ObjectSource(text, location, members, pointer)
        )
    if not isinstance(value, str):
        message = f"an item is {type_name(value)}, expected a JSON object"
        return ParseError(FileError.ITEM_MALFORMED, message, location, index, pointer, text)
    source = Source(text, location, members_in_string, pointer, reaches_fields=False)
    try:
        inner = parse(value)
    except JsonError as error:
        message = f"an item is a string that is not the text of a JSON object: {error}"
        return ParseError(FileError.ITEM_MALFORMED, message, location, index, pointer, text)
    if isinstance(inner, dict):
        return Item(index, inner, repeated_keys(inner), source)
    message = f"an item is the text of {type_name(inner)}, expected the text of a JSON object"
    return ParseError(FileError.ITEM_MALFORMED, message, location, index, pointer, text)


def parsed_again(found: Item | ParseError, row: int, text: str) -> Item:
    """Return an item that was parsed before; it has no fields if it cannot be parsed now.

    A value nested just within the parser's limit may fail when it is parsed from deeper in the
    stack.
    """
    if isinstance(found, Item):
        return found
    location = found.location or Location(1, 1, 0)
    return Item(row, {}, {}, Source(text, location, lambda _: (), found.pointer))


def too_many_errors(last: ParseError) -> ParseError:
    """Return the parse error that says that the rest of a file is not read.

    Args:
        last: the last parse error that is reported.
    """
    there = last.location
    return ParseError(
        FileError.MALFORMED,
        f"{MAX_ERRORS:,} parse errors so far: the rest of the file is not read. Check the format"
        " and pass --format.",
        there and Location(there.line + 1, 1, there.offset),
    )
