"""The programs that are compared: how each is run, and how it shows that it did its work.

A run that crashed would be the fastest of all, so that every run is held against the
number of items in its file, and of those that are damaged.
"""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from measure import Run, output_of, python, run
from sample_files import refused, sample_file, sample_path

_HERE = Path(__file__).resolve().parent
_VERDICT = re.compile(
    r"(?:No errors|(?P<errors>[\d,]+) errors?)(?: and (?P<warnings>[\d,]+) warnings?)?"
    r" in (?P<items>[\d,]+) items? of 1 file "
)
_YARDSTICK_COUNT = re.compile(r"(?P<problems>\d+) problems in (?P<items>\d+) items\n")

# So long each side is run again and again, for a short run says little.
_ENOUGH_SECONDS = 4.0
_MOST_RUNS = 30
_LEAST_RUNS = 3
# Longer runs are run once.
_LONG_SECONDS = 20.0


class Failed(Exception):
    """A side did not run, or did not do its work."""


@dataclass
class Side:
    """A program on a file, and the least that it took."""

    name: str
    command: list[str]
    check: Callable[[Run], str]
    """Returns what is wrong with a run, an empty text where it did its work."""
    count: int
    """How many items there are in the file."""
    failure: str = ""
    runs: int = 0
    spent: float = 0.0
    least_cpu: float = float("inf")
    least_wall: float = float("inf")

    @property
    def cpu(self) -> float:
        """Seconds of processors. Raises Failed where there was no good run."""
        self._assert_measured()
        return self.least_cpu

    @property
    def wall(self) -> float:
        """Seconds by the clock. Raises Failed where there was no good run."""
        self._assert_measured()
        return self.least_wall

    def run(self, *, watch_memory: bool = False) -> Run:
        """Run it, and check what it did.

        Raises:
            Failed: it did not do its work.
        """
        found = run(self.command, watch_memory=watch_memory)
        problem = self.check(found)
        if problem:
            last = found.said.strip().splitlines()[-3:]
            raise Failed(f"{self.name}: {problem}, exit code {found.exit_code}: {' / '.join(last)}")
        return found

    def _assert_measured(self) -> None:
        if self.failure or not self.runs:
            raise Failed(self.failure or f"{self.name} was not run")

    def is_due(self) -> bool:
        """Tell whether one more run would make the figures better."""
        if self.failure or (self.least_wall > _LONG_SECONDS and self.runs):
            return False
        return self.runs < _LEAST_RUNS or (self.spent < _ENOUGH_SECONDS and self.runs < _MOST_RUNS)


def measure(sides: Sequence[Side], progress: Callable[[str], None]) -> None:
    """Run sides in turn, again and again, so that a machine whose speed drifts drifts for all."""
    while due := [side for side in sides if side.is_due()]:
        for side in due:
            side.runs += 1
            progress(f"{side.name}, run {side.runs}")
            try:
                found = side.run()
            except Failed as failure:
                side.failure = str(failure)
                progress(str(failure))
                continue
            side.spent += found.wall
            side.least_cpu = min(side.least_cpu, found.cpu)
            side.least_wall = min(side.least_wall, found.wall)


class Sides:
    """Makes the sides, and the files that they read."""

    def __init__(self, folder: Path, progress: Callable[[str], None]) -> None:
        # The sides run in another folder than this program may.
        self._folder = folder.resolve()
        self._progress = progress
        self._made: list[Path] = []

    def consentlint(self, kind: str, count: int, jobs: int | None = 1) -> Side:
        """Return the linter with so many processes; None leaves the number to it.

        The report goes to the null device by --output, so that what was counted is said
        on standard error.
        """
        option = ["--jobs", jobs] if jobs and has_jobs() else []
        command = python(
            *("-m", "consentlint", "check", self._file(kind, count)),
            *("--output-format", "concise", "--output", os.devnull, *option),
        )
        wrong = refused(kind, count)
        words = f", {jobs} processes" if jobs and jobs > 1 else "" if jobs else ", default jobs"

        def check(found: Run) -> str:
            verdict = _VERDICT.match(found.said)
            if verdict is None or found.exit_code != bool(wrong):
                return "no verdict, or not the one expected"
            errors, warnings, items = (
                int((verdict[name] or "0").replace(",", ""))
                for name in ("errors", "warnings", "items")
            )
            if (items, errors + warnings) != (count, wrong):
                return f"{errors + warnings} findings in {items} items, not {wrong} in {count}"
            return ""

        return Side(f"consentlint, {count:,} {kind}{words}", command, check, count)

    def yardstick(self, kind: str, count: int) -> Side:
        """Return what a careful user would write."""
        command = python(_HERE / "yardstick.py", self._file(kind, count))
        wrong = refused(kind, count)

        def check(found: Run) -> str:
            counted = _YARDSTICK_COUNT.fullmatch(found.said)
            if counted is None or found.exit_code != bool(wrong):
                return "no count, or not the exit code expected"
            items, problems = int(counted["items"]), int(counted["problems"])
            if (items, problems) != (count, wrong):
                return f"{problems} problems in {items} items, not {wrong} in {count}"
            return ""

        return Side(f"yardstick, {count:,} {kind}", command, check, count)

    def orjson_loop(self, count: int) -> Side:
        """Return the loop that parses each line of JSON Lines and does nothing more."""
        command = python(_HERE / "orjson_loop.py", self._file("lines", count))

        def check(found: Run) -> str:
            fine = found.exit_code == 0 and found.said == f"{count} items\n"
            return "" if fine else "it did not read the file"

        return Side(f"orjson.loads, {count:,} lines", command, check, count)

    def remove_files(self) -> None:
        """Remove the files that were not there before."""
        for path in self._made:
            path.unlink(missing_ok=True)

    def _file(self, kind: str, count: int) -> Path:
        path = sample_path(kind, count, self._folder)
        if not path.exists():
            self._progress(f"writing {path}")
            self._made.append(path)
        return sample_file(kind, count, self._folder)


@cache
def has_jobs() -> bool:
    """Tell whether `consentlint check` has the option --jobs."""
    return "--jobs" in output_of(python("-m", "consentlint", "check", "--help"))
