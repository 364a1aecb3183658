"""Write output files atomically, and items in the format in which they were read."""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping

from consentlint.formats import form_body
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import Header, Item
from consentlint.submit.options import InputError, OutputError
from consentlint.submit.submission import Submission
from consentlint.text.atomic_write import atomic_write
from consentlint.text.masking import printable

PRIVATE = 0o600


def write_file(path: str, parts: Iterable[str], *, mode: int = 0o666) -> None:
    """Replace a file atomically, once the new content is on the disk.

    Raises:
        OutputError: the file cannot be written, and is unchanged.
    """
    try:
        # newline="": line ends are those of the input.
        with atomic_write(path, mode=mode, newline="") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OutputError(f"Cannot write {printable(path)}: {error.strerror}.") from None


def check_writable(path: str) -> None:
    """Verify, before anything is sent, that a file can be written at the end.

    Raises:
        OutputError: it cannot.
    """
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        # A device must not be replaced by a file.
        raise OutputError(f"Cannot write {printable(path)}: not a regular file.")
    if not os.path.isdir(folder):
        raise OutputError(f"Cannot write {printable(path)}: its folder does not exist.")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"Cannot write {printable(path)}: its folder is not writable.")


def check_same_format(submission: Submission) -> None:
    """Verify that items of all files can be written to one file.

    Raises:
        InputError: the files differ in their formats or columns.
    """
    if len(submission.formats) > 1 or len(submission.headers) > 1:
        raise InputError(
            "The files differ in format or columns, so their items cannot be written to one file."
            " Submit them separately."
        )


def render_items(submission: Submission, wanted: Mapping[int, str]) -> Iterator[str]:
    """Yield the text of a file with some of the items, in the format of the input.

    Args:
        submission: the input.
        wanted: the numbers of the items, each with the correlation id of the item that
            supersedes it, or an empty string.
    """
    (format_name,) = submission.formats
    if format_name == "csv":
        yield from _table(submission, wanted)
        return
    texts = _texts(submission, wanted, as_form=format_name == "form")
    if format_name == "jsonl":
        yield from (f"{text}\n" for text in texts)
    elif format_name == "form":
        yield "&".join(f"{form_body.KEY}={text}" for text in texts) + "\n"
    else:
        yield '{"Items": [\n' + ",\n".join(texts) + "\n]}\n"


def _texts(submission: Submission, wanted: Mapping[int, str], *, as_form: bool) -> Iterator[str]:
    from urllib.parse import quote_plus

    for number, item in submission.read_again():
        if not isinstance(item, Item) or number not in wanted:
            continue
        assert item.source is not None
        if wanted[number]:
            text = json.dumps({**item.fields, SUPERSEDED_BY: wanted[number]})
            yield quote_plus(text) if as_form else text
        else:
            yield item.source.text


def _table(submission: Submission, wanted: Mapping[int, str]) -> Iterator[str]:
    has_marks = any(wanted.values())
    delimiter, mark_column, count = ",", -1, 0
    is_first = True
    for number, event in submission.read_again():
        if isinstance(event, Header) and is_first:
            is_first = False
            delimiter, count = event.delimiter, len(event.columns)
            if SUPERSEDED_BY in event.columns:
                mark_column = event.columns.index(SUPERSEDED_BY)
            row = _parse_row(event.source.text, delimiter)
            if has_marks and mark_column < 0:
                yield _format_row([*row, SUPERSEDED_BY], delimiter)
            else:
                yield _with_line_end(event.source.text)
        elif isinstance(event, Item) and number in wanted:
            assert event.source is not None
            if not has_marks:
                yield _with_line_end(event.source.text)
                continue
            # A row may have more or fewer cells than the header.
            row = [*_parse_row(event.source.text, delimiter), *[""] * count][:count]
            if mark_column < 0:
                row.append(wanted[number])
            elif wanted[number]:
                row[mark_column] = wanted[number]
            yield _format_row(row, delimiter)


def _parse_row(text: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _format_row(cells: list[str], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _with_line_end(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
