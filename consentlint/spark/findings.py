"""The plan of a check: stage 1, one shuffle of the keys, stage 2."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from consentlint.api import Names, Now
from consentlint.columnar.schema import FINDING
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile
from consentlint.spark import workers
from consentlint.spark.inputs import ROW, DataFrame, Input, read_input

SORTED_BY = ("hash", "rank", "order", "entry")
"""How stage 2 needs the keys. A hash is shorter than its key, and stage 2 compares the entries. Of rows
with an equal order, the entry decides, so that a task that is run again gives the same findings."""


def check(
    df: DataFrame,
    *,
    kind: Endpoint | str = "consents",
    profile: Profile | str = "documented",
    now: Now = None,
    order_by: str | Sequence[str] | None = None,
    columns: Mapping[str, str | None] | None = None,
    json: str | None = None,
    within: str | Sequence[str] = (),
    select: Names = "default",
    ignore: Names = (),
    strict: bool = False,
) -> DataFrame:
    """Return the findings of a DataFrame.

    The findings are those of `consentlint check` for a file with the same rows in the same order.
    NULL is a missing field. Columns that are not fields are yours, and are not read.

    Args:
        df: The items, a row each.
        kind: "consents" or "contacts".
        profile: "documented" or "lenient".
        now: Dates later than this are in the future; None for the time of this call.
        order_by: The columns that sort the rows as they will be sent. They must be different for
            any two rows. Or `FILE_ORDER`, if the DataFrame is what `spark.read` has returned, with
            nothing but filters and projections since.
        columns: The column of a field, if its name is another one; None for a field that no
            column has.
        json: The column with one JSON text for each row, if the fields are not columns.
        within: Columns of a group, such as the account: rows of different groups are not compared.
        select: The rules to run: names, reason codes, or groups.
        ignore: Rules to skip.
        strict: True to report warnings as errors.

    Returns:
        A lazy DataFrame with a row for each finding, in no order: `row`, a struct of the columns of
        `order_by`, then the strings `rule`, `reason`, `severity`, `field`, `correlation_id`, `value`
        and `message`, masked as in every report.

    Raises:
        TypeError: a column is not a string. The message shows a cast.
        ValueError: there is no order, a column or an argument is unknown.
    """
    return findings_of(
        read_input(
            df,
            kind=kind,
            profile=profile,
            now=now,
            order_by=order_by,
            columns=columns,
            json=json,
            within=within,
            select=select,
            ignore=ignore,
            strict=strict,
        )
    )


def findings_of(read: Input, *, count_rows: bool = False) -> DataFrame:
    """Return the findings of what was read, in the columns of `check`.

    Args:
        read: what to check.
        count_rows: True to add pseudo findings with numbers of rows (`workers.count_rows`).
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F  # noqa: N812

    run: Any = workers.run_stage_1_within if read.within else workers.run_stage_1
    stage_1 = partial(partial(workers.count_rows, run) if count_rows else run, read.options)
    stage_2 = partial(workers.run_stage_2, read.options)
    selected = read.selected()
    order = selected.schema[ROW].dataType
    checked = selected.mapInArrow(stage_1, _row_schema(order))
    # A row without a key goes where its order sends it. At random, it might be lost if a task is run
    # again; and all of them in one partition would be too many.
    by_order = F.when(F.col("key").isNull(), F.col("order"))
    hashed = checked.withColumn("hash", F.xxhash64("key", by_order)).drop("key")
    # Spark sorts once: for the window, in the order that stage 2 needs.
    window = Window.partitionBy("hash").orderBy(*SORTED_BY[1:])
    whole = window.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    repeated = hashed.withColumn("rows", F.count(F.lit(1)).over(whole)).where(
        "rows > 1 or finding is not null"
    )
    # Without a key, a row has no entry.
    key = F.when(F.col("entry").isNotNull(), F.col("hash")).alias("key")
    keys = repeated.sortWithinPartitions(*SORTED_BY).select(
        "order", key, "rank", "entry", "finding"
    )
    found = keys.mapInArrow(stage_2, _finding_schema(order))
    return found.withColumnRenamed("order", ROW)


def _row_schema(order: Any) -> Any:
    """Return the schema of `columnar.row_schema`."""
    from pyspark.sql.types import ByteType, StringType, StructType

    text = StringType()
    return (
        StructType()
        .add("order", order)
        .add("key", text)
        .add("rank", ByteType())
        .add("entry", text)
        .add("finding", text)
    )


def _finding_schema(order: Any) -> Any:
    """Return the schema of `columnar.finding_schema`."""
    from pyspark.sql.types import StringType, StructType

    schema = StructType().add("order", order)
    for name in FINDING:
        schema = schema.add(name, StringType())
    return schema
