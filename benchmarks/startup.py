"""How long `consentlint check` of a small clean file takes to start, against `import click`.

    python benchmarks/startup.py [--runs N]

Each command runs in turn with the others, so that a machine whose speed drifts drifts
for all. The figures are medians of whole processes; what counts is the ratio.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "clean_request.json"
COMMANDS = {
    "python -c 'pass'": [sys.executable, "-c", "pass"],
    "python -c 'import click'": [sys.executable, "-c", "import click"],
    "python -c 'import consentlint'": [sys.executable, "-c", "import consentlint"],
    "consentlint check, 25 clean items": [sys.executable, "-m", "consentlint", "check", str(FILE)],
}
YARDSTICK = "python -c 'import click'"


def timed(command: list[str]) -> float:
    """Return the wall time of one run, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Time the commands and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):
        for name, command in COMMANDS.items():
            times[name].append(timed(command))
    medians = {name: statistics.median(found[1:]) for name, found in times.items()}
    print(f"Python {sys.version.split()[0]}, {runs} runs each after one to warm up\n")
    print(f"| {'command':34} | median, ms | against import click |")
    print(f"|{'-' * 36}|-----------:|---------------------:|")
    for name, median in medians.items():
        ratio = median / medians[YARDSTICK]
        print(f"| {name:34} | {median * 1000:10.1f} | {ratio:20.2f} |")


if __name__ == "__main__":
    main()
