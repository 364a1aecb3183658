"""The state of each contact: its latest consent for each sender, and what followed an opt-out."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

OPT_IN, OPT_OUT, UNDECIDED, MIXED = "opt-in", "opt-out", "undecided", "differs by sender"
STATES = (OPT_IN, OPT_OUT, UNDECIDED, MIXED)
_NO_DATE = -(2**62)
_DAY = 86_400
_DAYS = ((2, "within 1 day"), (8, "2 to 7 days"), (31, "8 to 30 days"), (181, "31 to 180 days"))
_LATER = "more than 180 days"
DELAYS = (*(name for _, name in _DAYS), _LATER, "unknown")


class _Record(NamedTuple):
    is_opt_in: bool
    seconds: int


class HistoryCounts(NamedTuple):
    """What the records of all contacts show together."""

    contacts: int
    by_state: Counter[str]
    """Contacts by the state in which their records leave them."""
    opt_outs_then_opt_in: Counter[str]
    """Opt-outs that a later opt-in for the same sender overrides, by the time between."""


class Histories:
    """Collects consents in 25 bytes each.

    Contacts and senders are kept as hashes of 64 bits that are valid in this process only.
    """

    def __init__(self) -> None:
        self._contacts = array("q")
        self._senders = array("q")
        self._seconds = array("q")
        self._is_opt_in = bytearray()

    def add(
        self,
        contacts: Sequence[str],
        senders: Sequence[str],
        statuses: Sequence[str],
        seconds: Sequence[int | None],
    ) -> None:
        """Add consents, by column.

        Args:
            contacts: phone numbers in E.164.
            senders: senders.
            statuses: "opt-in" or "opt-out".
            seconds: the Unix times of the consents, None for a consent without a date.
        """
        self._contacts.extend(map(hash, contacts))
        self._senders.extend(hash(sender.lower()) for sender in senders)
        self._seconds.extend(_NO_DATE if each is None else each for each in seconds)
        self._is_opt_in.extend(status == OPT_IN for status in statuses)

    def count(self) -> HistoryCounts:
        """Return what the consents show."""
        by_state: Counter[str] = Counter()
        overridden: Counter[str] = Counter()
        contacts = 0
        for records in self._by_contact():
            contacts += 1
            states = set()
            for history in records.values():
                states.add(_state(history))
                overridden.update(_overridden(history))
            by_state[states.pop() if len(states) == 1 else MIXED] += 1
        return HistoryCounts(contacts, by_state, overridden)

    def _by_contact(self) -> Iterator[dict[int, list[_Record]]]:
        """Yield the consents of each contact by sender, in the order of the file."""
        contacts = self._contacts
        records: dict[int, list[_Record]] = {}
        previous = None
        # The sort is stable, so the order of the file is kept.
        for at in sorted(range(len(contacts)), key=contacts.__getitem__):
            if contacts[at] != previous and records:
                yield records
                records = {}
            previous = contacts[at]
            record = _Record(bool(self._is_opt_in[at]), self._seconds[at])
            records.setdefault(self._senders[at], []).append(record)
        if records:
            yield records


def _state(history: Sequence[_Record]) -> str:
    """Return the state in which consents for one sender leave a contact."""
    statuses = {record.is_opt_in for record in history}
    if len(statuses) > 1:
        if any(record.seconds == _NO_DATE for record in history):
            return UNDECIDED
        latest = max(record.seconds for record in history)
        statuses = {record.is_opt_in for record in history if record.seconds == latest}
    if len(statuses) > 1:
        return UNDECIDED
    return OPT_IN if statuses.pop() else OPT_OUT


def _overridden(history: Sequence[_Record]) -> Iterator[str]:
    """Yield for each opt-out that an opt-in follows how long it lasted."""
    if len(history) == 1:
        return
    has_dates = all(record.seconds != _NO_DATE for record in history)
    ordered = sorted(history, key=lambda record: record.seconds) if has_dates else history
    for before, after in pairwise(ordered):
        if after.is_opt_in and not before.is_opt_in:
            days = (after.seconds - before.seconds) // _DAY
            known = next((name for limit, name in _DAYS if days < limit), _LATER)
            yield known if has_dates else "unknown"
