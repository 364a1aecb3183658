"""Measure how many items a minute `consentlint generate` writes, and its memory.

    python benchmarks/generate.py                 # 1,000,000 items of each kind
    python benchmarks/generate.py --items 100000

A tenth of the items are invalid, and what is expected of each item is written as well. The goal is
1,000,000 items a minute, and memory that does not grow with the number of items.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from measure import run

RUNS = (("consents", "jsonl"), ("consents", "csv"), ("contacts", "json"))
GOAL = 1_000_000


def main() -> int:
    """Print a Markdown table; return 1 if a goal is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    items = parser.parse_args().items
    is_met = True
    print("| kind | format | items | CPU seconds | items a minute | memory, MB |")
    print("|---|---|--:|--:|--:|--:|")
    for kind, format_name in RUNS:
        memory = []
        for count in (items // 10, items):
            with tempfile.TemporaryDirectory() as folder:
                output = Path(folder) / f"items.{format_name}"
                expected = Path(folder) / "expected.jsonl"
                command = [sys.executable, "-m", "consentlint", "generate", "--kind", kind]
                command += ["--count", str(count), "--invalid", "10%", "-o", str(output)]
                result = run([*command, "--expected", str(expected)])
            assert result.exit_code == 0, result.stderr
            rate = count / result.cpu * 60
            memory.append(result.rss / 1e6)
            print(
                f"| {kind} | {format_name} | {count:,} | {result.cpu:.1f} | {rate:,.0f} |"
                f" {memory[-1]:.0f} |"
            )
        is_met = is_met and rate >= GOAL and memory[1] < memory[0] * 1.2
    return 0 if is_met else 1


if __name__ == "__main__":
    raise SystemExit(main())
