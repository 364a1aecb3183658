"""Annotations of GitHub Actions: workflow commands, and what the log shows after them.

GitHub shows ten errors and ten warnings of a step. So a rule has one annotation, with its count, and
only what is left of the ten is for further findings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding, Severity
from consentlint.reporters import ReportOptions
from consentlint.reporters.concise import location_text
from consentlint.reporters.footer import footer
from consentlint.reporters.log_text import inert
from consentlint.reporters.paths import path_in
from consentlint.text.masking import printable

_SHOWN = 10


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield a command for each rule, and for some more findings, then the footer."""
    # By severity: a rule may report both errors and warnings.
    firsts: dict[tuple[Severity, str], Finding] = {}
    others: dict[Severity, list[Finding]] = {severity: [] for severity in Severity}
    for finding in findings:
        first = firsts.setdefault((finding.severity, finding.rule), finding)
        if first is not finding and len(others[finding.severity]) < _SHOWN:
            others[finding.severity].append(finding)
        yield ""
    counts = {Severity.ERROR: summary.errors_by_rule, Severity.WARNING: summary.warnings_by_rule}
    for severity, count in counts.items():
        yield from _commands(firsts, others[severity], severity, count, options)
    yield from map(inert, footer(summary, options._replace(color=False)))


def _commands(
    firsts: dict[tuple[Severity, str], Finding],
    others: list[Finding],
    severity: Severity,
    counts: Counter[str],
    options: ReportOptions,
) -> Iterator[str]:
    """Yield the commands for the findings of a severity, the most frequent rules first."""
    rules = [finding for (which, _), finding in firsts.items() if which is severity]
    rules.sort(key=lambda finding: (-counts[finding.rule], finding.rule))
    left = max(0, _SHOWN - len(rules))
    for finding, count in chain(
        ((finding, counts[finding.rule]) for finding in rules),
        ((finding, 1) for finding in others[:left]),
    ):
        yield _command(finding, count, options)


def _command(finding: Finding, count: int, options: ReportOptions) -> str:
    """Return the command for a finding, and for how many more there are of its rule."""
    path = path_in(options.root, finding.file)
    title = finding.reason or finding.rule
    # The log shows nothing but the text of a command, so it names the location, too.
    text = f"{location_text(finding)}: {finding.message}"
    if count > 1:
        title = f"{count:,} × {title}"
        text = f"{count:,} findings of {finding.rule}, the first: {text}"
    elif finding.reason:
        text += f" [{finding.rule}]"
    properties = {"title": title, "file": path, "line": finding.line, "endLine": finding.end_line}
    if finding.line == finding.end_line:
        properties |= {"col": finding.column, "endColumn": finding.end_column}
    listed = ",".join(
        f"{name}={_property(str(value))}" for name, value in properties.items() if value
    )
    return f"::{finding.severity} {listed}::{_data(text)}\n"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("##[", "# #[")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
