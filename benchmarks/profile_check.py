"""Print the time of one `consentlint check` by module, as a table.

    python benchmarks/profile_check.py FILE

The profiler slows calls down, so the shares are those of the profiled run. Use them to find
expensive modules, and measure the effect of a change with throughput.py.
"""

import os
import pstats
import sys
import tempfile
from collections import Counter
from pathlib import Path

from measure import ROOT, python, run

_MOST = 12
# The profiler's file name for functions that are written in C.
_BUILT_IN = "~"


def seconds_by_module(profile: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return the seconds of each module, those of the C functions it calls, and its calls."""
    own: Counter[str] = Counter()
    called: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    # typeshed does not name the dictionary that the module's own printers read.
    statistics = vars(pstats.Stats(profile))["stats"]
    for (file, _, _), (_, count, seconds, _, callers) in statistics.items():
        if file == _BUILT_IN:
            for (caller, _, _), (_, _, part, _) in callers.items():
                called[_module(caller)] += part
        else:
            own[_module(file)] += seconds
            calls[_module(file)] += count
    return own, called, calls


def _module(file: str) -> str:
    """Return a short name of a source file."""
    if file.startswith("<") or file == _BUILT_IN:
        return "built in"
    for folder in (str(ROOT), *sorted(sys.path, key=len, reverse=True)):
        if folder and file.startswith(folder + os.sep):
            return file.removeprefix(folder + os.sep)
    return file


def main() -> None:
    """Profile a check of a file and print a table."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        profile = str(Path(folder) / "profile")
        done = run(
            python(
                *("-m", "cProfile", "-o", profile, "-m", "consentlint", "check"),
                *(Path(sys.argv[1]).resolve(), "--output", os.devnull),
                *("--jobs", 1),
            )
        )
        if " of 1 file " not in done.stderr:
            sys.exit(f"the run failed: {done.stderr}")
        own, called, calls = seconds_by_module(profile)
    both = own + called
    total = both.total()
    print(f"{done.stderr.strip()} {total:.2f} s, profiled.\n")
    print("| module | own, s | in C functions that it calls, s | share | calls |")
    print("|---|---:|---:|---:|---:|")
    for module, seconds in both.most_common(_MOST):
        print(
            f"| {module} | {own[module]:.2f} | {called[module]:.2f} | {seconds / total:.0%}"
            f" | {calls[module]:,} |"
        )


if __name__ == "__main__":
    main()
