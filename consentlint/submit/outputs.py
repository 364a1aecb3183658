"""Write files whole or not at all, and items back in the format that they were read in."""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping

from consentlint.formats import form_body
from consentlint.formats.csv_table import delimiter_of
from consentlint.model.items import Header, Item
from consentlint.rules import OVERTAKEN
from consentlint.submit.reading import Input, Rejected
from consentlint.text.atomic_write import atomic_write
from consentlint.text.masking import printable

PRIVATE = 0o600


class Unwritable(Exception):
    """A file cannot be written; the message says which and why."""


def write_whole(path: str, parts: Iterable[str], *, mode: int = 0o666) -> None:
    """Replace a file by what the parts say together, once all of it is on the disk.

    Raises:
        Unwritable: that is not possible; the file is as it was.
    """
    try:
        # Line ends are those of the input.
        with atomic_write(path, mode=mode, newline="") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unwritable(f"{printable(path)} cannot be written: {error.strerror}") from None


def check_writable(path: str) -> None:
    """Make sure, before anything is sent, that a file can be written in the end.

    Raises:
        Unwritable: it cannot.
    """
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        # A device must stay what it is.
        raise Unwritable(f"{printable(path)} cannot be written: it is no regular file")
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise Unwritable(f"{printable(path)} cannot be written: is its folder there, and ours?")


def check_one_format(given: Input) -> None:
    """Make sure that items of all files can be written back into one.

    Raises:
        Rejected: they are of several formats, or have other columns.
    """
    if len(given.formats) > 1 or len(given.headers) > 1:
        raise Rejected(
            "items are written back in the format and with the columns that they were read in, and"
            " these files differ in them: submit them one after the other"
        )


def written_back(given: Input, wanted: Mapping[int, str]) -> Iterator[str]:
    """Yield the text of a file with some items, in the format that they were read in.

    Args:
        given: what was read.
        wanted: the numbers of the items, each with the id of the one that has overtaken it,
            empty where none has.
    """
    (format_name,) = given.formats
    if format_name == "csv":
        yield from _table(given, wanted)
        return
    texts = _texts(given, wanted, as_form=format_name == "form")
    if format_name == "jsonl":
        yield from (f"{text}\n" for text in texts)
    elif format_name == "form":
        yield "&".join(f"{form_body.KEY}={text}" for text in texts) + "\n"
    else:
        yield '{"Items": [\n' + ",\n".join(texts) + "\n]}\n"


def _texts(given: Input, wanted: Mapping[int, str], *, as_form: bool) -> Iterator[str]:
    from urllib.parse import quote_plus

    for number, checked in given.again():
        item = checked.event
        if not isinstance(item, Item) or number not in wanted:
            continue
        assert item.source is not None
        if wanted[number]:
            text = json.dumps({**item.fields, OVERTAKEN: wanted[number]})
            yield quote_plus(text) if as_form else text
        else:
            yield item.source.text


def _table(given: Input, wanted: Mapping[int, str]) -> Iterator[str]:
    is_marked = any(wanted.values())
    delimiter, mark_at = ",", -1
    is_first = True
    for number, checked in given.again():
        event = checked.event
        if isinstance(event, Header) and is_first:
            is_first = False
            delimiter = delimiter_of(event.source.text)
            if OVERTAKEN in event.columns:
                mark_at = event.columns.index(OVERTAKEN)
            row = _cells(event.source.text, delimiter)
            if is_marked and mark_at < 0:
                yield _row([*row, OVERTAKEN], delimiter)
            else:
                yield _with_end(event.source.text)
        elif isinstance(event, Item) and number in wanted:
            assert event.source is not None
            if not is_marked:
                yield _with_end(event.source.text)
                continue
            row = _cells(event.source.text, delimiter)
            if mark_at < 0:
                row.append(wanted[number])
            elif wanted[number]:
                row[mark_at] = wanted[number]
            yield _row(row, delimiter)


def _cells(text: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _row(cells: list[str], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _with_end(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
