"""Whether `consentlint check` reaches its goals of throughput and memory, as a table.

    python benchmarks/throughput.py [--items N] [--quick] [--large] [--folder DIR] [--keep]

Every side runs as a whole process. The sides that are compared run in turn, several
times where they are short, and the least of each counts. A goal that is missed is shown
as `no`; the exit code is 1 only where something could not be run.
"""

import argparse
import importlib.metadata
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from measure import memory_measure, output_of, python
from sample_files import FOLDER
from sides import Failed, Side, Sides, has_jobs, measure

_ITEMS, _QUICK_ITEMS, _LARGE_ITEMS = 1_000_000, 100_000, 10_000_000
_YARDSTICK_ITEMS, _QUICK_YARDSTICK_ITEMS = 100_000, 20_000
# The yardstick on so few items costs what its start does.
_START_ITEMS = 100
_LEAST_ITEMS = 10_000
_STRAIGHT = 1.5
_PACKAGES = ("phonenumbers", "jsonschema", "orjson")


class Outcome(NamedTuple):
    """What a row of the table says besides the work and the goal."""

    measured: str
    against: str
    ratio: str
    reached: bool


class Row(NamedTuple):
    """A row of the table; there is no outcome where something could not be run."""

    work: str
    goal: str
    outcome: Outcome | None


class Benchmark:
    """Runs the work of each goal, and gathers the rows."""

    def __init__(self, sides: Sides, items: int, yardstick_items: int, *, large: bool) -> None:
        self._sides = sides
        self._items = items
        self._yardstick_items = min(items, yardstick_items)
        sizes = {1_000, 10_000, 100_000, items} | ({_LARGE_ITEMS} if large else set())
        self._sizes = sorted(size for size in sizes if size <= items or large)
        self._large = large
        self._start = sides.yardstick("lines", _START_ITEMS)
        self.rows: list[Row] = []

    def run(self) -> None:
        """Run all of it."""
        measure([self._start], progress)
        self._clean_lines()
        for kind, name, goal in (
            ("csv", "CSV", 60),
            ("array", "one JSON document, an array", 45),
            ("request", 'one JSON document, {"Items": […]}', 45),
            ("texts", "a document of JSON texts", 45),
            ("refused-in-a-field", "JSON Lines, each item refused in a field but the number", 10),
            ("refused-in-the-number", "JSON Lines, each item refused in its number", 3),
            ("other-order", "JSON Lines, keys of each item in another order", 10),
        ):
            yardstick = self._sides.yardstick(kind, self._yardstick_items)
            linter = self._sides.consentlint(kind, self._items)
            measure([yardstick, linter], progress)
            self._cpu_row(name, linter, yardstick, goal)
        self.look_at_memory()
        self._line()

    def look_at_memory(self) -> None:
        """Run nothing but what tells of memory."""
        self._memory_row(self._items, 150)
        if self._large:
            self._memory_row(_LARGE_ITEMS, 600)

    def _clean_lines(self) -> None:
        """Compare all that reads clean JSON Lines."""
        yardstick = self._sides.yardstick("lines", self._yardstick_items)
        one = self._sides.consentlint("lines", self._items)
        damaged = self._sides.consentlint("one-in-a-hundred-damaged", self._items)
        several = {"--jobs 2": self._sides.consentlint("lines", self._items, 2)}
        if has_jobs():
            several["default jobs"] = self._sides.consentlint("lines", self._items, None)
        loop = self._sides.orjson_loop(self._items)
        measure([yardstick, one, damaged, *several.values(), loop], progress)
        self._cpu_row("JSON Lines", one, yardstick, 60)
        for words, side in several.items():
            self._wall_rows(words, side, yardstick, loop)
        self._add(
            f"{self._items:,} items, 1% of them refused, against clean, CPU time",
            "at most 1.4 times",
            lambda: at_most(damaged, damaged.cpu, one.cpu, 1.4),
        )

    def _cpu_row(self, name: str, linter: Side, yardstick: Side, goal: float) -> None:
        """Compare the processor time with that of the yardstick."""

        def outcome() -> Outcome:
            other = self._scaled(yardstick, self._start.cpu, yardstick.cpu)
            return times_less(linter, linter.cpu, other, goal)

        work = f"{self._items:,} items, {name}, one process, CPU time"
        self._add(work, f"{goal:g} times less", outcome)

    def _wall_rows(self, words: str, linter: Side, yardstick: Side, loop: Side) -> None:
        """Compare the time by the clock with that of the yardstick, and of reading alone."""

        def outcome() -> Outcome:
            other = self._scaled(yardstick, self._start.wall, yardstick.wall)
            return times_less(linter, linter.wall, other, 100)

        work = f"{self._items:,} items, JSON Lines, {words}, wall time"
        self._add(work, "100 times less", outcome)
        self._add(
            f"{work}, against a loop of orjson.loads",
            "at most 0.9 times",
            lambda: at_most(linter, linter.wall, loop.wall, 0.9),
        )

    def _scaled(self, yardstick: Side, start: float, seconds: float) -> float:
        """Return what the yardstick would take for all the items."""
        return start + (seconds - start) * self._items / yardstick.count

    def _memory_row(self, count: int, goal: int) -> None:
        """Watch the memory of two processes."""

        def outcome() -> Outcome:
            if not memory_measure():
                raise Failed("memory can be watched only where there is /proc")
            side = self._sides.consentlint("lines", count, 2)
            progress(f"{side.name}, memory")
            peak = side.run(watch_memory=True).peak / 1_000_000
            return Outcome(f"{peak:.0f} MB", "", "", peak <= goal)

        work = f"{count:,} items, JSON Lines, --jobs 2, peak memory of all processes"
        self._add(work, f"at most {goal} MB", outcome)

    def _line(self) -> None:
        """See whether the time grows as the number of items does."""
        sides = [self._sides.consentlint("lines", size) for size in self._sizes]
        measure(sides, progress)

        def slopes() -> Outcome:
            seconds = [side.cpu for side in sides]
            each = [
                (later.cpu - earlier.cpu) / (later.count - earlier.count) * 1e6
                for earlier, later in pairwise(sides)
            ]
            # Noise may make the shortest step less than nothing: then there is no line.
            ratio = max(each) / min(each) if min(each) > 0 else float("inf")
            measured = ", ".join(f"{value:.2f}" for value in seconds)
            steps = ", ".join(f"{value:.2f}" for value in each)
            return Outcome(
                f"{measured} s; for each item more {steps} µs",
                "",
                f"{ratio:.2f} times",
                ratio <= _STRAIGHT,
            )

        words = ", ".join(f"{size:,}" for size in self._sizes)
        work = f"{words} items, JSON Lines, one process, CPU time"
        self._add(work, f"a straight line: steps differ by at most {_STRAIGHT:g} times", slopes)

    def _add(self, work: str, goal: str, outcome: Callable[[], Outcome]) -> None:
        try:
            self.rows.append(Row(work, goal, outcome()))
        except Failed as failure:
            progress(str(failure))
            self.rows.append(Row(work, goal, None))


def times_less(side: Side, own: float, other: float, goal: float) -> Outcome:
    """Say how many times less a side took than another."""
    ratio = other / own
    return Outcome(_figure(side, own), f"{other:.2f} s", f"{ratio:.1f} times less", ratio >= goal)


def at_most(side: Side, own: float, other: float, goal: float) -> Outcome:
    """Say how many times as much a side took as another."""
    ratio = own / other
    return Outcome(_figure(side, own), f"{other:.2f} s", f"{ratio:.2f} times", ratio <= goal)


def _figure(side: Side, seconds: float) -> str:
    return f"{seconds:.2f} s, {side.count / seconds:,.0f} items a second"


def progress(words: str) -> None:
    """Say what is going on, beside the table."""
    print(words, file=sys.stderr, flush=True)


def table(rows: list[Row]) -> str:
    """Return the rows as a table of Markdown."""
    lines = [
        "| work | measured | yardstick | ratio | goal | reached |",
        "|---|---|---|---|---|---|",
    ]
    for work, goal, outcome in rows:
        measured, against, ratio, reached = outcome or ("could not be run", "", "", False)
        verdict = "yes" if reached else "no" if outcome else "–"
        lines.append(f"| {work} | {measured} | {against} | {ratio} | {goal} | {verdict} |")
    return "\n".join(lines)


def explanation(items: int, yardstick_items: int) -> str:
    """Return what a reader of the table must know."""
    versions = [output_of(python("-m", "consentlint", "--version")).strip()]
    for name in _PACKAGES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {name}")
    paragraphs = [
        f"Python {sys.version.split()[0]} on {os.cpu_count()} cores; {', '.join(versions)}.",
        (
            "The yardstick is benchmarks/yardstick.py, unless the work names another. All print"
            " to the null device. Of several runs the least counts."
        ),
    ]
    if yardstick_items < items:
        paragraphs.append(
            f"The yardstick ran on the first {yardstick_items:,} items; what it took beyond its"
            f" start is multiplied by {items / yardstick_items:g}."
        )
    if items != _ITEMS:
        paragraphs.append(f"The goals are for {_ITEMS:,} items: these figures are for trying.")
    if not has_jobs():
        paragraphs.append("This consentlint has no --jobs: every run of it is without.")
    if memory_measure():
        paragraphs.append(f"Memory is {memory_measure()}; it is looked at every 20 ms.")
    return "\n\n".join(paragraphs)


def main() -> None:
    """Run the benchmark and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, help=f"[default: {_ITEMS:,}]")
    parser.add_argument("--yardstick-items", type=int, help=f"[default: {_YARDSTICK_ITEMS:,}]")
    parser.add_argument("--quick", action="store_true", help="few items, for trying")
    parser.add_argument("--large", action="store_true", help="also 10,000,000 items")
    parser.add_argument("--memory", action="store_true", help="nothing but the peak of memory")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for the files")
    parser.add_argument("--keep", action="store_true", help="leave the files that were made")
    arguments = parser.parse_args()
    quick = arguments.quick
    items = arguments.items or (_QUICK_ITEMS if quick else _ITEMS)
    most = arguments.yardstick_items or (_QUICK_YARDSTICK_ITEMS if quick else _YARDSTICK_ITEMS)
    if min(items, most) < _LEAST_ITEMS:
        parser.error(f"fewer than {_LEAST_ITEMS:,} items say little but what the start takes")
    sides = Sides(arguments.folder, progress)
    try:
        benchmark = Benchmark(sides, items, most, large=arguments.large and not quick)
        if arguments.memory:
            benchmark.look_at_memory()
        else:
            benchmark.run()
    finally:
        if not arguments.keep:
            sides.remove_files()
    print(f"{table(benchmark.rows)}\n\n{explanation(items, min(items, most))}")
    sys.exit(any(row.outcome is None for row in benchmark.rows))


if __name__ == "__main__":
    main()
