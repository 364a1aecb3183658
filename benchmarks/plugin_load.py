"""What consentlint's plugin costs a run of pytest that does not use it.

    python benchmarks/plugin_load.py [--runs N]

Each run is a process of its own with one empty test and no other plugins than those of pytest. Once
pytest has started, the plugin is loaded as pytest loads one: imported, registered, configured, its
fixtures found. What that took is set against the processor time of the whole run without it.
Both come from one process, so that a machine whose speed drifts drifts for both. All modules are
compiled before, as they are from the second run on.
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
"""What loading the plugin may add at most to the shortest of runs."""

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


def measured(runs: int) -> list[tuple[float, float]]:
    """Return what loading the plugin took in each run, and the rest of the run, in seconds."""
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
            found = subprocess.run(
                [sys.executable, "-c", RUN],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            code, took, rest = found.stderr.split()
            assert code == "0", found.stdout
            times.append((float(took), float(rest)))
    return times[1:]


def main() -> None:
    """Time the runs, and print what was found and whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    times = measured(runs)
    share = statistics.median(took / rest for took, rest in times)
    loading, rest = (min(column) * 1000 for column in zip(*times, strict=True))
    print(f"Python {sys.version.split()[0]}, {runs} runs of pytest with one empty test")
    print(f"least CPU time: {loading:.2f} ms to load the plugin, {rest:.1f} ms for all else")
    verdict = "met" if share <= GOAL else "missed"
    print(f"it adds {share:.2%} to a run, as the median of all (goal: {GOAL:.0%}, {verdict})")


if __name__ == "__main__":
    main()
