"""The findings as a table, for a spreadsheet. No cell is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import ReportOptions
from consentlint.text.spreadsheet import cell

COLUMNS = (
    *("file", "line", "column", "item", "field", "rule", "reason", "severity"),
    *("correlation_id", "value", "message", "url"),
)


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a header, and a row for each finding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in findings:
        writer.writerow([cell(getattr(finding, column)) for column in COLUMNS])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()
