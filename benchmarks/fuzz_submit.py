"""Feed `submit` with random responses, headers and damaged journals, for longer than the tests.

python benchmarks/fuzz_submit.py [--examples N]
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parent.parent / "tests" / "submit" / "test_fuzz.py"


def main() -> int:
    """Run the tests with more examples, and return their exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000, help="for each of the tests")
    options = parser.parse_args()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(_TESTS)]
    environment = {**os.environ, "FUZZ_EXAMPLES": str(options.examples)}
    return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    raise SystemExit(main())
