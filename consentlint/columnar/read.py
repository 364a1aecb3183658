"""Read the items of a record batch as Python values."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from consentlint.columnar.options import StageOptions
from consentlint.columnar.schema import Array, RecordBatch, Schema
from consentlint.formats import Batch, ColumnBatch, RowBatch
from consentlint.formats.json_lines import parse_line
from consentlint.model.findings import FileError
from consentlint.model.items import MISSING, Item, Location, ParseError
from consentlint.text.column_types import type_error

JSON = "json"
"""What a column of JSON texts has instead of a field."""

_START = Location(1, 1, 0)


class Read(NamedTuple):
    """Items of a record batch."""

    batch: Batch
    rows: Sequence[int]
    """The row of each item."""
    errors: Sequence[tuple[int, ParseError]]
    """The rows that are not items."""


def texts_of(batch: RecordBatch, options: StageOptions) -> dict[str, Array]:
    """Return the column of each field as a string array, or only the column `JSON`.

    A field that no column has is a column of nulls.

    Raises:
        TypeError: a column is not a string.
    """
    import pyarrow as pa

    check_types(batch.schema, options)
    texts = {
        field: _as_strings(batch.column(column)) for field, column in _sources(options).items()
    }
    if options.json is None:
        for field in options.endpoint.fields:
            if field not in texts:
                texts[field] = pa.nulls(batch.num_rows, pa.string())
    return texts


def _as_strings(array: Array) -> Array:
    """Return texts of any type as a string array."""
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        # Not every type of text can be cast while it is in a dictionary.
        return array.dictionary.cast(pa.string()).take(array.indices)
    return array.cast(pa.string())


def check_types(schema: Schema, options: StageOptions) -> None:
    """Check that the columns to read are strings.

    Raises:
        TypeError: a column is not a string.
    """
    # It needs pyarrow.
    from consentlint.formats.arrow_table import is_text

    for field, column in _sources(options).items():
        kind = schema.field(column).type
        if not is_text(kind):
            raise TypeError(type_error(column, field, str(kind)))


def _sources(options: StageOptions) -> Mapping[str, str]:
    return dict(options.columns) if options.json is None else {JSON: options.json}


def read_items(texts: Mapping[str, Array], count: int) -> Read:
    """Return items; NULL is a missing field.

    Args:
        texts: what `texts_of` returned.
        count: how many rows there are.
    """
    if JSON in texts:
        return _read_json(texts[JSON])
    columns = {field: _values(column) for field, column in texts.items()}
    return Read(ColumnBatch(columns, count), range(count), ())


def _values(array: Array) -> list[object]:
    try:
        texts = array.to_pylist()
    except UnicodeDecodeError:
        # An engine may pass on bytes that are not UTF-8: as in a file, they become surrogates.
        texts = [
            None if each is None else each.decode("utf-8", "surrogateescape")
            for each in _bytes(array)
        ]
    return [MISSING if text is None else text for text in texts]


def _bytes(array: Array) -> list[bytes | None]:
    import pyarrow as pa

    values: list[bytes | None] = array.cast(pa.binary()).to_pylist()
    return values


def _read_json(array: Array) -> Read:
    rows: list[int] = []
    items: list[Mapping[str, object]] = []
    errors: list[tuple[int, ParseError]] = []
    for row, line in enumerate(_bytes(array)):
        found = _parse(line, row)
        if isinstance(found, Item):
            rows.append(row)
            items.append(found.fields)
        else:
            errors.append((row, found))
    return Read(RowBatch(items), rows, errors)


def _parse(line: bytes | None, row: int) -> Item | ParseError:
    if line is None or not line.strip():
        what = "NULL" if line is None else "blank"
        return ParseError(
            FileError.ITEM_MALFORMED,
            f"an item is {what}, expected the text of a JSON object",
            item=row,
        )
    return parse_line(line, row, _START)
