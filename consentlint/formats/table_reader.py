"""Program that reads a workbook, a Parquet file or an Arrow file, and prints its rows as JSON.

A small file of these formats may need any amount of memory: it is compressed, and a sheet with two
cells may have a billion cells between them. So `table_file` runs this in a process of its own, whose
memory is limited. The first line that is printed is a `Head`. Line N after it has row N, and is blank
if the row is.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import NamedTuple

from consentlint.formats.open_table import OpenTable, ReadError


class Request(NamedTuple):
    """What to read."""

    path: str
    kind: str
    """What `formats.table_kind` returned."""
    sheet: str | None
    """The name of the sheet; None for the only one, or the only one with several of the fields."""
    header_row: int | None
    """The row with the names of the columns, from 1; None for the first that has several of the
    fields, or that is not blank."""
    fields: Sequence[str] | None
    """The columns to print, as objects; None for all cells, as arrays."""
    max_memory: int
    """In bytes."""


def main() -> None:
    """Read the table that the argument names, and print it."""
    request = Request(*json.loads(sys.argv[1]))
    _limit_memory(request.max_memory)
    try:
        sys.stdout.writelines(f"{line}\n" for line in _lines(request))
        sys.stdout.flush()
    except BrokenPipeError:
        _fail("")
    except ReadError as error:
        _fail(str(error))
    except MemoryError:
        _fail("")


def _fail(message: str) -> None:
    """End the process. A message goes to standard error; there is none if the memory did not suffice."""
    sys.stderr.write(json.dumps(message))
    sys.stderr.flush()
    # What could not be printed is not tried again.
    os._exit(1)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ModuleNotFoundError:
        # Windows has no such limit.
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _lines(request: Request) -> Iterator[str]:
    table = _open(request)
    yield json.dumps(table.head)
    yield from [""] * table.head.header_row
    if request.fields is None:
        for row in table.rows(range(len(table.head.columns))):
            yield json.dumps([cell or "" for cell in row]) if row else ""
        return
    names = enumerate(map(str.strip, table.head.columns))
    columns = {quoted(name): at for at, name in names if name in request.fields}
    for row in table.rows([*columns.values()]):
        # json.dumps would take several times as long.
        found = [
            f"{name}:{quoted(cell)}"
            for name, cell in zip(columns, row, strict=False)
            if cell is not None
        ]
        yield f"{{{','.join(found)}}}" if row else ""


def _open(request: Request) -> OpenTable:
    if request.kind == "workbook":
        from consentlint.formats import workbook

        return workbook.open_workbook(
            request.path, request.sheet, request.header_row, request.fields or ()
        )
    from consentlint.formats import arrow_table

    if request.kind == "parquet":
        return arrow_table.open_parquet(request.path)
    return arrow_table.open_arrow(request.path)


if __name__ == "__main__":
    main()
