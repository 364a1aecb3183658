"""Parquet and Arrow files, read by pyarrow in batches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from pyarrow import types

from consentlint.formats.cells import cell_text
from consentlint.formats.open_table import Cells, Head, OpenTable, ReadError
from consentlint.text.masking import shown

_MAX_ROWS = 10_000
_MAX_CELLS = 200_000
_BUFFER = 2**20


def open_parquet(path: str) -> OpenTable:
    """Open a Parquet file.

    Raises:
        ReadError: it cannot be read; its rows raise it as well.
    """
    from pyarrow import parquet

    with _errors("Parquet"):
        file = parquet.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER)
        schema, count = file.schema_arrow, file.metadata.num_rows

    def rows(columns: Sequence[int]) -> Iterator[Cells]:
        with _errors("Parquet"):
            if not columns:
                yield from [(None,)] * count
                return
            names = None
            if len(columns) < len(schema):
                names = [schema.names[at] for at in columns]
            size = _batch_size(columns)
            for batch in file.iter_batches(size, columns=names, use_threads=False):
                found = (
                    range(len(schema)) if names is None else map(batch.schema.names.index, names)
                )
                yield from _rows_of(batch, [*found])

    return OpenTable(Head(schema.names, _types(schema), height=count), rows)


def open_arrow(path: str) -> OpenTable:
    """Open an Arrow IPC file, which Feather calls its format too, or an Arrow IPC stream.

    Raises:
        ReadError: it cannot be read; its rows raise it as well.
    """
    with _errors("Arrow"):
        source = pa.OSFile(path)
        try:
            file = pa.ipc.open_file(source)
            numbers = range(file.num_record_batches)
            batches = (file.get_batch(number) for number in numbers)
        except pa.ArrowInvalid:
            source.seek(0)
            file = pa.ipc.open_stream(source)
            batches = iter(file)
        schema = file.schema

    def rows(columns: Sequence[int]) -> Iterator[Cells]:
        with _errors("Arrow"):
            size = _batch_size(columns)
            for batch in batches:
                for start in range(0, batch.num_rows, size):
                    yield from _rows_of(batch.slice(start, size), columns)

    return OpenTable(Head(schema.names, _types(schema)), rows)


@contextmanager
def _errors(kind: str) -> Iterator[None]:
    try:
        yield
    except pa.ArrowMemoryError:
        raise MemoryError from None
    except (pa.ArrowException, OSError) as error:
        raise ReadError(
            f"cannot be read as {kind}: {shown(str(error))}. Export or download it again"
        ) from None


def _batch_size(columns: Sequence[object]) -> int:
    return max(1, min(_MAX_ROWS, _MAX_CELLS // max(1, len(columns))))


def _rows_of(batch: Any, columns: Sequence[int]) -> Iterator[Cells]:
    if not columns:
        return iter([(None,)] * batch.num_rows)
    return zip(*[_texts(batch.column(at)) for at in columns], strict=True)


def _texts(column: Any) -> list[str | None]:
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        # Bytes that are not UTF-8 become surrogates, as in a text file.
        values = [
            None if each is None else each.decode("utf-8", "surrogateescape")
            for each in column.cast(pa.binary()).to_pylist()
        ]
    if is_text(column.type):
        return values
    return [None if value is None else cell_text(value) for value in values]


def _types(schema: Any) -> list[str | None]:
    return [None if is_text(field.type) else str(field.type) for field in schema]


def is_text(kind: Any) -> bool:
    """Tell whether a column of an Arrow type has texts, or nothing at all."""
    if types.is_dictionary(kind):
        kind = kind.value_type
    is_view = getattr(types, "is_string_view", lambda _: False)
    return bool(
        types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind) or is_view(kind)
    )
