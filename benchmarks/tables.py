"""Compare `consentlint check` of workbooks, Parquet and Arrow files with JSON Lines, and print a table.

    python benchmarks/tables.py [--items N]

Each file has the same consents. There is no goal but that the memory stays below the limit of the
process that reads a table.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import openpyxl
import pyarrow as pa
from measure import python, run
from pyarrow import parquet
from sample_files import sample_file

_BATCH = 10_000


def _batches(lines: Path) -> "list[pa.RecordBatch]":
    with lines.open() as file:
        batches = []
        while some := [json.loads(line) for line in islice(file, _BATCH)]:
            batches.append(pa.RecordBatch.from_pylist(some))
        return batches


def _write_parquet(lines: Path, path: Path) -> None:
    parquet.write_table(pa.Table.from_batches(_batches(lines)), path)


def _write_arrow(lines: Path, path: Path) -> None:
    batches = _batches(lines)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, batches[0].schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def _write_workbook(lines: Path, path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Subscribers")
    with lines.open() as file:
        for number, item in enumerate(map(json.loads, file)):
            if number == 0:
                sheet.append([*item])
            sheet.append([*item.values()])
    book.save(path)


_WRITERS: dict[str, Callable[[Path, Path], None]] = {
    "parquet": _write_parquet,
    "arrow": _write_arrow,
    "xlsx": _write_workbook,
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    arguments = parser.parse_args()
    lines = sample_file("lines", arguments.items)
    command = ("-m", "consentlint", "check", "-j1", "-q")
    base = run(python(*command, lines))
    print(f"{arguments.items:,} consents, one run each\n")
    print("| file | CPU s | JSON Lines = 1 | largest process MB |")
    print("| --- | ---: | ---: | ---: |")
    print(f"| JSON Lines | {base.cpu:.2f} | 1 | {base.rss / 1e6:.0f} |")
    with tempfile.TemporaryDirectory() as folder:
        for suffix, write in _WRITERS.items():
            path = Path(folder) / f"items.{suffix}"
            write(lines, path)
            found = run(python(*command, path))
            assert found.exit_code == base.exit_code, found.stderr
            print(
                f"| .{suffix} | {found.cpu:.2f} | {found.cpu / base.cpu:.1f} × |"
                f" {found.rss / 1e6:.0f} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
