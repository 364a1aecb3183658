"""Kill a worker of a Spark cluster in the middle of a check, and compare the findings.

    python benchmarks/kill_spark_worker.py --rows 300000

Starts a standalone cluster of one master and two workers on this machine, and checks the same rows three
times: undisturbed, with a worker killed in stage 1, and with one killed in stage 2, when its share of the
shuffle is lost too. A killed worker is replaced. Exits with 1 if any findings differ from those of
`check_items`. Needs pyspark, pandas<3 and Java 17 or later.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyspark
from spark_session import ROOT, descendants, session, write_parquet

from consentlint import check_items
from consentlint import spark as consentlint_spark

NOW = "2026-07-01T00:00:00Z"
TASKS = 16
INVALID_EVERY = 20
_DEADLINE = 300


class Cluster:
    """A master and its workers.

    Args:
        folder: where they write.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        master = self._start("org.apache.spark.deploy.master.Master", "--port", "0")
        self._log = folder / "0.log"
        self.url = self._wait_for("spark://", master)
        self.workers = [self.add_worker(), self.add_worker()]

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        home = Path(pyspark.__file__).parent
        environment = {
            **os.environ,
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}",
        }
        command = [str(home / "bin" / "spark-class"), name, "--host", "127.0.0.1", *arguments]
        log = (self._folder / f"{len(self._processes)}.log").open("wb")
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self._processes.append(process)
        return process

    def _wait_for(self, prefix: str, process: subprocess.Popen[bytes]) -> str:
        for _ in range(_DEADLINE):
            for word in self._log.read_text(errors="replace").split():
                if word.startswith(prefix):
                    return word.rstrip(".,")
            if process.poll() is not None:
                break
            time.sleep(1)
        raise SystemExit(
            f"the master did not start: {self._log.read_text(errors='replace')[-2000:]}"
        )

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker with one core."""
        folder = self._folder / f"work-{len(self._processes)}"
        options = ("--cores", "1", "--memory", "2g", "--work-dir", str(folder), "--port", "0")
        return self._start("org.apache.spark.deploy.worker.Worker", *options, self.url)

    def kill_worker(self) -> None:
        """Kill a worker, its executor and the Python processes, and start another worker."""
        worker = self.workers.pop()
        for process in (worker.pid, *descendants(worker.pid)):
            os.kill(process, signal.SIGKILL)
        worker.wait()
        self.workers.append(self.add_worker())

    def stop(self) -> None:
        """End all processes."""
        for process in self._processes:
            if process.poll() is None:
                for each in (process.pid, *descendants(process.pid)):
                    os.kill(each, signal.SIGKILL)
            process.wait()


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


def kill_when(spark: Any, stage: int, cluster: Cluster) -> Callable[[], None]:
    """Return a function that kills a worker when a third of the tasks of a stage are done.

    Args:
        spark: the session.
        stage: 0 for the first stage of the next job with at least as many tasks, 1 for the second.
        cluster: whose worker is killed.
    """
    tracker = spark.sparkContext.statusTracker()

    def watch() -> None:
        seen: list[int] = []
        end = time.monotonic() + _DEADLINE
        while time.monotonic() < end:
            for number in tracker.getActiveStageIds():
                info = tracker.getStageInfo(number)
                if info is None or info.numTasks < TASKS // 2:
                    continue
                if number not in seen:
                    seen.append(number)
                if seen.index(number) == stage and info.numCompletedTasks >= info.numTasks // 3:
                    print(
                        f"  killed a worker after {info.numCompletedTasks} of {info.numTasks} tasks"
                        f" of stage {stage + 1}",
                        flush=True,
                    )
                    cluster.kill_worker()
                    return
            time.sleep(0.02)
        print("  killed no worker: the stage was not seen", flush=True)

    return watch


def main() -> int:
    """Run the three checks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=300_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_parquet(folder / "items", options.rows, INVALID_EVERY)
        wanted = expected(folder / "items")
        cluster = Cluster(folder)
        differ = 0
        try:
            settings = {
                "spark.sql.files.maxPartitionBytes": str(
                    sum(f.stat().st_size for f in (folder / "items").iterdir()) // TASKS
                ),
                "spark.sql.files.openCostInBytes": "1",
                "spark.sql.adaptive.coalescePartitions.enabled": "false",
                "spark.sql.shuffle.partitions": str(TASKS),
                "spark.executor.memory": "1g",
            }
            spark = session(cluster.url, **settings)
            df = spark.read.parquet(str(folder / "items"))
            for label, stage in (("undisturbed", None), ("stage 1", 0), ("stage 2", 1)):
                print(f"{label}:", flush=True)
                watcher = None
                if stage is not None:
                    watcher = threading.Thread(target=kill_when(spark, stage, cluster))
                    watcher.start()
                start = time.perf_counter()
                found = findings(df)
                is_same = found == wanted
                differ += not is_same
                print(
                    f"  {sum(found.values()):,} findings, {'same' if is_same else 'DIFFERENT'},"
                    f" {time.perf_counter() - start:.1f} s",
                    flush=True,
                )
                if watcher is not None:
                    watcher.join()
            spark.stop()
        finally:
            cluster.stop()
    return min(differ, 1)


if __name__ == "__main__":
    sys.exit(main())
