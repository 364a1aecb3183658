"""The programs to compare: how to run each, and how to verify that it did its work.

A program that crashes would be the fastest, so each run is verified against the number of items
in its file and the number of items that are invalid.
"""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Run, python, run
from sample_files import invalid_items, sample_file, sample_path

_HERE = Path(__file__).resolve().parent
_SUMMARY = re.compile(
    r"(?:No errors|(?P<errors>[\d,]+) errors?)(?: and (?P<warnings>[\d,]+) warnings?)?"
    r" in (?P<items>[\d,]+) items? of 1 file "
)
_YARDSTICK_COUNT = re.compile(r"(?P<problems>\d+) problems in (?P<items>\d+) items\n")

# A short run is repeated for this long, because one short run proves little.
_ENOUGH_SECONDS = 4.0
_MAX_RUNS = 30
_MIN_RUNS = 3
# A longer run is not repeated.
_LONG_SECONDS = 20.0

JSON_REPORT = ("--output-format", "json", "--output", os.devnull)
TEXT_REPORT = ("--output-format", "concise", "--output", os.devnull)


class FailedError(Exception):
    """A program failed, or did not do its work."""


@dataclass
class Side:
    """A program on a file, and its shortest run."""

    name: str
    command: list[str]
    verify: Callable[[Run], str]
    """Returns what is wrong with a run, or an empty text."""
    count: int
    """The number of items in the file."""
    keep_stdout: bool = False
    failure: str = ""
    runs: int = 0
    spent: float = 0.0
    min_cpu: float = float("inf")
    min_wall: float = float("inf")
    rss: int = 0
    """Largest resident set of one process over all runs, in bytes."""

    @property
    def cpu(self) -> float:
        """Seconds of CPU time. Raises FailedError if there was no valid run."""
        self._assert_measured()
        return self.min_cpu

    @property
    def wall(self) -> float:
        """Seconds by the clock. Raises FailedError if there was no valid run."""
        self._assert_measured()
        return self.min_wall

    def run(self, *, watch_memory: bool = False) -> Run:
        """Run the program and verify its work.

        Raises:
            FailedError: it did not do its work.
        """
        done = run(self.command, keep_stdout=self.keep_stdout, watch_memory=watch_memory)
        problem = self.verify(done)
        if problem:
            last = " / ".join(done.stderr.strip().splitlines()[-3:])
            raise FailedError(f"{self.name}: {problem}, exit code {done.exit_code}: {last}")
        return done

    def _assert_measured(self) -> None:
        if self.failure or not self.runs:
            raise FailedError(self.failure or f"{self.name} was not run")

    def is_due(self) -> bool:
        """Return whether one more run would improve the figures."""
        if self.failure or (self.min_wall > _LONG_SECONDS and self.runs):
            return False
        return self.runs < _MIN_RUNS or (self.spent < _ENOUGH_SECONDS and self.runs < _MAX_RUNS)


def measure(sides: Sequence[Side], progress: Callable[[str], None]) -> None:
    """Run the sides alternately, so that a change in the machine's speed affects all of them."""
    while due := [side for side in sides if side.is_due()]:
        for side in due:
            side.runs += 1
            progress(f"{side.name}, run {side.runs}")
            try:
                done = side.run()
            except FailedError as error:
                side.failure = str(error)
                progress(str(error))
                continue
            side.spent += done.wall
            side.min_cpu = min(side.min_cpu, done.cpu)
            side.min_wall = min(side.min_wall, done.wall)
            side.rss = max(side.rss, done.rss)


class Sides:
    """Makes the sides, and the files that they read."""

    def __init__(self, folder: Path, progress: Callable[[str], None]) -> None:
        # The sides run in another working directory.
        self._folder = folder.resolve()
        self._progress = progress
        self._made: list[Path] = []

    def consentlint(
        self, kind: str, count: int, *, jobs: int = 1, report: Sequence[str] = JSON_REPORT
    ) -> Side:
        """Return the linter.

        Args:
            kind: the kind of the file.
            count: the number of items in it.
            jobs: the number of processes.
            report: `JSON_REPORT` or `TEXT_REPORT`.
        """
        command = python(
            *("-m", "consentlint", "check", self.file(kind, count), "--jobs", jobs), *report
        )
        expected = invalid_items(kind, count)

        def verify(done: Run) -> str:
            summary = _SUMMARY.search(done.stderr)
            if summary is None or done.exit_code != bool(expected):
                return "no summary, or an unexpected exit code"
            errors, warnings, items = (
                _number(summary[name] or "0") for name in ("errors", "warnings", "items")
            )
            if (items, errors + warnings) != (count, expected):
                return f"{errors + warnings} findings in {items} items, not {expected} in {count}"
            return ""

        name = f"consentlint -j{jobs}, {count:,} {kind}{', text' if report is TEXT_REPORT else ''}"
        return Side(name, command, verify, count)

    def yardstick(self, kind: str, count: int) -> Side:
        """Return the script that a careful user would write."""
        command = python(_HERE / "yardstick.py", self.file(kind, count))
        expected = invalid_items(kind, count)

        def verify(done: Run) -> str:
            counted = _YARDSTICK_COUNT.fullmatch(done.stderr)
            if counted is None or done.exit_code != bool(expected):
                return "no count, or an unexpected exit code"
            items, problems = int(counted["items"]), int(counted["problems"])
            if (items, problems) != (count, expected):
                return f"{problems} problems in {items} items, not {expected} in {count}"
            return ""

        return Side(f"yardstick, {count:,} {kind}", command, verify, count)

    def orjson_loop(self, count: int) -> Side:
        """Return the loop that parses each line of JSON Lines and does nothing else."""
        command = python(_HERE / "orjson_loop.py", self.file("lines", count))

        def verify(done: Run) -> str:
            is_read = done.exit_code == 0 and done.stderr == f"{count} items\n"
            return "" if is_read else "it did not read the file"

        return Side(f"orjson loop, {count:,} lines", command, verify, count)

    def file(self, kind: str, count: int) -> Path:
        """Return a sample file; write it first if it does not exist."""
        path = sample_path(kind, count, self._folder)
        if not path.exists():
            self._progress(f"writing {path}")
            self._made.append(path)
        return sample_file(kind, count, self._folder)

    def remove_files(self) -> None:
        """Remove the files that this run wrote."""
        for path in self._made:
            path.unlink(missing_ok=True)


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))
