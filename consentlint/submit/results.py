"""Write the outcome of every item to the output files."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from consentlint.fields.mask import mask_field
from consentlint.formats.write_items import write_items
from consentlint.model.items import Item
from consentlint.submit.drift import Comparison, linter_reasons
from consentlint.submit.journal import Journal
from consentlint.submit.options import EXCLUDED, ItemStatus, SubmitError, SubmitOptions
from consentlint.submit.outputs import PRIVATE, open_output, shown_path
from consentlint.submit.reading import Submission
from consentlint.submit.summary import LAST
from consentlint.text.plurals import counted

_FIELDS = ("contact_id", "sender_id", "status")
_NUMBERS = ("line", "item", "error_code", "attempts")
_CHUNK = 5_000

Print = Callable[[str], None]


def write_outputs(
    submission: Submission, options: SubmitOptions, journal: Journal, print_line: Print
) -> None:
    """Write the output files.

    Raises:
        SubmitError: a file cannot be written, or the input has changed. The
            journal contains everything, so the same command writes the files later.
    """
    _write_drift(submission, options, journal, print_line)
    if options.results is not None:
        _write_results(options.results, submission, journal, show_values=options.show_values)
    if options.rejects is not None:
        count, marked = _write_back(options.rejects, submission, journal, [ItemStatus.REJECTED])
        print_line(_describe_file(options.rejects, count, "rejected item", marked))
    counts = journal.counts()
    if options.skipped is not None and any(counts[outcome] for outcome in EXCLUDED):
        count, marked = _write_back(options.skipped, submission, journal, EXCLUDED)
        print_line(_describe_file(options.skipped, count, "unsent item", marked))


def check_same_format(submission: Submission, options: SubmitOptions, journal: Journal) -> None:
    """Verify that items of all files can be written to one file, if any are to be.

    Raises:
        SubmitError: the files differ in their formats or columns.
    """
    counts = journal.counts()
    is_needed = options.rejects is not None or any(counts[outcome] for outcome in EXCLUDED)
    if is_needed and submission.layout is None:
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
    path: str, submission: Submission, journal: Journal, *, show_values: bool
) -> None:
    """Write a row for every item; the suffix of the file sets the format."""
    fields = [name for name in _FIELDS if any(name in each.fields for each in submission.endpoints)]
    columns = ["file", "line", "item", "correlation_id", *fields]
    columns += ["outcome", "error_code", "reasons", "attempts"]
    rows = _rows(submission, journal, show_values=show_values)
    file: Any
    with open_output(path, PRIVATE if show_values else 0o666) as file:
        if path.endswith(".jsonl"):
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        elif path.endswith(".csv"):
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "reasons": " ".join(row["reasons"])} for row in rows)
        else:
            pyarrow = import_pyarrow()
            types = dict.fromkeys(columns, pyarrow.string())
            types |= dict.fromkeys(_NUMBERS, pyarrow.int64())
            types["reasons"] = pyarrow.list_(pyarrow.string())
            schema = pyarrow.schema(list(types.items()))
            with pyarrow.parquet.ParquetWriter(file.buffer, schema) as writer:
                while some := list(islice(rows, _CHUNK)):
                    writer.write_table(pyarrow.Table.from_pylist(some, schema))


def _rows(
    submission: Submission, journal: Journal, *, show_values: bool
) -> Iterator[dict[str, Any]]:
    """Yield what is known about each item; a row has only the fields of its endpoint."""

    def displayed(value: object, field: str) -> str:
        text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
        # JSON can express halves of characters, which no file can hold.
        text = text.encode(errors="backslashreplace").decode()
        return text if show_values else mask_field(text, field)

    for found, entry in zip(submission.read(), journal.entries(), strict=True):
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
    path: str, submission: Submission, journal: Journal, outcomes: Sequence[ItemStatus]
) -> tuple[int, int]:
    """Write items in the input format, so that they can be corrected and submitted.

    Returns:
        The number of items, and of those that are marked as superseded by a later item.
    """
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
    with open_output(path, PRIVATE) as file:
        write_items(file, format_name, items(), header, has_marks=marked > 0)
    return count, marked


def _describe_file(path: str, count: int, noun: str, marked: int) -> str:
    marks = f" ({marked:,} marked as superseded by a later item)" if marked else ""
    return f"Wrote {counted(count, noun)} to {shown_path(path)}{marks}."


def _write_drift(
    submission: Submission, options: SubmitOptions, journal: Journal, print_line: Print
) -> None:
    """Write the items about which API and linter disagree, in this run or an earlier one."""
    counts = journal.counts()
    if not counts[ItemStatus.REJECTED] and not (options.skip_lint and counts[ItemStatus.STORED]):
        return
    comparison = Comparison()
    for found, entry in zip(submission.read(), journal.entries(), strict=True):
        is_stored = entry.outcome is ItemStatus.STORED
        if entry.outcome is ItemStatus.REJECTED or (is_stored and found.is_invalid):
            fields, endpoint = found.item.fields, found.endpoint
            (linter,) = linter_reasons([fields], endpoint, options.profile, options.now)
            comparison.add(fields, endpoint, linter, entry.reasons, entry.error_code)
    if comparison.total:
        with open_output(options.drift) as file:
            file.write(comparison.render(options.profile))
        print_line(
            f"Drift: API and linter disagree about {counted(comparison.total, 'item')}. Report"
            f" this, and attach {shown_path(options.drift)} (values are masked)."
        )
