"""Read the JSON reports of two versions of consentlint, and compare their findings."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

VERSION = 2
"""The version of the JSON report that is read."""


class Finding(NamedTuple):
    """What is compared of a finding."""

    file: str
    line: int | None
    column: int | None
    item: int | None
    rule: str
    reason: str | None
    severity: str


class Report(NamedTuple):
    """What is compared of a run."""

    exit_code: int
    files: int
    items: int
    findings: dict[str, list[Finding]]
    """The findings of each file, in order."""


class Difference(NamedTuple):
    """One finding that two versions do not share."""

    change: str
    """What differs; see `CHANGES`."""
    old: Finding | None
    new: Finding | None

    @property
    def finding(self) -> Finding:
        """The finding of the old version, or else of the new one."""
        found = self.old or self.new
        assert found is not None
        return found


CHANGES = ("only old", "only new", "moved", "renumbered", "other severity", "order", "summary")
"""Found by one version only; at another line or column; with another item number; with another
severity or reason; the same findings of a file in another order; other totals of a run."""


def read_report(path: Path, exit_code: int) -> Report:
    """Read a JSON report.

    Raises:
        ValueError: it is of another version.
    """
    document = json.loads(path.read_text())
    if document["version"] != VERSION:
        raise ValueError(f"{path}: cannot read version {document['version']} of the JSON report")
    findings: dict[str, list[Finding]] = defaultdict(list)
    for each in document["findings"]:
        findings[each["file"]].append(Finding(*(each[field] for field in Finding._fields)))
    summary = document["summary"]
    return Report(exit_code, summary["files"], summary["items"], findings)


def differences(old: Report, new: Report) -> Iterator[Difference]:
    """Yield what two reports on the same files do not share."""
    for file in sorted(old.findings.keys() | new.findings.keys()):
        yield from _of_file(old.findings.get(file, []), new.findings.get(file, []))
    for name in ("exit_code", "files", "items"):
        totals = getattr(old, name), getattr(new, name)
        if totals[0] != totals[1]:
            before, after = (
                Finding("(run)", None, None, total, name, None, "") for total in totals
            )
            yield Difference("summary", before, after)


def _of_file(old: Sequence[Finding], new: Sequence[Finding]) -> Iterator[Difference]:
    before, after = Counter(old), Counter(new)
    only_old, only_new = list((before - after).elements()), list((after - before).elements())
    if not only_old and not only_new:
        if old != new:
            first = next(pair for pair in zip(old, new, strict=True) if pair[0] != pair[1])
            yield Difference("order", *first)
        return
    for change, key in (
        ("moved", lambda found: found._replace(line=None, column=None)),
        ("renumbered", lambda found: found._replace(item=None)),
        ("other severity", lambda found: (found.line, found.item, found.rule)),
    ):
        pairs, only_old, only_new = _paired(only_old, only_new, key)
        yield from (Difference(change, *pair) for pair in pairs)
    yield from (Difference("only old", found, None) for found in only_old)
    yield from (Difference("only new", None, found) for found in only_new)


def _paired(
    old: list[Finding], new: list[Finding], key: Callable[[Finding], object]
) -> tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]:
    """Pair findings with the same key; return the pairs and what is left of each side."""
    by_key: dict[object, list[Finding]] = defaultdict(list)
    for found in reversed(new):
        by_key[key(found)].append(found)
    pairs, left = [], []
    for found in old:
        if others := by_key[key(found)]:
            pairs.append((found, others.pop()))
        else:
            left.append(found)
    return pairs, left, [found for others in by_key.values() for found in reversed(others)]
