"""Check random files with two versions of consentlint, and compare the findings.

    python scripts/compare_versions.py [--old REF|DIR] [--new REF|DIR] [--items N] [--seed N]

A tree is a folder or a Git revision. By default, this checkout is compared with its last commit. Both
versions run as `python -m consentlint check --output-format json` on the same files: all of fixtures/,
and random ones of every format, under several sets of options. File, line, column, item, rule,
reason and severity of each finding are compared, its message is not. The exit code is 1 if they differ,
except as often as `--expect` says.
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from random_exports import Damage, RandomFile, random_file
from verdict_differences import Difference, Finding, Report, differences, read_report

from consentlint.text.plurals import counted

ROOT = Path(__file__).resolve().parent.parent
_NOW = "2026-01-15T12:00:00Z"
_EXAMPLES = 3

Groups = dict[tuple[str, str], list[tuple[Difference, RandomFile | None]]]
"""The differences by rule and change, each with its file."""


class OptionSet(NamedTuple):
    """Options under which both versions run, and the share of the items that they get."""

    options: tuple[str, ...]
    share: int


OPTION_SETS = (
    OptionSet((), 4),
    OptionSet(("--profile", "lenient"), 2),
    OptionSet(("--select", "all"), 3),
    OptionSet(("--select", "all", "--profile", "lenient"), 2),
    OptionSet(("--select", "all", "--request", "--strict"), 1),
    OptionSet(("--kind", "consents", "--request"), 1),
    OptionSet(("--kind", "contacts", "--select", "all"), 1),
    OptionSet(("--select", "errors", "--profile", "lenient"), 1),
    OptionSet(("--ignore", "date-of-consent-missing,unknown-field,invalid-correlation-id"), 1),
    OptionSet(("--format", "jsonl"), 1),
)


class Tree(NamedTuple):
    """A version of the package."""

    name: str
    folder: Path


class BrokenRun(Exception):
    """A version crashed."""


def tree_at(source: str, folder: Path) -> Tree:
    """Return the tree of a folder or a Git revision, which is unpacked into `folder`.

    Raises:
        subprocess.CalledProcessError: there is no such revision.
    """
    if (Path(source) / "consentlint").is_dir():
        root, name = Path(source).resolve(), source
    else:
        command = ["git", "archive", source, "consentlint", "schemas"]
        packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        root, name = folder, source
    return Tree(name, root)


def run(tree: Tree, files: Sequence[RandomFile], options: Sequence[str], folder: Path) -> Report:
    """Check files with a version.

    Raises:
        BrokenRun: it crashed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in files:
        file.write(folder)
    # No configuration of a folder above counts.
    (folder / "consentlint.toml").touch()
    environment = {**os.environ, "PYTHONPATH": str(tree.folder)}
    environment["PYTHONPYCACHEPREFIX"] = str(folder.parent / f"bytecode-{folder.name}")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "consentlint", "check", "--now", _NOW, *options]
    command += ["--output-format", "json", "--output", "report.json", "--"]
    command += [file.name for file in files]
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode not in (0, 1, 2) or "Traceback" in ended.stderr:
        raise BrokenRun(f"{tree.name} crashed ({' '.join(options)}):\n{ended.stderr[-3000:]}")
    try:
        return read_report(folder / "report.json", ended.returncode)
    except (OSError, ValueError) as error:
        raise BrokenRun(f"{tree.name} wrote no report: {error}\n{ended.stderr[-3000:]}") from error


def random_files(seed: int, items: int) -> Iterator[RandomFile]:
    """Yield files of about so many items: large ones, and many small ones that are damaged.

    Damage to the text hides the rest of some files, so that most items are in files without.
    """
    plans = (
        # Share of the items, items a file, and the damage to one file in turn.
        (40, 3000, tuple(Damage(mess) for mess in (0.005, 0.05, 0.3, 0.8))),
        (30, 400, tuple(Damage(mess) for mess in (0.02, 0.3, 1.0))),
        (10, 2000, tuple(Damage(mess, 0.05, 0.1) for mess in (0.02, 0.1))),
        (10, 200, tuple(Damage(mess, 0.05, 0.1) for mess in (0.05, 0.3))),
        (6, 30, tuple(Damage(mess, 0.1, 0.2) for mess in (0.3, 0.8))),
        (4, 8, tuple(Damage(mess, 0.5, 0.5) for mess in (0.5, 1.0))),
    )
    for number, (share, size, damages) in enumerate(plans):
        for turn in range(max(1, items * share // 100 // size)):
            yield random_file(f"{seed}.{number}.{turn}", size, damages[turn % len(damages)])


def fixture_files() -> Iterator[RandomFile]:
    """Yield all files of fixtures/, under names without folders."""
    for path in sorted((ROOT / "fixtures").rglob("*")):
        if path.is_file():
            name = "fixture-" + "-".join(path.relative_to(ROOT / "fixtures").parts)
            yield RandomFile(name, path.read_bytes(), 0)


def large_files() -> Iterator[RandomFile]:
    """Yield files that are large enough for several processes, and nearly clean."""
    # Contacts and senders recur in those of seed 4, none do in that of seed 2.
    for seed, form in ((4, "jsonl"), (4, "csv"), (2, "json")):
        yield random_file(f"large.{seed}", 100_000, Damage(0.005), form)


def print_groups(groups: Groups, examples: int) -> None:
    """Print the differences by rule and change, with examples."""
    print(f"\n{'rule':32} {'change':16} {'count':>8}")
    for (rule, change), group in sorted(groups.items()):
        print(f"{rule:32} {change:16} {len(group):8,}")
        for difference, file in group[:examples]:
            print(f"    old {_shown(difference.old)}\n    new {_shown(difference.new)}")
            print(f"        {excerpt(difference.finding, file)}")


def excerpt(finding: Finding, file: RandomFile | None) -> str:
    """Return the beginning of the line of a finding, with digits masked."""
    if finding.line is None or file is None:
        return ""
    line = file.content.decode("utf-8-sig", "replace").split("\n")[finding.line - 1 :][:1]
    return re.sub(r"(\+[0-9]{4})[0-9]{4,}", r"\1•••", "".join(line))[:300]


def _shown(finding: tuple[object, ...] | None) -> str:
    return "-" if finding is None else " ".join(map(str, finding))


def main() -> int:
    """Compare two versions; print what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--old", default="HEAD", help="revision or folder [%(default)s]")
    parser.add_argument("--new", default=str(ROOT), help="revision or folder [this checkout]")
    parser.add_argument("--items", type=int, default=320_000, help="random items [%(default)s]")
    parser.add_argument("--seed", type=int, default=0, help="of the random items")
    parser.add_argument(
        "--expect", action="append", default=[], metavar="RULE:COUNT",
        help="expect exactly COUNT differences of RULE",
    )  # fmt: skip
    parser.add_argument("--examples", type=int, default=_EXAMPLES, help="shown of each group")
    parser.add_argument("--folder", type=Path, help="keep the files and reports in this folder")
    options = parser.parse_args()
    expected = {
        rule: int(number) for rule, number in (each.rsplit(":", 1) for each in options.expect)
    }
    groups: Groups = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        trees = [
            tree_at(getattr(options, side), folder / f"tree-{side}") for side in ("old", "new")
        ]
        counts = compare(trees, options, folder, groups)
    if groups:
        print_groups(groups, options.examples)
    found: Counter[str] = Counter()
    for (rule, _), group in groups.items():
        found[rule] += len(group)
    print(f"\n{counts}: {counted(found.total(), 'difference')}")
    wrong = sorted(rule for rule in found | expected if found[rule] != expected.get(rule, 0))
    for rule in wrong:
        print(f"{rule}: {counted(found[rule], 'difference')}, expected {expected.get(rule, 0)}")
    return 1 if wrong else 0


def compare(
    trees: Sequence[Tree], options: argparse.Namespace, folder: Path, groups: Groups
) -> str:
    """Check all files with both versions, add the differences; return what was compared."""
    start = time.monotonic()
    files = findings = items = 0
    shares = sum(each.share for each in OPTION_SETS)
    for number, (switches, share) in enumerate(OPTION_SETS):
        batch = [
            *fixture_files(),
            *random_files(options.seed * 1000 + number, options.items * share // shares),
        ]
        if number == 0:
            batch += large_files()
        try:
            old, new = (
                run(tree, batch, switches, folder / f"{side}-{number}")
                for tree, side in zip(trees, ("old", "new"), strict=True)
            )
        except BrokenRun as broken:
            sys.exit(str(broken))
        by_name = {file.name: file for file in batch}
        found = list(differences(old, new))
        for each in found:
            group = groups.setdefault((each.finding.rule, each.change), [])
            group.append((each, by_name.get(each.finding.file)))
        files += len(batch)
        items += sum(file.items for file in batch)
        findings += sum(map(len, old.findings.values()))
        print(
            f"{' '.join(switches) or '(default options)'}: {len(batch):,} files,"
            f" {old.items:,} items read, {counted(len(found), 'difference')},"
            f" {time.monotonic() - start:.0f} s",
            flush=True,
        )
    return f"{files:,} files, {items:,} random items, {findings:,} findings of the old"


if __name__ == "__main__":
    raise SystemExit(main())
