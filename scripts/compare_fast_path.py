"""Check random files with and without the fast path for a long time, and compare the findings.

    python scripts/compare_fast_path.py [--minutes 10] [--seed N] [--jobs 2] [--one SEED]

Most files are small, and so are the blocks, windows and tables of the fast path, so that they
end at every possible offset. Every fifth file has some thousand records and uses the real
sizes. At the first difference, the script prints the seed and the difference, and the exit
code is 1. `--one` checks the file of that seed alone and writes the smallest file that still
shows the difference.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import partial
from itertools import count, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "fast_path"))

from comparing import REAL, Sizes, compare, random_sizes, reduced
from random_files import KINDS, RandomFile, random_file

# Seeds in one task of a process.
BATCH = 20
COLUMNS = ("files", "with proven items", "items", "proven", "findings")


class Case(NamedTuple):
    """One file to compare."""

    seed: int
    records: int
    sizes: Sizes
    jobs: int

    @property
    def file(self) -> RandomFile:
        """The file."""
        return random_file(self.seed, self.records)

    def difference(self, file: RandomFile, folder: Path) -> str:
        """Return the difference in the findings of a file, with the sizes of this case."""
        return compare(file, self.sizes, folder, self.jobs).difference


def case_of(seed: int, jobs: int) -> Case:
    """Return the case of a seed."""
    random = Random(f"case {seed}")  # noqa: S311
    if seed % 5 == 0:
        # Enough records for more than 64 KiB, and for the fast path to learn from.
        records = random.choice((1_500, 2_500, 6_000))
        sizes = REAL._replace(
            # The default starts several processes only from 16 MiB on.
            worth=65_536,
            part=random.choice((100_000, 300_000)),
            learn_after=random.choice((300, 1_000, 1_000)),
        )
        return Case(seed, records, sizes, random.choice((1, jobs)))
    records = random.choice((10, 30, 60, 60, 150, 400))
    # Several processes cost more than a small file does.
    return Case(seed, records, random_sizes(random), jobs if random.random() < 0.05 else 1)


def compared(seeds: range, jobs: int) -> tuple[Counter[tuple[str, str]], str]:
    """Compare the files of some seeds; return counts by format and name, and what differs."""
    counts: Counter[tuple[str, str]] = Counter()
    with TemporaryDirectory() as folder:
        for seed in seeds:
            case = case_of(seed, jobs)
            file = case.file
            comparison = compare(file, case.sizes, Path(folder), case.jobs)
            precise, fast = comparison
            numbers = (1, fast.proven > 0, precise.items, fast.proven, len(precise.findings))
            for column, number in zip(COLUMNS, numbers, strict=True):
                counts[file.kind, column] += number
            if comparison.difference:
                where = f"seed {seed}: {case.records} records, {case.sizes}, {case.jobs} jobs"
                return counts, f"{where}\n{comparison.difference}"
    return counts, ""


def show(seed: int, jobs: int) -> int:
    """Compare one file. If the findings differ, write the smallest file that still differs."""
    case = case_of(seed, jobs)
    with TemporaryDirectory() as name:
        folder = Path(name)
        if not case.difference(case.file, folder):
            print(f"seed {seed}: the same both ways")
            return 0
        file = reduced(case.file, lambda fewer: bool(case.difference(fewer, folder)))
        written = Path(f"difference-{seed}-{file.name}")
        written.write_bytes(file.content)
        print(case, file.terms, f"endpoint {file.endpoint}", sep="\n")
        print(f"{len(file.pieces)} pieces, written to {written}:")
        print(*file.pieces[:40], sep="\n")
        print(case.difference(file, folder))
    return 1


def batches(start: int) -> Iterator[range]:
    """Yield the seeds of one task after another, without end."""
    for first in count(start, BATCH):
        yield range(first, first + BATCH)


def print_table(counts: Counter[tuple[str, str]]) -> None:
    """Print what was compared, by format."""
    print(f"{'':8}" + "".join(f"{column:>24}" for column in COLUMNS))
    for kind in KINDS:
        print(f"{kind:8}" + "".join(f"{counts[kind, column]:24,}" for column in COLUMNS))
    sums = [sum(counts[kind, column] for kind in KINDS) for column in COLUMNS]
    print(f"{'all':8}" + "".join(f"{number:24,}" for number in sums))


def main() -> int:
    """Compare until the time is up, or something differs; print what was compared."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10, help="how long")
    parser.add_argument("--seed", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--jobs", type=int, default=2, help="processes that prove one file")
    parser.add_argument("--one", type=int, help="compare the file of this seed alone")
    options = parser.parse_args()
    if options.one is not None:
        return show(options.one, options.jobs)

    end = time.monotonic() + 60 * options.minutes
    counts: Counter[tuple[str, str]] = Counter()
    differences: list[str] = []
    tasks = batches(options.seed)
    work = partial(compared, jobs=options.jobs)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running: set[Future[tuple[Counter[tuple[str, str]], str]]] = set()
        while running or (time.monotonic() < end and not differences):
            if time.monotonic() < end and not differences:
                wanted = 2 * (os.cpu_count() or 1) - len(running)
                running |= {pool.submit(work, seeds) for seeds in islice(tasks, wanted)}
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for task in done:
                counted, difference = task.result()
                counts += counted
                differences += filter(None, [difference])
    print_table(counts)
    print(f"{len(differences)} differences", *differences, sep="\n")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
