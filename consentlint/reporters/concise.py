"""One line for each finding, for logs and for programs that jump to a location."""

from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding, More
from consentlint.reporters import ReportOptions
from consentlint.reporters.footer import footer
from consentlint.reporters.log_text import inert
from consentlint.text.layout import paint
from consentlint.text.masking import printable


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield `file:line:column: severity CODE message` for each finding.

    The code is the reason code, or the name of the rule if there is none.
    """
    for finding in findings:
        location = paint(location_text(finding), "strong", options.color)
        label = paint(tag(finding), finding.severity, options.color)
        rule = f" [{finding.rule}]" if finding.reason else ""
        yield inert(f"{location}: {label} {printable(finding.message)}{rule}\n")
        if finding.more is not None:
            yield inert(f"{printable(finding.file or '')}: {label} {more_text(finding.more)}\n")
    yield from map(inert, footer(summary, options))


def tag(finding: Finding) -> str:
    """Return the severity and the reason code of a finding, or its rule if it has none."""
    return f"{finding.severity} {finding.reason or finding.rule}"


def more_text(more: More) -> str:
    """Return how many findings like the one before are not shown, and where they are."""
    return f"… and {more.findings:,} more like this, {more.where}"


def location_text(finding: Finding) -> str:
    """Return the location of a finding as editors and terminals understand it."""
    file = printable(finding.file or "")
    if finding.line is None:
        return file
    if finding.cell is not None:
        return f"{file}: {printable(finding.cell)}"
    return f"{file}:{finding.line}:{finding.column}"
