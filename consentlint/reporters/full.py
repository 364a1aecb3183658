"""Each finding with its line of the file, why and what to do, for a person at a terminal."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import click

from consentlint.linter.summary import Summary
from consentlint.model.findings import Excerpt, Finding, Severity
from consentlint.reporters import ReportOptions
from consentlint.reporters.concise import location_text, more_text
from consentlint.reporters.footer import footer
from consentlint.rules import RULES_BY_NAME
from consentlint.rules.docs import docs_of

_WIDTH = 88


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield each finding with its line; why and what to do once for each rule."""
    explained: set[str] = set()
    for finding in findings:
        yield _heading(finding, options)
        if finding.excerpt is not None:
            yield from _excerpt(finding.excerpt, finding.severity, options)
        yield _paragraph("", finding.message)
        if finding.more is not None:
            yield _paragraph("", more_text(finding.more))
        if finding.rule not in explained:
            explained.add(finding.rule)
            page = docs_of(RULES_BY_NAME[finding.rule])
            yield _paragraph("Why: ", page.why)
            yield _paragraph("What to do: ", page.what_to_do)
        yield "\n"
    yield from footer(summary, options)


def _heading(finding: Finding, options: ReportOptions) -> str:
    severity = _painted(finding.severity, finding.severity, options)
    reason = f" [{finding.reason}]" if finding.reason else ""
    rule = click.style(finding.rule, bold=True) if options.color else finding.rule
    return f"{location_text(finding)}: {severity}: {rule}{reason}\n"


def _excerpt(excerpt: Excerpt, severity: Severity, options: ReportOptions) -> Iterator[str]:
    before = excerpt.text[: excerpt.start]
    underlined = excerpt.text[excerpt.start : excerpt.start + excerpt.length]
    line = "^" * max(1, _columns(underlined))
    yield f"  | {excerpt.text}\n"
    yield f"  | {' ' * _columns(before)}{_painted(line, severity, options)}\n"


def _paragraph(label: str, text: str) -> str:
    return (
        textwrap.fill(
            label + text,
            _WIDTH,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
    )


def _painted(text: str, severity: Severity, options: ReportOptions) -> str:
    if not options.color:
        return text
    return click.style(text, fg="red" if severity is Severity.ERROR else "yellow", bold=True)


def _columns(text: str) -> int:
    """Return how many terminal columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


# A line repeats the same characters, above all masks.
@lru_cache(maxsize=4_096)
def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")
