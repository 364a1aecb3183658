"""How many rows and findings there are, and how long sending the valid rows would take."""

from dataclasses import replace
from typing import Unpack

from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.model.findings import Severity
from consentlint.model.sending_time import REQUESTS_A_MINUTE
from consentlint.spark.findings import findings_of
from consentlint.spark.inputs import ROW, Arguments, Column, DataFrame, read_input
from consentlint.spark.workers import ROWS_CHECKED

_ROWS, _CHECKED, _INVALID = "rows", "rows checked", "rows with errors"
_FINDINGS = "findings"
_LABELS = ("rule", "reason", "severity")


def summary(df: DataFrame, **arguments: Unpack[Arguments]) -> DataFrame:
    """Return counts as a small DataFrame: `what`, `rule`, `reason`, `severity` and `count`.

    - `rows`: the rows of `df`, as Spark counts them.
    - `rows checked`: the rows that were checked; it differs from `rows` only if the data changed.
    - `rows with errors`.
    - `findings`: one line for each rule and severity.
    - `requests`, `minutes at 100 requests a minute` and `requests a minute for one day`: what it
      takes to send the rows without errors.

    The arguments and errors are those of `check`.
    """
    from pyspark.sql import functions as F  # noqa: N812

    read = read_input(df, **arguments)
    read = read._replace(options=replace(read.options, messages=False))
    found = findings_of(read, count_rows=True)
    what, is_count = F.col("what"), F.col("rule") == ROWS_CHECKED
    is_error = (F.col("severity") == str(Severity.ERROR)) & ~is_count
    # An error counts twice: as a finding, and for its row.
    kinds = F.array_compact(
        F.array(
            F.when(is_count, F.lit(_CHECKED)).otherwise(F.lit(_FINDINGS)),
            F.when(is_error, F.lit(_INVALID)),
        )
    )
    number = F.when(what == _CHECKED, F.col("message").cast("long")).otherwise(F.lit(1))
    is_invalid = what == _INVALID
    counts = (
        found.select(F.explode(kinds).alias("what"), ROW, *_LABELS, "message")
        .select(
            "what",
            *[F.when(what == _FINDINGS, F.col(name)).alias(name) for name in _LABELS],
            number.alias("number"),
            ROW,
        )
        .groupBy("what", *_LABELS)
        .agg(F.sum("number").alias("sum"), F.count_distinct(ROW).alias("distinct"))
        .withColumn("count", F.when(is_invalid, F.col("distinct")).otherwise(F.col("sum")))
        .drop("sum", "distinct")
    )
    rows = df.select(F.lit(1).alias("one")).agg(F.count("one").alias("count"))
    rows = rows.withColumns({"what": F.lit(_ROWS), **dict.fromkeys(_LABELS, F.lit(None))})
    return _lines(rows.unionByName(counts))


def _lines(counts: DataFrame) -> DataFrame:
    """Return the lines of the result, those with the count 0 too, and those about sending."""
    from pyspark.sql import functions as F  # noqa: N812

    what = F.col("what")
    findings = F.when(what == _FINDINGS, F.struct("what", *_LABELS, "count"))
    totals = [
        F.coalesce(F.sum(F.when(what == name, F.col("count"))), F.lit(0)).alias(name)
        for name in (_ROWS, _CHECKED, _INVALID)
    ]
    collected = counts.agg(F.collect_list(findings).alias(_FINDINGS), *totals)

    def line(name: str, count: Column) -> Column:
        none = F.lit(None).cast("string")
        labels = [none.alias(label) for label in _LABELS]
        return F.struct(F.lit(name).alias("what"), *labels, count.cast("long").alias("count"))

    requests = F.ceil((F.col(_CHECKED) - F.col(_INVALID)) / REQUEST_LIMIT)
    minutes = F.ceil(requests / REQUESTS_A_MINUTE)
    lines = F.concat(
        F.array(*[line(name, F.col(name)) for name in (_ROWS, _CHECKED, _INVALID)]),
        F.col(_FINDINGS),
        F.array(
            line("requests", requests),
            line(f"minutes at {REQUESTS_A_MINUTE} requests a minute", minutes),
            line("requests a minute for one day", F.ceil(requests / (24 * 60))),
        ),
    )
    return collected.select(F.explode(lines).alias("line")).select("line.*")
