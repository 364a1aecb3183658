"""The last lines of the formats for people: counts and versions."""

from collections.abc import Iterator

from consentlint._version import __version__
from consentlint.fields.phone_numbers import metadata_version
from consentlint.linter.summary import Summary
from consentlint.reporters import ReportOptions
from consentlint.reporters.fixes import fix_lines
from consentlint.text.plurals import counted


def footer(summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield the last lines of a report."""
    hidden = summary.findings - summary.shown
    if hidden and not options.quiet:
        yield f"… and {counted(hidden, 'more finding')} not shown (--max-findings)\n"
    if options.statistics:
        for rule, count in sorted(summary.by_rule.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"{count:>9,}  {rule}\n"
    if not options.quiet:
        yield verdict(summary) + "\n"
        yield from fix_lines(summary)


def verdict(summary: Summary) -> str:
    """Return the line that says how a run went."""
    found = counted(summary.errors, "error") if summary.errors else "no errors"
    if summary.warnings:
        found += f" and {counted(summary.warnings, 'warning')}"
    seen = f"{counted(summary.items, 'item')} of {counted(summary.files, 'file')}"
    versions = f"consentlint {__version__}, phone metadata {metadata_version()}"
    return f"{found[0].upper()}{found[1:]} in {seen} ({versions})."
