"""Report the outcome of every item: output files, and a summary."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from consentlint.fields.mask import mask_field
from consentlint.submit import drift
from consentlint.submit.journal import Journal, JournalEntry
from consentlint.submit.options import SubmitOptions
from consentlint.submit.responses import FINAL, ItemStatus
from consentlint.submit.submission import Exclusions, Submission
from consentlint.submit.write_back import PRIVATE, render_items, write_file
from consentlint.text.masking import mask, printable
from consentlint.text.plurals import counted

_LOCATION = ("file", "line", "item", "correlation_id")
_RESULT = ("outcome", "error_code", "reasons", "attempts")
_ITEM_FIELDS = ("contact_id", "sender_id", "status")
SUFFIXES = (".jsonl", ".csv")
_LABELS = {
    ItemStatus.STORED: "stored",
    ItemStatus.REJECTED: "rejected",
    ItemStatus.FAILED: "failed after the last attempt",
    ItemStatus.UNKNOWN: "sent, result unknown",
    ItemStatus.NOT_STORED: "not stored (the API did not process the request)",
    ItemStatus.NOT_SENT: "not sent",
    ItemStatus.SKIPPED: "skipped (invalid)",
    ItemStatus.HELD_BACK: "held back (an invalid item may concern the same contact and sender)",
    ItemStatus.SUPERSEDED: "not sent (marked as superseded)",
}


class SubmitReport(NamedTuple):
    """What is known about every item, from this run and earlier ones."""

    submission: Submission
    exclusions: Exclusions
    entries: Mapping[int, JournalEntry]

    def outcomes(self) -> Iterator[tuple[int, ItemStatus]]:
        """Yield the number and the outcome of each item, in order."""
        for number in range(len(self.submission.locations)):
            yield number, self.outcome_of(number)

    def outcome_of(self, number: int) -> ItemStatus:
        """Return the outcome of an item."""
        entry = self.entries.get(number)
        if entry is not None:
            unknown = ItemStatus.UNKNOWN if entry.may_be_stored else ItemStatus.NOT_STORED
            return entry.outcome or unknown
        if number in self.submission.superseded:
            return ItemStatus.SUPERSEDED
        if number in self.exclusions.invalid:
            return ItemStatus.SKIPPED
        is_held_back = number in self.exclusions.held_back
        return ItemStatus.HELD_BACK if is_held_back else ItemStatus.NOT_SENT

    def rejected(self) -> dict[int, str]:
        """Return the rejected items, each with the id of the item that supersedes it, or ''."""
        outcomes = dict(self.outcomes())
        rejected = frozenset(
            number for number, outcome in outcomes.items() if outcome is ItemStatus.REJECTED
        )
        never_stored = (
            ItemStatus.REJECTED,
            ItemStatus.SKIPPED,
            ItemStatus.HELD_BACK,
            ItemStatus.SUPERSEDED,
        )
        later = frozenset(n for n, outcome in outcomes.items() if outcome not in never_stored)
        return {
            **dict.fromkeys(sorted(rejected), ""),
            **self.submission.superseded_by(rejected, later),
        }


def write_report(
    report: SubmitReport,
    options: SubmitOptions,
    journal: Journal,
    print_line: Callable[[str], None],
) -> None:
    """Write the output files, and print the summary.

    Raises:
        OutputError, InputError: a file cannot be written, or the input has changed. The
            journal contains everything, so the same command writes the files later.
    """
    submission = report.submission
    for text in summary(report):
        print_line(text)
    cases = _drift_cases(report, options)
    if cases:
        text = drift.render_cases(cases, submission.endpoint, options.profile)
        write_file(options.drift, [text])
        print_line(
            f"Drift: API and linter disagree about {counted(len(cases), 'item')}. Report"
            f" this, and attach {printable(options.drift)} (values are masked)."
        )
    if any(entry.outcome is ItemStatus.FAILED for entry in report.entries.values()):
        ids = journal.ids_for_support()
        if ids:
            print_line(
                f"To report this to Twilio Support (error {submission.endpoint.error_code}), send"
                f" these correlation ids within 24 hours: {', '.join(ids)}"
            )
    if options.results is not None:
        suffix = options.results[options.results.rindex(".") :]
        rows = render_results(report, suffix, show_values=options.show_values)
        mode = PRIVATE if options.show_values else 0o666
        write_file(options.results, rows, mode=mode)
    if options.rejects is not None:
        rejected = report.rejected()
        submission.check_unchanged()
        write_file(options.rejects, render_items(submission, rejected), mode=PRIVATE)
        marked = sum(1 for mark in rejected.values() if mark)
        text = f"Wrote {counted(len(rejected), 'rejected item')} to {printable(options.rejects)}"
        if marked:
            text += f" ({marked:,} marked as superseded by a later item)"
        print_line(f"{text}.")


def render_results(report: SubmitReport, suffix: str, *, show_values: bool) -> Iterator[str]:
    """Yield the text of a file with a row for every item.

    Args:
        report: what is known about them.
        suffix: one of `SUFFIXES`.
        show_values: whether phone numbers are shown unmasked.
    """
    submission = report.submission
    item_fields = [name for name in _ITEM_FIELDS if name in submission.endpoint.fields]
    columns = (*_LOCATION, *item_fields, *_RESULT)
    if suffix == ".csv":
        yield _csv_line(columns)
    items = {item.number: item for item in submission.items}
    for number, outcome in report.outcomes():
        item = items.get(number)
        fields = json.loads(item.text) if item else {}
        correlation_id = item.correlation_id if item else submission.superseded[number]
        entry = report.entries.get(number, JournalEntry(None, 0, (), 0))
        location = submission.locations[number]
        shown_id = correlation_id if show_values else mask(correlation_id)
        shown_fields = [
            _for_display(fields.get(name), name, show_values=show_values) for name in item_fields
        ]
        start = (*location, shown_id, *shown_fields, str(outcome), entry.error_code)
        if suffix == ".csv":
            yield _csv_line([*start, " ".join(entry.reasons), entry.attempts])
        else:
            row = dict(zip(columns, (*start, entry.reasons, entry.attempts), strict=True))
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _for_display(value: object, field: str, *, show_values: bool) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    return text if show_values else mask_field(text, field)


def _csv_line(cells: Sequence[object]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def summary(report: SubmitReport) -> Iterator[str]:
    """Yield the lines of the summary."""
    counts = Counter(outcome for _, outcome in report.outcomes())
    parts = [f"{counts[outcome]:,} {_LABELS[outcome]}" for outcome in ItemStatus if counts[outcome]]
    yield f"{counted(sum(counts.values()), 'item')}: {', '.join(parts) or 'none'}."
    reasons = Counter(
        reason
        for entry in report.entries.values()
        if entry.outcome is ItemStatus.REJECTED
        for reason in entry.reasons or (f"error {entry.error_code}",)
    )
    for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {count:,} x {printable(reason)}"
    opt_outs = _count_missing_opt_outs(report)
    if opt_outs == 1:
        yield (
            "1 opt-out is not stored yet. Until it is, a person who sent STOP may still get"
            " messages."
        )
    elif opt_outs:
        yield (
            f"{opt_outs:,} opt-outs are not stored yet. Until they are, people who sent STOP may"
            " still get messages."
        )


def _count_missing_opt_outs(report: SubmitReport) -> int:
    """Return how many opt-outs are neither stored nor superseded."""
    rejected = report.rejected()
    return sum(
        1
        for item in report.submission.items
        if report.outcome_of(item.number) is not ItemStatus.STORED
        and not rejected.get(item.number)
        and json.loads(item.text).get("status") == "opt-out"
    )


def _drift_cases(report: SubmitReport, options: SubmitOptions) -> list[drift.Case]:
    """Return the items about which API and linter disagree, in this run or an earlier one."""
    cases = []
    endpoint = report.submission.endpoint
    for item in report.submission.items:
        entry = report.entries.get(item.number)
        if entry is None or entry.outcome not in FINAL:
            continue
        if entry.outcome is ItemStatus.STORED and not options.skip_lint:
            continue
        fields = json.loads(item.text)
        reasons = next(drift.linter_reasons([fields], endpoint, options.profile, options.now))
        case = drift.compare(fields, reasons, entry.error_code, entry.reasons)
        if case is not None:
            cases.append(case)
    return cases
