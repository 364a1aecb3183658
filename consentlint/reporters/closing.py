"""What the formats for people say at their end: what was counted, and by which versions."""

from collections.abc import Iterator

from consentlint._version import __version__
from consentlint.fields.phone_numbers import metadata_version
from consentlint.linter.summary import Summary
from consentlint.reporters import Style


def closing(summary: Summary, style: Style) -> Iterator[str]:
    """Yield the lines that close a report."""
    hidden = summary.findings - summary.shown
    if hidden and not style.quiet:
        yield f"… and {counted(hidden, 'more finding')} not shown (--max-findings)\n"
    if style.statistics:
        for rule, count in sorted(summary.by_rule.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"{count:>9,}  {rule}\n"
    if not style.quiet:
        yield verdict(summary) + "\n"


def verdict(summary: Summary) -> str:
    """Return the one line that says how a run went."""
    found = counted(summary.errors, "error") if summary.errors else "no errors"
    if summary.warnings:
        found += f" and {counted(summary.warnings, 'warning')}"
    seen = f"{counted(summary.items, 'item')} of {counted(summary.files, 'file')}"
    versions = f"consentlint {__version__}, phone metadata {metadata_version()}"
    return f"{found[0].upper()}{found[1:]} in {seen} ({versions})."


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it must be."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
