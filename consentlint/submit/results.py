"""Report the outcome of every item: output files, and a summary."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from consentlint.fields.mask import mask_field
from consentlint.formats.write_items import write_items
from consentlint.model.items import Item
from consentlint.submit import drift
from consentlint.submit.journal_record import JournalRecord
from consentlint.submit.options import ItemStatus, SubmitError, SubmitOptions
from consentlint.submit.outputs import PRIVATE, open_output, shown_path, write_file
from consentlint.submit.submission import Submission
from consentlint.text.plurals import counted

_ID = "correlation_id"
_LOCATION = ("file", "line", "item", _ID)
_RESULT = ("outcome", "error_code", "reasons", "attempts")
_ITEM_FIELDS = ("contact_id", "sender_id", "status")
_CHUNK = 5_000
EXCLUDED = (ItemStatus.SKIPPED, ItemStatus.HELD_BACK)


def write_outputs(
    submission: Submission,
    options: SubmitOptions,
    journal: JournalRecord,
    print_line: Callable[[str], None],
) -> None:
    """Write the output files.

    Raises:
        SubmitError: a file cannot be written, or the input has changed. The
            journal contains everything, so the same command writes the files later.
    """
    _write_drift(submission, options, journal, print_line)
    if options.results is not None:
        _write_results(options.results, submission, journal, show_values=options.show_values)
    for path, outcomes, noun in (
        (options.rejects, (ItemStatus.REJECTED,), "rejected item"),
        (options.skipped, EXCLUDED, "unsent item"),
    ):
        if path is not None:
            _write_back(path, submission, journal, outcomes, noun, print_line)


def check_same_format(
    submission: Submission, options: SubmitOptions, journal: JournalRecord
) -> None:
    """Verify that items of all files can be written to one file, if any are to be.

    Raises:
        SubmitError: the files differ in their formats or columns.
    """
    counts = journal.counts()
    if options.rejects is None and not any(counts[outcome] for outcome in EXCLUDED):
        return
    headers = {header.source.text.rstrip("\r\n") for header in submission.headers}
    if len(submission.formats) > 1 or len(headers) > 1:
        raise SubmitError(
            "The files differ in format or columns, so their items cannot be written to one file."
            " Submit them separately."
        )


def import_pyarrow() -> Any:
    """Return the library that writes Parquet files.

    Raises:
        SubmitError: it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise SubmitError(
            'pyarrow is not installed, and Parquet files require it. Run "pip install pyarrow", or'
            " choose a file name that ends in .csv or .jsonl."
        ) from None
    return pyarrow


def _write_results(
    path: str, submission: Submission, journal: JournalRecord, *, show_values: bool
) -> None:
    """Write a row for every item; its suffix sets the format."""
    endpoints = submission.endpoints
    fields = [name for name in _ITEM_FIELDS if any(name in each.fields for each in endpoints)]
    columns = [*_LOCATION, *fields, *_RESULT]
    rows = _rows(submission, journal, show_values=show_values)
    mode = PRIVATE if show_values else 0o666
    if path.endswith(".parquet"):
        _write_parquet(path, columns, rows, mode)
        return
    with open_output(path, mode) as file:
        if path.endswith(".jsonl"):
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        else:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "reasons": " ".join(row["reasons"])} for row in rows)


def _rows(
    submission: Submission, journal: JournalRecord, *, show_values: bool
) -> Iterator[dict[str, Any]]:
    """Yield what is known about each item; a row has only the fields of its endpoint."""

    def displayed(value: object, field: str) -> str:
        text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
        # JSON can express halves of characters, which no file can hold.
        text = text.encode(errors="backslashreplace").decode()
        return text if show_values else mask_field(text, field)

    for found, entry in zip(submission.items(), journal.entries(), strict=True):
        names = [name for name in _ITEM_FIELDS if name in found.endpoint.fields]
        yield {
            "file": displayed(found.file, "file"),
            "line": found.line,
            "item": found.item.index,
            **{name: displayed(found.item.fields.get(name), name) for name in (_ID, *names)},
            **entry._asdict(),
            "outcome": str(entry.outcome),
        }


def _write_parquet(
    path: str, columns: Sequence[str], rows: Iterator[dict[str, Any]], mode: int
) -> None:
    pyarrow = import_pyarrow()
    file: Any
    types = {name: pyarrow.string() for name in columns}
    types |= dict.fromkeys(("line", "item", "error_code", "attempts"), pyarrow.int64())
    types["reasons"] = pyarrow.list_(pyarrow.string())
    schema = pyarrow.schema(list(types.items()))
    with (
        open_output(path, mode) as file,
        pyarrow.parquet.ParquetWriter(file.buffer, schema) as writer,
    ):
        while some := list(islice(rows, _CHUNK)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema))


def _write_back(  # noqa: PLR0913 - all are needed
    path: str,
    submission: Submission,
    journal: JournalRecord,
    outcomes: Sequence[ItemStatus],
    noun: str,
    print_line: Callable[[str], None],
) -> None:
    """Write items in the input format, so that they can be corrected and submitted."""
    count = marked = 0
    for _, last in journal.unsent(*outcomes):
        count += 1
        marked += last is not None
    if not count and noun == "unsent item":
        return

    def items() -> Iterator[tuple[Item, str]]:
        pairs = journal.unsent(*outcomes)
        while some := list(islice(pairs, _CHUNK)):
            later = sorted({last for _, last in some if last is not None})
            ids = {item.number: item.correlation_id for item in submission.read(later)}
            found = submission.numbered([number for number, _ in some])
            for (_, last), each in zip(some, found, strict=True):
                yield each.item, ids.get(last, "") if last is not None else ""

    header = next(iter(submission.headers), None)
    (format_name,) = submission.formats
    with open_output(path, PRIVATE) as file:
        write_items(file, format_name, items(), header, has_marks=marked > 0)
    text = f"Wrote {counted(count, noun)} to {shown_path(path)}"
    if marked:
        text += f" ({marked:,} marked as superseded by a later item)"
    print_line(f"{text}.")


def _write_drift(
    submission: Submission,
    options: SubmitOptions,
    journal: JournalRecord,
    print_line: Callable[[str], None],
) -> None:
    """Write the items about which API and linter disagree, in this run or an earlier one."""
    found = drift.find_cases(_answers(submission, journal, options))
    if found.total:
        write_file(options.drift, [drift.render_cases(found.cases, options.profile)])
        print_line(
            f"Drift: API and linter disagree about {counted(found.total, 'item')}. Report"
            f" this, and attach {shown_path(options.drift)} (values are masked)."
        )


def _answers(
    submission: Submission, journal: JournalRecord, options: SubmitOptions
) -> Iterator[drift.Answer]:
    """Yield what the API answered about the items about which the linter may disagree."""
    counts = journal.counts()
    if not counts[ItemStatus.REJECTED] and not (options.skip_lint and counts[ItemStatus.STORED]):
        return
    for found, entry in zip(submission.items(), journal.entries(), strict=True):
        is_stored = entry.outcome is ItemStatus.STORED
        if entry.outcome is ItemStatus.REJECTED or (is_stored and found.is_invalid):
            fields, endpoint = found.item.fields, found.endpoint
            (reasons,) = drift.linter_reasons([fields], endpoint, options.profile, options.now)
            yield drift.Answer(fields, endpoint, reasons, entry.reasons, entry.error_code)
