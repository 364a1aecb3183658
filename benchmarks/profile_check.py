"""Where the time of one `consentlint check` goes, by module, as a table.

    python benchmarks/profile_check.py FILE

The profiler makes calls dear, so that the shares are those of the profiled run: look for
what stands out, and measure what a change brings with throughput.py.
"""

import os
import pstats
import sys
import tempfile
from collections import Counter
from pathlib import Path

from measure import ROOT, python, run
from sides import has_jobs

_MOST = 12
# What the profiler calls the file of a function that is written in C.
_BUILT_IN = "~"


def seconds_by_module(profile: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return, by module, its own seconds, those of C functions that it calls, and its calls."""
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
        found = run(
            python(
                *("-m", "cProfile", "-o", profile, "-m", "consentlint", "check"),
                *(Path(sys.argv[1]).resolve(), "--output", os.devnull),
                *(("--jobs", 1) if has_jobs() else ()),
            )
        )
        if " of 1 file " not in found.said:
            sys.exit(f"the run failed: {found.said}")
        own, called, calls = seconds_by_module(profile)
    both = own + called
    total = both.total()
    print(f"{found.said.strip()} {total:.2f} s, profiled.\n")
    print("| module | own, s | in C functions that it calls, s | share | calls |")
    print("|---|---:|---:|---:|---:|")
    for module, seconds in both.most_common(_MOST):
        print(
            f"| {module} | {own[module]:.2f} | {called[module]:.2f} | {seconds / total:.0%}"
            f" | {calls[module]:,} |"
        )


if __name__ == "__main__":
    main()
