"""Report formats: from findings to text, one module for each.

A reporter is a generator: it receives findings one by one, yields text, and prints nothing; what it
reports about the run comes last, when the summary is complete. `REPORTERS` lists them. The room must
not know a file format, the checks of a rule, or where the report goes.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding, Profile


class ReportOptions(NamedTuple):
    """Options of all reports."""

    color: bool = False
    """True: with the escape sequences for terminal colors."""
    statistics: bool = False
    """True: with a count of findings by rule."""
    quiet: bool = False
    """True: findings and nothing else."""
    width: int = 100
    """Columns of a line, in the formats that break lines."""
    profile: Profile = Profile.DOCUMENTED
    """The profile of the run."""


Reporter = Callable[[Iterable[Finding], Summary, ReportOptions], Iterator[str]]


def _concise(
    findings: Iterable[Finding], summary: Summary, options: ReportOptions
) -> Iterator[str]:
    from consentlint.reporters.concise import report

    return report(findings, summary, options)


def _full(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    from consentlint.reporters.full import report

    return report(findings, summary, options)


def _json(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    from consentlint.reporters.json_document import report

    return report(findings, summary, options)


def _jsonl(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    from consentlint.reporters.json_lines import report

    return report(findings, summary, options)


REPORTERS: dict[str, Reporter] = {
    "concise": _concise,
    "full": _full,
    "json": _json,
    "jsonl": _jsonl,
}

GROUPED = frozenset({"concise", "full"})
"""The formats for people, which show only the first findings of a group."""

__all__ = ["GROUPED", "REPORTERS", "ReportOptions", "Reporter"]
