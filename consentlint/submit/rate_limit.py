"""Limit the requests in any minute, for all processes of a machine together.

The times of recent requests are kept in a small SQLite file of the user, one for each
account, base URL and endpoint. The lock of SQLite separates processes, so nothing more is
needed: the bucket of this kind in pyrate-limiter needs a file lock, a thread that deletes
old entries, and waits inside the library, where our clock does not reach.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

import platformdirs

from consentlint.submit.options import SubmitError
from consentlint.submit.outputs import shown_path

MINUTE = 60.0 + 2.0
"""The window in seconds. It is longer than a minute, because the API counts requests when they
arrive, not when they leave. With responses of 2.5 seconds, 96 of 100 requests a minute remain."""


def state_file(account: str, url: str) -> str:
    """Return the file that counts the requests of an account to a URL."""
    name = hashlib.sha256(f"{account}\n{url}".encode()).hexdigest()[:24]
    folder = platformdirs.user_state_dir("consentlint", appauthor=False)
    return os.path.join(folder, f"rate-{name}.sqlite")


class RateLimit:
    """Allows a number of requests in any minute.

    Args:
        path: the shared file; it and its folder are created if they do not exist.
        limit: the number of requests, of this and all other processes.
        clock: the time in seconds since the epoch, which all processes share.
        window: the length of a minute in seconds; only tests change it.

    Raises:
        SubmitError: the file cannot be created or used.
    """

    def __init__(
        self, path: str, limit: int, clock: Callable[[], float], window: float = MINUTE
    ) -> None:
        self._path = path
        self._limit = limit
        self._clock = clock
        self._window = window
        with self._translated_errors():
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=30, isolation_level=None)
        try:
            with self._translated_errors():
                # After a power failure, an entry is older than the window anyway.
                self._database.execute("PRAGMA synchronous = OFF")
                self._database.execute(
                    "CREATE TABLE IF NOT EXISTS requests (sent_at REAL NOT NULL)"
                )
        except SubmitError:
            self._database.close()
            raise

    def acquire(self) -> float:
        """Count one request and return 0, or return the seconds to wait before asking again.

        Raises:
            SubmitError: the file cannot be used.
        """
        run = self._database.execute
        with self._translated_errors(), self._database:
            run("BEGIN IMMEDIATE")
            now = self._clock()
            run("DELETE FROM requests WHERE sent_at <= ?", (now - self._window,))
            # The clock was set back, or the file is damaged: count later times as now.
            run("UPDATE requests SET sent_at = ?1 WHERE sent_at > ?1", (now,))
            blocking = run(
                "SELECT sent_at FROM requests ORDER BY sent_at DESC LIMIT 1 OFFSET ?",
                (self._limit - 1,),
            ).fetchone()
            if blocking is None:
                run("INSERT INTO requests VALUES (?)", (now,))
                return 0.0
            # Never 0, which means that the request may leave.
            return max(float(blocking[0]) + self._window - now, 0.001)

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise SubmitError(
                f"Cannot count recent requests in {shown_path(self._path)}: {reason}. Make the file"
                " writable, or (on Linux) set XDG_STATE_HOME to another folder."
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
