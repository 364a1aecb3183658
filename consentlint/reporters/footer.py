"""The last lines of the formats for people: records, counts, versions."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from consentlint._version import __version__
from consentlint.fields.phone_numbers import metadata_version
from consentlint.formats import CONVERT
from consentlint.linter.engine import OTHER_VALUES
from consentlint.linter.summary import Summary
from consentlint.model.findings import Profile, Reason
from consentlint.reporters import ReportOptions
from consentlint.reporters.fixes import fix_lines
from consentlint.text.layout import paint
from consentlint.text.masking import printable
from consentlint.text.plurals import counted

if TYPE_CHECKING:
    from consentlint.linter.baseline import Baseline

_MAX_VALUES = 5
_MAX_SKIPPED = 2


def footer(summary: Summary, options: ReportOptions) -> Iterator[str]:
    """Yield the last lines of a report."""
    if summary.hidden and not options.quiet:
        more = "… and " if summary.shown else ""
        noun = "more finding" if summary.shown else "finding"
        yield f"{more}{counted(summary.hidden, noun)} not shown (--max-findings)\n"
    if options.statistics:
        yield from _statistics("Errors", summary.errors_by_rule)
        yield from _statistics("Warnings", summary.warnings_by_rule)
    if not options.quiet:
        if summary.skipped:
            yield from _skipped(summary)
        if summary.baseline is not None:
            yield from _baseline(summary.baseline)
        yield from _records(summary)
        is_success = not summary.errors
        line = verdict(summary, options.profile)
        yield paint(line, "success", options.color and is_success) + "\n"
        yield from fix_lines(summary)
        if options.hint and summary.findings:
            yield f"{options.hint}\n"


def _skipped(summary: Summary) -> Iterator[str]:
    """Yield how many files were skipped, and how to see those that the user may have meant."""
    tables = [printable(name) for name in summary.skipped_tables[:_MAX_SKIPPED]]
    more = "" if len(tables) == summary.skipped else ", …"
    names = f": {', '.join(tables)}{more}" if tables else "."
    yield f"Skipped {counted(summary.skipped, 'file')} without fields of the API{names}\n"
    if tables:
        yield f"To check a file anyway, name it. {CONVERT}\n"


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


def _statistics(label: str, by_rule: Counter[str]) -> Iterator[str]:
    """Yield how many findings of one severity each rule has."""
    if by_rule:
        yield f"{label} by rule:\n"
    for rule, count in by_count(by_rule):
        yield f"{count:>9,}  {rule}\n"


def _records(summary: Summary) -> Iterator[str]:
    """Yield how many records the API would reject, and why."""
    if summary.rejected:
        of = counted(summary.items, "record")
        yield f"The API would reject {summary.rejected:,} of {of}:\n"
    for reason, count in by_count(summary.by_reason):
        yield f"{count:>9,}  {reason}\n"
        yield from _values(reason.removeprefix("INVALID_").lower(), summary)
    if summary.unparsed:
        yield f"{summary.unparsed:>9,}  cannot be parsed\n"
    yield from reservations(summary)


def reservations(summary: Summary) -> Iterator[str]:
    """Yield what the number of rejected records does not say."""
    if summary.other_errors:
        noun = "other record" if summary.rejected else "record"
        have = "has" if summary.other_errors == 1 else "have"
        yield (
            f"{counted(summary.other_errors, noun)} {have} errors that the API may not notice: it"
            " may store something wrong.\n"
        )
    if summary.incomplete:
        files = counted(summary.incomplete, "file")
        yield f"{files} could not be checked completely: more records may be invalid.\n"


def _values(field: str, summary: Summary) -> Iterator[str]:
    """Yield how many records have the most frequent invalid values of a field."""
    values = summary.values_of(field)
    others = values.pop(OTHER_VALUES, 0)
    ordered = sorted(values.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    for value, count in ordered[:_MAX_VALUES]:
        what = "missing, or not text" if value is None else f'"{value}"'
        yield f"{'':>11}{field} {what}: {counted(count, 'record')}\n"
    rest = ordered[_MAX_VALUES:]
    if rest or others:
        number = f"more than {len(rest):,} other values" if others else ""
        number = number or counted(len(rest), "other value")
        count = others + sum(count for _, count in rest)
        yield f"{'':>11}… and {number}: {counted(count, 'record')}\n"


def verdict(summary: Summary, profile: Profile = Profile.DOCUMENTED) -> str:
    """Return the line that says how a run went."""
    found = counted(summary.errors, "error") if summary.errors else "no errors"
    if summary.warnings:
        found += f" and {counted(summary.warnings, 'warning')}"
    seen = f"{counted(summary.items, 'item')} of {counted(summary.files, 'file')}"
    versions = f"consentlint {__version__}, phone metadata {metadata_version()}"
    if profile is not Profile.DOCUMENTED:
        versions = f"profile {profile}, {versions}"
    return f"{found[0].upper()}{found[1:]} in {seen} ({versions})."


def by_count(counts: Counter[str] | Counter[Reason]) -> list[tuple[str, int]]:
    """Return counts with the largest first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
