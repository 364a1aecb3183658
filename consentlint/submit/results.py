"""Write the outcome of every item to the output files, each whole or not at all."""

import csv
import json
import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

from consentlint.fields.mask import mask_field
from consentlint.formats.write_items import write_items
from consentlint.model.items import Item
from consentlint.submit.drift import Comparison, linter_reasons
from consentlint.submit.journal import Journal
from consentlint.submit.options import EXCLUDED, ItemStatus, SubmitError, SubmitOptions
from consentlint.submit.reading import Submission
from consentlint.submit.summary import LAST
from consentlint.text.atomic_write import atomic_write
from consentlint.text.masking import shown_path
from consentlint.text.plurals import counted
from consentlint.text.spreadsheet import cell

PRIVATE = 0o600
_FIELDS = ("contact_id", "sender_id", "status")
_NUMBERS = ("line", "item", "error_code", "attempts")
_CHUNK = 5_000


def default_skipped(file: str) -> str:
    """Return where the unsent items of files go by default: next to the first one."""
    return f"{file}.skipped"


def write_outputs(
    submission: Submission, options: SubmitOptions, journal: Journal
) -> Iterator[str]:
    """Write the output files, and yield what was written.

    Raises:
        OSError: a file cannot be written. The journal contains everything, so the same command
            writes the files later.
        SubmitError: the input has changed.
    """
    yield from _write_drift(submission, options, journal)
    if options.results is not None:
        _write_results(options.results, submission, journal)
    rejected = {ItemStatus.REJECTED}
    if options.rejects is not None:
        yield _write_back(options.rejects, submission, journal, rejected, "rejected item")
    skipped = options.skipped or default_skipped(str(submission.files[0].report.name))
    if options.skipped is not None and journal.counts().keys() & EXCLUDED:
        yield _write_back(skipped, submission, journal, EXCLUDED, "unsent item")
    elif os.path.exists(skipped):
        yield (
            f"{shown_path(skipped)} is of a previous run, and no item was skipped in this one. Delete"
            " it: an opt-in that is sent again undoes a later STOP."
        )


def check_same_format(submission: Submission, options: SubmitOptions, journal: Journal) -> None:
    """Verify that items of all files can be written to one file, if any are to be.

    Raises:
        SubmitError: the files differ in their formats or columns.
    """
    is_needed = options.rejects is not None or journal.counts().keys() & EXCLUDED
    if is_needed and submission.layout is None:
        raise SubmitError(
            "The files differ in format or columns, so their items cannot be written to one file."
            " Submit them separately."
        )


def _write_results(path: str, submission: Submission, journal: Journal) -> None:
    """Write a row for every item; the suffix of the file sets the format."""
    fields = [name for name in _FIELDS if any(name in each.fields for each in submission.endpoints)]
    columns = ["file", "line", "item", "correlation_id", *fields]
    columns += ["outcome", "error_code", "reasons", "attempts"]
    rows = _rows(submission, journal)
    # What is not masked is for its owner only.
    mode = PRIVATE if submission.settings.show_values else 0o666
    file: Any
    with atomic_write(path, mode=mode, newline="") as file:
        if path.endswith(".jsonl"):
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        elif path.endswith(".csv"):
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            for row in rows:
                cells = {**row, "reasons": " ".join(row["reasons"])}
                writer.writerow({name: cell(value) for name, value in cells.items()})
        else:
            import pyarrow.parquet

            types = dict.fromkeys(columns, pyarrow.string())
            types |= dict.fromkeys(_NUMBERS, pyarrow.int64())
            types["reasons"] = pyarrow.list_(pyarrow.string())
            schema = pyarrow.schema(list(types.items()))
            with pyarrow.parquet.ParquetWriter(file.buffer, schema) as writer:
                while some := list(islice(rows, _CHUNK)):
                    writer.write_table(pyarrow.Table.from_pylist(some, schema))


def _rows(submission: Submission, journal: Journal) -> Iterator[dict[str, Any]]:
    """Yield what is known about each item; a row has only the fields of its endpoint."""

    def displayed(value: object, field: str) -> str:
        text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
        # JSON can express halves of characters, which no file can hold.
        text = text.encode(errors="backslashreplace").decode()
        return text if submission.settings.show_values else mask_field(text, field)

    for found, entry in zip(submission.read(), journal.results(), strict=True):
        names = [name for name in _FIELDS if name in found.endpoint.fields]
        fields = found.item.fields
        yield {
            "file": displayed(found.file, "file"),
            "line": found.line,
            "item": found.item.index,
            **{name: displayed(fields.get(name), name) for name in ("correlation_id", *names)},
            **entry._asdict(),
            "outcome": str(entry.outcome),
        }


def _write_back(
    path: str, submission: Submission, journal: Journal, outcomes: set[ItemStatus], noun: str
) -> str:
    """Write items in the input format, so that they can be corrected and submitted."""
    names = ", ".join(f"'{outcome}'" for outcome in outcomes)
    # Each item with the item that supersedes it, if any.
    query = (
        f"SELECT number, iif(last > number, last, NULL) AS later FROM items LEFT JOIN {LAST}"  # noqa: S608
        f" USING (pair) WHERE outcome IN ({names}) ORDER BY number"
    )
    ((count, marked),) = journal.read(f"SELECT count(*), count(later) FROM ({query})")  # noqa: S608

    def items() -> Iterator[tuple[Item, str]]:
        pairs = journal.read(query)
        while some := list(islice(pairs, _CHUNK)):
            later = sorted({last for _, last in some if last is not None})
            ids = {item.number: item.correlation_id for item in submission.read(later)}
            found = submission.read([number for number, _ in some])
            for (_, last), each in zip(some, found, strict=True):
                yield each.item, ids.get(last, "")

    assert submission.layout is not None
    format_name, header = submission.layout
    # newline="": line ends are those of the input.
    with atomic_write(path, mode=PRIVATE, newline="") as file:
        write_items(file, format_name, items(), header, has_marks=marked > 0)
    marks = f" ({marked:,} marked as superseded by a later item)" if marked else ""
    return f"Wrote {counted(count, noun)} to {shown_path(path)}{marks}."


def _write_drift(submission: Submission, options: SubmitOptions, journal: Journal) -> Iterator[str]:
    """Write the items about which API and linter disagree, in this run or an earlier one."""
    counts = journal.counts()
    if not counts[ItemStatus.REJECTED] and not (options.skip_lint and counts[ItemStatus.STORED]):
        return
    settings = submission.settings
    comparison = Comparison()
    for found, entry in zip(submission.read(), journal.results(), strict=True):
        is_stored = entry.outcome is ItemStatus.STORED
        if entry.outcome is ItemStatus.REJECTED or (is_stored and found.is_invalid):
            fields, endpoint = found.item.fields, found.endpoint
            (linter,) = linter_reasons([fields], endpoint, settings.profile, settings.now)
            comparison.add(fields, endpoint, linter, entry.reasons, entry.error_code)
    if comparison.total:
        with atomic_write(options.drift) as file:
            file.write(comparison.render(settings.profile))
        yield (
            f"Drift: API and linter disagree about {counted(comparison.total, 'item')}. Report"
            f" this, and attach {shown_path(options.drift)} (values are masked)."
        )


def check_writable(path: str) -> None:
    """Verify, before anything is sent, that a file can be written at the end.

    Raises:
        SubmitError: it cannot.
    """
    folder = os.path.dirname(os.path.realpath(path))
    reason = ""
    if os.path.exists(path) and not os.path.isfile(path):
        # A device must not be replaced by a file.
        reason = "not a regular file"
    elif not os.path.isdir(folder):
        reason = "its folder does not exist"
    elif not os.access(folder, os.W_OK):
        reason = "its folder is not writable"
    if reason:
        raise SubmitError(f"Cannot write {shown_path(path)}: {reason}.")
