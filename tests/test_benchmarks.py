"""The linter and the yardstick agree on the sample files of the benchmarks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


def python(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def sample_file(kind: str, count: int, folder: Path) -> str:
    run = python(BENCHMARKS / "sample_files.py", kind, "--items", count, "--folder", folder)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.mark.parametrize(
    ("kind", "count", "findings", "found_by_yardstick"),
    [
        ("lines", 300, 0, 0),
        ("csv", 300, 0, 0),
        ("array", 300, 0, 0),
        ("request", 300, 0, 0),
        ("texts", 300, 0, 0),
        ("other-order", 300, 0, 0),
        # Fourteen kinds of damage, up to six ways of each. One is a duplicate key.
        ("one-in-a-hundred-damaged", 14 * 6 * 100, 14 * 6, 13 * 6),
        ("invalid-status", 300, 300, 300),
        ("invalid-field", 300, 300, 300),
        ("invalid-number", 300, 300, 300),
    ],
)
def test_the_linter_and_the_yardstick_agree(
    tmp_path: Path, kind: str, count: int, findings: int, found_by_yardstick: int
) -> None:
    file = sample_file(kind, count, tmp_path)

    linter = python("-m", "consentlint", "check", file, "--output-format", "json")
    yardstick = python(BENCHMARKS / "yardstick.py", file)

    report = json.loads(linter.stdout)
    assert (report["summary"]["items"], report["summary"]["findings"]) == (count, findings)
    assert len({finding["item"] for finding in report["findings"]}) == findings
    assert yardstick.stderr == f"{found_by_yardstick} problems in {count} items\n"
    assert len(yardstick.stdout.splitlines()) == found_by_yardstick
    assert linter.returncode == yardstick.returncode == (findings > 0)


def test_a_program_to_compare_with_accepts_the_clean_items(tmp_path: Path) -> None:
    run = python(BENCHMARKS / "peer_programs.py", "jsonschema", sample_file("lines", 300, tmp_path))

    assert (run.stdout, run.stderr) == ("", "0 invalid of 300 items\n")


def test_a_short_file_is_the_start_of_a_long_one(tmp_path: Path) -> None:
    short, long = (Path(sample_file("lines", count, tmp_path)) for count in (100, 300))

    assert long.read_text().startswith(short.read_text())


def test_the_cost_of_loading_the_plugin_is_measured() -> None:
    run = python(BENCHMARKS / "plugin_load.py", "--runs", 1)
    assert (run.returncode, "it adds" in run.stdout) == (0, True), run.stderr


def test_the_sample_numbers_are_as_the_benchmarks_assume() -> None:
    assert python(BENCHMARKS / "sample_files.py", "--check").returncode == 0
