"""From findings to text: one module a format, none of which prints.

A reporter is a generator: it takes findings as they come and yields text. What it says
of the whole run it says last, when the summary has counted everything.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding


class Style(NamedTuple):
    """How a report looks."""

    color: bool = False
    """True: with the escapes that a terminal shows as colours."""
    statistics: bool = False
    """True: with a count of findings by rule."""
    quiet: bool = False
    """True: the findings and nothing else."""


Reporter = Callable[[Iterable[Finding], Summary, Style], Iterator[str]]


def _concise(findings: Iterable[Finding], summary: Summary, style: Style) -> Iterator[str]:
    from consentlint.reporters.concise import report

    return report(findings, summary, style)


def _full(findings: Iterable[Finding], summary: Summary, style: Style) -> Iterator[str]:
    from consentlint.reporters.full import report

    return report(findings, summary, style)


def _json(findings: Iterable[Finding], summary: Summary, style: Style) -> Iterator[str]:
    from consentlint.reporters.json_document import report

    return report(findings, summary, style)


def _jsonl(findings: Iterable[Finding], summary: Summary, style: Style) -> Iterator[str]:
    from consentlint.reporters.json_lines import report

    return report(findings, summary, style)


REPORTERS: dict[str, Reporter] = {
    "concise": _concise,
    "full": _full,
    "json": _json,
    "jsonl": _jsonl,
}

__all__ = ["REPORTERS", "Reporter", "Style"]
