"""How long `consentlint check` of a small clean file takes to start, against `import click`.

    python benchmarks/startup.py [--runs N]

Each command runs in turn with the others, so that a machine whose speed drifts drifts
for all: a ratio is the median of those of each turn. The commands are whole processes,
and all modules are compiled before, as they are once pip has installed them.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = str(ROOT / "fixtures" / "clean_request.json")
SCHEMA = str(ROOT / "schemas" / "consents-request.json")
YARDSTICK = "python -c 'import click'"
MODULE = "python -m consentlint check FILE"
SCRIPT = "consentlint check FILE"
FOLDER = "consentlint check, ten such files"
OTHER = "check-jsonschema FILE"
GOALS = ((MODULE, YARDSTICK, 1.25), (SCRIPT, YARDSTICK, 1.25), (SCRIPT, OTHER, 1 / 3))
"""What one command may take at most of the time of another."""


def commands(copies: Path) -> dict[str, list[str]]:
    """Return the commands to time, without those that are not installed."""
    scripts = sysconfig.get_path("scripts")
    check_jsonschema = shutil.which("check-jsonschema", path=scripts)
    consentlint = shutil.which("consentlint", path=scripts)
    found = {
        "python -c 'pass'": [sys.executable, "-c", "pass"],
        YARDSTICK: [sys.executable, "-c", "import click"],
        "from consentlint import check_item": [
            sys.executable,
            "-c",
            "from consentlint import check_item",
        ],
        MODULE: [sys.executable, "-m", "consentlint", "check", FILE],
        SCRIPT: [consentlint, "check", FILE],
        FOLDER: [consentlint, "check", str(copies)],
        OTHER: [check_jsonschema, "--schemafile", SCHEMA, FILE],
    }
    return {name: [str(word) for word in command] for name, command in found.items() if command[0]}


def timed(command: list[str], environment: Mapping[str, str]) -> float:
    """Return the wall time of one run, in seconds."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, cwd=ROOT)
    return time.perf_counter() - start


def measured(runs: int) -> dict[str, list[float]]:
    """Return the times of each command, turn by turn, after one turn to warm up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "copies").mkdir()
        for number in range(10):
            shutil.copy(FILE, folder / "copies" / f"{number}.json")
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        todo = commands(folder / "copies")
        times: dict[str, list[float]] = {command: [] for command in todo}
        for _ in range(runs + 1):
            for command, arguments in todo.items():
                times[command].append(timed(arguments, environment))
    return {command: found[1:] for command, found in times.items()}


def ratio(times: Mapping[str, list[float]], command: str, other: str) -> float:
    """Return how many times as long as another a command takes."""
    pairs = zip(times[command], times[other], strict=True)
    return statistics.median(mine / yours for mine, yours in pairs)


def main() -> None:
    """Time the commands and print a table, and which goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    times = measured(runs)
    print(f"Python {sys.version.split()[0]}, {runs} runs each; FILE has 25 clean items\n")
    print(f"| {'command':34} | minimum, ms | median, ms | against import click |")
    print(f"|{'-' * 36}|------------:|-----------:|---------------------:|")
    for command, found in times.items():
        least, median = min(found) * 1000, statistics.median(found) * 1000
        against_click = ratio(times, command, YARDSTICK)
        print(f"| {command:34} | {least:11.1f} | {median:10.1f} | {against_click:20.2f} |")
    for command in (SCRIPT, FOLDER, OTHER):
        if command not in times:
            print(f"| {command:34} | {'not installed':^46} |")
    print()
    for command, other, goal in GOALS:
        if command in times and other in times:
            found_ratio = ratio(times, command, other)
            verdict = "met" if found_ratio <= goal else "missed"
            print(f"{found_ratio:.2f} of {other}: {command} (goal: {goal:.2f}, {verdict})")


if __name__ == "__main__":
    main()
