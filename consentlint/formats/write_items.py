"""Write items: what is around their texts in a file, and items as they were read."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple
from urllib.parse import quote_plus

from consentlint.formats.form_body import KEY
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import Header, Item


class Frame(NamedTuple):
    """What a file has around the JSON texts of its items; a form body escapes them."""

    opening: str = ""
    before_first: str = ""
    between: str = ""
    after_each: str = ""
    closing: str = ""


FRAMES = {
    "json": Frame('{"Items": [', "\n", ",\n", closing="\n]}\n"),
    "jsonl": Frame(after_each="\n"),
    "form": Frame(before_first=f"{KEY}=", between=f"&{KEY}=", closing="\n"),
}
"""By the name of a format; a table has no texts of items."""


class ItemWriter:
    """Writes the texts of items to a file, some at a time; close it at the end.

    Args:
        file: the file, which remains open.
        frame: what is around the items.
    """

    def __init__(self, file: IO[str], frame: Frame) -> None:
        self._file = file
        self._frame = frame
        self._before = frame.before_first
        file.write(frame.opening)

    def write(self, texts: Iterable[str]) -> None:
        """Write some items."""
        _, _, between, after, _ = self._frame
        for text in texts:
            self._file.write(f"{self._before}{text}{after}")
            self._before = between

    def close(self) -> None:
        """Write what comes after the items."""
        self._file.write(self._frame.closing)


Marked = tuple[Item, str]
"""An item, and the correlation id of the item that supersedes it, or an empty string."""


def write_items(
    file: IO[str],
    format_name: str,
    items: Iterable[Marked],
    header: Header | None = None,
    *,
    has_marks: bool,
) -> None:
    """Write items back in the format in which they were read.

    Args:
        file: the file.
        format_name: one of `FORMATS`.
        items: the items, with their sources.
        header: the header of their table, if they come from one.
        has_marks: whether any of them is marked as superseded.
    """
    if header is not None:
        file.writelines(_table(header, items, has_marks=has_marks))
        return
    writer = ItemWriter(file, FRAMES[format_name])
    writer.write(_text(format_name, *marked) for marked in items)
    writer.close()


def _text(format_name: str, item: Item, mark: str) -> str:
    assert item.source is not None
    if not mark:
        return item.source.text
    text = json.dumps({**item.fields, SUPERSEDED_BY: mark})
    return quote_plus(text) if format_name == "form" else text


def _table(header: Header, items: Iterable[Marked], *, has_marks: bool) -> Iterator[str]:
    delimiter, columns = header.delimiter, header.columns
    mark_column = columns.index(SUPERSEDED_BY) if SUPERSEDED_BY in columns else -1
    if has_marks and mark_column < 0:
        yield _format_row([*_parse_row(header.source.text, delimiter), SUPERSEDED_BY], delimiter)
    else:
        yield _with_line_end(header.source.text)
    for item, mark in items:
        assert item.source is not None
        if not has_marks:
            yield _with_line_end(item.source.text)
            continue
        # A row may have more or fewer cells than the header.
        row = [*_parse_row(item.source.text, delimiter), *[""] * len(columns)][: len(columns)]
        if mark_column < 0:
            row.append(mark)
        elif mark:
            row[mark_column] = mark
        yield _format_row(row, delimiter)


def _parse_row(text: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _format_row(cells: list[str], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _with_line_end(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
