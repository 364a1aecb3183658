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

from consentlint.linter import workers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has other interrupts")


def test_an_interrupt_waits_until_a_process_is_started() -> None:
    steps = []

    def start() -> None:
        with workers._interrupts_held():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("started")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert steps == ["started"]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.parametrize("seconds", [0.2, 0.6])
def test_an_interrupted_run_ends_without_a_traceback(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(f"{json.dumps({**CONSENT, 'source': 'web'})}\n" * 200_000)
    run = subprocess.Popen(
        [sys.executable, "-m", "consentlint", "check", str(path), "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(seconds)
    # As a terminal does: to all of its processes.
    os.killpg(run.pid, signal.SIGINT)
    output, errors = run.communicate(timeout=60)
    assert b"Traceback" not in output + errors
    assert run.returncode in (130, -signal.SIGINT)
