"""One JSON document, for programs that read a report as a whole (docs/json.md)."""

import json
from collections.abc import Iterable, Iterator

from consentlint._version import __version__
from consentlint.fields.phone_numbers import metadata_version
from consentlint.linter.engine import OTHER_VALUES
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
            "rules": dict(sorted((summary.errors_by_rule + summary.warnings_by_rule).items())),
            "rejected": summary.rejected,
            "unparsed": summary.unparsed,
            "other_errors": summary.other_errors,
            "incomplete_files": summary.incomplete,
            "reasons": dict(sorted(summary.by_reason.items())),
            "values": _values(summary),
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


def _values(summary: Summary) -> list[dict[str, object]]:
    """Return how many items have each invalid value, the most frequent first."""
    counted = [pair for pair in summary.by_value.items() if pair[0][1] != OTHER_VALUES]
    counted.sort(key=lambda pair: (pair[0][0], -pair[1], pair[0][1] or ""))
    return [{"field": field, "value": value, "items": count} for (field, value), count in counted]
