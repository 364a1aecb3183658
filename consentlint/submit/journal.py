"""What has been sent and answered, kept so that a run can be killed at any moment.

One SQLite file. A request is recorded before it leaves, an outcome after its answer was
read, each on the disk before anything else is done. It holds the digest of the input, the
numbers of items, their correlation ids and outcomes. It holds no phone number, and no hash
of one: there are too few numbers to hide one in a hash.
"""

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import NamedTuple, Self

from consentlint.submit.answers import Outcome, Settled
from consentlint.submit.sendable import Sendable
from consentlint.text.masking import mask, printable

VERSION = 1
_APPLICATION = 0x636F6E73
_SCHEMA = """
CREATE TABLE run (
    digest TEXT NOT NULL, endpoint TEXT NOT NULL, base_url TEXT NOT NULL,
    account TEXT NOT NULL, turn INTEGER NOT NULL, is_closed INTEGER NOT NULL);
CREATE TABLE requests (
    id INTEGER PRIMARY KEY, left_at REAL NOT NULL, answered_at REAL, status INTEGER);
CREATE TABLE items (
    number INTEGER PRIMARY KEY, correlation_id TEXT NOT NULL, request INTEGER NOT NULL,
    sendings INTEGER NOT NULL, outcome TEXT, error_code INTEGER, reasons TEXT, settled_at REAL,
    internal_error_at REAL);
"""
_ID = re.compile("[0-9A-Za-z]{32}")
_REASON = re.compile("[A-Z][A-Z_]{1,63}")


class Unusable(Exception):
    """The journal cannot be used, or not go on; the message says why and what to do."""


class Subject(NamedTuple):
    """What a journal is about; it serves no other run."""

    digest: str
    """Of the input."""
    endpoint: str
    base_url: str
    account: str
    """The user name of the credentials."""


class Recorded(NamedTuple):
    """What the journal says of an item that was sent."""

    outcome: Outcome | None
    """None where it was sent, and its fate is not known."""
    error_code: int
    reasons: tuple[str, ...]
    sendings: int
    """In how many requests it left."""


class Journal:
    """A journal that is open, and locked for all others as long as it is.

    Args:
        path: the file; it is made where it is missing.
        subject: what the run is about.
        clock: the time in seconds since the epoch.

    Raises:
        Unusable: it is locked, damaged, of a later version, of something else, or cannot be
            written.
    """

    def __init__(self, path: str, subject: Subject, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        with self._explained():
            _make(path)
            if not os.path.isfile(path):
                raise self._error("is no regular file")
            self._database = sqlite3.connect(path, timeout=1, isolation_level=None)
        try:
            with self._explained():
                self._open(subject)
                self._file = os.stat(path)
        except BaseException:
            self._database.close()
            raise

    def _open(self, subject: Subject) -> None:
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        # Also the folder's entry must be on the disk before anything leaves.
        run("PRAGMA synchronous = EXTRA")
        run("BEGIN EXCLUSIVE")
        (application,) = run("PRAGMA application_id").fetchone()
        (version,) = run("PRAGMA user_version").fetchone()
        (tables,) = run("SELECT count(*) FROM sqlite_master").fetchone()
        if application == version == tables == 0:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                run(statement)
            run("INSERT INTO run VALUES (?, ?, ?, ?, 1, 0)", subject)
            run(f"PRAGMA application_id = {_APPLICATION}")
            run(f"PRAGMA user_version = {VERSION}")
        elif application != _APPLICATION:
            raise self._error("is a database of something else: name another --journal")
        elif version > VERSION:
            raise self._error(
                f"was written by a later consentlint (its form is {version}, and this one knows"
                f" {VERSION}): update consentlint"
            )
        elif run("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise self._error(_DAMAGED)
        else:
            self._compare(subject)
        run("COMMIT")

    def _compare(self, subject: Subject) -> None:
        found = Subject(
            *self._database.execute(
                "SELECT digest, endpoint, base_url, account FROM run"
            ).fetchone()
        )
        if found.digest != subject.digest:
            raise self._error(
                "is that of another input: the files, or how they are read, have changed since it"
                " was begun. Give back what was, or name another --journal; then all items are"
                " sent anew, and an opt-in that is sent anew undoes a STOP that came since"
            )
        for name in ("endpoint", "base_url", "account"):
            was, is_now = getattr(found, name), getattr(subject, name)
            if was != is_now:
                words = name.replace("_", " ")
                raise self._error(
                    f"is of a run with another {words}: {printable(was)}, and not"
                    f" {printable(is_now)}. Name another --journal"
                )

    def items(self) -> dict[int, Recorded]:
        """Return what is known of each item that was sent, by its number."""
        with self._explained():
            rows = self._database.execute(
                "SELECT number, outcome, error_code, reasons, sendings FROM items"
            ).fetchall()
        return {
            number: Recorded(
                Outcome(outcome) if outcome else None,
                error_code or 0,
                tuple((reasons or "").split()),
                sendings,
            )
            for number, outcome, error_code, reasons, sendings in rows
        }

    @property
    def turn(self) -> int:
        """1 for a first sending, more where all was sent again on purpose."""
        with self._explained():
            return int(self._database.execute("SELECT turn FROM run").fetchone()[0])

    @property
    def is_closed(self) -> bool:
        """Whether the user was told that everything is settled."""
        with self._explained():
            return bool(self._database.execute("SELECT is_closed FROM run").fetchone()[0])

    def close_turn(self) -> None:
        """Record that everything is settled, and the user was told."""
        with self._transaction() as run:
            run("UPDATE run SET is_closed = 1")

    def begin_again(self) -> None:
        """Forget all outcomes: everything is to be sent once more."""
        with self._transaction() as run:
            run("DELETE FROM items")
            run("UPDATE run SET turn = turn + 1, is_closed = 0")

    def leaves(self, items: Sequence[Sendable]) -> int:
        """Record that a request is about to leave, and return its number.

        Raises:
            Unusable: it could not be recorded, so it must not leave.
        """
        with self._transaction() as run:
            try:
                is_there = os.path.samestat(os.stat(self._path), self._file)
            except OSError:
                is_there = False
            if not is_there:
                raise self._error("has been removed or replaced while it was in use")
            request = run("INSERT INTO requests (left_at) VALUES (?)", [self._clock()]).lastrowid
            assert request is not None
            for item in items:
                found = run("SELECT outcome FROM items WHERE number = ?", [item.number]).fetchone()
                # The plan does not hand out such an item. An old opt-in that is sent again
                # undoes a STOP, so it is looked up once more.
                assert found is None or found[0] not in (Outcome.STORED, Outcome.REFUSED)
                run(
                    "INSERT INTO items (number, correlation_id, request, sendings)"
                    " VALUES (?, ?, ?, 1) ON CONFLICT (number) DO UPDATE SET"
                    " request = excluded.request, sendings = sendings + 1, outcome = NULL",
                    [item.number, _fit_id(item.correlation_id), request],
                )
        return request

    def answered(
        self,
        request: int,
        status: int | None,
        settled: Iterable[Settled] = (),
        internal: Iterable[Sendable] = (),
    ) -> None:
        """Record what came back for a request.

        Args:
            request: the number of the request.
            status: the HTTP status, None where there was no answer.
            settled: the items whose fate the answer tells for good.
            internal: those that were answered with INTERNAL_SERVER_ERROR.
        """
        now = self._clock()
        with self._transaction() as run:
            run(
                "UPDATE requests SET answered_at = ?, status = ? WHERE id = ?",
                [now, status, request],
            )
            for item, outcome, error_code, reasons in settled:
                run(
                    "UPDATE items SET outcome = ?, error_code = ?, reasons = ?, settled_at = ?"
                    " WHERE number = ?",
                    [outcome, error_code, " ".join(map(_fit_reason, reasons)), now, item.number],
                )
            for item in internal:
                run("UPDATE items SET internal_error_at = ? WHERE number = ?", [now, item.number])

    def gave_up(self, items: Iterable[Sendable]) -> None:
        """Record that these items are not tried again in this run."""
        with self._transaction() as run:
            for item in items:
                run(
                    "UPDATE items SET outcome = ?, settled_at = ? WHERE number = ?",
                    [Outcome.FAILED, self._clock(), item.number],
                )

    def ids_for_support(self, most: int = 5) -> list[str]:
        """Return correlation ids of the last 24 hours that the API could not store.

        First those that were given up, then those that it failed with at an earlier try. What
        never reached it is none of its business.
        """
        with self._explained():
            rows = self._database.execute(
                "SELECT correlation_id FROM items WHERE correlation_id <> ''"
                " AND (internal_error_at IS NOT NULL OR outcome = 'failed' AND request IN"
                " (SELECT id FROM requests WHERE status IS NOT NULL))"
                " AND max(coalesce(settled_at, 0), coalesce(internal_error_at, 0)) > ?"
                " ORDER BY outcome = 'failed' DESC, internal_error_at DESC, number LIMIT ?",
                [self._clock() - 86_400, most],
            ).fetchall()
        return [row[0] for row in rows]

    @contextmanager
    def _transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        with self._explained():
            self._database.execute("BEGIN")
            try:
                yield self._database.execute
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            words = next((meant for part, meant in _WORDS.items() if part in said), said)
            raise self._error(words) from None
        except OSError as error:
            raise self._error(f"cannot be written: {error.strerror}") from None

    def _error(self, words: str) -> Unusable:
        return Unusable(f"the journal {printable(self._path)} {words}")

    def __enter__(self) -> Self:
        """Return the journal itself."""
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
    "is damaged, or no journal. It alone tells what was sent already: bring it back from a"
    " backup, or name another --journal if nothing was"
)
# What SQLite says, and what it means for who reads it.
_WORDS = {
    "locked": "is in use by another run: wait until that ends",
    "not a database": _DAMAGED,
    "malformed": _DAMAGED,
    "no such": _DAMAGED,
    "readonly": "cannot be written: it, or its folder, is read-only",
    "unable to open": "cannot be written: is its folder read-only?",
    "full": "cannot be written: the disk is full",
    "disk I/O": "cannot be written: the disk fails, or is full",
}


def _make(path: str) -> None:
    """Make an empty file, unless there is one; nobody else need know what was sent."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _fit_id(correlation_id: str) -> str:
    """Return an id, or nothing where it is none, or a phone number that looks like one."""
    if _ID.fullmatch(correlation_id) and mask(correlation_id) == correlation_id:
        return correlation_id
    return ""


def _fit_reason(reason: str) -> str:
    """Return a reason code; of anything else it is not known what it holds."""
    return reason if _REASON.fullmatch(reason) else "OTHER"
