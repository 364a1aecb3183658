"""The ids and records of items that were passed over, some fifty bytes an item.

Only an item that repeats nothing is passed over, so that it can be kept in the order in
which it came: sixteen bytes of id, eight for contact and sender, and the date as the file
has it. Two tables of four bytes a place, open addressing, tell where a key is kept.

Items that are not passed over are kept by `rules.Earlier`. Here they leave their keys
only, so that nothing is passed over that repeats them.
"""

import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from struct import Struct
from typing import NamedTuple

from consentlint.fast_path.date_layout import DateLayout
from consentlint.fields import iso8601
from consentlint.fields.schemas import enumeration
from consentlint.rules import Entry

CONTACT_BITS = 50
"""A phone number of fifteen digits fits."""
MOST_SENDERS = 1 << (64 - CONTACT_BITS)
MOST_OFFSETS = 256

# What stands for the status of an item that was not passed over, of which only the id, or
# only contact and sender, are kept.
_ID_ALONE = 254
_PAIR_ALONE = 255

# A key is looked for in so many places. Where all are taken and none of them by it, it
# counts as repeated: it may have been left out before for the same reason.
_MOST_PROBES = 64
_SMALLEST = 1 << 16
_LARGE = 1 << 23
_FOUR_LANES = Struct("=4I")


class Rows(NamedTuple):
    """What proven items say, each part packed one item after the other."""

    ids: bytes
    """Sixteen bytes an item."""
    pairs: "array[int]"
    """Contact and sender as one number, empty where none are kept."""
    statuses: bytes
    """A byte an item: which word of the schema's it is, 0 where there is none."""
    dates: bytes
    """As `DateLayout.packed` has them, empty where there are none."""
    offsets: bytes
    """A byte an item: which offset it is; empty where the layout has none."""


NO_ROWS = Rows(b"", array("Q"), b"", b"", b"")
"""Of no items."""


class Index:
    """What passed items have said; a `PassedItems` for `rules.Earlier`.

    Args:
        expected: about how many items there will be.
        date: how their dates are written, None where they have none.
        offsets: offsets from UTC, in the order of their numbers; more may be added.
    """

    def __init__(
        self, expected: int, date: DateLayout | None, offsets: Mapping[bytes, int]
    ) -> None:
        # Tables of that size are made once items are passed over: what is there when other
        # processes start counts for each of them.
        self._expected = expected
        self._date = date
        self._ids = array("Q")
        self._pairs = array("Q")
        self._statuses = bytearray()
        self._dates = bytearray()
        self._offsets = bytearray()
        self._known_offsets = offsets
        self._id_table = _empty_table(_SMALLEST)
        self._pair_table = _empty_table(_SMALLEST)
        self._mask = _SMALLEST - 1
        self._count = 0
        self.closed = False
        """True: no more items are passed over, so that none need be taken note of."""
        # From which row on items have had which numbers.
        self._run_rows = array("Q")
        self._run_numbers = array("Q")
        self._senders: dict[str, int] = {}
        # The rows that were added last, of which a part is added at a time, and where the
        # search for each begins in tables of so many places.
        self._rows = NO_ROWS
        self._rows_mask = 0
        self._rows_slots: tuple[Sequence[int], Sequence[int]] = ((), ())

    def add(self, rows: Rows, start: int, stop: int, number: int) -> int:
        """Keep items up to the first that repeats something; return how many were kept.

        Args:
            rows: proven items.
            start: the first of them to be kept.
            stop: the first not to be kept.
            number: what messages name the first item by; the others follow.
        """
        first = self._count
        self._grow(max(self._expected, first + stop - start))
        self._start_run(first, number)
        id_slots, pair_slots = self._slots_of(rows)
        self._ids.frombytes(rows.ids[16 * start : 16 * stop])
        if rows.pairs:
            self._pairs += rows.pairs[start:stop]
            kept = self._place_both(id_slots[start:stop], pair_slots[start:stop], first)
        else:
            self._pairs.frombytes(bytes(8 * (stop - start)))
            kept = self._place_ids(id_slots[start:stop], first)
        if kept < stop - start:
            del self._ids[2 * (first + kept) :]
            del self._pairs[first + kept :]
        self._statuses += rows.statuses[start : start + kept]
        self._offsets += rows.offsets[start : start + kept]
        if self._date:
            width = self._date.width
            self._dates += rows.dates[width * start : width * (start + kept)]
        self._count += kept
        return kept

    def _slots_of(self, rows: Rows) -> tuple[Sequence[int], Sequence[int]]:
        """Return where the search for each id, and each contact and sender, begins."""
        if rows is not self._rows or self._rows_mask != self._mask:
            self._rows, self._rows_mask = rows, self._mask
            self._rows_slots = self._id_slots(rows.ids), self._pair_slots(rows.pairs)
        return self._rows_slots

    def _place_both(self, id_slots: Sequence[int], pair_slots: Sequence[int], first: int) -> int:
        """Enter rows into both tables, up to the first that repeats something.

        This is the loop that every passed item goes through, so it calls nothing for an
        item of which the place, or the next one, is free in both tables.
        """
        ids, pairs = self._id_table, self._pair_table
        id_halves, pair_keys = self._ids, self._pairs
        slots = zip(id_slots, pair_slots, strict=True)
        row = first
        for row, (slot, pair_slot) in enumerate(slots, first + 1):
            # What is entered is the number of the row, from 1.
            if other := ids[slot]:
                slot += 1  # noqa: PLW2901 - a name more is time
                if ids[slot] or id_halves[2 * other - 1] == id_halves[2 * row - 1]:
                    slot = self._free(ids, slot - 1, row, self._has_id)  # noqa: PLW2901
            if other := pairs[pair_slot]:
                pair_slot += 1  # noqa: PLW2901
                if pairs[pair_slot] or pair_keys[other - 1] == pair_keys[row - 1]:
                    place = self._free(pairs, pair_slot - 1, row, self._has_pair)
                    pair_slot = place  # noqa: PLW2901
            if slot < 0 or pair_slot < 0:
                return row - 1 - first
            ids[slot] = pairs[pair_slot] = row
        return row - first

    def _place_ids(self, id_slots: Sequence[int], first: int) -> int:
        ids = self._id_table
        row = first
        for row, slot in enumerate(id_slots, first + 1):
            place = self._free(ids, slot, row, self._has_id) if ids[slot] else slot
            if place < 0:
                return row - 1 - first
            ids[place] = row
        return row - first

    def _free(
        self, table: "array[int]", slot: int, row: int, has: Callable[[int, int], bool]
    ) -> int:
        """Return a free place for a row, -1 where its key is there, or may be."""
        for place in range(slot, slot + _MOST_PROBES):
            other = table[place]
            if not other:
                return place
            if has(other, row):
                return -1
        return -1

    def _has_id(self, row: int, other: int) -> bool:
        ids = self._ids
        return ids[2 * row - 1] == ids[2 * other - 1] and ids[2 * row - 2] == ids[2 * other - 2]

    def _has_pair(self, row: int, other: int) -> bool:
        return self._pairs[row - 1] == self._pairs[other - 1]

    def note_id(self, key: bytes) -> None:
        """Take note of the id of an item that was not passed over."""
        if self.closed:
            return
        self._note(key, 0, _ID_ALONE)
        place = self._free(self._id_table, self._id_slot(key), self._count, self._has_id)
        if place >= 0:
            self._id_table[place] = self._count

    def note_pair(self, pair: str) -> None:
        """Take note of the contact and sender of an item that was not passed over."""
        number = None if self.closed else self.pair_number(pair)
        if number is None:
            return
        self._note(bytes(16), number, _PAIR_ALONE)
        slot = self._pair_slot(number)
        place = self._free(self._pair_table, slot, self._count, self._has_pair)
        if place >= 0:
            self._pair_table[place] = self._count

    def pair_number(self, pair: str) -> int | None:
        """Return a contact and sender as one number, None where the sender is one too many."""
        contact, _, sender = pair.partition(" ")
        if sender not in self._senders and len(self._senders) == MOST_SENDERS:
            return None
        sender_number = self._senders.setdefault(sender, len(self._senders))
        return int(contact.removeprefix("+")) | sender_number << CONTACT_BITS

    def item_with_id(self, key: bytes) -> int | None:
        """Return the number of the passed item with this id, None where there is none."""
        row = self._find(
            self._id_table,
            self._id_slot(key),
            lambda row: self._ids[2 * row - 2 : 2 * row].tobytes() == key,
        )
        return None if row is None else self._number(row)

    def record_of(self, pair: str) -> Entry | None:
        """Return the passed item's record of this contact and sender, None where there is none."""
        wanted = self.pair_number(pair)
        if wanted is None:
            return None
        row = self._find(
            self._pair_table,
            self._pair_slot(wanted),
            lambda row: self._pairs[row - 1] == wanted,
        )
        if row is None:
            return None
        status = enumeration("status")[self._statuses[row - 1]]
        return Entry(status, self._moment(row), self._number(row))

    def _find(self, table: "array[int]", slot: int, fits: Callable[[int], bool]) -> int | None:
        """Return the row of a passed item that fits, None where there is none."""
        for at in range(slot, slot + _MOST_PROBES):
            row = table[at]
            if not row:
                return None
            if fits(row):
                return row if self._statuses[row - 1] < _ID_ALONE else None
        return None

    def _moment(self, row: int) -> iso8601.Moment | None:
        if self._date is None:
            return None
        width = self._date.width
        text = self._date.text(bytes(self._dates[width * (row - 1) : width * row]))
        offset = "Z"
        if self._date.has_offset:
            offset = list(self._known_offsets)[self._offsets[row - 1]].decode()
        return iso8601.read(text + offset).moment

    def _number(self, row: int) -> int:
        run = bisect_right(self._run_rows, row - 1) - 1
        return self._run_numbers[run] + row - 1 - self._run_rows[run]

    def _start_run(self, row: int, number: int) -> None:
        """Take note that items from a row on have the numbers from one on."""
        if self._run_rows and self._number(row + 1) == number:
            return
        self._run_rows.append(row)
        self._run_numbers.append(number)

    def _note(self, key: bytes, pair: int, status: int) -> None:
        self._grow(self._count + 1)
        self._count += 1
        self._ids.frombytes(key)
        self._pairs.append(pair)
        self._statuses.append(status)
        self._dates += bytes(self._date.width if self._date else 0)
        self._offsets += bytes(self._date is not None and self._date.has_offset)

    def _grow(self, count: int) -> None:
        """Make the tables large enough for so many rows."""
        size = _table_size(count)
        if size <= self._mask + 1:
            return
        self._mask = size - 1
        self._id_table = _empty_table(size)
        self._pair_table = _empty_table(size)
        for row, status in enumerate(self._statuses, 1):
            if status != _PAIR_ALONE:
                slot = self._id_slot(self._ids[2 * row - 2 : 2 * row].tobytes())
                place = self._free(self._id_table, slot, row, self._has_id)
                if place >= 0:
                    self._id_table[place] = row
            if self._pairs[row - 1]:
                slot = self._pair_slot(self._pairs[row - 1])
                place = self._free(self._pair_table, slot, row, self._has_pair)
                if place >= 0:
                    self._pair_table[place] = row

    def _id_slot(self, key: bytes) -> int:
        """Return where the search for an id begins."""
        first, second, third, fourth = _FOUR_LANES.unpack(key)
        slot: int = first ^ second ^ third ^ fourth
        return slot & self._mask

    def _pair_slot(self, number: int) -> int:
        """Return where the search for a contact and sender begins."""
        return (number ^ number >> 32) & self._mask

    def _id_slots(self, ids: bytes) -> Sequence[int]:
        """Return where the search for each id begins."""
        words = memoryview(ids).cast("I")
        return self._slots([words[lane::4] for lane in range(4)])

    def _pair_slots(self, pairs: "array[int]") -> Sequence[int]:
        """Return where the search for each contact and sender begins."""
        words = memoryview(pairs).cast("B").cast("I")
        return self._slots([words[lane::2] for lane in range(2)])

    def _slots(self, lanes: Sequence[memoryview]) -> Sequence[int]:
        """Return what all lanes give together, within the table; many at once."""
        folded = 0
        for lane in lanes:
            folded ^= int.from_bytes(lane.tobytes(), "little")
        count = len(lanes[0])
        folded &= int.from_bytes(self._mask.to_bytes(4, sys.byteorder) * count, "little")
        return memoryview(folded.to_bytes(4 * count, "little")).cast("I")


def _table_size(count: int) -> int:
    """Return how many places a table has for so many rows: a power of two.

    A large table is filled more, for the sake of memory.
    """
    size = _SMALLEST
    while count > size * (0.6 if size > _LARGE else 0.3):
        size *= 2
    return size


def _empty_table(size: int) -> "array[int]":
    """Return a table of so many places, and those after them that a search may come to."""
    return array("I", [0]) * (size + _MOST_PROBES)
