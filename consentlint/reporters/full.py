"""Each finding with its line of the file, and why and what to do, for a person at a terminal."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import click

from consentlint.linter.summary import Summary
from consentlint.model.findings import Excerpt, Finding, Severity
from consentlint.reporters import Style
from consentlint.reporters.closing import closing
from consentlint.reporters.concise import place
from consentlint.rules import RULES
from consentlint.rules.docs import manual

_RULES = {rule.name: rule for rule in RULES}
_WIDTH = 88


def report(findings: Iterable[Finding], summary: Summary, style: Style) -> Iterator[str]:
    """Yield each finding with its line; why and what to do once for each rule."""
    explained: set[str] = set()
    for finding in findings:
        yield _heading(finding, style)
        if finding.excerpt is not None:
            yield from _excerpt(finding.excerpt, finding.severity, style)
        yield _paragraph("", finding.message)
        if finding.rule not in explained:
            explained.add(finding.rule)
            page = manual(_RULES[finding.rule])
            yield _paragraph("Why: ", page.why)
            yield _paragraph("What to do: ", page.what_to_do)
        yield "\n"
    yield from closing(summary, style)


def _heading(finding: Finding, style: Style) -> str:
    severity = _painted(finding.severity, finding.severity, style)
    reason = f" [{finding.reason}]" if finding.reason else ""
    rule = click.style(finding.rule, bold=True) if style.color else finding.rule
    return f"{place(finding)}: {severity}: {rule}{reason}\n"


def _excerpt(excerpt: Excerpt, severity: Severity, style: Style) -> Iterator[str]:
    before = excerpt.text[: excerpt.start]
    underlined = excerpt.text[excerpt.start : excerpt.start + excerpt.length]
    line = "^" * max(1, _columns(underlined))
    yield f"  | {excerpt.text}\n"
    yield f"  | {' ' * _columns(before)}{_painted(line, severity, style)}\n"


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


def _painted(text: str, severity: Severity, style: Style) -> str:
    if not style.color:
        return text
    return click.style(text, fg="red" if severity is Severity.ERROR else "yellow", bold=True)


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


# A line holds the same characters over and over, a mask above all.
@lru_cache(maxsize=4_096)
def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")
