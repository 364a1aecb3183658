"""Decide which items are sent, and which of them are of one contact and sender."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

from consentlint.model.endpoints import CONSENTS, SUPERSEDED_BY
from consentlint.submit.delivery import GRACE_SECONDS
from consentlint.submit.journal import Journal
from consentlint.submit.options import ItemStatus, SubmitError
from consentlint.submit.outgoing import Identity, PlannedItem, identify, outgoing_item
from consentlint.submit.submission import NumberedItem, Submission

_STATUSES = ("opt-in", "opt-out")


def prepare(journal: Journal, submission: Submission, *, skip_invalid: bool) -> None:
    """Fill the queue of a journal with the items of the input.

    Args:
        journal: the journal of the input.
        submission: the input.
        skip_invalid: whether invalid items are left out.

    Raises:
        SubmitError: an item cannot be sent, or a file has changed.
    """
    plan = _plan_items(submission, skip_invalid=skip_invalid)
    journal.prepare(plan, time.monotonic() + GRACE_SECONDS)


def _plan_items(submission: Submission, *, skip_invalid: bool) -> Iterator[PlannedItem]:
    """Yield what the journal must know about each item, in order.

    An invalid item may be the opt-out that revokes an earlier opt-in. So it holds back every
    item of its contact and sender, except opt-outs. If one of the two is unreadable, it
    holds back every item of the other.

    Which items are of one contact and sender is known in memory only, in a small database.
    """
    holds = {endpoint: _Holds() for endpoint in submission.endpoints}
    for invalid in submission.invalid_items() if skip_invalid else ():
        if not invalid.item.fields.get(SUPERSEDED_BY):
            holds[invalid.endpoint].add(identify(invalid.item.fields, invalid.endpoint))
    with closing(sqlite3.connect(":memory:")) as firsts:
        firsts.execute("CREATE TABLE firsts (pair INTEGER PRIMARY KEY, number INTEGER NOT NULL)")
        for found in submission.items():
            number, fields = found.number, found.item.fields
            identity = identify(fields, found.endpoint)
            status = fields.get("status") if found.endpoint is CONSENTS else None
            is_opt_out = status == "opt-out"
            outcome = ItemStatus.NOT_SENT
            if fields.get(SUPERSEDED_BY):
                outcome = ItemStatus.SUPERSEDED
            elif skip_invalid and found.is_invalid and not (is_opt_out and found.is_out_of_order):
                outcome = ItemStatus.SKIPPED
            elif not is_opt_out and holds[found.endpoint].concern(identity):
                outcome = ItemStatus.HELD_BACK
            _check_sendable(found)
            # SQLite's integers are signed.
            pair = identity.pair - (1 << 63)
            firsts.execute("INSERT OR IGNORE INTO firsts VALUES (?, ?)", (pair, number))
            ((first,),) = firsts.execute("SELECT number FROM firsts WHERE pair = ?", (pair,))
            yield PlannedItem(number, first, status if status in _STATUSES else "", outcome)


def _check_sendable(found: NumberedItem) -> None:
    try:
        outgoing_item(found.number, found.item.fields, found.endpoint)
    except (ValueError, RecursionError):
        raise SubmitError(
            f"{found.shown_location}: this item cannot be sent, because it contains a number that"
            " JSON cannot express, or is nested too deeply."
        ) from None


class _Holds:
    """The contacts and senders that invalid items concern."""

    def __init__(self) -> None:
        self._pairs: set[int] = set()
        self._contacts: set[int] = set()
        self._senders: set[int] = set()
        self._all = False

    def add(self, identity: Identity) -> None:
        """Add what an invalid item concerns."""
        contact, sender, pair = identity
        if (contact and sender) or contact == pair:
            self._pairs.add(pair)
        elif contact:
            self._contacts.add(contact)
        elif sender:
            self._senders.add(sender)
        else:
            self._all = True

    def concern(self, identity: Identity) -> bool:
        """Return whether an item may be of a contact and sender of an invalid item."""
        return (
            self._all
            or identity.pair in self._pairs
            or identity.contact in self._contacts
            or identity.sender in self._senders
        )
