"""Write items and left-out rows to files, each replaced once it is complete."""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from json.encoder import encode_basestring_ascii as quoted
from typing import IO, Any, Protocol
from urllib.parse import quote_plus

from consentlint.formats import format_of_name
from consentlint.formats.write_items import FRAMES, ItemWriter
from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.text.atomic_write import atomic_write_bytes

Item = Sequence[str]
"""The values of an item's fields, in order; empty for a field that it does not have."""


class Writer(Protocol):
    """Writes items."""

    def write(self, items: Sequence[Item]) -> None:
        """Write some items."""


@contextmanager
def item_writer(path: str, fields: Sequence[str]) -> Iterator[Writer]:
    """Open a file for items; its suffix sets the format, and .gz packs it.

    Args:
        path: the file, "-" for JSON Lines to standard output.
        fields: the names of the fields.
    """
    format_name = format_of_name(path) or "jsonl"
    if format_name == "form":
        bodies = _FormBodies(path, fields)
        yield bodies
        bodies.close()
        return
    with text_file(path) as file:
        if format_name == "csv":
            rows = csv.writer(file, delimiter="\t" if ".tsv" in path else ",", lineterminator="\n")
            rows.writerow(fields)
            yield _Csv(rows)
        else:
            writer = ItemWriter(file, FRAMES[format_name])
            yield _JsonItems(writer, fields)
            writer.close()


@contextmanager
def text_file(path: str) -> Iterator[IO[str]]:
    """Open a text file that replaces another one once it is complete, packed if it ends in .gz."""
    if path == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        with atomic_write_bytes(path) as file, _text(file, path) as text:
            yield text
    except OSError as error:
        if error.filename is None or str(error.filename).endswith(".partial"):
            error.filename = path
        raise


@contextmanager
def _text(file: IO[bytes], path: str) -> Iterator[IO[str]]:
    with ExitStack() as stack:
        binary: Any = file
        if path.lower().endswith(".gz"):
            binary = stack.enter_context(gzip.GzipFile("", "wb", 6, file))
        # Nothing in a file of another program must end the run.
        yield stack.enter_context(io.TextIOWrapper(binary, "utf-8", "backslashreplace", newline=""))


class _Texts:
    """Makes the JSON texts of items.

    Args:
        fields: the names of the fields.
    """

    def __init__(self, fields: Sequence[str]) -> None:
        self._keys = [quoted(field) for field in fields]
        self._template = f"{{{', '.join(f'{key}: %s' for key in self._keys)}}}"

    def of(self, item: Item) -> str:
        """Return the text of an item."""
        if "" not in item:
            return self._template % tuple(map(quoted, item))
        pairs = zip(self._keys, item, strict=True)
        return f"{{{', '.join(f'{key}: {quoted(value)}' for key, value in pairs if value)}}}"


class _JsonItems:
    def __init__(self, writer: ItemWriter, fields: Sequence[str]) -> None:
        self._writer = writer
        self._texts = _Texts(fields)

    def write(self, items: Sequence[Item]) -> None:
        self._writer.write(map(self._texts.of, items))


class _Csv:
    def __init__(self, rows: Any) -> None:
        self._rows = rows

    def write(self, items: Sequence[Item]) -> None:
        self._rows.writerows(items)


class _FormBodies:
    """Writes a file for each request: `items.form`, `items-2.form` and so on."""

    def __init__(self, path: str, fields: Sequence[str]) -> None:
        self._path = path
        self._texts = _Texts(fields)
        self._waiting: list[Item] = []
        self._count = 0

    def write(self, items: Sequence[Item]) -> None:
        self._waiting += items
        while len(self._waiting) > REQUEST_LIMIT:
            self._write_body()

    def close(self) -> None:
        if self._waiting:
            self._write_body()

    def _write_body(self) -> None:
        items, self._waiting = self._waiting[:REQUEST_LIMIT], self._waiting[REQUEST_LIMIT:]
        self._count += 1
        at = self._path.lower().rindex(".form")
        number = f"-{self._count}" if self._count > 1 else ""
        with text_file(f"{self._path[:at]}{number}{self._path[at:]}") as file:
            writer = ItemWriter(file, FRAMES["form"])
            writer.write(quote_plus(self._texts.of(item)) for item in items)
            writer.close()


class LeftOutWriter:
    """Writes rows that became no item, with the reason and every original column.

    Args:
        file: the file.
        path: its name, whose suffix sets the format.
        columns: the columns of all inputs.
    """

    def __init__(self, file: IO[str], path: str, columns: Sequence[str]) -> None:
        self._file = file
        self._columns = tuple(dict.fromkeys(columns))
        self._is_csv = format_of_name(path) == "csv"
        self._rows = csv.writer(file, lineterminator="\n")
        if self._is_csv:
            self._rows.writerow(
                ["left_out_file", "left_out_row", "left_out_reason", *self._columns]
            )

    def write(self, name: str, row: int, reason: str, columns: Sequence[str], cells: Item) -> None:
        """Write one row."""
        given = dict(zip(columns, cells, strict=False))
        extra = list(cells[len(columns) :])
        if self._is_csv:
            cells = [given.get(column, "") for column in self._columns]
            self._rows.writerow([name, row, reason, *cells, *extra])
            return
        more = {"more_cells": extra} if extra else {}
        line = {"file": name, "row": row, "reason": reason, "columns": given, **more}
        self._file.write(f"{json.dumps(line)}\n")
