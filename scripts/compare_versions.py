"""Compare the findings of a previous version with those of the working tree.

    python scripts/compare_versions.py [--old 86362b7] [--items 300000] [--jobs 1]

The script exports the previous version from git. The generator of random files of that version
(tests/fast_path/random_files.py) makes files of both kinds in all formats, with every kind of
damage. Both versions check these files and all files in fixtures/, with several options. The
script compares file, line, column, item, rule, reason code and severity. It counts the differences
that a decision explains; any other difference makes the exit code 1.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
OLD = "86362b7"
"""The last commit before the linter worked on columns."""
NOW = "2026-06-01T00:00:00Z"
OPTIONS = (
    ("--select", "all"),
    ("--profile", "lenient"),
    ("--strict", "--request", "--jobs", "2"),
)
_FILES_AT_ONCE = 60
_GENERATE = """
import sys
sys.path.insert(0, "tests/fast_path")
from random_files import random_file
folder, first, last, records = sys.argv[1], *map(int, sys.argv[2:])
for seed in range(first, last):
    file = random_file(seed, records)
    with open(f"{folder}/{seed:06}-{file.name}", "wb") as target:
        target.write(file.content)
"""


class Finding(NamedTuple):
    """What is compared of a finding."""

    file: str
    line: int | None
    column: int | None
    item: int | None
    rule: str
    reason: str | None
    severity: str


class File(NamedTuple):
    """The findings of one file by both versions, less those that are the same."""

    old: frozenset[Finding]
    """Only the earlier version reports them."""
    new: frozenset[Finding]
    """Only the working tree reports them."""
    all_new: frozenset[Finding]


def _rules(findings: Iterable[Finding], *rules: str) -> set[Finding]:
    return {finding for finding in findings if finding.rule in rules}


def _same_place(finding: Finding, others: Iterable[Finding]) -> bool:
    return any((o.line, o.item) == (finding.line, finding.item) for o in others)


def _unusual(finding: Finding, file: File) -> bool:
    return finding.rule == "date-of-consent-unusual"


def _sender(finding: Finding, file: File) -> bool:
    return finding.rule == "sender-not-messaging-service" and finding in file.old


def _column(finding: Finding, file: File) -> bool:
    """Each row lacks the field, or the one finding for the column."""
    once = {f.rule for f in file.new if f.item is None and f.reason} | {
        f.rule for f in file.new if f.item is None and f.rule == "date-of-consent-missing"
    }
    return finding.rule in once and (finding.item is None or finding in file.old)


def _header(finding: Finding, file: File) -> bool:
    return finding.item is None and finding.rule in ("unknown-field", "file-kind", "file-malformed")


def _row_only(finding: Finding, file: File) -> bool:
    """A byte that is not UTF-8 ended the file; now it costs its row."""
    ended = [f for f in file.old if f.rule == "file-encoding" and f.item is None]
    if finding in file.old:
        return finding in ended
    return bool(ended) and (
        finding.line is None
        or finding.line >= min(f.line or 0 for f in ended)
        or not _rules(file.all_new, "file-encoding") <= file.new
        or finding.file.removesuffix(".gz").lower().endswith((".json", ".form"))
    )


def _separators(finding: Finding, file: File) -> bool:
    return finding.rule == "invalid-zip-code" and finding in file.new


DECISIONS: dict[str, Callable[[Finding, File], bool]] = {
    "date-of-consent-unusual is narrower, and not raised with a missing offset": _unusual,
    "sender-not-messaging-service is not raised with a Messaging Service": _sender,
    "a missing or empty column is reported once": _column,
    "what belongs to the header is reported once, at its column": _header,
    "a byte that is not UTF-8 costs its row only": _row_only,
    "separators in a postal code may be left out, not moved": _separators,
}


def export(revision: str, folder: Path) -> None:
    """Write the files of a revision into a folder."""
    archive = subprocess.run(
        ["git", "archive", revision], cwd=ROOT, check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-xf", "-"], cwd=folder, input=archive, check=True)


def generate(old: Path, folder: Path, items: int) -> list[Path]:
    """Return random files with about so many items in all."""
    folder.mkdir()
    small, large = items // 2 // 60, max(1, items // 2 // 2_500)
    for first, count, records in ((0, small, 60), (1_000_000, large, 2_500)):
        run = [sys.executable, "-c", _GENERATE, str(folder), str(first), str(first + count)]
        subprocess.run([*run, str(records)], cwd=old, check=True, env=_environment(old))
    return sorted(folder.iterdir())


def _environment(tree: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(tree)}


def findings(tree: Path, files: Sequence[Path], options: Sequence[str]) -> tuple[set[Finding], int]:
    """Return what the version in a tree finds in some files, and how many items there are."""
    command = [sys.executable, "-m", "consentlint", "check", "--output-format", "json"]
    run = subprocess.run(
        [*command, "--now", NOW, *options, *map(str, files)],
        cwd=tree,
        env=_environment(tree),
        capture_output=True,
        check=False,
    )
    if run.returncode not in (0, 1, 2) or not run.stdout:
        sys.exit(f"{tree}: exit code {run.returncode}\n{run.stderr.decode()[-2_000:]}")
    report = json.loads(run.stdout)
    found = {Finding(*(each[name] for name in Finding._fields)) for each in report["findings"]}
    return found, report["summary"]["items"]


def compare(
    old: Path, files: Sequence[Path], options: Sequence[str]
) -> tuple[list[File], int, int]:
    """Return what differs by file, and how many items and findings were compared."""
    before, _ = findings(old, files, options)
    after, items = findings(ROOT, files, options)
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in before ^ after:
        by_file[finding.file].append(finding)
    of_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in after:
        of_file[finding.file].append(finding)
    return (
        [
            File(
                frozenset(before & set(differing)),
                frozenset(after & set(differing)),
                frozenset(of_file[name]),
            )
            for name, differing in by_file.items()
        ],
        items,
        len(before | after),
    )


def decision_for(finding: Finding, file: File) -> str | None:
    """Return the decision that explains a difference, None if there is none."""
    return next((name for name, explains in DECISIONS.items() if explains(finding, file)), None)


def main() -> int:
    """Compare, print what differs, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--old", default=OLD, metavar="REVISION")
    parser.add_argument("--items", type=int, default=300_000)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    explained: Counter[tuple[str, str]] = Counter()
    unexplained: dict[tuple[str, str], list[str]] = defaultdict(list)
    items = found = 0
    with TemporaryDirectory() as name, ThreadPoolExecutor(arguments.jobs) as pool:
        old, random_files = Path(name) / "old", Path(name) / "files"
        old.mkdir()
        export(arguments.old, old)
        files = generate(old, random_files, arguments.items)
        files += [file for file in sorted((old / "fixtures").rglob("*.*")) if file.suffix != ".md"]
        tasks = [
            pool.submit(compare, old, files[at : at + _FILES_AT_ONCE], options)
            for at in range(0, len(files), _FILES_AT_ONCE)
            for options in OPTIONS
        ]
        for task in tasks:
            differing, some, number = task.result()
            items, found = items + some, found + number
            for file in differing:
                for side, differences in (("only old", file.old), ("only new", file.new)):
                    for finding in differences:
                        decision = decision_for(finding, file)
                        if decision is None:
                            unexplained[finding.rule, side].append(str(finding))
                        else:
                            explained[decision, side] += 1
    print(f"{items:,} items in {len(files):,} files, {found:,} findings")
    for (decision, side), count in sorted(explained.items()):
        print(f"{count:>8,}  {side}: {decision}")
    for (rule, side), examples in sorted(unexplained.items()):
        print(f"{len(examples):>8,}  {side}, not explained: {rule}, such as {examples[0]}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
