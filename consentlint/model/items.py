"""Items and parse errors, with their locations in a file.

An item keeps the text that it was parsed from. Where a value is in that text is looked up only
for a finding.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from consentlint.model.findings import FileError

MISSING = object()
"""The value of a field that an item does not have."""


class Member(NamedTuple):
    """One key and value of an item, as offsets in the text that the item was parsed from."""

    key: str
    key_start: int
    start: int
    end: int


class Location(NamedTuple):
    """A point in a file."""

    line: int
    """From 1."""
    column: int
    """In characters, from 1."""
    offset: int
    """In bytes from the start of the file (unpacked)."""


def locate(text: str, start: Location) -> Location:
    """Return the location after a text.

    Args:
        text: the text; bytes that are not UTF-8 are surrogate escapes.
        start: where it begins.
    """
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
    newlines = text.count("\n")
    column = len(text) - text.rfind("\n") if newlines else start.column + len(text)
    return Location(start.line + newlines, column, start.offset + size)


class Source:
    """The text that an item was parsed from, and its location.

    Args:
        text: the item as it is written in the file.
        location: where the text begins.
        find: finds the members of the item in the text.
        pointer: JSON pointer to the item, None if the format has none.
        reaches_fields: False if the item is a JSON string, which no pointer reaches into.
    """

    __slots__ = ("_by_key", "_find", "_members", "location", "pointer", "reaches_fields", "text")

    def __init__(
        self,
        text: str,
        location: Location,
        find: Callable[[str], Sequence[Member]],
        pointer: str | None = None,
        *,
        reaches_fields: bool = True,
    ) -> None:
        self.text = text
        self.location = location
        self.pointer = pointer
        self.reaches_fields = reaches_fields
        self._find = find
        self._members: Sequence[Member] | None = None
        self._by_key: dict[str, Member] | None = None

    @property
    def members(self) -> Sequence[Member]:
        """The members of the item, found on first use."""
        if self._members is None:
            self._members = self._find(self.text)
        return self._members

    def locate(self, offset: int) -> Location:
        """Return the location of a character of the text."""
        return locate(self.text[:offset], self.location)

    def member(self, key: str | None) -> Member | None:
        """Return the member with a key; the last one if the key is duplicated."""
        if self._by_key is None:
            self._by_key = {member.key: member for member in self.members}
        return None if key is None else self._by_key.get(key)

    def span(self, field: str | None, fields: Sequence[str]) -> tuple[int, int]:
        """Return where the value of a field is, or the item's first character if it has none.

        For a key that is not one of `fields`, the span is that of the key.
        """
        member = self.member(field)
        if member is None:
            return 0, 1
        if field in fields:
            return member.start, member.end
        return member.key_start, max(member.key_start + 1, member.start)


class Item:
    """One consent or contact record, as it was read."""

    __slots__ = ("fields", "index", "repeated", "source")

    def __init__(
        self,
        index: int,
        fields: Mapping[str, object],
        repeated: Mapping[str, bool] = {},
        source: Source | None = None,
    ) -> None:
        self.index = index
        """The item's number in its file or list, from 0."""
        self.fields = fields
        """The value of each field that the item has."""
        self.repeated = repeated
        """Duplicate keys, and whether their values differ."""
        self.source = source
        """Where the item was read, None if it came from no file."""


class Header(NamedTuple):
    """The columns of a table, which come before its items."""

    columns: tuple[str, ...]
    source: Source
    delimiter: str = ","


class Rename(NamedTuple):
    """A name in a file that surely means a field of the API."""

    name: str
    """A column or key, as it is in the file."""
    field: str
    """The field."""
    offset: int | None = None
    """Where the column begins in the header, in bytes from the start of the file; None for a key,
    which each item may have."""
    end_offset: int | None = None
    """The byte after the column."""


class ParseError(NamedTuple):
    """A part of a file that cannot be parsed."""

    error: FileError
    message: str
    """What is wrong and what to do; any text of the file in it is masked."""
    location: Location | None = None
    item: int | None = None
    """The number of the item that could not be parsed, None if it is about the file."""
    pointer: str | None = None
    text: str = ""
    """The line or item, as it is in the file; empty if it cannot be shown."""
    offset: int = 0
    """Index of the error in `text`."""
    renames: tuple[Rename, ...] = ()
    """What repairs it, if it is about names of columns or keys."""
