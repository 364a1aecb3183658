"""A summary in Markdown, for the summary of a CI job or for a ticket."""

from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding, Severity
from consentlint.reporters import ReportOptions
from consentlint.reporters.concise import location_text
from consentlint.reporters.fixes import fix_lines
from consentlint.reporters.footer import by_count, reservations, verdict
from consentlint.reporters.markdown_text import code, inline
from consentlint.rules import RULES_BY_NAME
from consentlint.rules.docs import docs_of
from consentlint.text.plurals import counted

_EXAMPLES = 3


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield the counts, the findings by rule, and the first ones of each rule."""
    examples: dict[str, list[Finding]] = {}
    for finding in findings:
        found = examples.setdefault(finding.rule, [])
        if len(found) < _EXAMPLES:
            found.append(finding)
        yield ""
    yield f"## consentlint: {_outcome(summary)}\n"
    yield from _records(summary)
    yield from _rules(summary)
    yield from _examples(examples)
    # What was fixed one by one belongs into a log.
    *_, fixes = ["", *fix_lines(summary)]
    yield f"\n{inline(fixes.rstrip())}\n" if fixes else ""
    yield f"\n{verdict(summary, options.profile)}\n"


def _outcome(summary: Summary) -> str:
    if not summary.findings:
        return "no errors"
    counts = [
        counted(count, noun)
        for count, noun in ((summary.errors, "error"), (summary.warnings, "warning"))
        if count
    ]
    return " and ".join(counts)


def _records(summary: Summary) -> Iterator[str]:
    """Yield how many records the API would reject, and why."""
    of = counted(summary.items, "record")
    yield f"\nThe API would reject **{summary.rejected:,}** of {of}.\n"
    if summary.rejected:
        yield "\n| why | records |\n|---|---:|\n"
    for reason, count in by_count(summary.by_reason):
        yield f"| `{reason}` | {count:,} |\n"
    if summary.unparsed:
        yield f"| cannot be parsed | {summary.unparsed:,} |\n"
    for line in reservations(summary):
        yield f"\n{line}"


def _rules(summary: Summary) -> Iterator[str]:
    """Yield a table of the rules with findings."""
    if not summary.findings:
        return
    yield "\n| rule | severity | findings | what it reports |\n|---|---|---:|---|\n"
    counts = (
        (Severity.ERROR, summary.errors_by_rule),
        (Severity.WARNING, summary.warnings_by_rule),
    )
    for severity, by_rule in counts:
        for name, count in by_count(by_rule):
            rule = RULES_BY_NAME[name]
            link = f"[`{name}`]({rule.url})"
            yield f"| {link} | {severity} | {count:,} | {docs_of(rule).summary} |\n"


def _examples(examples: dict[str, list[Finding]]) -> Iterator[str]:
    """Yield the first findings of each rule."""
    if examples:
        yield "\n### Examples\n"
    for rule, found in examples.items():
        yield f"\n`{rule}`:\n\n"
        for finding in found:
            yield f"- {code(location_text(finding))}: {inline(finding.message)}\n"
