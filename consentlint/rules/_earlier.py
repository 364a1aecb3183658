"""What the earlier items of a file have said: ids, and records of one contact and sender.

This is all that a run keeps of a file's items, so it is kept small.
"""

from typing import NamedTuple, Protocol

from consentlint.fields.iso8601 import Moment


class Entry(NamedTuple):
    """One record of a contact and sender."""

    status: str
    moment: Moment | None
    """The date of consent, None where the record has none."""
    number: int
    """Where the record stands: the item's number."""


class History:
    """The records of one contact and sender; every question is answered in constant time."""

    __slots__ = ("_latest", "_seen")

    def __init__(self) -> None:
        self._latest: dict[str, Entry] = {}
        self._seen: dict[str, dict[Moment | None, int]] = {}

    def add(self, entry: Entry) -> None:
        """Take in a record that comes after those taken in so far."""
        self._seen.setdefault(entry.status, {}).setdefault(entry.moment, entry.number)
        latest = self._latest.get(entry.status)
        if entry.moment is not None and (
            latest is None or latest.moment is None or latest.moment < entry.moment
        ):
            self._latest[entry.status] = entry

    def same(self, status: str, moment: Moment | None) -> int | None:
        """Return the first record with this status and date, None where there is none."""
        return self._seen.get(status, {}).get(moment)

    def undecided(self, status: str, moment: Moment | None) -> int | None:
        """Return a record of another status of which the date does not say which is later."""
        for other, seen in self._seen.items():
            if other != status:
                if moment is None:
                    return next(iter(seen.values()))
                for candidate in (None, moment):
                    if candidate in seen:
                        return seen[candidate]
        return None

    def overtaken_by(self, status: str, moment: Moment | None) -> Entry | None:
        """Return a record of another status with a later date, None where there is none."""
        if moment is not None:
            for other, latest in self._latest.items():
                if other != status and latest.moment is not None and latest.moment > moment:
                    return latest
        return None


class PassedItems(Protocol):
    """What items have said that were passed over, each with an id and a pair of its own.

    It must know of all others too, so that no item is passed over that repeats one.
    """

    def item_with_id(self, key: bytes) -> int | None:
        """Return the number of the passed item with this id, None where there is none."""

    def record_of(self, pair: str) -> Entry | None:
        """Return the passed item's record of this contact and sender, None where there is none."""

    def note_id(self, key: bytes) -> None:
        """Take note of the id of an item that was not passed over."""

    def note_pair(self, pair: str) -> None:
        """Take note of the contact and sender of an item that was not passed over."""


class Earlier:
    """What the items before the one at hand have said."""

    def __init__(self) -> None:
        self.last_index = -1
        """The number of the item before the one at hand, -1 before the first."""
        self._passed: PassedItems | None = None
        self._asked = ""
        self._answer: History | None = None
        self._ids: dict[bytes | str, int] = {}
        # Most contacts have one record, so a history is made at the second.
        self._records: dict[str, Entry | History] = {}

    def item_with_id(self, correlation_id: str) -> int | None:
        """Return the number of the first item with an id, letter case aside where it is hex."""
        key = _key(correlation_id)
        number = self._ids.get(key)
        if number is None and self._passed is not None and isinstance(key, bytes):
            return self._passed.item_with_id(key)
        return number

    def history(self, pair: str) -> History | None:
        """Return the records of a contact and sender, None where there are none."""
        # Several rules ask of one item.
        if pair != self._asked:
            self._asked, self._answer = pair, self._history(pair)
        return self._answer

    def _history(self, pair: str) -> History | None:
        records = self._records.get(pair)
        if records is None and self._passed is not None:
            records = self._passed.record_of(pair)
        if records is None:
            return None
        if isinstance(records, Entry):
            history = self._records[pair] = History()
            history.add(records)
            return history
        return records

    def remember_id(self, correlation_id: str, number: int) -> None:
        """Take in an item's id; the first item that has an id keeps it."""
        key = _key(correlation_id)
        if self._passed is not None and isinstance(key, bytes):
            if self._passed.item_with_id(key) is not None:
                return
            self._passed.note_id(key)
        self._ids.setdefault(key, number)

    def remember_record(self, pair: str, entry: Entry) -> None:
        """Take in an item's record of a contact and sender."""
        history = self.history(pair)
        self._asked = ""
        if history is not None:
            history.add(entry)
            return
        self._records[pair] = entry
        if self._passed is not None:
            self._passed.note_pair(pair)

    def share(self, passed: PassedItems) -> None:
        """Let items be passed over from now on: what they say is asked of `passed`."""
        for key in self._ids:
            if isinstance(key, bytes):
                passed.note_id(key)
        for pair in self._records:
            passed.note_pair(pair)
        self._passed = passed


def _key(correlation_id: str) -> bytes | str:
    """Return what two equal ids share; sixteen bytes where the id is hexadecimal.

    It has the form of an id in one of the profiles: 32 letters or digits.
    """
    try:
        return bytes.fromhex(correlation_id)
    except ValueError:
        return correlation_id
