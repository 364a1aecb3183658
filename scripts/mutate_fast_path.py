"""Break the fast path in many ways, one at a time, and report which test notices each.

    python scripts/mutate_fast_path.py [--only WORDS] [--processes 2] [--seconds 180]

tests/fast_path/mutations.toml lists the mutations. The script applies each to a copy of the
tree and runs the tests of the fast path there until one fails. The exit code is 1 if a
mutation survives or no longer fits the code, or if the tests fail without a mutation. Do not
list a mutation that changes neither a finding nor a promise of the code.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
TESTS = Path("tests/fast_path")
COPIED = (
    Path("consentlint"),
    Path("schemas"),
    Path("tests/conftest.py"),
    TESTS,
    Path("pyproject.toml"),
)


class Mutation(NamedTuple):
    """A text of the package to replace."""

    name: str
    """What the mutation breaks."""
    file: str
    old: str
    """The text to replace; it occurs once in the file."""
    new: str


class Result(NamedTuple):
    """The result of a mutation."""

    caught: bool
    outcome: str
    """The test that failed, or what happened instead."""


def copy_tree(target: Path) -> None:
    """Copy the files that the tests need."""
    for part in COPIED:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, target / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, target / part)


def run_tests(tree: Path, seconds: int) -> Result:
    """Run the tests of the fast path until one fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(
            [*command, str(TESTS)],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Result(True, f"no end within {seconds} s")
    if run.returncode == 0:
        return Result(False, "SURVIVES")
    failed = re.search(r"^FAILED [^\s:]*/([^\s:]+\.py\S*)", run.stdout, re.MULTILINE)
    if failed is None:
        return Result(False, f"THE TESTS DO NOT RUN: {(run.stdout + run.stderr)[-300:]}")
    return Result(True, failed[1].replace("::", " "))


def tried(mutation: Mutation, seconds: int) -> Result:
    """Run the tests against a copy of the tree that has a mutation."""
    with TemporaryDirectory() as name:
        tree = Path(name)
        copy_tree(tree)
        file = tree / mutation.file
        text = file.read_text(encoding="utf-8")
        times = text.count(mutation.old)
        if times != 1:
            return Result(False, f"DOES NOT FIT: its old text occurs {times} times")
        file.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        return run_tests(tree, seconds)


def main() -> int:
    """Run all mutations and print a line for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--only", default="", help="run only the mutations whose name contains this text"
    )
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count(), help="how many to run in parallel"
    )
    parser.add_argument("--seconds", type=int, default=180, help="timeout of one run of the tests")
    options = parser.parse_args()
    listed = tomllib.loads((ROOT / TESTS / "mutations.toml").read_text(encoding="utf-8"))
    mutations = [Mutation(**each) for each in listed["mutation"] if options.only in each["name"]]

    with TemporaryDirectory() as name:
        copy_tree(Path(name))
        whole = run_tests(Path(name), options.seconds)
    if whole.outcome != "SURVIVES":
        print(f"without a mutation: {whole.outcome}")
        return 1
    survivors = 0
    width = max(len(mutation.name) for mutation in mutations) + 2
    with ThreadPoolExecutor(options.processes) as pool:
        results = pool.map(partial(tried, seconds=options.seconds), mutations)
        for mutation, result in zip(mutations, results, strict=True):
            survivors += not result.caught
            print(f"{mutation.name:{width}}{result.outcome}", flush=True)
    print(f"{len(mutations)} mutations, {len(mutations) - survivors} caught")
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
