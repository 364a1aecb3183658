"""The file of the journal: a SQLite database that one run may use at a time."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from consentlint.submit.options import JournalError
from consentlint.text.masking import printable

_VERSION = 1
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


class RunIdentity(NamedTuple):
    """What identifies a run. A journal belongs to one run only."""

    digest: str
    """The digest of the input."""
    endpoint: str
    base_url: str
    account: str
    """The user name of the credentials."""


class JournalFile:
    """An open file. It is locked for all other processes until it is closed.

    Args:
        path: the file; it is created if it does not exist.
        identity: identifies the run.

    Raises:
        JournalError: it is locked, damaged, from a later version, or from another run, or
            cannot be written.
    """

    def __init__(self, path: str, identity: RunIdentity) -> None:
        self._path = path
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
            self.close()
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
            run(f"PRAGMA user_version = {_VERSION}")
        elif application != _APPLICATION_ID:
            raise self._error("is a database of another program. Pass another --journal.")
        elif version > _VERSION:
            raise self._error(
                f"was written by a later version of consentlint (journal version {version}; this"
                f" one supports {_VERSION}). Update consentlint."
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
            if self.read_run("is_finished"):
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
        if count or self.read_run("pass_number") > 1:
            return "Pass another --journal."
        return "That run stored no items, so you can delete its journal."

    def read(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._translated_errors():
            return self._database.execute(query, values).fetchall()

    def read_run(self, column: str) -> int:
        """Return a number from the table `run`, which has one row."""
        return int(self.read(f"SELECT {column} FROM run")[0][0])  # noqa: S608 - a name of ours

    def check_path(self) -> None:
        """Raise a JournalError if the path no longer leads to this file."""
        try:
            is_same_file = os.path.samestat(os.stat(self._path), self._file)
        except OSError:
            is_same_file = False
        if not is_same_file:
            raise self._error("was removed or replaced during the run.")

    def close(self) -> None:
        """Close the file, and release its lock."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """Yield a function that runs a statement; commit at the end, roll back on an error."""
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
