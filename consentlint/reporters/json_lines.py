"""One JSON object a finding and line, for programs that read as they go."""

import json
from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import Style

FIELDS = tuple(field for field in Finding._fields if field != "excerpt")


def report(findings: Iterable[Finding], summary: Summary, style: Style) -> Iterator[str]:
    """Yield a line for each finding; nothing is said of the run as a whole."""
    for finding in findings:
        yield as_json(finding) + "\n"


def as_json(finding: Finding) -> str:
    """Return a finding as a JSON object."""
    # Only ASCII, so that no terminal and no decoder stumbles over what a file holds.
    return json.dumps(dict(zip(FIELDS, finding, strict=False)))
