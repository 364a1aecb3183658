"""Run both stages over a table in this process."""

from collections.abc import Iterator
from typing import Any

from consentlint.columnar.keys import check_keys
from consentlint.columnar.options import StageOptions
from consentlint.columnar.read import check_types
from consentlint.columnar.rows import check_rows
from consentlint.columnar.schema import RecordBatch, finding_schema, row_schema
from consentlint.rules import RULES

ORDER = "consentlint_row"
"""The column with the number of each row; no column of a user is named so."""

_MAX_ROWS = 50_000

Table = Any
"""A pyarrow.Table."""


def check_table(reader: Any, options: StageOptions) -> Table:
    """Return the findings of a table, sorted by row, which is its first column.

    Args:
        reader: a pyarrow.RecordBatchReader; it is read once, and no batch is kept.
        options: what to check; the order is `ORDER`.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    check_types(reader.schema, options)
    number = pa.int64()
    checked = pa.Table.from_batches(
        [check_rows(batch, options) for batch in _numbered(reader, options)], row_schema(number)
    )
    keys = checked["key"]
    counts = pc.value_counts(keys)
    repeated = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    is_wanted = pc.or_(
        pc.is_valid(checked["finding"]), pc.is_in(keys, repeated.drop_null(), skip_nulls=True)
    )
    by_key = [(name, "ascending") for name in ("key", "rank", "order")]
    wanted = checked.filter(is_wanted).sort_by(by_key)
    found = pa.Table.from_batches(check_keys(wanted.to_batches(), options), finding_schema(number))
    rules = pa.array([rule.name for rule in RULES])
    found = found.append_column("position", pc.index_in(found["rule"], rules))
    found = found.sort_by([("order", "ascending"), ("position", "ascending")])
    return found.drop_columns(["position"]).rename_columns(["row", *found.schema.names[1:-1]])


def batches_of(reader: Any) -> Iterator[RecordBatch]:
    """Yield the batches of a reader; a data frame may be a single large one, which is cut."""
    for batch in reader:
        for start in range(0, batch.num_rows, _MAX_ROWS):
            yield batch.slice(start, _MAX_ROWS)


def _numbered(reader: Any, options: StageOptions) -> Iterator[RecordBatch]:
    """Yield the batches with the columns to check and the number of each row."""
    import pyarrow as pa

    start = 0
    for batch in batches_of(reader):
        names = options.inputs
        end = start + batch.num_rows
        numbers = pa.array(range(start, end), pa.int64())
        arrays = [batch.column(name) for name in names]
        yield pa.RecordBatch.from_arrays([numbers, *arrays], [ORDER, *names])
        start = end
