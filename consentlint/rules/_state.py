"""What sequence checks know of the items before the current one.

The linter feeds it only items that share an id, or a contact and sender, with another one, so
it stays small.
"""

from typing import TYPE_CHECKING, NamedTuple

from consentlint.model.moment import Moment

if TYPE_CHECKING:
    from consentlint.rules._rule import Keys


class ConsentRecord(NamedTuple):
    """One record of a contact and sender."""

    status: str
    moment: Moment | None
    """The date of consent, None if the record has none."""
    position: int
    """The number of its item."""


class History:
    """The records of one contact and sender; every question takes constant time."""

    __slots__ = ("_latest", "_seen")

    def __init__(self) -> None:
        self._latest: dict[str, ConsentRecord] = {}
        self._seen: dict[str, dict[Moment | None, int]] = {}

    def add(self, record: ConsentRecord) -> None:
        """Add the next record."""
        self._seen.setdefault(record.status, {}).setdefault(record.moment, record.position)
        latest = self._latest.get(record.status)
        if record.moment is not None and (
            latest is None or latest.moment is None or latest.moment < record.moment
        ):
            self._latest[record.status] = record

    def duplicate_of(self, status: str, moment: Moment | None) -> int | None:
        """Return the position of the first record with this status and date, or None."""
        return self._seen.get(status, {}).get(moment)

    def conflicts_with(self, status: str, moment: Moment | None) -> int | None:
        """Return the position of a record with another status, or None.

        Only a record counts whose date does not settle which of the two is newer.
        """
        for other, seen in self._seen.items():
            if other != status:
                if moment is None:
                    return next(iter(seen.values()))
                for candidate in (None, moment):
                    if candidate in seen:
                        return seen[candidate]
        return None

    def superseded_by(self, status: str, moment: Moment | None) -> ConsentRecord | None:
        """Return a record with another status and a later date, or None."""
        if moment is not None:
            for other, latest in self._latest.items():
                if other != status and latest.moment is not None and latest.moment > moment:
                    return latest
        return None


class CrossItemState:
    """Ids and histories of the items before the current one.

    Args:
        request_limit: how many items the list may hold, None for any number.
    """

    def __init__(self, request_limit: int | None = None) -> None:
        self.request_limit = request_limit
        self.request_start = 0
        """The position of the first item of the request."""
        self.last_position = -1
        """The position of the item before the current one, -1 before the first."""
        self._ids: dict[str, int] = {}
        self._histories: dict[tuple[str, str], History] = {}

    def item_with_id(self, correlation_id: str) -> int | None:
        """Return the position of the first item with an id (`Keys.correlation_id`), or None."""
        return self._ids.get(correlation_id)

    def history(self, contact: str | None, sender: str | None) -> History | None:
        """Return the records of a contact and sender, or None if there are none."""
        return self._histories.get((contact or "", sender or ""))

    def add(self, keys: "Keys") -> None:
        """Add an item, after its checks have run."""
        self.last_position = keys.position
        if keys.correlation_id is not None:
            self._ids.setdefault(keys.correlation_id, keys.position)
        if keys.is_record:
            assert keys.contact
            assert keys.sender
            assert keys.status
            history = self._histories.setdefault((keys.contact, keys.sender), History())
            history.add(ConsentRecord(keys.status, keys.moment, keys.position))
