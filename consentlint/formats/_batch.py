"""What a format returns for a part of a file: items by column, parse errors, hashes."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from consentlint.formats._json_text import RepeatingObject
from consentlint.model.endpoints import FIELDS
from consentlint.model.items import MISSING, Item, Location, ParseError

_KNOWN = frozenset(FIELDS)


class Batch(Protocol):
    """Items by column."""

    count: int

    def column(self, field: str) -> Sequence[object]:
        """Return the value of a field for each item, `MISSING` for items without it."""

    def fields(self, row: int) -> Mapping[str, object]:
        """Return all fields of one item."""

    def irregular(self, known: frozenset[str]) -> Sequence[int]:
        """Return the rows with a duplicate key or one that is not in `known`."""

    def repeated(self, row: int) -> Mapping[str, bool]:
        """Return the duplicate keys of one item, and whether their values differ."""


class RowBatch:
    """Items that were parsed one by one, as mappings."""

    def __init__(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.count = len(rows)
        self._rows = rows
        self._columns: dict[str, list[object]] = {}

    def column(self, field: str) -> Sequence[object]:
        """Return the value of a field for each item, `MISSING` for items without it."""
        column = self._columns.get(field)
        if column is None:
            column = self._columns[field] = [row.get(field, MISSING) for row in self._rows]
        return column

    def fields(self, row: int) -> Mapping[str, object]:
        """Return all fields of one item."""
        return self._rows[row]

    def irregular(self, known: frozenset[str]) -> Sequence[int]:
        """Return the rows with a duplicate key or one that is not in `known`."""
        return [
            row
            for row, fields in enumerate(self._rows)
            if not fields.keys() <= known or type(fields) is RepeatingObject
        ]

    def repeated(self, row: int) -> Mapping[str, bool]:
        """Return the duplicate keys of one item, and whether their values differ."""
        return repeated_keys(self._rows[row])


class ColumnBatch:
    """Items that were read by column, as from a table.

    Args:
        columns: a sequence of values for each field, all of the same length; `MISSING` for
            no value.
        count: how many items there are.
    """

    def __init__(self, columns: Mapping[str, Sequence[object]], count: int) -> None:
        self.count = count
        self._columns = columns
        self._missing: tuple[object, ...] = ()

    def column(self, field: str) -> Sequence[object]:
        """Return the value of a field for each item, `MISSING` for items without it."""
        column = self._columns.get(field)
        if column is None:
            column = self._missing = self._missing or (MISSING,) * self.count
        return column

    def fields(self, row: int) -> Mapping[str, object]:
        """Return all fields of one item."""
        return {
            field: column[row]
            for field, column in self._columns.items()
            if column[row] is not MISSING
        }

    def irregular(self, known: frozenset[str]) -> Sequence[int]:
        """Return the rows with a value in a column that is not in `known`."""
        rows: set[int] = set()
        for field, column in self._columns.items():
            if field not in known:
                rows.update(row for row, value in enumerate(column) if value is not MISSING)
        return sorted(rows)

    def repeated(self, row: int) -> Mapping[str, bool]:
        """Return an empty mapping: a table has no duplicate columns."""
        return {}


def repeated_keys(fields: Mapping[str, object]) -> Mapping[str, bool]:
    """Return the duplicate keys of a parsed JSON object, and whether their values differ."""
    return fields.repeated if isinstance(fields, RepeatingObject) else {}


class Proven(NamedTuple):
    """Items that a matcher has proven clean, by their hashes (see `fast_path.keys`)."""

    ids: "array[int]"
    pairs: "array[int]"
    """Empty for contacts."""


NOTHING_PROVEN = Proven(array("Q"), array("Q"))


REPEATED_HEADER = "repeated-header"
STRAY_QUOTE = "stray-quote"
EXTRA_CELL = "extra-cell"


class Remark(NamedTuple):
    """What the records of a table have in common that is reported once for the file."""

    kind: str
    """One of the constants above."""
    records: int
    """How many of them."""
    location: Location
    """Where the first of them begins."""
    text: str
    """The first of them as it is written."""
    offset: int
    """Index in `text` of what the remark is about."""


class Parsed(NamedTuple):
    """The contents of one part of a file."""

    items: int
    """How many items the part has, with those that could not be parsed."""
    lines: int
    """How many lines it has."""
    rows: Sequence[int]
    """The number, from 0 within the part, of each item of the batch; ascending."""
    batch: Batch
    errors: Sequence[tuple[int, ParseError]]
    """Parse errors with the number of their item. Locations and numbers count from the
    part."""
    proven: Proven
    """The other items, in order."""
    layout: Sequence[int]
    """What `Part.items` needs to find items again; its meaning is the part's own."""
    open_at: int | None = None
    """The line at which an incomplete record begins; its items are not counted."""
    is_fatal: bool = False
    """True: nothing after the last error can be read."""
    remarks: Sequence[Remark] = ()
    """Their locations count from the part."""


class LineMatcher(Protocol):
    """Proves lines clean; see `fast_path`."""

    def match(self, content: bytes) -> tuple[int, list[int], "array[int]", "array[int]"]:
        """Return how many lines there are, which are not proven, and hashes of the others."""


class Part(Protocol):
    """Consecutive items of a file."""

    def items(self, rows: Sequence[int], layout: Sequence[int]) -> Iterator[Item]:
        """Parse some items again, with their sources.

        Args:
            rows: their numbers within the part, ascending.
            layout: `Parsed.layout`.
        """


Load = Callable[[int, int], bytes]
"""Returns the bytes of a file between two offsets."""


class LinePart(Part, Protocol):
    """Consecutive lines of a file. Picklable if the file is a regular one."""

    @property
    def load(self) -> Load:
        """What loads bytes of the file."""

    @property
    def start(self) -> int:
        """Its first byte in the file."""

    @property
    def end(self) -> int:
        """The byte after its last."""

    @property
    def first_line(self) -> int:
        """Its first line in the file."""

    def at_line(self, first_line: int) -> "LinePart":
        """Return the same part with its first line."""

    def parse(self, matcher: LineMatcher | None, *, is_last: bool) -> Parsed:
        """Parse the items, except those that the matcher proves clean."""
