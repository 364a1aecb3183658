"""What runs in the Python processes of a cluster: the two stages, on iterators of record batches.

A worker imports this module by its name, so the package must be installed there, or be in a zip
file of `--py-files`. The options come with the function, and check their versions.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from consentlint.columnar import StageOptions, check_keys, check_rows, row_reasons
from consentlint.columnar.findings import write_finding
from consentlint.spark.inputs import ROW, WITHIN

RecordBatch = Any
"""A pyarrow.RecordBatch."""
ROWS_CHECKED = "rows-checked"
"""The rule of a pseudo finding whose message is a number of rows."""


@cache
def return_memory() -> None:
    """Let pyarrow return freed memory to the system: its own pool keeps some 40 MB in each worker."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def run_stage_1(options: StageOptions, batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """Check each row by itself."""
    return_memory()
    for batch in batches:
        yield check_rows(batch, options)


def run_stage_1_within(
    options: StageOptions, batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """Check each row by itself; the keys of different groups differ."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return_memory()
    for batch in batches:
        order, group = batch.column(ROW), batch.column(WITHIN)
        numbers = pa.array(range(batch.num_rows), pa.int64())
        columns = [numbers, *map(batch.column, options.inputs)]
        numbered = pa.RecordBatch.from_arrays(columns, [ROW, *options.inputs])
        found = check_rows(numbered, options)
        rows = found.column("order")
        key = found.column("key")
        keys = pc.binary_join_element_wise(group.take(rows).cast(key.type), key, "\n")
        yield pa.RecordBatch.from_arrays(
            [order.take(rows), keys, *found.columns[2:]], ["order", *found.schema.names[1:]]
        )


def run_stage_2(options: StageOptions, batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """Check sorted keys."""
    return_memory()
    return check_keys(batches, options)


def count_rows(run: Any, options: StageOptions, batches: Iterable[RecordBatch]) -> Iterator[Any]:
    """Run stage 1, and add the number of rows of each batch as a pseudo finding."""
    import pyarrow as pa

    for batch in batches:
        for found in run(options, [batch]):
            yield found
            text = write_finding((ROWS_CHECKED, *[None] * 5, str(batch.num_rows)))
            values = (None, None, 0, None, text)
            yield pa.RecordBatch.from_arrays(
                [pa.array([value], kind.type) for value, kind in zip(values, found.schema)],  # noqa: B905
                schema=found.schema,
            )


def reasons_of(options: StageOptions, columns: Iterable[Any]) -> Any:
    """Return the reason codes of rows as an Arrow array.

    Args:
        options: what to check.
        columns: an Arrow array for each of `options.inputs`.
    """
    import pyarrow as pa

    return_memory()
    return row_reasons(pa.RecordBatch.from_arrays(list(columns), list(options.inputs)), options)
