"""One JSON object for each finding, a line each, for programs that read as they go."""

import json
from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import ReportOptions

FIELDS = tuple(field for field in Finding._fields if field not in ("excerpt", "more"))


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a line for each finding; the run as a whole is not reported."""
    for finding in findings:
        yield as_json(finding) + "\n"


def as_json(finding: Finding) -> str:
    """Return a finding as a JSON object."""
    values: dict[str, object] = dict(zip(FIELDS, finding, strict=False))
    if finding.fix is not None:
        edits = [edit._asdict() for edit in finding.fix.edits]
        values["fix"] = {**finding.fix._asdict(), "edits": edits}
    # ASCII only, so that no terminal and no decoder fails on the contents of a file.
    return json.dumps(values)
