"""A Spark session for the benchmarks, its processes, and data in Parquet files."""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from sample_items import FIELDS, Item, invalid_field, items

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
_CHUNK = 100_000


class Usage(NamedTuple):
    """What the processes below this one have used."""

    jvm: float
    """CPU seconds of Java."""
    python: float
    """CPU seconds of the Python processes of Spark."""
    peak: int
    """The largest memory that one of these Python processes had at any time, in bytes."""


def session(master: str, **settings: str) -> Any:
    """Return a session; its Python processes import this checkout."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"
    builder = SparkSession.builder.master(master)
    for name, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.log.level": "ERROR",
        "spark.sql.files.maxPartitionBytes": "16m",
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **settings,
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def write_parquet(folder: Path, count: int, invalid_every: int = 0) -> None:
    """Write consents to the Parquet files of a folder, in the order of their names.

    Args:
        folder: the folder; it must not exist.
        count: how many consents.
        invalid_every: of so many items, one is invalid; 0 for none. Half of these have an invalid
            field, and half the id of the item before.
    """
    folder.mkdir(parents=True)
    chunk: list[Item] = []
    previous = ""
    for number, made in enumerate(items(count)):
        item = made
        turn, rest = divmod(number, invalid_every) if invalid_every else (0, 1)
        if rest == 0:
            is_repeated = turn % 2
            item = (
                made._replace(correlation_id=previous)
                if is_repeated
                else invalid_field(made, turn // 2)
            )
        chunk.append(item)
        previous = item.correlation_id
        if len(chunk) == _CHUNK or number == count - 1:
            columns = zip(*chunk, strict=True)
            table = pa.table(dict(zip(FIELDS, map(list, columns), strict=True)))
            pq.write_table(table, folder / f"part-{number // _CHUNK:05}.parquet")
            chunk = []


def usage() -> Usage:
    """Return what all processes below this one have used, those that have ended too."""
    jvm = python = 0.0
    peak = 0
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            folder = Path("/proc", str(pid))
            name, _, rest = (folder / "stat").read_text().rpartition(")")
            seconds = sum(map(int, rest.split()[11:15])) / _TICKS
            if "(java" in name:
                # The processes that Java has waited for are not its own work.
                jvm += sum(map(int, rest.split()[11:13])) / _TICKS
                continue
            python += seconds
            for line in (folder / "status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    peak = max(peak, int(line.split()[1]) * 1024)
    return Usage(jvm, python, peak)


def reset_peaks() -> None:
    """Forget the largest memory that the processes below this one had until now."""
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            Path("/proc", str(pid), "clear_refs").write_text("5")


def descendants(root: int) -> Sequence[int]:
    """Return the ids of all processes below one."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))

    def below(process: int) -> Iterator[int]:
        for child in children.get(process, []):
            yield child
            yield from below(child)

    return list(below(root))
