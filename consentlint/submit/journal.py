"""The record of what was sent and what the API responded, so that a run can resume.

One SQLite file. A request is recorded before it leaves, and an outcome after its response
was read, each on the disk before anything else is done, so the process may be killed at any
time. The file contains the digest of the input, and the numbers, correlation ids and
outcomes of items. It contains no phone number, and no hash of one: a hash is reversed by
trying all numbers.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import NamedTuple, Self

from consentlint.submit.journal_file import JournalFile, RunIdentity
from consentlint.submit.outgoing import OutgoingItem
from consentlint.submit.responses import FINAL, BatchOutcome, ItemStatus
from consentlint.text.masking import mask

_ID = re.compile("[0-9A-Za-z]{32}")
_REASON = re.compile("[A-Z][A-Z_]{1,63}")


class JournalEntry(NamedTuple):
    """What the journal knows about an item that was sent."""

    outcome: ItemStatus | None
    """`STORED`, `REJECTED` or `FAILED`, or None if there is no recorded result."""
    error_code: int
    reasons: tuple[str, ...]
    attempts: int
    """The number of requests that contained the item."""
    may_be_stored: bool = True
    """False if the API processed none of those requests."""


class Journal:
    """An open journal. It is locked for all other processes until it is closed.

    Args:
        path: the file; it is created if it does not exist.
        identity: identifies the run.
        clock: the time in seconds since the epoch.

    Raises:
        JournalError: as for `JournalFile`.
    """

    def __init__(self, path: str, identity: RunIdentity, clock: Callable[[], float]) -> None:
        self._file = JournalFile(path, identity)
        self._clock = clock

    def entries(self) -> dict[int, JournalEntry]:
        """Return what is known about each item that was sent, by its number."""
        rows = self._file.read(
            "SELECT number, outcome, error_code, reasons, attempts, unknown_attempts FROM items"
        )
        return {
            number: JournalEntry(
                ItemStatus(outcome) if outcome else None,
                error_code or 0,
                tuple((reasons or "").split()),
                attempts,
                unknown_attempts > 0,
            )
            for number, outcome, error_code, reasons, attempts, unknown_attempts in rows
        }

    @property
    def pass_number(self) -> int:
        """1 for the first pass; more if everything was sent again on purpose."""
        return self._file.read_run("pass_number")

    @property
    def is_pass_finished(self) -> bool:
        """Whether every item is done, and the user has seen the report."""
        return bool(self._file.read_run("is_finished"))

    def finish_pass(self) -> None:
        """Record that every item is done, and that the user has seen the report."""
        with self._file.transaction() as run:
            run("UPDATE run SET is_finished = 1")

    def start_new_pass(self) -> None:
        """Delete all outcomes, so that everything is sent again."""
        with self._file.transaction() as run:
            run("DELETE FROM items")
            run("UPDATE run SET pass_number = pass_number + 1, is_finished = 0")

    def record_request(self, items: Sequence[OutgoingItem]) -> int:
        """Record that a request is about to leave, and return its number.

        Raises:
            JournalError: it cannot be recorded, so it must not leave.
        """
        with self._file.transaction() as run:
            self._file.check_path()
            request = run("INSERT INTO requests (sent_at) VALUES (?)", [self._clock()]).lastrowid
            assert request is not None
            for item in items:
                row = run("SELECT outcome FROM items WHERE number = ?", [item.number]).fetchone()
                # The queue never returns such an item. This is checked once more, because an
                # old opt-in that is sent again undoes a STOP.
                assert row is None or row[0] not in FINAL
                run(
                    "INSERT INTO items (number, correlation_id, request, attempts,"
                    " unknown_attempts) VALUES (?, ?, ?, 1, 1) ON CONFLICT (number) DO UPDATE SET"
                    " request = excluded.request, attempts = attempts + 1,"
                    " unknown_attempts = unknown_attempts + 1, outcome = NULL",
                    [item.number, _safe_id(item.correlation_id), request],
                )
        return request

    def record_response(self, request: int, status: int | None, outcome: BatchOutcome) -> None:
        """Record the result of a request.

        Args:
            request: the number of the request.
            status: the HTTP status, or None if there was no response.
            outcome: what the response means.
        """
        now = self._clock()
        with self._file.transaction() as run:
            run(
                "UPDATE requests SET finished_at = ?, status = ? WHERE id = ?",
                [now, status, request],
            )
            if outcome.is_unprocessed:
                run(
                    "UPDATE items SET unknown_attempts = unknown_attempts - 1 WHERE request = ?",
                    [request],
                )
            for item, item_outcome, error_code, reasons in outcome.results:
                words = " ".join(map(_safe_reason, reasons))
                run(
                    "UPDATE items SET outcome = ?, error_code = ?, reasons = ?, finished_at = ?"
                    " WHERE number = ?",
                    [item_outcome, error_code, words, now, item.number],
                )
            for item in outcome.internal_errors:
                run("UPDATE items SET internal_error_at = ? WHERE number = ?", [now, item.number])

    def record_failures(self, items: Iterable[OutgoingItem]) -> None:
        """Record that this run makes no further attempt for these items."""
        with self._file.transaction() as run:
            for item in items:
                run(
                    "UPDATE items SET outcome = ?, finished_at = ? WHERE number = ?",
                    [ItemStatus.FAILED, self._clock(), item.number],
                )

    def ids_for_support(self, limit: int = 5) -> list[str]:
        """Return correlation ids of the last 24 hours that the API failed to store.

        Items that failed after the last attempt come first, then those with an internal server
        error at an earlier attempt. Items whose request never reached the API are omitted.
        """
        rows = self._file.read(
            "SELECT correlation_id FROM items WHERE correlation_id <> ''"
            " AND (internal_error_at IS NOT NULL OR outcome = 'failed' AND request IN"
            " (SELECT id FROM requests WHERE status IS NOT NULL))"
            " AND max(coalesce(finished_at, 0), coalesce(internal_error_at, 0)) > ?"
            " ORDER BY outcome = 'failed' DESC, internal_error_at DESC, number LIMIT ?",
            [self._clock() - 86_400, limit],
        )
        return [row[0] for row in rows]

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the journal."""
        self._file.close()


def _safe_id(correlation_id: str) -> str:
    """Return a correlation id, or an empty string if it is invalid or may be a phone number."""
    if _ID.fullmatch(correlation_id) and mask(correlation_id) == correlation_id:
        return correlation_id
    return ""


def _safe_reason(reason: str) -> str:
    """Return a reason code, or `OTHER` for any other text, which may contain anything."""
    return reason if _REASON.fullmatch(reason) else "OTHER"
