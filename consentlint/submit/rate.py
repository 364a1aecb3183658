"""How many requests may leave in any minute, for all processes of a machine together.

The times at which requests left stand in a small SQLite file of the user's, one for each
account, base URL and endpoint. Its own lock keeps processes apart, so nothing more is
needed: pyrate-limiter's bucket of this kind wants a file lock, a thread that deletes what is
old, and waits inside the library, where no clock of ours reaches.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

MINUTE = 60.0
GUARD = 2.0
"""Seconds by which the window is longer: a request does not arrive when it leaves, and the
API counts arrivals. With answers of 2.5 seconds 96 requests a minute are left of 100."""


class NoState(Exception):
    """The state cannot be kept; the message says where and why."""


def state_folder() -> str:
    """Return the folder where programs of this user keep their state."""
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/AppData/Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Application Support")
    return os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")


def state_file(account: str, url: str) -> str:
    """Return the file for an account and the address that its requests are sent to."""
    name = hashlib.sha256(f"{account}\n{url}".encode()).hexdigest()[:24]
    return os.path.join(state_folder(), "consentlint", f"rate-{name}.sqlite")


class Rate:
    """Lets so many requests pass in any minute.

    Args:
        path: the file that is shared; it and its folder are made where they are missing.
        limit: how many pass, by this process and all others.
        clock: the time in seconds since the epoch, which all processes share.
        window: how long a minute is; other lengths are for tests.

    Raises:
        NoState: the file cannot be made or used.
    """

    def __init__(
        self, path: str, limit: int, clock: Callable[[], float], window: float = MINUTE + GUARD
    ) -> None:
        self._path = path
        self._limit = limit
        self._clock = clock
        self._window = window
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=30, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from None
        try:
            # A stamp that is lost with the machine's power is of no use after it.
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute("CREATE TABLE IF NOT EXISTS passed (at REAL NOT NULL)")
        except sqlite3.Error as error:
            self._database.close()
            raise self._failure(error) from None

    def acquire(self) -> float:
        """Count a request in and return 0, or return after how many seconds to ask again.

        Raises:
            NoState: the file cannot be used.
        """
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                wait = self._acquire(self._clock())
            finally:
                self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failure(error) from None
        return wait

    def _acquire(self, now: float) -> float:
        run = self._database.execute
        run("DELETE FROM passed WHERE at <= ?", (now - self._window,))
        # The clock has been set back: of when they were, only this is left to say.
        run("UPDATE passed SET at = ? WHERE at > ?", (now, now))
        (count,) = run("SELECT count(*) FROM passed").fetchone()
        if count < self._limit:
            run("INSERT INTO passed VALUES (?)", (now,))
            return 0.0
        oldest_that_must_go = run(
            "SELECT at FROM passed ORDER BY at LIMIT 1 OFFSET ?", (count - self._limit,)
        ).fetchone()[0]
        # Never 0, which would let it pass.
        return max(float(oldest_that_must_go) + self._window - now, 0.001)

    def _failure(self, error: Exception) -> NoState:
        from consentlint.text.masking import printable

        words = error.strerror if isinstance(error, OSError) else str(error)
        return NoState(
            f"the requests of the last minute cannot be counted in {printable(self._path)}:"
            f" {words}; XDG_STATE_HOME names another folder for it"
        )

    def __enter__(self) -> Self:
        """Return the rate itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._database.close()
