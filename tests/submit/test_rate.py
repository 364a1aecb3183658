"""The rate: in any minute, for all processes together."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from consentlint.submit.rate import NoState, Rate, state_file

WORK = """
import sys, time
from consentlint.submit.rate import Rate
passed = 0
with Rate(sys.argv[1], 10, time.time, window=0.5) as rate:
    stop = time.monotonic() + 2.5
    while time.monotonic() < stop:
        wait = rate.acquire()
        if wait:
            time.sleep(wait)
        else:
            passed += 1
print(passed)
"""


def test_two_processes_share_a_limit(tmp_path: Path) -> None:
    """In real time, with a short window; a trigger notes when which request left."""
    database = sqlite3.connect(tmp_path / "rate.sqlite")
    database.executescript(
        """
        CREATE TABLE passed (at REAL NOT NULL);
        CREATE TABLE noted (at REAL NOT NULL);
        CREATE TRIGGER note AFTER INSERT ON passed BEGIN INSERT INTO noted VALUES (new.at); END;
        """
    )
    command = [sys.executable, "-c", WORK, str(tmp_path / "rate.sqlite")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(process.communicate(timeout=60)[0]) for process in both]
    times = [at for (at,) in database.execute("SELECT at FROM noted ORDER BY at")]
    database.close()
    assert min(counts) > 0
    assert len(times) == sum(counts) > 20
    assert all(eleventh - first >= 0.5 for first, eleventh in zip(times, times[10:], strict=False))


def test_another_limit_counts_what_others_have_sent(tmp_path: Path) -> None:
    now = 1000.0
    path = str(tmp_path / "rate.sqlite")
    with Rate(path, 3, lambda: now, 60) as few, Rate(path, 5, lambda: now, 60) as many:
        assert [many.acquire() for _ in range(5)] == [0] * 5
        assert few.acquire() == many.acquire() == 60
        now += 59
        assert many.acquire() == 1
        now += 1
        assert [few.acquire() for _ in range(4)] == [0, 0, 0, 60]


def test_a_clock_that_is_set_back_lets_nothing_more_pass(tmp_path: Path) -> None:
    now = 1000.0
    with Rate(str(tmp_path / "rate.sqlite"), 2, lambda: now, 60) as rate:
        assert rate.acquire() == rate.acquire() == 0
        now -= 500
        assert rate.acquire() == 60
        now += 60
        assert rate.acquire() == 0


def test_accounts_addresses_and_endpoints_have_rates_of_their_own() -> None:
    files = {
        state_file(account, url) for account in ("AC1", "AC2") for url in ("http://a", "http://b")
    }
    assert len(files) == 4
    assert not any("AC1" in file for file in files)


def test_a_state_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NoState, match="XDG_STATE_HOME"):
        Rate(str(tmp_path / "file" / "rate.sqlite"), 1, lambda: 0)
    (tmp_path / "rate.sqlite").write_text("no database" * 100)
    with pytest.raises(NoState, match="not a database"):
        Rate(str(tmp_path / "rate.sqlite"), 1, lambda: 0)
