"""Write items back in the format in which they were read."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote_plus

from consentlint.formats import form_body
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.items import Header, Item

Marked = tuple[Item, str]
"""An item, and the correlation id of the item that supersedes it, or an empty string."""


def write_items(
    format_name: str, items: Iterable[Marked], header: Header | None = None, *, has_marks: bool
) -> Iterator[str]:
    """Yield the text of a file with some items.

    Args:
        format_name: one of `FORMATS`.
        items: the items, with their sources.
        header: the header of their table, if they come from one.
        has_marks: whether any of them is marked as superseded.
    """
    if header is not None:
        yield from _table(header, items, has_marks=has_marks)
    elif format_name == "jsonl":
        yield from (f"{_json(*item)}\n" for item in items)
    elif format_name == "form":
        for at, (item, mark) in enumerate(items):
            text = quote_plus(_json(item, mark)) if mark else _json(item, mark)
            yield f"{'&' if at else ''}{form_body.KEY}={text}"
        yield "\n"
    else:
        yield '{"Items": ['
        for at, marked in enumerate(items):
            yield f"{',' if at else ''}\n{_json(*marked)}"
        yield "\n]}\n"


def _json(item: Item, mark: str) -> str:
    assert item.source is not None
    return json.dumps({**item.fields, SUPERSEDED_BY: mark}) if mark else item.source.text


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
