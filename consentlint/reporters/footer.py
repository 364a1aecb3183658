"""The last lines of the formats for people: counts and versions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from consentlint._version import __version__
from consentlint.fields.phone_numbers import metadata_version
from consentlint.linter.summary import Summary
from consentlint.reporters import ReportOptions
from consentlint.text.layout import paint
from consentlint.text.masking import printable
from consentlint.text.plurals import counted

if TYPE_CHECKING:
    from consentlint.linter.baseline import Baseline


def footer(summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield the last lines of a report."""
    hidden = summary.findings - summary.shown
    if hidden and not options.quiet:
        yield f"… and {counted(hidden, 'more finding')} not shown (--max-findings)\n"
    if options.statistics:
        for rule, count in sorted(summary.by_rule.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"{count:>9,}  {rule}\n"
    if not options.quiet:
        if summary.skipped:
            yield f"Skipped {counted(summary.skipped, 'file')} without fields of the API.\n"
        if summary.baseline is not None:
            yield from _baseline(summary.baseline)
        is_success = not summary.errors
        yield paint(verdict(summary), "success", options.color and is_success) + "\n"


def _baseline(baseline: "Baseline") -> Iterator[str]:
    """Yield what a baseline hides, and where it does not hide enough, or too much."""
    for file, rule, found, allowed in baseline.exceeded:
        more = f"{counted(found, 'finding')} of {rule}, but the baseline allows {allowed:,}"
        yield f"{printable(file)}: {more}.\n"
    if baseline.hidden:
        yield f"The baseline hides {counted(baseline.hidden, 'finding')}.\n"
    if baseline.unused:
        yield (
            f"The baseline allows {counted(baseline.unused, 'finding')} that no longer exist."
            " To tighten it, pass --update-baseline.\n"
        )


def verdict(summary: Summary) -> str:
    """Return the line that says how a run went."""
    found = counted(summary.errors, "error") if summary.errors else "no errors"
    if summary.warnings:
        found += f" and {counted(summary.warnings, 'warning')}"
    seen = f"{counted(summary.items, 'item')} of {counted(summary.files, 'file')}"
    versions = f"consentlint {__version__}, phone metadata {metadata_version()}"
    return f"{found[0].upper()}{found[1:]} in {seen} ({versions})."
