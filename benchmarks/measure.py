"""What a whole process costs: CPU time, wall time, and the memory of all it starts."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_PROC = Path("/proc")
_PAUSE = 0.02


class Run(NamedTuple):
    """A run of a command that has ended."""

    wall: float
    """Seconds by the clock."""
    cpu: float
    """Seconds of processors, of the process and of those of its children that it waited for."""
    exit_code: int
    said: str
    """What it wrote to standard error; standard output goes to the null device."""
    peak: int = 0
    """Most bytes that all processes had at one time, 0 where nobody looked."""


def run(command: list[str], *, watch_memory: bool = False) -> Run:
    """Run a command in the root of the repository, whose package it thus imports.

    Watching its memory takes time from it, so do not time such a run.

    Raises:
        FileNotFoundError: there is no such program.
    """
    peak = 0
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said)
        if watch_memory:
            while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
                peak = max(peak, sum(map(_bytes_of, _tree(process.pid))))
                time.sleep(_PAUSE)
        else:
            ended = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        _, status, usage = ended
        # Else it would be waited for once more.
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode(errors="replace")
    return Run(wall, usage.ru_utime + usage.ru_stime, process.returncode, words, peak)


def output_of(command: list[str]) -> str:
    """Return what a command prints, run as `run` runs it.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def memory_measure() -> str:
    """Return what the memory is a sum of, an empty text where it cannot be known here."""
    if (_PROC / "self" / "smaps_rollup").exists():
        return "PSS: what processes share is counted once"
    if (_PROC / "self" / "statm").exists():
        return "RSS, for there is no PSS here: what processes share is counted for each"
    return ""


def python(*arguments: object) -> list[str]:
    """Return the command that runs Python, this one, with some arguments."""
    return [sys.executable, *map(str, arguments)]


def _tree(root: int) -> Iterator[int]:
    """Yield a process and all that stem from it."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name of the program, which stands in brackets, may hold anything.
            parent = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children.get(process, [])


def _bytes_of(process: int) -> int:
    """Return the memory of a process: 0 where it has ended, or may not be looked at."""
    folder = _PROC / str(process)
    with contextlib.suppress(OSError):
        if not (folder / "smaps_rollup").exists():
            pages = int((folder / "statm").read_text().split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE")
        for line in (folder / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
