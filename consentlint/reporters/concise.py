"""One line a finding, for logs and for programs that jump to a place."""

from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import Style
from consentlint.reporters.closing import closing
from consentlint.text.masking import printable


def report(findings: Iterable[Finding], summary: Summary, style: Style) -> Iterator[str]:
    """Yield `file:line:column: rule [REASON] message` for each finding.

    Where the API has no reason code, the brackets hold the severity.
    """
    for finding in findings:
        code = finding.reason or finding.severity
        yield f"{place(finding)}: {finding.rule} [{code}] {finding.message}\n"
    yield from closing(summary, style)


def place(finding: Finding) -> str:
    """Return where a finding is, as editors and terminals understand it."""
    file = printable(finding.file or "")
    if finding.line is None:
        return file
    return f"{file}:{finding.line}:{finding.column}"
