"""Workbooks, Parquet and Arrow files, read line by line as JSON by another process."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from typing import IO, NamedTuple, Self

from consentlint.formats._stream import Stream, Unreadable, check_ratio
from consentlint.formats.cells import column_letters
from consentlint.formats.open_table import Head
from consentlint.formats.table_reader import Request
from consentlint.text.masking import mask, printable

MAX_MEMORY = 4 * 2**30
"""How much memory, in bytes, the process that reads a table may use."""

_PIECE = 1024 * 1024


class _Kind(NamedTuple):
    what: str
    module: str
    package: str
    extra: str


_KINDS = {
    "workbook": _Kind("a workbook", "python_calamine", "python-calamine", "excel"),
    "parquet": _Kind("a Parquet file", "pyarrow", "pyarrow", "parquet"),
    "arrow": _Kind("an Arrow file", "pyarrow", "pyarrow", "parquet"),
}


class TableLayout(NamedTuple):
    """Where the cells of a table are."""

    kind: str
    """"workbook", "parquet" or "arrow"."""
    columns: tuple[str, ...]
    """The names of the columns, as they are in the file."""
    types: Sequence[str | None]
    """The type of each column that has no text, None for one that has; empty for a workbook."""
    header_row: int
    """The row with the names of the columns, from 1; 0 if they are in no row."""
    sheet: str | None
    """The name of the sheet."""
    first_column: int
    """How many columns of the sheet are left of the first one that has a cell."""

    @property
    def what(self) -> str:
        """What the file is, such as "a workbook"."""
        return _KINDS[self.kind].what

    @property
    def not_written(self) -> str:
        """Why no records are written as they are in it; completes "the file …"."""
        how = (
            "Save it as CSV UTF-8" if self.kind == "workbook" else "Export it as CSV or JSON Lines"
        )
        return f"is {self.what}, and only text files are written. {how}, and use that file"

    def number(self, column: str | None) -> int | None:
        """Return the number of a column, counted from 1 as the sheet does; None if there is none."""
        if column not in self.columns:
            return None
        return self.first_column + self.columns.index(column) + 1

    def cell(self, row: int, column: int | None) -> str:
        """Return the name of a cell, such as `Sheet1!B17`, or of a row, such as `row 17`; masked.

        Args:
            row: the row, from 1.
            column: the number of the column, from 1; None for the whole row.
        """
        if self.sheet is None:
            return f"row {row}"
        name = mask(printable(self.sheet))
        quoted = name.replace("'", "''")
        sheet = name if name.isidentifier() else f"'{quoted}'"
        return f"{sheet}!{'' if column is None else column_letters(column)}{row}"


class TableFile:
    """A table file, opened: its columns have been read. Close it, or use it as a context manager.

    Args:
        stream: the file.
        kind: what `table_kind` returned.
        sheet: the name of the sheet of a workbook; None if there is only one.
        header_row: the row of a workbook with the names of the columns, from 1; None for the first
            that has several of the fields, or that is not blank.
        fields: the columns to read, as objects; None for all columns, as arrays.

    Raises:
        Unreadable: it cannot be read, or a library is missing.
        OSError: it cannot be copied.
    """

    def __init__(
        self,
        stream: Stream,
        kind: str,
        *,
        sheet: str | None = None,
        header_row: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> None:
        self._kind = _KINDS[kind]
        _require(self._kind)
        with ExitStack() as stack:
            path = stream.path or _copied(stream, stack)
            self.size = os.path.getsize(path)
            """In bytes, unpacked."""
            request = Request(path, kind, sheet, header_row, fields, MAX_MEMORY)
            self._errors: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
            self._process = stack.enter_context(_start(request, self._errors))
            stack.callback(self._process.kill)
            assert self._process.stdout is not None
            self._output = self._process.stdout
            line = self._output.readline()
            if not line.endswith(b"\n"):
                self._finish()
            self._stack = stack.pop_all()
        head = Head(*json.loads(line))
        self.layout = TableLayout(
            kind,
            tuple(map(str.strip, head.columns)),
            head.types,
            head.header_row,
            head.sheet,
            head.first_column,
        )
        self.height = head.height
        """How many rows there are, with blank ones and the header."""
        self.epoch = head.epoch
        """Day 0 of dates that are numbers, in ISO 8601; None if there are none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads the file."""
        self._stack.close()

    def lines(self) -> Iterator[bytes]:
        """Yield a line of JSON for each row, blank for a blank row and for the header.

        Raises:
            Unreadable: the file cannot be read to its end.
        """
        yield from self._output
        self._finish()

    def pieces(self) -> Iterator[bytes]:
        """Yield the same in pieces of any size, while they are not far too large for the file.

        Raises:
            Unreadable: the file cannot be read to its end, or unpacks to far too much.
        """
        length = 0
        for piece in iter(partial(self._output.read, _PIECE), b""):
            length += len(piece)
            check_ratio(length, self.size)
            yield piece
        self._finish()

    def _finish(self) -> None:
        """Wait for the end of the process, and raise what it failed with."""
        code = self._process.wait()
        if code == 0:
            return
        self._errors.seek(0)
        try:
            message = json.loads(self._errors.read())
        except ValueError:
            # A library ends the process if it gets no memory.
            message = ""
        size = f"{MAX_MEMORY // 2**20} MB"
        raise Unreadable(
            message
            or f"cannot be read: the process that reads {self._kind.what} failed, or needed more than"
            f" {size} of memory. Split the file, or export it as CSV"
        )


def _copied(stream: Stream, stack: ExitStack) -> str:
    """Copy a stream to a temporary file that the stack deletes, and return its name."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="consentlint-"))
    path = os.path.join(folder, "table")
    with open(path, "wb") as copy:
        shutil.copyfileobj(stream, copy)
    return path


def _require(kind: _Kind) -> None:
    try:
        is_installed = find_spec(kind.module) is not None
    except (ModuleNotFoundError, ValueError):
        # Something has taken it out of this process.
        is_installed = False
    if not is_installed:
        raise Unreadable(
            f'is {kind.what}, and {kind.package} is not installed. Run "pip install {kind.package}",'
            f' or install consentlint with the extra "{kind.extra}"'
        )


def _start(request: Request, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start the process that reads a table. It finds the same modules as this one."""
    path = os.pathsep.join(os.path.abspath(each) for each in sys.path)
    # Memory that a library sets aside for itself counts, too.
    environment = {**os.environ, "PYTHONPATH": path, "ARROW_DEFAULT_MEMORY_POOL": "system"}
    command = [sys.executable, "-P", "-m", "consentlint.formats.table_reader", json.dumps(request)]
    try:
        return subprocess.Popen(  # noqa: S603 - this program, and no shell
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be read, because no process can be started: {error}") from None
