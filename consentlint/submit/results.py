"""Report the outcome of every item: output files, and a summary."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from consentlint.fields.mask import mask_field
from consentlint.formats.write_items import write_items
from consentlint.model.items import Item
from consentlint.submit import drift
from consentlint.submit.journal_record import JournalEntry, JournalRecord
from consentlint.submit.options import ItemStatus, SubmitError, SubmitOptions
from consentlint.submit.outputs import PRIVATE, cannot_write, shown_path, write_file
from consentlint.submit.submission import NumberedItem, Submission
from consentlint.text.atomic_write import atomic_write_bytes
from consentlint.text.plurals import counted

_LOCATION = ("file", "line", "item", "correlation_id")
_RESULT = ("outcome", "error_code", "reasons", "attempts")
_ITEM_FIELDS = ("contact_id", "sender_id", "status")
_CHUNK = 5_000
SUFFIXES = (".csv", ".jsonl", ".parquet")
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
        rows = _rows(submission, journal, show_values=options.show_values)
        mode = PRIVATE if options.show_values else 0o666
        if options.results.endswith(".parquet"):
            _write_parquet(options.results, _columns(submission), rows, mode)
        else:
            texts = _render(_columns(submission), rows, options.results)
            write_file(options.results, texts, mode=mode)
    for path, outcomes, noun in (
        (options.rejects, (ItemStatus.REJECTED,), "rejected item"),
        (options.skipped, EXCLUDED, "unsent item"),
    ):
        if path is not None:
            _write_back(path, submission, journal, outcomes, noun, print_line)


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


def _columns(submission: Submission) -> list[str]:
    fields = [
        name
        for name in _ITEM_FIELDS
        if any(name in endpoint.fields for endpoint in submission.endpoints)
    ]
    return [*_LOCATION, *fields, *_RESULT]


def _rows(
    submission: Submission, journal: JournalRecord, *, show_values: bool
) -> Iterator[dict[str, Any]]:
    """Yield what is known about each item; a row has only the fields of its endpoint."""
    for found, entry in zip(submission.items(), journal.entries(), strict=True):
        fields = found.item.fields
        assert found.item.source is not None
        shown = {
            name: _for_display(fields.get(name), name, show_values=show_values)
            for name in ("correlation_id", *_ITEM_FIELDS)
            if name in found.endpoint.fields
        }
        yield {
            "file": _for_display(found.file, "file", show_values=show_values),
            "line": found.item.source.location.line,
            "item": found.item.index,
            **shown,
            **entry._asdict(),
            "outcome": str(entry.outcome),
        }


def _render(columns: Sequence[str], rows: Iterator[dict[str, Any]], path: str) -> Iterator[str]:
    if path.endswith(".jsonl"):
        for row in rows:
            ordered = {name: row[name] for name in columns if name in row}
            yield json.dumps(ordered, ensure_ascii=False) + "\n"
        return
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "reasons": " ".join(row["reasons"])})
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _write_parquet(
    path: str, columns: Sequence[str], rows: Iterator[dict[str, Any]], mode: int
) -> None:
    pyarrow = import_pyarrow()
    types = {name: pyarrow.string() for name in columns}
    types |= dict.fromkeys(("line", "item", "error_code", "attempts"), pyarrow.int64())
    types["reasons"] = pyarrow.list_(pyarrow.string())
    schema = pyarrow.schema(list(types.items()))
    try:
        with (
            atomic_write_bytes(path, mode=mode) as file,
            pyarrow.parquet.ParquetWriter(file, schema) as writer,
        ):
            while some := list(islice(rows, _CHUNK)):
                writer.write_table(pyarrow.Table.from_pylist(some, schema))
    except OSError as error:
        raise cannot_write(path, error) from None


def _for_display(value: object, field: str, *, show_values: bool) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    # JSON can express halves of characters, which no file can hold.
    text = text.encode(errors="backslashreplace").decode()
    return text if show_values else mask_field(text, field)


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
    texts = write_items(format_name, items(), header, has_marks=marked > 0)
    write_file(path, texts, mode=PRIVATE)
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
    answered = _answered(submission, journal, skip_lint=options.skip_lint)
    found = drift.find_cases(answered, options.profile, options.now)
    if found.total:
        write_file(options.drift, [drift.render_cases(found.cases, options.profile)])
        print_line(
            f"Drift: API and linter disagree about {counted(found.total, 'item')}. Report"
            f" this, and attach {shown_path(options.drift)} (values are masked)."
        )


def _answered(
    submission: Submission, journal: JournalRecord, *, skip_lint: bool
) -> Iterator[tuple[NumberedItem, JournalEntry]]:
    """Yield the items about which API and linter may disagree, with what the API answered."""
    counts = journal.counts()
    if not counts[ItemStatus.REJECTED] and not (skip_lint and counts[ItemStatus.STORED]):
        return
    for found, entry in zip(submission.items(), journal.entries(), strict=True):
        is_stored = entry.outcome is ItemStatus.STORED
        if entry.outcome is ItemStatus.REJECTED or (is_stored and found.is_invalid):
            yield found, entry
