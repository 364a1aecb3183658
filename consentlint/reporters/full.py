"""Each finding with its line of the file, why and what to do, for a person at a terminal."""

from collections.abc import Iterable, Iterator

from consentlint.linter.summary import Summary
from consentlint.model.findings import Excerpt, Finding
from consentlint.reporters import ReportOptions
from consentlint.reporters.concise import location_text, more_text
from consentlint.reporters.footer import footer
from consentlint.reporters.log_text import inert
from consentlint.rules import RULES_BY_NAME
from consentlint.rules.docs import docs_of
from consentlint.text.layout import PROSE_WIDTH, columns, crop, fill, fill_message, paint
from consentlint.text.masking import printable

_MARGIN = "  | "


def report(findings: Iterable[Finding], summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield each finding with its line; why and what to do once for each rule."""
    explained: set[str] = set()
    for finding in findings:
        text = _heading(finding, options)
        if finding.excerpt is not None:
            text += _excerpt(finding.excerpt, finding.severity, options)
        text += _paragraph(printable(finding.message), options)
        if finding.more is not None:
            text += _paragraph(more_text(finding.more), options)
        if finding.rule not in explained:
            explained.add(finding.rule)
            page = docs_of(RULES_BY_NAME[finding.rule])
            text += _paragraph(f"Why: {page.why}", options)
            text += _paragraph(f"What to do: {page.what_to_do}", options)
        yield inert(text) + "\n"
    for line in map(inert, footer(summary, options)):
        yield fill_message(line.removesuffix("\n"), options.width) + "\n"


def _heading(finding: Finding, options: ReportOptions) -> str:
    severity = paint(finding.severity, finding.severity, options.color)
    code = paint(finding.reason or finding.rule, "strong", options.color)
    rule = f" [{finding.rule}]" if finding.reason else ""
    location, rest = f"{location_text(finding)}:", f"{severity} {code}{rule}"
    if columns(f"{location} {rest}") <= options.width:
        return f"{location} {rest}\n"
    # A location is never broken: a click on it opens the file.
    return f"{location}\n{fill(rest, options.width, '  ')}\n"


def _excerpt(excerpt: Excerpt, severity: str, options: ReportOptions) -> str:
    text, start, length = crop(*excerpt, options.width - len(_MARGIN))
    carets = "^" * max(1, columns(text[start : start + length]))
    carets = " " * columns(text[:start]) + paint(carets, severity, options.color)
    return f"{_MARGIN}{text}\n{_MARGIN}{carets}\n"


def _paragraph(text: str, options: ReportOptions) -> str:
    return fill_message(text, min(options.width, PROSE_WIDTH), "  ") + "\n"
