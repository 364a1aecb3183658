"""The findings as a table, for a spreadsheet. No cell is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import ReportOptions
from consentlint.text.masking import printable

COLUMNS = (
    *("file", "line", "column", "item", "field", "rule", "reason", "severity"),
    *("correlation_id", "value", "message", "url"),
)
# Full-width signs too: East Asian spreadsheets accept them.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a header, and a row for each finding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in findings:
        writer.writerow([_cell(getattr(finding, column)) for column in COLUMNS])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _cell(value: object) -> str:
    """Return a value as a cell that a spreadsheet shows as text."""
    shown = "" if value is None else printable(str(value))
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
