"""One JSON document, for programs that read a report as a whole (docs/json.md)."""

import json
from collections.abc import Iterable, Iterator

from consentlint._version import __version__
from consentlint.fields.phone_numbers import metadata_version
from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import ReportOptions
from consentlint.reporters.json_lines import as_json

VERSION = 2
"""Version of the format; it rises if a reader of the previous one would break."""


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a document with `findings`, `summary` and versions, finding by finding."""
    yield f'{{"version": {VERSION}, "findings": ['
    separator = "\n  "
    for finding in findings:
        yield separator + as_json(finding)
        separator = ",\n  "
    rest = {
        "summary": {
            "files": summary.files,
            "skipped": summary.skipped,
            "items": summary.items,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "findings": summary.findings,
            "shown": summary.shown,
            "rules": dict(sorted(summary.by_rule.items())),
            "baseline": _baseline(summary),
        },
        "consentlint": __version__,
        "phone_metadata": metadata_version(),
    }
    yield f"\n], {json.dumps(rest)[1:]}\n"


def _baseline(summary: Summary) -> dict[str, object] | None:
    """Return what the baseline hides, or None without one."""
    baseline = summary.baseline
    if baseline is None:
        return None
    return {
        "hidden": baseline.hidden,
        "unused": baseline.unused,
        "exceeded": [each._asdict() for each in baseline.exceeded],
    }
