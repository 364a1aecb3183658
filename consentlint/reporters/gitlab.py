"""Code Quality of GitLab: a JSON array that a merge request shows."""

import json
from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary, is_parse_error
from consentlint.model.findings import Finding, Severity
from consentlint.reporters import ReportOptions
from consentlint.reporters.fingerprints import MAX_RESULTS, Fingerprints
from consentlint.reporters.paths import path_in
from consentlint.text.masking import printable

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield an array with an object for each of the first findings."""
    yield "["
    fingerprints = Fingerprints()
    separator = "\n  "
    count = 0
    for finding in findings:
        count += 1
        if count > MAX_RESULTS:
            yield ""
            continue
        path = path_in(options.root, finding.file)
        yield separator + json.dumps(
            {
                "description": printable(finding.message),
                "check_name": finding.rule,
                "fingerprint": fingerprints.of(finding, path),
                # What cannot be read has not been checked at all.
                "severity": "critical"
                if is_parse_error(finding)
                else _SEVERITIES[finding.severity],
                "location": {
                    "path": path,
                    # GitLab ignores an issue without a line.
                    "lines": {"begin": finding.line or 1, "end": finding.end_line or 1},
                },
            }
        )
        separator = ",\n  "
    yield "\n]\n"
