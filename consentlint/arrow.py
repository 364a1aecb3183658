"""Check tables of pyarrow, pandas, polars and DuckDB, and anything else that speaks Arrow.

    >>> import pyarrow
    >>> from consentlint import arrow
    >>> table = pyarrow.table(
    ...     {
    ...         "contact_id": ["+19"],
    ...         "correlation_id": ["5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"],
    ...         "country_iso_code": ["US"],
    ...         "zip_code": ["94105"],
    ...     }
    ... )
    >>> arrow.reason_codes(table, kind="contacts").to_pylist()
    [['INVALID_CONTACT_ID']]

It needs the extra `arrow`.
"""

from collections.abc import Mapping
from typing import Any

from consentlint.api import Names, Now
from consentlint.columnar import StageOptions, check_types, row_reasons
from consentlint.columnar.whole_table import ORDER, batches_of, check_table
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile

__all__ = ["check", "reason_codes"]


def check(
    data: Any,
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
    select: Names = "default",
    ignore: Names = (),
    strict: bool = False,
    columns: Mapping[str, str | None] | None = None,
    json: str | None = None,
) -> Any:
    """Check the rows of a table as one list.

    A duplicate id, or records that contradict each other, are reported at the later row.

    Args:
        data: A table with `__arrow_c_stream__`: a pyarrow.Table or RecordBatchReader, a data frame of
            pandas or polars, a relation of DuckDB. A field is a column of strings; NULL is a missing
            field. Other columns are not read.
        kind: "consents" or "contacts".
        profile: "documented" or "lenient".
        now: Dates later than this are in the future; None for the current time.
        select: The rules to run: names, reason codes, or the groups "all", "default", "errors",
            "advice".
        ignore: Rules to skip.
        strict: True to report warnings as errors.
        columns: The column of a field, if its name is another one; None for a field that no column
            has.
        json: The column with one JSON text for each row, instead of columns.

    Returns:
        A pyarrow.Table of findings, sorted by row: `row` (from 0), `rule`, `reason`, `severity`,
        `field`, `correlation_id`, `value` and `message`. Phone numbers are masked.

    Raises:
        ImportError: pyarrow is not installed.
        TypeError: `data` has no Arrow stream, a column is not a string, or an argument has another
            type.
        ValueError: an argument is unknown, or the columns don't have the fields.
    """
    reader = _reader(data)
    options = StageOptions.of(
        reader.schema.names,
        kind=kind,
        profile=profile,
        now=now,
        select=select,
        ignore=ignore,
        strict=strict,
        columns=columns,
        json=json,
        order=ORDER,
    )
    return check_table(reader, options)


def reason_codes(
    data: Any,
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
    select: Names = "default",
    ignore: Names = (),
    columns: Mapping[str, str | None] | None = None,
    json: str | None = None,
) -> Any:
    """Return the reason codes that the API would return for each row by itself.

    Rows are not compared, so that the result is the same in whatever batches an engine calls it: a
    duplicate id is reported by `check` only. The arguments and errors are those of `check`.

    Returns:
        A pyarrow.ChunkedArray of lists of strings, one for each row: an empty list for a row that
        would be stored, null for a JSON text that is not an item.
    """
    import pyarrow as pa

    reader = _reader(data)
    options = StageOptions.of(
        reader.schema.names,
        kind=kind,
        profile=profile,
        now=now,
        select=select,
        ignore=ignore,
        columns=columns,
        json=json,
        order=ORDER,
    )
    check_types(reader.schema, options)
    codes = [row_reasons(batch, options) for batch in batches_of(reader)]
    return pa.chunked_array(codes, pa.list_(pa.string()))


def _reader(data: Any) -> Any:
    """Return a reader of a table's batches."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ImportError(
            "consentlint.arrow needs pyarrow. Run: pip install 'consentlint[arrow]'"
        ) from error
    if isinstance(data, pa.RecordBatch):
        data = pa.Table.from_batches([data])
    if not hasattr(data, "__arrow_c_stream__"):
        raise TypeError(
            f"data is {type(data).__name__}, expected a table with __arrow_c_stream__, such as a"
            " pyarrow.Table or a data frame of pandas or polars"
        )
    return pa.RecordBatchReader.from_stream(data)
