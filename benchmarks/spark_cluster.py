"""A standalone Spark cluster on this machine."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pyspark
from spark_session import ROOT, descendants

_DEADLINE = 300


class Cluster:
    """A master and two workers, until the block ends.

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """End all processes."""
        for process in self._processes:
            if process.poll() is None:
                for each in (process.pid, *descendants(process.pid)):
                    os.kill(each, signal.SIGKILL)
            process.wait()
