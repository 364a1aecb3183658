"""The rate limit: in any minute, for all processes together."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from consentlint.submit.options import SubmitError
from consentlint.submit.rate_limit import RateLimit, state_file

WORK = """
import sys, time
from consentlint.submit.rate_limit import RateLimit
allowed = 0
with RateLimit(sys.argv[1], 10, time.time, window=0.5) as rate:
    stop = time.monotonic() + 2.5
    while time.monotonic() < stop:
        wait = rate.acquire()
        if wait:
            time.sleep(wait)
        else:
            allowed += 1
print(allowed)
"""


def test_two_processes_share_a_limit(tmp_path: Path) -> None:
    """In real time, with a short window. A trigger records the time of each request."""
    database = sqlite3.connect(tmp_path / "rate.sqlite")
    database.executescript(
        """
        CREATE TABLE requests (sent_at REAL NOT NULL);
        CREATE TABLE log (sent_at REAL NOT NULL);
        CREATE TRIGGER copy AFTER INSERT ON requests
        BEGIN INSERT INTO log VALUES (new.sent_at); END;
        """
    )
    command = [sys.executable, "-c", WORK, str(tmp_path / "rate.sqlite")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(process.communicate(timeout=60)[0]) for process in processes]
    times = [at for (at,) in database.execute("SELECT sent_at FROM log ORDER BY sent_at")]
    database.close()
    assert min(counts) > 0
    assert len(times) == sum(counts) > 20
    assert all(eleventh - first >= 0.5 for first, eleventh in zip(times, times[10:], strict=False))


def test_a_process_counts_the_requests_of_others_with_another_limit(tmp_path: Path) -> None:
    now = 1000.0
    path = str(tmp_path / "rate.sqlite")
    with RateLimit(path, 3, lambda: now, 60) as small, RateLimit(path, 5, lambda: now, 60) as large:
        assert [large.acquire() for _ in range(5)] == [0] * 5
        assert small.acquire() == large.acquire() == 60
        now += 59
        assert large.acquire() == 1
        now += 1
        assert [small.acquire() for _ in range(4)] == [0, 0, 0, 60]


def test_no_extra_request_is_allowed_if_the_clock_is_set_back(tmp_path: Path) -> None:
    now = 1000.0
    with RateLimit(str(tmp_path / "rate.sqlite"), 2, lambda: now, 60) as rate:
        assert rate.acquire() == rate.acquire() == 0
        now -= 500
        assert rate.acquire() == 60
        now += 60
        assert rate.acquire() == 0


def test_each_account_and_url_has_its_own_limit() -> None:
    files = {
        state_file(account, url) for account in ("AC1", "AC2") for url in ("http://a", "http://b")
    }
    assert len(files) == 4
    assert not any("AC1" in file for file in files)


def test_an_unusable_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SubmitError, match="XDG_STATE_HOME"):
        RateLimit(str(tmp_path / "file" / "rate.sqlite"), 1, lambda: 0)
    (tmp_path / "rate.sqlite").write_text("no database" * 100)
    with pytest.raises(SubmitError, match="not a database"):
        RateLimit(str(tmp_path / "rate.sqlite"), 1, lambda: 0)
