"""Measure how much the pytest plugin slows down a run that does not use it.

    python benchmarks/plugin_load.py [--runs N]

Each run is a separate process with one empty test and no plugins but pytest's own. After pytest
has started, the plugin is loaded as pytest loads one: imported, registered and configured, and
its fixtures collected. The CPU time for that is compared with the CPU time of the rest of the run.
Both come from the same process, so a change in the machine's speed affects both. A first run, which
does not count, compiles all modules.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOAL = 0.02
"""The maximum share of a minimal run that loading the plugin may take."""

RUN = """
import sys, time, pytest

class Loads:
    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session):
        start = time.process_time()
        session.config.pluginmanager.import_plugin("consentlint.pytest_plugin")
        self.took = time.process_time() - start

loads = Loads()
code = pytest.main(["-q", "-p", "no:cacheprovider", "-c", "pytest.ini", "."], plugins=[loads])
print(code, loads.took, time.process_time() - loads.took, file=sys.stderr)
"""


def measure(runs: int) -> list[tuple[float, float]]:
    """Return the CPU seconds of each run: for loading the plugin, and for the rest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one(): pass\n", encoding="utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        times = []
        for _ in range(runs + 1):
            run = subprocess.run(
                [sys.executable, "-c", RUN],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            code, took, rest = run.stderr.split()
            assert code == "0", run.stdout
            times.append((float(took), float(rest)))
    return times[1:]


def main() -> None:
    """Time the runs, and print the result and whether it meets the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    times = measure(runs)
    share = statistics.median(took / rest for took, rest in times)
    loading, rest = (min(column) * 1000 for column in zip(*times, strict=True))
    print(f"Python {sys.version.split()[0]}, {runs} runs of pytest with one empty test")
    print(f"minimum CPU time: {loading:.2f} ms to load the plugin, {rest:.1f} ms for the rest")
    verdict = "met" if share <= GOAL else "missed"
    print(f"it adds {share:.2%} to a run (median; goal: {GOAL:.0%}, {verdict})")


if __name__ == "__main__":
    main()
