"""One line for each finding, for logs and for programs that jump to a location."""

from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import ReportOptions
from consentlint.reporters.footer import footer
from consentlint.text.layout import paint
from consentlint.text.masking import printable


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield `file:line:column: rule [REASON] message` for each finding.

    Without a reason code, the brackets hold the severity.
    """
    for finding in findings:
        code = paint(finding.reason or finding.severity, finding.severity, options.color)
        location = paint(location_text(finding), "strong", options.color)
        yield f"{location}: {finding.rule} [{code}] {finding.message}\n"
    yield from footer(summary, options)


def location_text(finding: Finding) -> str:
    """Return the location of a finding as editors and terminals understand it."""
    file = printable(finding.file or "")
    if finding.line is None:
        return file
    return f"{file}:{finding.line}:{finding.column}"
