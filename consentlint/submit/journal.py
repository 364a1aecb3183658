"""The journal: the record of what was sent, and the queue of what is still to be sent.

A request is recorded before it leaves, and an outcome after its response was read, each on the
disk before anything else is done, so the process may be killed at any time. Of each contact and
sender, the journal knows the number of their first item only: it contains no phone number, and
no hash of one, because a hash is reversed by trying all numbers.

Of the items of one contact and sender (a pair), only the first unfinished one may be sent. The
others wait until it is stored or rejected.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.submit.journal_file import JournalFile
from consentlint.submit.options import OPEN, ItemStatus
from consentlint.submit.planning import PlannedItem
from consentlint.submit.reading import InputItem
from consentlint.submit.responses import BatchOutcome, ItemResult
from consentlint.text.masking import mask

_MAX_DELAYED = 25 * REQUEST_LIMIT
"""With more items that wait for a retry, no other items are sent."""
_ID = re.compile("[0-9A-Za-z]{32}")
_REASON = re.compile("[A-Z][A-Z_]{1,63}")
_NEXT_BATCH = f"""
SELECT number, due, tries FROM items WHERE due = (
    SELECT iif(first <= ? OR delayed >= {_MAX_DELAYED}
               OR NOT EXISTS (SELECT 1 FROM items WHERE due = 0), first, 0)
    FROM (SELECT min(due) AS first, count(*) AS delayed FROM items WHERE due > 0 AND due < 9e999))
ORDER BY number LIMIT {REQUEST_LIMIT}
"""  # noqa: S608 - no values are in it
_RECORD_RESULT = """
UPDATE items SET error_code = :error_code, reasons = :reasons, due = :due,
    unknown_attempts = unknown_attempts - :unprocessed,
    outcome = coalesce(:outcome, iif(unknown_attempts = :unprocessed, 'not-stored', 'unknown')),
    failed_at = coalesce(:failed_at, failed_at)
WHERE number = :number
"""
_RELEASE_NEXT = """
UPDATE items SET due = iif(done.unknown_attempts > 1, ?, 0) FROM items AS done
WHERE done.number = ? AND items.number = (
    SELECT number FROM items WHERE pair = done.pair AND number > done.number AND due IS NOT NULL
    ORDER BY number LIMIT 1)
"""


class QueuedItem(NamedTuple):
    """An item of the next request."""

    number: int
    due: float
    """When it may leave, on the clock of the run."""
    tries: int


class Journal(JournalFile):
    """An open journal. It is locked for all other processes until it is closed."""

    def prepare(self, items: Iterable[PlannedItem]) -> None:
        """Fill the queue with the items of the input, in order, except those that are done."""
        with self.transaction() as run:
            run("CREATE TEMP TABLE firsts (pair INTEGER PRIMARY KEY, number INTEGER NOT NULL)")
            for item in items:
                run("INSERT OR IGNORE INTO firsts VALUES (:pair, :number)", item._asdict())
                run(
                    "INSERT INTO items (number, pair, status, outcome, due) VALUES (:number,"
                    " (SELECT number FROM firsts WHERE pair = :pair), :status, :outcome,"
                    " iif(:outcome = 'not-sent', 9e999, NULL))"
                    " ON CONFLICT (number) DO UPDATE SET pair = excluded.pair, status ="
                    " excluded.status, outcome = iif(attempts = 0, excluded.outcome, outcome),"
                    " tries = 0, due = iif(outcome IN ('stored', 'rejected'), NULL, excluded.due)",
                    item._asdict(),
                )
            run("DROP TABLE firsts")
            run("UPDATE run SET items = (SELECT count(*) FROM items)")
            run(
                "UPDATE items SET due = 0 WHERE number IN"
                " (SELECT min(number) FROM items WHERE due IS NOT NULL GROUP BY pair)"
            )

    def next_batch(self, now: float) -> list[QueuedItem]:
        """Return the items of the next request, at most 25, even if it must wait.

        A batch that is sent again comes before others when it is due. It keeps to itself, so that
        an item that the API fails to process cannot use up the attempts of others.
        """
        return [QueuedItem(*row) for row in self.read(_NEXT_BATCH, (now,))]

    def record_request(self, items: Sequence[InputItem]) -> None:
        """Record that a request is about to leave.

        Raises:
            JournalError: it cannot be recorded, so it must not leave.
        """
        self.check_file()
        with self.transaction() as run:
            for item in items:
                changed = run(
                    "UPDATE items SET due = 9e999, outcome = 'unknown', error_code = 0,"
                    " reasons = '', tries = tries + 1, attempts = attempts + 1, unknown_attempts ="
                    " unknown_attempts + 1, correlation_id = ? WHERE number = ? AND due < 9e999"
                    " AND outcome NOT IN ('stored', 'rejected')",
                    (_safe_id(item.correlation_id), item.number),
                ).rowcount
                # `next_batch` never returns another item. This is checked once more, because an
                # old opt-in that is sent again undoes a STOP.
                assert changed == 1

    def record_response(
        self,
        items: Sequence[InputItem],
        outcome: BatchOutcome,
        retry_at: float | None,
        release_at: float,
    ) -> None:
        """Record the result of a request, and queue what is to be sent after it.

        Args:
            items: the items of the request.
            outcome: what the response means.
            retry_at: when to send items again that have no result, None for never.
            release_at: when to send the next item of a pair at the earliest if the API may still
                process an earlier request with the item before it.
        """
        is_last = retry_at is None and outcome.fatal_error is None
        with self.transaction() as run:
            for item in items:
                result = outcome.results.get(item.number)
                values = {
                    "number": item.number,
                    "outcome": ItemStatus.FAILED if is_last else None,
                    "error_code": 0,
                    "reasons": "",
                    "due": retry_at,
                    "unprocessed": outcome.is_unprocessed,
                    "failed_at": self.clock() if outcome.is_answered else None,
                }
                if result is not None:
                    values |= result._asdict() | {"due": None, "failed_at": None}
                    values["reasons"] = " ".join(map(_safe_reason, result.reasons))
                run(_RECORD_RESULT, values)
                if result is not None:
                    run(_RELEASE_NEXT, (release_at, item.number))

    def finish(self) -> None:
        """Record that every item is done, and that the user has seen the report."""
        with self.transaction() as run:
            run("UPDATE run SET finished_at = coalesce(finished_at, ?)", (self.clock(),))

    def counts(self) -> Counter[ItemStatus]:
        """Return how many items have each outcome."""
        rows = self.read("SELECT outcome, count(*) FROM items GROUP BY outcome")
        return Counter({ItemStatus(outcome): count for outcome, count in rows})

    def results(self) -> Iterator[ItemResult]:
        """Yield what is known about each item, in order."""
        for outcome, error_code, reasons, attempts in self.read(
            "SELECT outcome, error_code, reasons, attempts FROM items ORDER BY number"
        ):
            yield ItemResult(ItemStatus(outcome), error_code, tuple(reasons.split()), attempts)

    @property
    def finished_at(self) -> float | None:
        """When every item was done and the user had seen the report; None before that."""
        ((value,),) = self.read("SELECT finished_at FROM run")
        return value  # type: ignore[no-any-return]

    @property
    def is_done(self) -> bool:
        """Whether no item is left that could still be sent."""
        return not self.counts().keys() & OPEN

    @property
    def may_have_stored(self) -> bool:
        """Whether the API may have stored an item."""
        ((found,),) = self.read("SELECT EXISTS (SELECT 1 FROM items WHERE unknown_attempts > 0)")
        return bool(found)


def _safe_id(correlation_id: str) -> str:
    """Return a correlation id, or an empty string if it is invalid or may be a phone number."""
    if _ID.fullmatch(correlation_id) and mask(correlation_id) == correlation_id:
        return correlation_id
    return ""


def _safe_reason(reason: str) -> str:
    """Return a reason code, or `OTHER` for any other text, which may contain anything."""
    return reason if _REASON.fullmatch(reason) else "OTHER"
