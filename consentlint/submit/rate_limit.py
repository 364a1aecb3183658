"""Limit the requests in any minute, for all processes of a machine together.

The times of recent requests are kept in a small SQLite file of the user, one for each
account, base URL and endpoint. The lock of SQLite separates processes, so nothing more is
needed: the bucket of this kind in pyrate-limiter needs a file lock, a thread that deletes
old entries, and waits inside the library, where our clock does not reach.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import platformdirs

from consentlint.submit.options import SubmitError
from consentlint.text.masking import shown_path

MINUTE = 60.0 + 2.0
"""The window in seconds. It is longer than a minute, because the API counts requests when they
arrive, not when they leave. With responses of 2.5 seconds, 96 of 100 requests a minute remain."""


def state_file(account: str, url: str) -> str:
    """Return the file that counts the requests of an account to a URL."""
    name = hashlib.sha256(f"{account}\n{url}".encode()).hexdigest()[:24]
    folder = platformdirs.user_state_dir("consentlint", appauthor=False)
    return os.path.join(folder, f"rate-{name}.sqlite")


def acquire(
    path: str, limit: int, clock: Callable[[], float] = time.time, window: float = MINUTE
) -> float:
    """Count one request and return 0, or return the seconds to wait before asking again.

    Args:
        path: the shared file; it and its folder are created if they do not exist.
        limit: the number of requests in any window, of this and all other processes.
        clock: the time in seconds since the epoch, which all processes share.
        window: the length of the window in seconds.

    Raises:
        SubmitError: the file cannot be used.
    """
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database, database:
            run = database.execute
            # After a power failure, an entry is older than the window anyway.
            run("PRAGMA synchronous = OFF")
            run("BEGIN IMMEDIATE")
            run("CREATE TABLE IF NOT EXISTS requests (sent_at REAL NOT NULL)")
            now = clock()
            run("DELETE FROM requests WHERE sent_at <= ?", (now - window,))
            # The clock was set back, or the file is damaged: count later times as now.
            run("UPDATE requests SET sent_at = :now WHERE sent_at > :now", {"now": now})
            query = "SELECT sent_at FROM requests ORDER BY sent_at DESC LIMIT 1 OFFSET ?"
            blocking = run(query, (limit - 1,)).fetchone()
            if blocking is None:
                run("INSERT INTO requests VALUES (?)", (now,))
                return 0.0
            # Never 0, which means that the request may leave.
            return max(float(blocking[0]) + window - now, 0.001)
    except (OSError, sqlite3.Error, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SubmitError(
            f"Cannot count recent requests in {shown_path(path)}: {reason}. Make the file"
            " writable, or (on Linux) set XDG_STATE_HOME to another folder."
        ) from None
