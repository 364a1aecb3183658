"""The columns that the stages return."""

from typing import Any

Array = Any
"""A pyarrow.Array. pyarrow has no types."""
RecordBatch = Any
"""A pyarrow.RecordBatch."""
DataType = Any
"""A pyarrow.DataType."""
Schema = Any
"""A pyarrow.Schema."""

FINDING = ("rule", "reason", "severity", "field", "correlation_id", "value", "message")
"""The columns of a finding, all of them strings; each means what it means in `Finding`."""


def row_schema(order: DataType) -> Schema:
    """Return the columns of stage 1.

    Each row is a finding, a key, or a key with a finding that stage 2 may withdraw.

    - `order`: the order of the row that it is about.
    - `key`: what two rows of the table must share to be compared; null for a finding alone. It may be
      replaced by anything that is equal for equal keys, such as a hash.
    - `rank`: what keys are sorted by before the order.
    - `entry`: what stage 2 needs of the row.
    - `finding`: a finding as text, or null.

    Args:
        order: the type of the order.
    """
    import pyarrow as pa

    text = pa.string()
    return pa.schema(
        [
            ("order", order),
            ("key", text),
            ("rank", pa.int8()),
            ("entry", text),
            ("finding", text),
        ]
    )


def finding_schema(order: DataType) -> Schema:
    """Return the columns of stage 2: the order of a row, and the columns of a finding.

    Args:
        order: the type of the order.
    """
    import pyarrow as pa

    return pa.schema([("order", order), *((name, pa.string()) for name in FINDING)])
