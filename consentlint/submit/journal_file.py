"""The file of a journal: a SQLite database that one run may use at a time."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, NamedTuple, Self

from consentlint.submit.options import ItemStatus, JournalError, JournalLost
from consentlint.text.masking import shown_path

_VERSION = 4
_APPLICATION_ID = 0x636F6E73
_SMALLEST = 512
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in ItemStatus)
# What is damaged must not count as "not sent": each row is checked when the file is opened.
# STRICT is left out where SQLite is too old for it.
_STRICT = "STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""
_SCHEMA = f"""
BEGIN;
CREATE TABLE run (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    digest TEXT NOT NULL, base_url TEXT NOT NULL, account TEXT NOT NULL, seal TEXT NOT NULL,
    finished_at REAL,
    items INTEGER NOT NULL CHECK (items >= 0)) {_STRICT};
CREATE TABLE items (
    number INTEGER PRIMARY KEY CHECK (number >= 0),
    pair INTEGER NOT NULL CHECK (pair BETWEEN 0 AND number),
    status TEXT NOT NULL CHECK (status IN ('', 'opt-in', 'opt-out')),
    correlation_id TEXT NOT NULL DEFAULT '' CHECK (length(correlation_id) IN (0, 32)),
    outcome TEXT NOT NULL CHECK (outcome IN ({_OUTCOMES})),
    -- When it may be sent: 0 at once; infinity while it, or an item of its pair before it, is in
    -- flight or waits; NULL if it is not sent in this run any more.
    due REAL CHECK (due >= 0),
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND attempts),
    attempts INTEGER NOT NULL DEFAULT 0,
    unknown_attempts INTEGER NOT NULL DEFAULT 0 CHECK (unknown_attempts BETWEEN 0 AND attempts),
    error_code INTEGER NOT NULL DEFAULT 0 CHECK (error_code BETWEEN 0 AND 999999),
    reasons TEXT NOT NULL DEFAULT '' CHECK (length(reasons) < 2000),
    failed_at REAL,
    CHECK ((attempts = 0) = (outcome IN ('not-sent', 'skipped', 'held-back', 'superseded'))),
    CHECK (outcome <> 'not-stored' OR unknown_attempts = 0),
    CHECK (outcome NOT IN ('unknown', 'stored', 'rejected') OR unknown_attempts > 0),
    CHECK ((outcome = 'rejected') = (error_code > 0))) {_STRICT};
CREATE INDEX pairs ON items (pair, number);
CREATE INDEX queue ON items (due, number) WHERE due IS NOT NULL;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_RESTORE = (
    "It is the only record of what was sent: restore it from a backup. If nothing was sent,"
    " pass another --journal."
)

_DAMAGED = f"is damaged, or not a journal. {_RESTORE}"
# By the kind of SQLite's error. Any other error is in the content of the file.
_MESSAGES = {
    "BUSY": "is in use by another run. Wait until that run ends.",
    "READONLY": "cannot be written: the file or its folder is read-only.",
    "CANTOPEN": "cannot be written. Check the permissions of its folder.",
    "FULL": "cannot be written: the disk is full.",
    "IOERR": "cannot be written: the disk fails or is full.",
}


class RunIdentity(NamedTuple):
    """What identifies a run. A journal belongs to one run only."""

    digest: str
    """The digest of the input, and of how it is read."""
    base_url: str
    account: str

    @property
    def seal(self) -> str:
        """A checksum of the above."""
        return hashlib.sha256("\n".join(map(str, self)).encode()).hexdigest()


class JournalFile:
    """An open journal. It is locked for all other processes until it is closed.

    Args:
        path: the file, which `create` has made.
        clock: the time in seconds since the epoch.

    Raises:
        JournalError: it is locked, damaged, or from another version, or cannot be written.
    """

    def __init__(self, path: str, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.clock = clock
        with _translated_errors(path), ExitStack() as opened:
            if not os.path.isfile(path):
                raise _error(path, "is not a regular file.")
            if os.path.getsize(path) < _SMALLEST:
                # SQLite treats it as a new database, but `create` never leaves such a file.
                raise _error(path, f"is empty, or was cut. {_RESTORE}")
            self._database = sqlite3.connect(path, timeout=1, isolation_level=None)
            opened.callback(self.close)
            self.identity = self._open()
            opened.pop_all()
        self._status = self._read_status()

    def _open(self) -> RunIdentity:
        """Lock and check the file, and return whose journal it is."""
        self._database.text_factory = lambda text: text.decode(errors="replace")
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        # EXTRA: the folder entry, too, must be on the disk before a request leaves.
        run("PRAGMA synchronous = EXTRA")
        # The keys of contacts and senders must not reach any file.
        run("PRAGMA temp_store = MEMORY")
        run("BEGIN EXCLUSIVE")
        if run("PRAGMA application_id").fetchone() != (_APPLICATION_ID,):
            raise _error(self.path, "is a database of another program. Pass another --journal.")
        (version,) = run("PRAGMA user_version").fetchone()
        if version != _VERSION:
            raise _error(
                self.path,
                f"was written by another version of consentlint (journal version {version}; this"
                f" one supports {_VERSION}). Use that version.",
            )
        row = run("SELECT digest, base_url, account, seal, items FROM run").fetchone()
        identity = RunIdentity(*(row or ("", "", ""))[:3])
        (count,) = run("SELECT count(*) FROM items").fetchone()
        # A damaged identity must not count as that of other files.
        is_whole = row == (*identity, identity.seal, count)
        if not is_whole or run("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise _error(self.path, _DAMAGED)
        run("COMMIT")
        return identity

    def close(self) -> None:
        """Close it, and release its lock."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query."""
        with _translated_errors(self.path):
            yield from self._database.execute(query, values)

    @contextmanager
    def transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """Yield a function that runs a statement; commit at the end, roll back on an error."""
        before = self._read_status()
        with _translated_errors(self.path), self._database:
            self._database.execute("BEGIN")
            yield self._database.execute
        after = self._read_status()
        is_same = before == self._status and after[:2] == before[:2]
        self._status = after if is_same else ()

    def check_file(self) -> None:
        """Verify that the path still leads to this file, as it was written.

        Raises:
            JournalLost: it does not.
        """
        if not self._status or self._read_status() != self._status:
            name = shown_path(self.path)
            raise JournalLost(
                f"The journal {name} was removed, replaced or changed during the run."
            )

    def rescue(self) -> str:
        """Write what a journal that is lost recorded to a file next to it, and return advice."""
        copy = f"{self.path}.rescued"
        try:
            with _new_database(copy) as database:
                self._database.backup(database)
            JournalFile(copy).close()
        except (sqlite3.Error, OSError, JournalError):
            return "Without it, the same command sends everything again, so restore it first."
        return f"What it recorded is in {shown_path(copy)}, which the same command finds."

    def _read_status(self) -> tuple[int, ...]:
        """Return the device, inode and size of the file; nothing if it does not exist."""
        try:
            status = os.stat(self.path)
        except OSError:
            return ()
        return status.st_dev, status.st_ino, status.st_size


def create(path: str, identity: RunIdentity) -> None:
    """Create a journal, whole or not at all, that only its owner may read.

    Raises:
        JournalError: it cannot be written, or exists.
    """
    partial = f"{path}.{os.getpid()}.partial"
    with _translated_errors(path):
        try:
            with _new_database(partial) as database, database:
                database.executescript(_SCHEMA)
                values = (*identity, identity.seal)
                database.execute("INSERT INTO run VALUES (1, ?, ?, ?, ?, NULL, 0)", values)
            try:
                # Unlike `rename`, this fails if another run has just created it.
                os.link(partial, path)
            except FileExistsError:
                raise
            except OSError:
                os.rename(partial, path)
        finally:
            with suppress(OSError):
                os.unlink(partial)


@contextmanager
def _new_database(path: str) -> Iterator[sqlite3.Connection]:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path)) as database:
        yield database


@contextmanager
def _translated_errors(path: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        # SQLITE_IOERR_WRITE is one of SQLITE_IOERR.
        kind = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT").split("_")[1]
        raise _error(path, _MESSAGES.get(kind, _DAMAGED)) from None
    except OSError as error:
        raise _error(path, f"cannot be written: {error.strerror}.") from None


def _error(path: str, message: str) -> JournalError:
    return JournalError(f"The journal {shown_path(path)} {message}")
