"""An interrupt ends a run and its processes, whenever it comes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from item_lists import CONSENT

from consentlint.linter import pool

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has other interrupts")


def test_an_interrupt_waits_until_a_process_is_started() -> None:
    steps = []

    def start() -> None:
        with pool._interrupts_held():
            # To this thread: one sent to the process could reach another thread of the test run.
            signal.raise_signal(signal.SIGINT)
            steps.append("started")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert steps == ["started"]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def children_of(pid: int) -> Path:
    """Return the file in which Linux lists the child processes of `pid`."""
    return Path(f"/proc/{pid}/task/{pid}/children")


def wait_for_child(pid: int) -> None:
    """Wait until the process `pid` has started another one."""
    for _ in range(600):
        if children_of(pid).read_text():
            return
        time.sleep(0.05)
    pytest.fail("no process was started")


@pytest.mark.skipif(not children_of(os.getpid()).exists(), reason="no list of child processes")
@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.4])
def test_an_interrupted_run_ends_without_a_traceback(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(f"{json.dumps({**CONSENT, 'source': 'web'})}\n" * 200_000)
    run = subprocess.Popen(
        [sys.executable, "-m", "consentlint", "check", str(path), "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    # Before that, the interpreter may still be importing modules.
    wait_for_child(run.pid)
    time.sleep(seconds)
    # As a terminal does: to all of its processes.
    os.killpg(run.pid, signal.SIGINT)
    output, errors = run.communicate(timeout=60)
    assert b"Traceback" not in output + errors
    assert run.returncode in (130, -signal.SIGINT)
