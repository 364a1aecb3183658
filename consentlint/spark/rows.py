"""What was found, as columns of the rows: reason codes, findings, valid and invalid rows."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Unpack

from consentlint.api import Now
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile, Severity
from consentlint.rules import RULES
from consentlint.spark import workers
from consentlint.spark.findings import findings_of
from consentlint.spark.inputs import (
    ROW,
    Arguments,
    DataFrame,
    column,
    read_input,
    stage_options,
)

REASON_CODES = "reason_codes"
"""The column with the reason codes of a row, in the order of a response."""
FINDINGS = "consentlint"
"""The column with the findings of a row."""
_FOUND = "consentlint_found"
_SHOWN = ("rule", "reason", "severity", "field", "message")


def reason_codes(
    df: DataFrame,
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
    columns: Mapping[str, str | None] | None = None,
    json: str | None = None,
) -> DataFrame:
    """Add the column `reason_codes`: the codes that the API would return for each row.

    Each row is checked by itself, so there is no shuffle and no order, and a duplicate id is not
    found. The array is empty for a row that would be stored, and NULL for a JSON text that is not an item.
    The arguments and errors are those of `check`.
    """
    options = stage_options(df, kind=kind, profile=profile, now=now, columns=columns, json=json)
    _reject_columns(df, REASON_CODES)
    run = _reasons_function(partial(workers.reasons_of, options))
    return df.withColumn(REASON_CODES, run(*[column(name) for name in options.inputs]))


def _reasons_function(reasons: Any) -> Any:
    """Return the user-defined function; only it leaves the other columns in the JVM."""
    from pyspark.sql import functions as F  # noqa: N812

    if hasattr(F, "arrow_udf"):
        import pyarrow as pa

        def of_arrays(*columns: pa.Array) -> pa.Array:
            return reasons(columns)

        return F.arrow_udf(of_arrays, "array<string>")  # Since PySpark 4.1.
    import pandas as pd

    def of_series(*columns: pd.Series) -> pd.Series:
        import pyarrow as pa

        arrays = [pa.array(each.to_list(), pa.string()) for each in columns]
        return pd.Series(reasons(arrays).to_pylist(), dtype="object")

    return F.pandas_udf(of_series, "array<string>")


def annotate(df: DataFrame, **arguments: Unpack[Arguments]) -> DataFrame:
    """Add the columns `reason_codes` and `consentlint` to each row.

    `reason_codes` has the codes that the API would return, `consentlint` all findings of the row:
    an array of structs with `rule`, `reason`, `severity`, `field` and `message`. Both are empty
    arrays for a clean row, and never NULL. No row is lost or repeated. The arguments and errors are
    those of `check`.
    """
    from pyspark.sql import functions as F  # noqa: N812

    _reject_columns(df, REASON_CODES, FINDINGS, _FOUND)
    read = read_input(df, **arguments)
    names = ", ".join(f"'{rule.name}'" for rule in RULES)
    # The function of Python takes no column in 3.5.
    place = F.expr(f"array_position(array({names}), rule)")
    found = findings_of(read).select(ROW, F.struct(place.alias("place"), *_SHOWN).alias(_FOUND))
    by_row = found.groupBy(ROW).agg(F.sort_array(F.collect_list(_FOUND)).alias(_FOUND))
    joined = read.rows.join(by_row, ROW, "left").drop(ROW)
    shown = F.transform(_FOUND, lambda each: F.struct(*[each[name].alias(name) for name in _SHOWN]))
    reasons = F.array_distinct(F.array_compact(F.col(f"{_FOUND}.reason")))
    kind = "array<struct<{}>>".format(",".join(f"{name}:string" for name in _SHOWN))
    return joined.withColumns(
        {
            REASON_CODES: F.coalesce(reasons, F.array().cast("array<string>")),
            FINDINGS: F.coalesce(shown, F.array().cast(kind)),
        }
    ).drop(_FOUND)


def split(df: DataFrame, **arguments: Unpack[Arguments]) -> tuple[DataFrame, DataFrame]:
    """Return the valid and the invalid rows.

    A row with an error is invalid. Advice doesn't make a row invalid, unless `strict` is True. Each
    row is in exactly one of them. The arguments and errors are those of `check`.

    Returns:
        The valid rows with the columns of `df`, and the invalid rows with those of `annotate`. Each
        is computed when it is used; to check once, write what `annotate` returns, and filter that.
    """
    from pyspark.sql import functions as F  # noqa: N812

    annotated = annotate(df, **arguments)
    has_error = F.exists(FINDINGS, lambda each: each["severity"] == F.lit(str(Severity.ERROR)))
    valid = annotated.where(~has_error).drop(REASON_CODES, FINDINGS)
    return valid, annotated.where(has_error)


def _reject_columns(df: DataFrame, *names: str) -> None:
    for name in df.columns:
        if name.casefold() in names:
            raise ValueError(f'a column is named "{name.casefold()}" already. Rename or drop it')
