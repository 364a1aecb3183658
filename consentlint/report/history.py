"""The state of each contact: its latest consent for each sender, and what followed an opt-out."""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from operator import itemgetter
from typing import NamedTuple

from consentlint.linter.hashes import repeated, rows_with
from consentlint.report.dates import NO_DAY, Dates

OPT_IN, OPT_OUT, UNDECIDED, MIXED = "opt-in", "opt-out", "undecided", "differs by sender"
STATES = (OPT_IN, OPT_OUT, UNDECIDED, MIXED)
_KEYS = 2**64
_DAYS = ((1, "within 1 day"), (7, "1 to 7 days"), (30, "7 to 30 days"), (180, "30 to 180 days"))
"""The longest time of each band."""
_LATER = "more than 180 days"
DELAYS = (*(name for _, name in _DAYS), _LATER, "unknown")


_Moment = tuple[int, int, int]
"""A day, a second of it, and a microsecond of that."""
_Record = tuple[int, bool, _Moment]
"""The position of a record, whether it is an opt-in, and when it was given."""
_BITS = {OPT_IN: 1, OPT_OUT: 2, UNDECIDED: 4}
_STATES = {bits: state for state, bits in _BITS.items()}
# More contacts with several consents are counted in several passes, so that memory stays in bounds.
_MAX_CONTACTS = 250_000


class HistoryCounts(NamedTuple):
    """What the records of all contacts show together."""

    contacts: int
    by_state: Counter[str]
    """Contacts by the state in which their records leave them."""
    opt_outs_then_opt_in: Counter[str]
    """Opt-outs that a later opt-in for the same sender overrides, by the time between."""
    opposed: int
    """Contacts that are opted in for one sender and opted out for another."""


class _Column(NamedTuple):
    """Consents that were added together."""

    contacts: "array[int]"
    combinations: "array[int]"
    days: "array[int]"
    seconds: "array[int]"
    microseconds: "array[int]"
    """Empty if all are 0."""
    positions: Sequence[int]

    def record(self, row: int, is_opt_in: bool) -> "_Record":
        """Return what the history of a contact and a sender needs of a consent."""
        microsecond = self.microseconds[row] if self.microseconds else 0
        moment = (self.days[row], self.seconds[row], microsecond)
        return self.positions[row], is_opt_in, moment


class Histories:
    """Collects consents in at most 32 bytes each; only contacts with several are looked at one by one."""

    def __init__(self) -> None:
        self._columns: list[_Column] = []

    def add(
        self,
        contacts: Sequence[str],
        combinations: Sequence[int],
        dates: Dates,
        positions: Sequence[int],
    ) -> None:
        """Add consents, by column.

        Args:
            contacts: phone numbers in canonical E.164 form, or what is none.
            combinations: what tells sender and status of each (see `count`).
            dates: when they were given.
            positions: numbers that ascend in the order of the files.
        """
        try:
            keys = array("Q", list(map(int, contacts)))
        except (ValueError, OverflowError):
            keys = array("Q", list(map(_key, contacts)))
        if not isinstance(positions, range):
            positions = array("Q", positions)
        self._columns.append(
            _Column(
                keys,
                array("I", combinations),
                array("i", dates.days),
                array("I", dates.seconds),
                array("I", dates.microseconds if any(dates.microseconds) else ()),
                positions,
            )
        )

    def moments_of(self, days: AbstractSet[int]) -> Iterator[tuple[int, int]]:
        """Yield the day and the second of each consent that was given on one of some days."""
        for column in self._columns:
            if not days.isdisjoint(column.days):
                for day, second in zip(column.days, column.seconds, strict=True):
                    if day in days:
                        yield day, second

    def count(self, senders: Sequence[Hashable], is_opt_in: Sequence[bool]) -> HistoryCounts:
        """Return what the consents show.

        Args:
            senders: the sender of each combination.
            is_opt_in: whether the status of each combination is opt-in.
        """
        # Of all consents, then of those that are the only one of their contact.
        consents = sum(len(column.days) for column in self._columns)
        opt_ins = sum(
            sum(map(is_opt_in.__getitem__, column.combinations)) for column in self._columns
        )
        names = {sender: number for number, sender in enumerate(dict.fromkeys(senders))}
        name_of = [names[sender] for sender in senders]
        bits = [_BITS[OPT_IN if flag else OPT_OUT] for flag in is_opt_in]
        overridden: Counter[str] = Counter()
        by_bits: Counter[int] = Counter()
        several = repeated([column.contacts for column in self._columns])
        passes = len(several) // _MAX_CONTACTS + 1
        for number in range(passes):
            states = {contact: 0 for contact in several if contact % passes == number}
            rows = [list(rows_with(column.contacts, states.keys())) for column in self._columns]
            # Each pair of a contact and a sender is a number.
            pairs = [
                column.contacts[row] * len(names) + name_of[column.combinations[row]]
                for column, some in zip(self._columns, rows, strict=True)
                for row in some
            ]
            counts = Counter(pairs)
            pair_of = iter(pairs)
            histories: dict[int, list[_Record]] = {}
            for column, some in zip(self._columns, rows, strict=True):
                for row in some:
                    combination, pair = column.combinations[row], next(pair_of)
                    consents -= 1
                    opt_ins -= is_opt_in[combination]
                    if counts[pair] == 1:
                        states[column.contacts[row]] |= bits[combination]
                    else:
                        record = column.record(row, is_opt_in[combination])
                        histories.setdefault(pair, []).append(record)
            for pair, history in histories.items():
                history.sort()
                states[pair // len(names)] |= _BITS[_state(history)]
                overridden.update(_overridden(history))
            by_bits.update(states.values())
        by_state = Counter({OPT_IN: opt_ins, OPT_OUT: consents - opt_ins})
        for each, count in by_bits.items():
            by_state[_STATES.get(each, MIXED)] += count
        both = _BITS[OPT_IN] | _BITS[OPT_OUT]
        opposed = sum(count for each, count in by_bits.items() if each & both == both)
        return HistoryCounts(by_state.total(), +by_state, overridden, opposed)


def _key(contact: str) -> int:
    """Return the key of a contact, which is anything if the rule on numbers is off."""
    with suppress(ValueError):
        number = int(contact)
        if 0 <= number < _KEYS:
            return number
    return hash(contact) % _KEYS


def _state(history: Sequence[_Record]) -> str:
    """Return the state in which consents for one sender leave a contact."""
    statuses = {is_opt_in for _, is_opt_in, _ in history}
    if len(statuses) > 1:
        if not _has_dates(history):
            return UNDECIDED
        latest = max(moment for *_, moment in history)
        statuses = {is_opt_in for _, is_opt_in, moment in history if moment == latest}
    if len(statuses) > 1:
        return UNDECIDED
    return OPT_IN if statuses.pop() else OPT_OUT


def _has_dates(history: Sequence[_Record]) -> bool:
    return all(day != NO_DAY for *_, (day, _, _) in history)


def _overridden(history: Sequence[_Record]) -> Iterator[str]:
    """Yield for each opt-out after which an opt-in comes how long it lasted.

    Without dates, the order of the records decides.
    """
    has_dates = _has_dates(history)
    order = itemgetter(2 if has_dates else 0)
    opt_ins = sorted(order(record) for record in history if record[1])
    for record in history:
        if not record[1]:
            at = bisect_right(opt_ins, order(record))
            if at < len(opt_ins):
                yield _delay(order(record), opt_ins[at]) if has_dates else "unknown"


def _delay(before: _Moment, after: _Moment) -> str:
    # Days, and whether a part of one more.
    lasted = (after[0] - before[0], after[1:] > before[1:])
    return next((name for limit, name in _DAYS if lasted <= (limit, False)), _LATER)
