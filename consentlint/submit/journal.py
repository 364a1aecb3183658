"""The journal: the record of what was sent, and the queue of what is still to be sent.

A request is recorded before it leaves, and an outcome after its response was read, each on the
disk before anything else is done, so the process may be killed at any time. Of each contact and
sender, the journal knows the number of their first item only: it contains no phone number, and
no hash of one, because a hash is reversed by trying all numbers.

Of the items of one contact and sender (a pair), only the first unfinished one is ready to be sent.
The others wait until it is stored or rejected.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.submit.journal_record import JournalRecord
from consentlint.submit.options import ItemStatus
from consentlint.submit.outgoing import OutgoingItem, PlannedItem
from consentlint.submit.responses import BatchOutcome
from consentlint.text.masking import mask

_MAX_DELAYED = 25 * REQUEST_LIMIT
"""With more items that wait for a retry, no other items are sent."""
_ID = re.compile("[0-9A-Za-z]{32}")
_REASON = re.compile("[A-Z][A-Z_]{1,63}")


class Retry(NamedTuple):
    """When to send items again, on the clock of the run."""

    now: float
    at: float
    grace_until: float
    """Until when the API may still process what was sent."""
    max_tries: int


class Journal(JournalRecord):
    """An open journal. It is locked for all other processes until it is closed."""

    def prepare(self, items: Iterable[PlannedItem], unknown_until: float) -> None:
        """Fill the queue with the items of the input, except those that are done.

        Args:
            items: all items, in order.
            unknown_until: until when the API may still process what an earlier run sent, on the
                clock of this run.
        """
        with self.transaction() as run:
            for item in items:
                queue = "waiting" if item.outcome is ItemStatus.NOT_SENT else "done"
                run(
                    "INSERT INTO items (number, pair, status, outcome, queue) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (number) DO UPDATE SET pair = excluded.pair, status ="
                    " excluded.status, outcome = iif(attempts = 0, excluded.outcome, outcome),"
                    " tries = 0, grace_until = iif(outcome = 'unknown', ?, 0), queue ="
                    " iif(outcome IN ('stored', 'rejected'), 'done', excluded.queue)",
                    (*item, queue, unknown_until),
                )
            run("UPDATE run SET items = (SELECT count(*) FROM items)")
            run(
                "UPDATE items SET queue = 'ready' WHERE number IN"
                " (SELECT min(number) FROM items WHERE queue = 'waiting' GROUP BY pair)"
            )

    def next_time(self) -> float | None:
        """Return the time from which `take` returns something, or None if there is no such time."""
        ready = self.read("SELECT 1 FROM items WHERE queue = 'ready' LIMIT 1")
        delayed, first = self._delayed()
        return 0.0 if delayed < _MAX_DELAYED and list(ready) else first

    def take(self, now: float) -> list[int]:
        """Return the items of the next request, at most 25: a retry, or else other items.

        A batch that is sent again keeps to itself, so that an item that the API fails to
        process cannot use up the attempts of others.
        """
        delayed, first = self._delayed()
        query, values = "queue = 'ready'", []
        if first is not None and first <= now:
            query, values = "queue = 'delayed' AND not_before = ?", [first]
        elif delayed >= _MAX_DELAYED:
            return []
        rows = self.read(
            f"SELECT number FROM items WHERE {query} ORDER BY number LIMIT {REQUEST_LIMIT}",  # noqa: S608
            values,
        )
        return [number for (number,) in rows]

    def _delayed(self) -> tuple[int, float | None]:
        """Return how many items wait for a time, and the first of these times."""
        ((delayed, first),) = self.read(
            "SELECT count(*), min(not_before) FROM items WHERE queue = 'delayed'"
        )
        return delayed, first

    def record_request(self, items: Sequence[OutgoingItem]) -> None:
        """Record that a request is about to leave.

        Raises:
            JournalError: it cannot be recorded, so it must not leave.
        """
        self.check_file()
        with self.transaction() as run:
            for item in items:
                changed = run(
                    "UPDATE items SET queue = 'in-flight', outcome = 'unknown', error_code = 0,"
                    " reasons = '', tries = tries + 1, attempts = attempts + 1, unknown_attempts ="
                    " unknown_attempts + 1, correlation_id = ? WHERE number = ? AND"
                    " queue IN ('ready', 'delayed') AND outcome NOT IN ('stored', 'rejected')",
                    (_safe_id(item.correlation_id), item.number),
                ).rowcount
                # `take` never returns another item. This is checked once more, because an old
                # opt-in that is sent again undoes a STOP.
                assert changed == 1

    def tries(self, item: OutgoingItem) -> int:
        """Return how many requests of this run contained an item."""
        ((tries,),) = self.read("SELECT tries FROM items WHERE number = ?", (item.number,))
        return int(tries)

    def record_response(
        self, items: Sequence[OutgoingItem], status: int | None, outcome: BatchOutcome, retry: Retry
    ) -> int:
        """Record the result of a request, and queue what is to be sent after it.

        Args:
            items: the items of the request.
            status: the HTTP status, or None if there was no response.
            outcome: what the response means.
            retry: when to send items again.

        Returns:
            The number of items that have failed after the last attempt.
        """
        failed = 0
        with self.transaction() as run:
            for item in items if outcome.is_unprocessed else ():
                run(
                    "UPDATE items SET unknown_attempts = unknown_attempts - 1, outcome ="
                    " iif(unknown_attempts = 1, 'not-stored', 'unknown') WHERE number = ?",
                    (item.number,),
                )
            for item, item_outcome, error_code, reasons in outcome.results:
                words = " ".join(map(_safe_reason, reasons))
                run(
                    "UPDATE items SET outcome = ?, error_code = ?, reasons = ?, queue = 'done'"
                    " WHERE number = ?",
                    (item_outcome, error_code, words, item.number),
                )
                pair, grace_until = run(
                    "SELECT pair, grace_until FROM items WHERE number = ?", (item.number,)
                ).fetchone()
                run(
                    "UPDATE items SET not_before = ?, queue = ? WHERE number = (SELECT number FROM"
                    " items WHERE pair = ? AND number > ? AND queue = 'waiting'"
                    " ORDER BY number LIMIT 1)",
                    (
                        grace_until,
                        "delayed" if grace_until > retry.now else "ready",
                        pair,
                        item.number,
                    ),
                )
            for item in outcome.retry:
                failed += run(
                    "UPDATE items SET queue = 'done', outcome = 'failed' WHERE number = ? AND"
                    " tries >= ?",
                    (item.number, retry.max_tries),
                ).rowcount
                run(
                    "UPDATE items SET queue = iif(queue = 'done', queue, 'delayed'), not_before = ?,"
                    " grace_until = max(grace_until, ?), failed_at = coalesce(?, failed_at)"
                    " WHERE number = ?",
                    (
                        retry.at,
                        retry.grace_until if outcome.outcome_unknown else 0,
                        self.clock() if status not in (None, 429) else None,
                        item.number,
                    ),
                )
        return failed

    def finish(self) -> None:
        """Record that every item is done, and that the user has seen the report."""
        with self.transaction() as run:
            run("UPDATE run SET finished_at = coalesce(finished_at, ?)", (self.clock(),))


def _safe_id(correlation_id: str) -> str:
    """Return a correlation id, or an empty string if it is invalid or may be a phone number."""
    if _ID.fullmatch(correlation_id) and mask(correlation_id) == correlation_id:
        return correlation_id
    return ""


def _safe_reason(reason: str) -> str:
    """Return a reason code, or `OTHER` for any other text, which may contain anything."""
    return reason if _REASON.fullmatch(reason) else "OTHER"
