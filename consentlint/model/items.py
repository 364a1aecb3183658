"""What a reader hands on: items and faults, each with its place in the file.

An item keeps the text that it was read from. Where a value stands in that text is
looked up only when there is something to say of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from consentlint.rules import Rule


class Member(NamedTuple):
    """One key and value of an item, as offsets in the text that the item was read from."""

    key: str
    key_start: int
    start: int
    end: int


class Place(NamedTuple):
    """A line and a column, both from 1, the column in characters."""

    line: int
    column: int


class Source:
    """The text that an item was read from, and where it stands in the file.

    Args:
        text: the item as it stands in the file.
        place: where the text begins.
        find: finds the members of the item in the text.
        pointer: JSON pointer to the item, None where the format has none.
        reaches_fields: False where the item is a JSON text, into which no pointer reaches.
    """

    __slots__ = ("_by_key", "_find", "_members", "place", "pointer", "reaches_fields", "text")

    def __init__(
        self,
        text: str,
        place: Place,
        find: Callable[[str], Sequence[Member]],
        pointer: str | None = None,
        *,
        reaches_fields: bool = True,
    ) -> None:
        self.text = text
        self.place = place
        self.pointer = pointer
        self.reaches_fields = reaches_fields
        self._find = find
        self._members: Sequence[Member] | None = None
        self._by_key: dict[str, Member] | None = None

    @property
    def members(self) -> Sequence[Member]:
        """The members of the item, looked up when they are first asked for."""
        if self._members is None:
            self._members = self._find(self.text)
        return self._members

    def place_of(self, offset: int) -> Place:
        """Return the line and column of an offset in the text."""
        newlines = self.text.count("\n", 0, offset)
        if newlines:
            return Place(
                self.place.line + newlines,
                offset - self.text.rfind("\n", 0, offset),
            )
        return Place(self.place.line, self.place.column + offset)

    def member(self, key: str | None) -> Member | None:
        """Return the member of a key, of a key that stands twice the last, which counts."""
        if self._by_key is None:
            self._by_key = {member.key: member for member in self.members}
        return None if key is None else self._by_key.get(key)

    def span(self, field: str | None, fields: Sequence[str]) -> tuple[int, int]:
        """Return where the value of a field stands, or the start of an item that has none.

        Of a key that is none of `fields`, the key is meant.
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
        """Keys that stand more than once, and whether their values differ."""
        self.source = source
        """Where the item was read, None where it came from no file."""


class Header(NamedTuple):
    """The columns of a table, which comes before its items."""

    columns: tuple[str, ...]
    source: Source


class Fault(NamedTuple):
    """A part of a file that cannot be read as what it is."""

    rule: Rule
    message: str
    """What is wrong and what to do; holds nothing of the file but what is masked."""
    line: int | None = None
    column: int | None = None
    item: int | None = None
    pointer: str | None = None
    text: str = ""
    """The line or item at fault, as it is in the file; empty where it cannot be shown."""
    offset: int = 0
    """Where in `text` the fault is."""


class Passed(NamedTuple):
    """A run of items of which there is nothing to say, alone or together with earlier ones."""

    items: int


Event = Item | Header | Fault | Passed
