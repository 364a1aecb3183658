"""Measure a whole process: CPU time, wall time, and the memory of all its processes."""

import contextlib
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_PROC = Path("/proc")
_PAUSE_SECONDS = 0.02
_MAX_STDOUT = 10_000_000


class Run(NamedTuple):
    """A run of a command that has ended."""

    wall: float
    """Seconds by the clock."""
    cpu: float
    """Seconds of CPU time, of the process and of the children that it waited for."""
    exit_code: int
    stdout: str
    """The start of standard output, or an empty text if it went to the null device."""
    stderr: str
    rss: int
    """Largest resident set of one process, in bytes."""
    peak: int = 0
    """Largest sum over all processes at one time, in bytes; 0 if not watched."""


def environment() -> dict[str, str]:
    """Return the environment of every timed process.

    Python may write bytecode, as it does for an installed package. Otherwise a checkout would be
    compiled again in each run.
    """
    own = dict(os.environ)
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return own


def run(command: Sequence[str], *, keep_stdout: bool = False, watch_memory: bool = False) -> Run:
    """Run a command in the root of the repository, so that it imports this package.

    Watching the memory slows a run down, so do not time such a run.

    Raises:
        FileNotFoundError: the program does not exist.
    """
    peak = 0
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdout=stdout if keep_stdout else subprocess.DEVNULL,
            stderr=stderr,
        )
        if watch_memory:
            while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
                peak = max(peak, sum(map(_bytes_of, _tree(process.pid))))
                time.sleep(_PAUSE_SECONDS)
        else:
            ended = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        _, status, usage = ended
        # Popen would wait again for a process without a return code.
        process.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        stderr.seek(0)
        return Run(
            wall,
            usage.ru_utime + usage.ru_stime,
            process.returncode,
            stdout.read(_MAX_STDOUT).decode(errors="replace"),
            stderr.read().decode(errors="replace"),
            # Linux counts KiB, macOS counts bytes.
            usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
            peak,
        )


def output_of(command: Sequence[str]) -> str:
    """Return what a command prints, run as `run` runs it.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), check=True, capture_output=True, text=True
    )
    return done.stdout


def memory_measure() -> str:
    """Return how memory is summed over processes, or an empty text if it cannot be measured."""
    if (_PROC / "self" / "smaps_rollup").exists():
        return "PSS: memory that processes share is counted once"
    if (_PROC / "self" / "statm").exists():
        return "RSS, because this system has no PSS: shared memory is counted for each process"
    return ""


def python_build() -> str:
    """Return the version of Python and the optimizations that its configuration names.

    A distribution may add optimizations without naming them there; Debian does.
    """
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    used = [
        name
        for name, option in (("PGO", "--enable-optimizations"), ("LTO", "--with-lto"))
        if option in options
    ]
    configured = f"with {' and '.join(used)}" if used else "without PGO and LTO"
    return f"Python {sys.version.split()[0]}, configured {configured}"


def python(*arguments: object) -> list[str]:
    """Return the command that runs this Python with these arguments."""
    return [sys.executable, *map(str, arguments)]


def _tree(root: int) -> Iterator[int]:
    """Yield a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name of the program is in parentheses and may contain anything.
            parent = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children.get(process, [])


def _bytes_of(process: int) -> int:
    """Return the memory of a process, or 0 if it has ended or is not accessible."""
    folder = _PROC / str(process)
    with contextlib.suppress(OSError):
        if not (folder / "smaps_rollup").exists():
            pages = int((folder / "statm").read_text().split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE")
        for line in (folder / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
