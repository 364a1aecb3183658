"""The rate limit: in any minute, for all processes together."""

import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from consentlint.submit.options import SubmitError
from consentlint.submit.rate_limit import acquire, state_file

WORK = """
import sys, time
from consentlint.submit.rate_limit import acquire
allowed = 0
stop = time.monotonic() + 2.5
while time.monotonic() < stop:
    wait = acquire(sys.argv[1], 10, time.time, window=0.5)
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
    small, large = (partial(acquire, path, limit, lambda: now, 60) for limit in (3, 5))
    assert [large() for _ in range(5)] == [0] * 5
    assert small() == large() == 60
    now += 59
    assert large() == 1
    now += 1
    assert [small() for _ in range(4)] == [0, 0, 0, 60]


def test_no_extra_request_is_allowed_if_the_clock_is_set_back(tmp_path: Path) -> None:
    now = 1000.0
    rate = partial(acquire, str(tmp_path / "rate.sqlite"), 2, lambda: now, 60)
    assert rate() == rate() == 0
    now -= 500
    assert rate() == 60
    now += 60
    assert rate() == 0


def test_each_account_and_url_has_its_own_limit() -> None:
    files = {
        state_file(account, url) for account in ("AC1", "AC2") for url in ("http://a", "http://b")
    }
    assert len(files) == 4
    assert not any("AC1" in file for file in files)


def test_an_unusable_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SubmitError, match="XDG_STATE_HOME"):
        acquire(str(tmp_path / "file" / "rate.sqlite"), 1, lambda: 0)
    (tmp_path / "rate.sqlite").write_text("no database" * 100)
    with pytest.raises(SubmitError, match="not a database"):
        acquire(str(tmp_path / "rate.sqlite"), 1, lambda: 0)
