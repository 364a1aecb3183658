"""What the readers share: how bytes become text, and parsed values items or faults."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any

from consentlint.fields.schemas import type_name
from consentlint.formats._json_text import (
    JsonFault,
    RepeatingObject,
    member,
    members,
    members_in_string,
    parse,
)
from consentlint.model.items import Event, Fault, Item, Member, Place, Source
from consentlint.rules import files

GIVE_UP_AFTER = 1_000
"""After so many faults in one file it is not read on: it is not what it claims to be."""


class _ObjectSource(Source):
    """The text of a JSON object, of which one member is found sooner than all."""

    __slots__ = ()

    def member(self, key: str | None) -> Member | None:
        return None if key is None else member(self.text, key)


def decode(content: bytes, line: int) -> str | Fault:
    """Return bytes as text, or the fault where they are not UTF-8.

    Args:
        content: what is to be decoded, whole lines; a byte order mark before the first
            line of a file is no part of it.
        line: the number of its first line.
    """
    if line == 1:
        content = content.removeprefix(BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        return Fault(
            files.FILE_ENCODING,
            f"byte 0x{content[error.start]:02x} is not UTF-8: write the file as UTF-8",
            line + before.count("\n"),
            len(before) - before.rfind("\n"),
        )


def item_of(value: Any, index: int, text: str, place: Place, pointer: str | None) -> Event:
    """Return the item that a JSON value is, or the fault where it is none.

    Args:
        value: what was parsed: an object, or a string that holds one as JSON text.
        index: the item's number in its file, from 0.
        text: the value as it stands in the file.
        place: where that text begins.
        pointer: the JSON pointer to the value.
    """
    if isinstance(value, dict):
        return Item(index, value, _repeated(value), _ObjectSource(text, place, members, pointer))
    if isinstance(value, str):
        return _item_of_text(value, index, text, place, pointer)
    words = f"an item must be a JSON object, and this is {type_name(value)}"
    return Fault(files.ITEM_MALFORMED, words, *place, index, pointer, text)


def _item_of_text(inner: str, index: int, literal: str, place: Place, pointer: str | None) -> Event:
    source = Source(literal, place, members_in_string, pointer, reaches_fields=False)
    try:
        value = parse(inner)
    except JsonFault as fault:
        words = f"an item must be a JSON object, or the text of one: {fault}"
        return Fault(files.ITEM_MALFORMED, words, *place, index, pointer, literal)
    if isinstance(value, dict):
        return Item(index, value, _repeated(value), source)
    words = f"an item must be a JSON object, and this is the text of {type_name(value)}"
    return Fault(files.ITEM_MALFORMED, words, *place, index, pointer, literal)


def _repeated(value: Mapping[str, object]) -> Mapping[str, bool]:
    return value.repeated if isinstance(value, RepeatingObject) else {}


def given_up(line: int) -> Fault:
    """Return the fault that says that a file is not read to its end."""
    return Fault(
        files.FILE_MALFORMED,
        f"there are {GIVE_UP_AFTER:,} faults before this line: the rest of the file is not read;"
        " is the format the right one?",
        line,
        1,
    )
