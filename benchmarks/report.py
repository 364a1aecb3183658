"""Compare the time of `consentlint report` with that of `consentlint check`, and print a table.

    python benchmarks/report.py [--items N] [--runs N]

For each kind of file, both commands run alternately, in one process each, and the shortest run of
each counts. The goals: at most three times the time of `check`, and below 200 MB for files that are
read by lines. The exit code is 1 if a goal is missed.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from measure import Run, python, run
from sample_files import sample_file

_MAX_RATIO = 3
_MAX_MB = 200
# A JSON document is in memory as a whole, whatever is done with it.
_KINDS = {"csv": True, "lines": True, "one-in-a-hundred-damaged": True, "array": False}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{arguments.items:,} consents, CPU seconds of the shortest of {arguments.runs} runs\n")
    print("| file | check s | report s | ratio | check MB | report MB | met |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    is_met = True
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.html"
        for kind, by_lines in _KINDS.items():
            file = sample_file(kind, arguments.items)
            checks: list[Run] = []
            reports: list[Run] = []
            for _ in range(arguments.runs):
                checks.append(run(python("-m", "consentlint", "check", "-j1", "-q", file)))
                reports.append(
                    run(python("-m", "consentlint", "report", "-j1", file, "-o", output))
                )
                assert reports[-1].exit_code == 0, reports[-1].stderr
            check, report = min(each.cpu for each in checks), min(each.cpu for each in reports)
            before, memory = (max(each.rss for each in runs) / 1e6 for runs in (checks, reports))
            met = report <= _MAX_RATIO * check and (memory < _MAX_MB or not by_lines)
            is_met &= met
            print(
                f"| {kind} | {check:.2f} | {report:.2f} | {report / check:.2f} | {before:.0f} |"
                f" {memory:.0f} | {'yes' if met else 'no'} |",
                flush=True,
            )
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
