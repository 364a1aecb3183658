"""Measure the throughput and memory of `consentlint check`, and print tables in Markdown.

    python benchmarks/throughput.py [--quick] [--large] [--memory] [--items N] [--keep]

Each row compares the linter with two other programs that run alternately with it: a loop of
`orjson.loads` over as many clean lines, and the yardstick (benchmarks/yardstick.py) on a file of
the same kind. Each program runs as a whole process; short ones run several times, and the
shortest run counts. A missed goal is shown as `no`. The exit code is 1 only if a program failed.
"""

import argparse
import importlib.metadata
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from measure import memory_measure, output_of, python, python_build
from sample_files import FOLDER
from sides import JSON_REPORT, TEXT_REPORT, FailedError, Side, Sides, measure

_ITEMS, _QUICK_ITEMS, _LARGE_ITEMS = 1_000_000, 200_000, 10_000_000
_YARDSTICK_ITEMS = 20_000
_MIN_ITEMS = 20_000
# On so few items, the yardstick measures its own start.
_START_ITEMS = 100
_MAX_DEVIATION = 1.5
_MAX_FEW_INVALID = 1.35
_PACKAGES = ("phonenumbers", "jsonschema", "orjson")


class Work(NamedTuple):
    """One kind of file, checked in one way."""

    name: str
    kind: str
    goal: float = 0.0
    """The least ratio to the yardstick, or 0 for no goal."""
    max_loops: float = 0.0
    """The largest ratio to the loop of orjson, or 0 for no goal."""
    jobs: int = 1
    report: Sequence[str] = JSON_REPORT

    @property
    def goals(self) -> str:
        """The goals as a cell of the table."""
        loops = f"{self.max_loops:g} loops" if self.max_loops else ""
        return ", ".join(filter(None, [f"{self.goal:g}" if self.goal else "", loops]))

    def meets_goals(self, faster: float, loops: float) -> bool:
        """Tell whether the ratios to the yardstick and to the loop of orjson meet the goals."""
        return faster >= self.goal and (not self.max_loops or loops <= self.max_loops)


_STATUS, _NUMBER, _FIELD = (
    "every item rejected in its status",
    "every item rejected in its number",
    "every item rejected in a field but the number",
)
# The programs of a group run alternately.
_GROUPS = (
    (
        Work("clean JSON Lines, -j1", "lines", 45, 2),
        Work("clean JSON Lines, -j2", "lines", 60, 1.3, jobs=2),
    ),
    (Work("clean CSV, -j1", "csv", 40),),
    (Work("clean JSON document, -j1", "array", 30),),
    (
        Work(f"{_STATUS}, text report", "invalid-status", 8, report=TEXT_REPORT),
        Work(f"{_STATUS}, JSON report", "invalid-status", 4),
    ),
    (
        Work(f"{_NUMBER}, text report", "invalid-number", 5, report=TEXT_REPORT),
        Work(f"{_NUMBER}, JSON report", "invalid-number", 2.5),
    ),
)
# Without --quick only.
_MORE_GROUPS = (
    (
        Work(f"{_FIELD}, text report", "invalid-field", report=TEXT_REPORT),
        Work(f"{_FIELD}, JSON report", "invalid-field"),
    ),
    (Work('clean JSON document, {"Items": […]}, -j1', "request", 30),),
    (Work("clean JSON document of JSON texts, -j1", "texts", 30),),
    (Work("clean JSON Lines, keys in random order, -j1", "other-order"),),
)

Row = tuple[str, ...]


class Benchmark:
    """Runs the programs and collects the rows of the tables."""

    def __init__(self, sides: Sides, items: int, yardstick_items: int) -> None:
        self._sides = sides
        self._items = items
        self._yardstick_items = min(items, yardstick_items)
        self._start = sides.yardstick("lines", _START_ITEMS)
        self.has_failed = False
        self.rows: list[Row] = []
        """Throughput: work, seconds, items per second, two ratios, goal, verdict."""
        self.other_rows: list[Row] = []
        """Other goals: work, measured, ratio, goal, verdict."""

    def run(self, groups: Sequence[Sequence[Work]]) -> None:
        """Measure the throughput of all groups, and the cost of 1% rejected items."""
        measure([self._start], progress)
        for group in groups:
            self._measure_group(group)
        self._measure_few_invalid()

    def _measure_group(self, works: Sequence[Work]) -> None:
        loop = self._sides.orjson_loop(self._items)
        yardstick = self._sides.yardstick(works[0].kind, self._yardstick_items)
        linters = [
            self._sides.consentlint(work.kind, self._items, jobs=work.jobs, report=work.report)
            for work in works
        ]
        measure([loop, yardstick, *linters], progress)
        for work, linter in zip(works, linters, strict=True):
            row = partial(self._row, work, linter, loop, yardstick)
            self._add(self.rows, work.name, row)

    def _row(self, work: Work, linter: Side, loop: Side, yardstick: Side) -> Row:
        if work.jobs > 1:
            own, other, start, step = linter.wall, loop.wall, self._start.wall, yardstick.wall
        else:
            own, other, start, step = linter.cpu, loop.cpu, self._start.cpu, yardstick.cpu
        scaled = start + (step - start) * self._items / self._yardstick_items
        return (
            work.name,
            f"{own:.2f} {'wall' if work.jobs > 1 else 'CPU'}",
            f"{self._items / own:,.0f}",
            f"{own / other:.2f}",
            f"{scaled / own:.1f}",
            work.goals,
            verdict(work.meets_goals(scaled / own, own / other)) if work.goals else "",
        )

    def _measure_few_invalid(self) -> None:
        clean = self._sides.consentlint("lines", self._items)
        reports = {"text": TEXT_REPORT, "JSON": JSON_REPORT}
        damaged = {
            name: self._sides.consentlint("one-in-a-hundred-damaged", self._items, report=report)
            for name, report in reports.items()
        }
        measure([clean, *damaged.values()], progress)
        for name, side in damaged.items():
            work = f"1% of the items rejected, -j1, {name} report, against clean"
            self._add(self.other_rows, work, partial(self._few_invalid_row, work, side, clean))

    def _few_invalid_row(self, work: str, damaged: Side, clean: Side) -> Row:
        ratio = damaged.cpu / clean.cpu
        return (
            work,
            f"{damaged.cpu:.2f} s CPU, clean {clean.cpu:.2f} s",
            f"{ratio:.2f}",
            f"at most {_MAX_FEW_INVALID:g}",
            verdict(ratio <= _MAX_FEW_INVALID),
        )

    def measure_memory(self, count: int, goal: int) -> None:
        """Measure the peak memory of two processes, in MB."""

        def row() -> Row:
            if not memory_measure():
                raise FailedError("memory can be measured only on systems with /proc")
            side = self._sides.consentlint("lines", count, jobs=2)
            progress(f"{side.name}, memory")
            peak = side.run(watch_memory=True).peak / 1_000_000
            return (name, f"{peak:.0f} MB", "", f"at most {goal} MB", verdict(peak <= goal))

        name = f"peak memory of all processes, {count:,} clean items, -j2"
        self._add(self.other_rows, name, row)

    def measure_growth(self, sizes: Sequence[int]) -> None:
        """Measure whether the time grows linearly with the number of items."""
        sides = [self._sides.consentlint("lines", size) for size in sizes]
        measure(sides, progress)

        def row() -> Row:
            steps = [
                (larger.cpu - smaller.cpu) / (larger.count - smaller.count) * 1e6
                for smaller, larger in pairwise(sides)
            ]
            # With noise, the shortest step may be negative.
            ratio = max(steps) / min(steps) if min(steps) > 0 else float("inf")
            measured = ", ".join(f"{step:.2f}" for step in steps) + " µs per additional item"
            goal = f"at most {_MAX_DEVIATION:g}"
            return (name, measured, f"{ratio:.2f}", goal, verdict(ratio <= _MAX_DEVIATION))

        name = f"linear growth over {', '.join(f'{size:,}' for size in sizes)} items, -j1"
        self._add(self.other_rows, name, row)

    def _add(self, rows: list[Row], name: str, row: Callable[[], Row]) -> None:
        try:
            rows.append(row())
        except FailedError as error:
            progress(str(error))
            self.has_failed = True
            rows.append((name, "failed"))


def verdict(is_met: bool) -> str:
    """Return a cell of a table."""
    return "yes" if is_met else "no"


def progress(text: str) -> None:
    """Print progress to standard error."""
    print(text, file=sys.stderr, flush=True)


def table(head: Row, rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    lines = [head, ("---", *("---:" for _ in head[1:])), *rows]
    return "\n".join(f"| {' | '.join((*row, *[''] * (len(head) - len(row))))} |" for row in lines)


def explanation(items: int, yardstick_items: int) -> str:
    """Return what a reader of the tables must know."""
    versions = [output_of(python("-m", "consentlint", "--version")).strip()]
    for name in _PACKAGES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {name}")
    paragraphs = [f"{python_build()}, on {os.cpu_count()} cores; {', '.join(versions)}."]
    if yardstick_items < items:
        paragraphs.append(
            f"The yardstick runs on the first {yardstick_items:,} items. Its time without its"
            f" start is multiplied by {items / yardstick_items:g}."
        )
    if items != _ITEMS:
        paragraphs.append(
            f"The goals apply to {_ITEMS:,} items. With {items:,}, the start counts for more."
        )
    if memory_measure():
        paragraphs.append(f"Memory is {memory_measure()}. It is sampled every 20 ms.")
    return "\n\n".join(paragraphs)


def main() -> None:
    """Run the benchmark and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, help=f"[default: {_ITEMS:,}]")
    parser.add_argument("--yardstick-items", type=int, default=_YARDSTICK_ITEMS)
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK_ITEMS:,} items, fewer rows")
    parser.add_argument("--large", action="store_true", help="also memory of 10,000,000 items")
    parser.add_argument("--memory", action="store_true", help="measure only the peak memory")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="directory of the files")
    parser.add_argument("--keep", action="store_true", help="keep the files that were written")
    arguments = parser.parse_args()
    items = arguments.items or (_QUICK_ITEMS if arguments.quick else _ITEMS)
    if min(items, arguments.yardstick_items) < _MIN_ITEMS:
        parser.error(f"use at least {_MIN_ITEMS:,} items; fewer measure only the start")
    sides = Sides(arguments.folder, progress)
    benchmark = Benchmark(sides, items, arguments.yardstick_items)
    try:
        if not arguments.memory:
            benchmark.run(_GROUPS if arguments.quick else _GROUPS + _MORE_GROUPS)
        if not arguments.memory and not arguments.quick:
            sizes = {1_000, 10_000, 100_000, items}
            benchmark.measure_growth(sorted(size for size in sizes if size <= items))
        benchmark.measure_memory(_ITEMS, 150)
        if arguments.large:
            benchmark.measure_memory(_LARGE_ITEMS, 600)
    finally:
        if not arguments.keep:
            sides.remove_files()
    if benchmark.rows:
        head = ("work", "seconds", "items/s", "× orjson loop", "yardstick ×", "goal", "met")
        print(f"{items:,} items\n\n{table(head, benchmark.rows)}\n")
    other_head = ("other goals", "measured", "ratio", "goal", "met")
    print(table(other_head, benchmark.other_rows), end="\n\n")
    print(explanation(items, arguments.yardstick_items))
    sys.exit(benchmark.has_failed)


if __name__ == "__main__":
    main()
