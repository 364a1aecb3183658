"""The JSON format of reviewdog, which comments on the lines of a change."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import ReportOptions
from consentlint.reporters.markdown_text import inline
from consentlint.reporters.paths import path_in


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a result with a diagnostic for each finding."""
    yield '{"source": {"name": "consentlint"}, "diagnostics": ['
    separator = "\n  "
    for finding in findings:
        yield separator + json.dumps(_diagnostic(finding, options))
        separator = ",\n  "
    yield "\n]}\n"


def _diagnostic(finding: Finding, options: ReportOptions) -> dict[str, Any]:
    location: dict[str, Any] = {"path": path_in(options.root, finding.file)}
    if finding.line is not None:
        # Its columns are counted in bytes, and those of a finding in characters.
        location["range"] = {
            "start": {"line": finding.line},
            "end": {"line": finding.end_line},
        }
    return {
        # It becomes a comment in Markdown.
        "message": inline(finding.message),
        "location": location,
        "severity": finding.severity.upper(),
        "code": {"value": finding.rule, "url": finding.url},
    }
