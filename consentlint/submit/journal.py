"""The record of what was sent and what the API responded, so that a run can resume.

One SQLite file. A request is recorded before it leaves, and an outcome after its response
was read, each on the disk before anything else is done, so the process may be killed at any
time. The file contains the digest of the input, and the numbers, correlation ids and
outcomes of items. It contains no phone number, and no hash of one: a hash is reversed by
trying all numbers.
"""

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import NamedTuple, Self

from consentlint.submit.options import JournalError
from consentlint.submit.outgoing import OutgoingItem
from consentlint.submit.responses import FINAL, BatchOutcome, ItemStatus
from consentlint.text.masking import mask, printable

VERSION = 1
_APPLICATION_ID = 0x636F6E73
_SCHEMA = """
CREATE TABLE run (
    digest TEXT NOT NULL, endpoint TEXT NOT NULL, base_url TEXT NOT NULL,
    account TEXT NOT NULL, pass_number INTEGER NOT NULL, is_finished INTEGER NOT NULL);
CREATE TABLE requests (
    id INTEGER PRIMARY KEY, sent_at REAL NOT NULL, finished_at REAL, status INTEGER);
CREATE TABLE items (
    number INTEGER PRIMARY KEY, correlation_id TEXT NOT NULL, request INTEGER NOT NULL,
    attempts INTEGER NOT NULL, unknown_attempts INTEGER NOT NULL, outcome TEXT,
    error_code INTEGER, reasons TEXT, finished_at REAL, internal_error_at REAL);
"""
_ID = re.compile("[0-9A-Za-z]{32}")
_REASON = re.compile("[A-Z][A-Z_]{1,63}")


class RunIdentity(NamedTuple):
    """What identifies a run. A journal belongs to one run only."""

    digest: str
    """The digest of the input."""
    endpoint: str
    base_url: str
    account: str
    """The user name of the credentials."""


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
        JournalError: it is locked, damaged, from a later version, or from another run, or
            cannot be written.
    """

    def __init__(self, path: str, identity: RunIdentity, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        with self._translated_errors():
            _make(path)
            if not os.path.isfile(path):
                raise self._error("is not a regular file.")
            self._database = sqlite3.connect(path, timeout=1, isolation_level=None)
        try:
            with self._translated_errors():
                self._open(identity)
                self._file = os.stat(path)
        except BaseException:
            self._database.close()
            raise

    def _open(self, identity: RunIdentity) -> None:
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        # EXTRA: the folder entry, too, must be on the disk before a request leaves.
        run("PRAGMA synchronous = EXTRA")
        run("BEGIN EXCLUSIVE")
        (application,) = run("PRAGMA application_id").fetchone()
        (version,) = run("PRAGMA user_version").fetchone()
        (tables,) = run("SELECT count(*) FROM sqlite_master").fetchone()
        if application == version == tables == 0:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                run(statement)
            run("INSERT INTO run VALUES (?, ?, ?, ?, 1, 0)", identity)
            run(f"PRAGMA application_id = {_APPLICATION_ID}")
            run(f"PRAGMA user_version = {VERSION}")
        elif application != _APPLICATION_ID:
            raise self._error("is a database of another program. Pass another --journal.")
        elif version > VERSION:
            raise self._error(
                f"was written by a later version of consentlint (journal version {version}; this"
                f" one supports {VERSION}). Update consentlint."
            )
        elif run("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise self._error(_DAMAGED)
        else:
            self._check_identity(identity)
        run("COMMIT")

    def _check_identity(self, identity: RunIdentity) -> None:
        recorded = RunIdentity(
            *self._database.execute(
                "SELECT digest, endpoint, base_url, account FROM run"
            ).fetchone()
        )
        if recorded.digest != identity.digest:
            warning = "(an opt-in that is sent again undoes a later STOP)"
            if self._read_run("is_finished"):
                raise self._error(
                    "belongs to a finished run with other input. Pass a new --journal to send these"
                    f" files {warning}."
                )
            raise self._error(
                "belongs to an unfinished run with other input: a file, or an option such as"
                " --format, has changed. Restore it to resume, or pass a new --journal to send"
                f" everything again {warning}."
            )
        for name in ("endpoint", "base_url", "account"):
            old, new = getattr(recorded, name), getattr(identity, name)
            if old != new:
                raise self._error(
                    f"belongs to a run with another {name.replace('_', ' ')}: {printable(old)}, not"
                    f" {printable(new)}. {self._advice_to_start_over()}"
                )

    def _advice_to_start_over(self) -> str:
        (count,) = self._database.execute(
            "SELECT count(*) FROM items WHERE unknown_attempts > 0"
        ).fetchone()
        # A new pass deletes the outcomes of the one before.
        if count or self._read_run("pass_number") > 1:
            return "Pass another --journal."
        return "That run stored no items, so you can delete its journal."

    def _read_run(self, column: str) -> int:
        return int(self._database.execute(f"SELECT {column} FROM run").fetchone()[0])  # noqa: S608 - a name of ours

    def entries(self) -> dict[int, JournalEntry]:
        """Return what is known about each item that was sent, by its number."""
        with self._translated_errors():
            rows = self._database.execute(
                "SELECT number, outcome, error_code, reasons, attempts, unknown_attempts FROM items"
            ).fetchall()
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
        with self._translated_errors():
            return self._read_run("pass_number")

    @property
    def is_pass_finished(self) -> bool:
        """Whether every item is done, and the user has seen the report."""
        with self._translated_errors():
            return bool(self._read_run("is_finished"))

    def finish_pass(self) -> None:
        """Record that every item is done, and that the user has seen the report."""
        with self._transaction() as run:
            run("UPDATE run SET is_finished = 1")

    def start_new_pass(self) -> None:
        """Delete all outcomes, so that everything is sent again."""
        with self._transaction() as run:
            run("DELETE FROM items")
            run("UPDATE run SET pass_number = pass_number + 1, is_finished = 0")

    def record_request(self, items: Sequence[OutgoingItem]) -> int:
        """Record that a request is about to leave, and return its number.

        Raises:
            JournalError: it cannot be recorded, so it must not leave.
        """
        with self._transaction() as run:
            try:
                is_same_file = os.path.samestat(os.stat(self._path), self._file)
            except OSError:
                is_same_file = False
            if not is_same_file:
                raise self._error("was removed or replaced during the run.")
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
        with self._transaction() as run:
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
        with self._transaction() as run:
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
        with self._translated_errors():
            rows = self._database.execute(
                "SELECT correlation_id FROM items WHERE correlation_id <> ''"
                " AND (internal_error_at IS NOT NULL OR outcome = 'failed' AND request IN"
                " (SELECT id FROM requests WHERE status IS NOT NULL))"
                " AND max(coalesce(finished_at, 0), coalesce(internal_error_at, 0)) > ?"
                " ORDER BY outcome = 'failed' DESC, internal_error_at DESC, number LIMIT ?",
                [self._clock() - 86_400, limit],
            ).fetchall()
        return [row[0] for row in rows]

    @contextmanager
    def _transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        with self._translated_errors():
            self._database.execute("BEGIN")
            try:
                yield self._database.execute
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            text = str(error)
            message = next((ours for part, ours in _MESSAGES.items() if part in text), f"{text}.")
            raise self._error(message) from None
        except OSError as error:
            raise self._error(f"cannot be written: {error.strerror}.") from None

    def _error(self, message: str) -> JournalError:
        return JournalError(f"The journal {printable(self._path)} {message}")

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
        self._database.close()


_DAMAGED = (
    "is damaged, or not a journal. It is the only record of what was sent: restore it from a"
    " backup. If nothing was sent, pass another --journal."
)
# A part of SQLite's message, and our message.
_MESSAGES = {
    "locked": "is in use by another run. Wait until that run ends.",
    "not a database": _DAMAGED,
    "malformed": _DAMAGED,
    "no such": _DAMAGED,
    "readonly": "cannot be written: the file or its folder is read-only.",
    "unable to open": "cannot be written. Check the permissions of its folder.",
    "full": "cannot be written: the disk is full.",
    "disk I/O": "cannot be written: the disk fails or is full.",
}


def _make(path: str) -> None:
    """Create an empty file that only its owner may read, unless it exists."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _safe_id(correlation_id: str) -> str:
    """Return a correlation id, or an empty string if it is invalid or may be a phone number."""
    if _ID.fullmatch(correlation_id) and mask(correlation_id) == correlation_id:
        return correlation_id
    return ""


def _safe_reason(reason: str) -> str:
    """Return a reason code, or `OTHER` for any other text, which may contain anything."""
    return reason if _REASON.fullmatch(reason) else "OTHER"
