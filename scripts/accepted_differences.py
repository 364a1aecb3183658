"""Sort out the differences between two versions of consentlint that are meant.

A difference is accepted if an entry of `accepted_differences.toml` names its rule and its
change, and the entry's condition, a function in `CONDITIONS`, holds for it.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from difference_conditions import CONDITIONS, Evidence, format_of
from random_exports import RandomFile
from verdict_differences import CHANGES, Difference, Report, differences


class Accepted(NamedTuple):
    """A kind of difference that is meant."""

    rules: tuple[str, ...]
    """Names of rules; `*` matches any characters."""
    changes: tuple[str, ...]
    condition: str
    """A name in `CONDITIONS`, or empty: always."""
    why: str

    def covers(self, difference: Difference, evidence: Evidence) -> bool:
        """Tell whether a difference is of this kind."""
        return (
            difference.change in self.changes
            and any(fnmatchcase(difference.finding.rule, rule) for rule in self.rules)
            and (not self.condition or CONDITIONS[self.condition](difference, evidence))
        )


def read_accepted(path: Path) -> list[Accepted]:
    """Read the accepted kinds of differences.

    Raises:
        ValueError: an entry names an unknown change or condition, or gives no reason.
    """
    accepted = []
    for entry in tomllib.loads(path.read_text()).get("accepted", []):
        each = Accepted(
            tuple(entry["rules"]), tuple(entry["changes"]), entry.get("if", ""), entry["why"]
        )
        unknown = {*each.changes} - {*CHANGES} | {each.condition} - {"", *CONDITIONS}
        if unknown or not each.why:
            raise ValueError(f"{path}: entry for {each.rules}: unknown {unknown or 'reason'}")
        accepted.append(each)
    return accepted


class Group:
    """The differences with one rule and one change.

    Attributes:
        count: how many there are.
        accepted: how many of them each reason explains.
        examples: the first of the others, each with an excerpt of its item.
    """

    def __init__(self) -> None:
        self.count = 0
        self.accepted: Counter[str] = Counter()
        self.examples: list[tuple[Difference, str]] = []

    @property
    def unexplained(self) -> int:
        """How many differences no reason explains."""
        return self.count - self.accepted.total()


class Groups:
    """All differences, by rule and change.

    Args:
        accepted: the kinds of differences that are meant.
        most: how many examples to keep of each group.
    """

    def __init__(self, accepted: Sequence[Accepted], most: int) -> None:
        self._accepted = accepted
        self._most = most
        self.groups: dict[tuple[str, str], Group] = {}

    def add(
        self,
        old: Report,
        new: Report,
        files: Mapping[str, RandomFile],
        options: Sequence[str],
    ) -> int:
        """Add the differences between two reports; return how many there are.

        Args:
            old: the report of the old version.
            new: the report of the new version.
            files: the checked files by name.
            options: the options of both versions.
        """
        form = options[options.index("--format") + 1] if "--format" in options else ""
        count = 0
        evidence: dict[str, Evidence] = {}
        for difference in differences(old, new):
            count += 1
            name = difference.finding.file
            if name not in evidence:
                content = files[name].content if name in files else b""
                found = old.findings.get(name, []), new.findings.get(name, [])
                evidence[name] = Evidence(form or format_of(name), content, *found, options)
            self._add(difference, evidence[name])
        return count

    def _add(self, difference: Difference, evidence: Evidence) -> None:
        group = self.groups.setdefault((difference.finding.rule, difference.change), Group())
        group.count += 1
        for each in self._accepted:
            if each.covers(difference, evidence):
                group.accepted[each.why] += 1
                return
        if len(group.examples) < self._most:
            group.examples.append((difference, evidence.excerpt(difference.finding)))
