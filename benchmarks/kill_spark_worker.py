"""Kill a worker of a Spark cluster in the middle of a check, and compare the findings.

    python benchmarks/kill_spark_worker.py --rows 300000

Starts a standalone cluster of one master and two workers on this machine, and checks the same rows three
times: undisturbed, with a worker killed in stage 1, and with one killed in stage 2, when its share of the
shuffle is lost too. A killed worker is replaced. Exits with 1 if any findings differ from those of
`check_items`, or if no worker was killed. Needs pyspark, pandas<3 and Java 17 or later.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from spark_cluster import Cluster
from spark_session import session, write_parquet

from consentlint import check_items
from consentlint import spark as consentlint_spark

NOW = "2026-07-01T00:00:00Z"
TASKS = 16
INVALID_EVERY = 20
_DEADLINE = 300


def expected(folder: Path) -> Counter[tuple[object, ...]]:
    """Return the findings of `check_items`."""
    items = [
        row for file in sorted(folder.glob("*.parquet")) for row in pq.read_table(file).to_pylist()
    ]
    found = check_items(items, now=NOW)
    return Counter(
        (items[each.item]["correlation_id"], each.rule, each.value)
        for each in found
        if each.item is not None
    )


def findings(df: Any) -> Counter[tuple[object, ...]]:
    """Return the findings of Spark, by the id of their item."""
    found = consentlint_spark.check(df, now=NOW, order_by=consentlint_spark.FILE_ORDER)
    return Counter(
        (each["correlation_id"], each["rule"], each["value"]) for each in found.collect()
    )


def kill_worker_in(stage: int | None, spark: Any, cluster: Cluster) -> bool:
    """Kill a worker when a third of the tasks of a stage are done, and return whether that was done.

    Args:
        stage: 0 for the first stage of the next job with at least as many tasks, 1 for the second;
            None for no stage.
        spark: the session.
        cluster: whose worker is killed.
    """
    tracker = spark.sparkContext.statusTracker()
    seen: list[int] = []
    end = time.monotonic() + _DEADLINE
    while stage is not None and time.monotonic() < end:
        for number in tracker.getActiveStageIds():
            info = tracker.getStageInfo(number)
            if info is None or info.numTasks < TASKS // 2:
                continue
            if number not in seen:
                seen.append(number)
            if seen.index(number) == stage and info.numCompletedTasks >= info.numTasks // 3:
                done = f"{info.numCompletedTasks} of {info.numTasks} tasks of stage {stage + 1}"
                print(f"  killed a worker after {done}", flush=True)
                cluster.kill_worker()
                return True
        time.sleep(0.02)
    return False


def main() -> int:
    """Run the three checks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=300_000)
    options = parser.parse_args()
    problems = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_parquet(folder / "items", options.rows, INVALID_EVERY)
        wanted = expected(folder / "items")
        size = sum(file.stat().st_size for file in (folder / "items").iterdir())
        settings = {
            "spark.sql.files.maxPartitionBytes": str(size // TASKS),
            "spark.sql.files.openCostInBytes": "1",
            "spark.sql.adaptive.coalescePartitions.enabled": "false",
            "spark.sql.shuffle.partitions": str(TASKS),
            "spark.executor.memory": "1g",
        }
        with Cluster(folder) as cluster, session(cluster.url, **settings) as spark:
            df = spark.read.parquet(str(folder / "items"))
            for label, stage in (("undisturbed", None), ("stage 1", 0), ("stage 2", 1)):
                print(f"{label}:", flush=True)
                start = time.perf_counter()
                with ThreadPoolExecutor() as watcher:
                    killed = watcher.submit(kill_worker_in, stage, spark, cluster)
                    found = findings(df)
                problems += (found != wanted) + (killed.result() != (stage is not None))
                print(
                    f"  {found.total():,} findings, {'same' if found == wanted else 'DIFFERENT'},"
                    f" {time.perf_counter() - start:.1f} s",
                    flush=True,
                )
    return min(problems, 1)


if __name__ == "__main__":
    sys.exit(main())
