"""SARIF 2.1.0, for code scanning. It has no snippet, but GitHub shows the line of the file."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from consentlint._version import __version__
from consentlint.fields.phone_numbers import metadata_version
from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import ReportOptions
from consentlint.reporters.fingerprints import MAX_RESULTS, Fingerprints
from consentlint.reporters.footer import verdict
from consentlint.reporters.paths import path_in
from consentlint.rules import RULES_BY_NAME, Rule
from consentlint.rules.docs import docs_of
from consentlint.rules.sources import spell_out
from consentlint.text.masking import printable

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a log with one run: the results, then the rules that they name."""
    yield f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{"results": ['
    fingerprints = Fingerprints()
    rules: dict[str, int] = {}
    count = 0
    separator = "\n  "
    for finding in findings:
        count += 1
        if count > MAX_RESULTS:
            yield ""
            continue
        index = rules.setdefault(finding.rule, len(rules))
        path = path_in(options.root, finding.file)
        result = _result(finding, index, path, fingerprints.of(finding, path))
        yield separator + json.dumps(result)
        separator = ",\n  "
    driver: dict[str, Any] = {
        "name": "consentlint",
        "semanticVersion": __version__,
        "rules": [_rule(RULES_BY_NAME[name]) for name in rules],
        "properties": {"phoneMetadata": metadata_version()},
    }
    rest = {
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(summary, options, count)],
        "tool": {"driver": driver},
    }
    yield f"\n], {json.dumps(rest)[1:]}]}}\n"


def _result(finding: Finding, index: int, path: str, fingerprint: str) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(path)}}
    if finding.line is not None:
        location["region"] = _region(finding)
    where: dict[str, Any] = {"physicalLocation": location}
    name = finding.pointer or finding.cell
    if name:
        where["logicalLocations"] = [{"fullyQualifiedName": printable(name)}]
    properties = {"field": finding.field, "item": finding.item, "reason": finding.reason}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": str(finding.severity),
        # Brackets before a parenthesis are a link.
        "message": {"text": printable(finding.message).replace("](", "] (")},
        "locations": [where],
        # Without this key, GitHub's upload would hash the line, with its number.
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
        "properties": {
            key: printable(value) if isinstance(value, str) else value
            for key, value in properties.items()
            if value is not None
        },
    }


def _region(finding: Finding) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "byteOffset": finding.offset,
    }
    if finding.offset is not None and finding.end_offset is not None:
        region["byteLength"] = finding.end_offset - finding.offset
    return {key: value for key, value in region.items() if value is not None}


def _rule(rule: Rule) -> dict[str, Any]:
    page = docs_of(rule)
    sections = [(heading, spell_out(text)) for heading, text in page.sections()]
    described = {
        "id": rule.name,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": spell_out(page.why)},
        "helpUri": rule.url,
        "help": {
            "text": "\n\n".join(f"{heading}: {text}" for heading, text in sections),
            "markdown": "\n\n".join(f"**{heading}.** {text}" for heading, text in sections),
        },
        "defaultConfiguration": {"enabled": rule.default, "level": str(rule.severity)},
    }
    if rule.reason is not None:
        described["properties"] = {"reason": rule.reason}
    return described


def _invocation(summary: Summary, options: ReportOptions, count: int) -> dict[str, Any]:
    """Return what is known of the run: whether it is complete, and what is not shown."""
    notes = [("note", verdict(summary, options.profile))]
    if summary.incomplete:
        notes.append(("warning", f"{summary.incomplete:,} files could not be checked completely."))
    if count > MAX_RESULTS or summary.hidden:
        shown = min(count, MAX_RESULTS)
        of = sum((summary.errors_by_rule + summary.warnings_by_rule).values())
        notes.append(("warning", f"Only {shown:,} of {max(of, count):,} findings are in this log."))
    return {
        "executionSuccessful": not summary.unread,
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": text}} for level, text in notes
        ],
    }
