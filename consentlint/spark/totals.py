"""How many rows and findings there are, and how long sending the valid rows would take."""

from dataclasses import replace
from typing import Any, Unpack

from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.model.findings import Severity
from consentlint.model.sending_time import REQUESTS_A_MINUTE
from consentlint.spark.findings import findings_of
from consentlint.spark.inputs import ROW, Arguments, DataFrame, read_input
from consentlint.spark.workers import ROWS_CHECKED

_ROWS, _CHECKED, _INVALID = "rows", "rows checked", "rows with errors"
_FINDINGS = "findings"


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
    is_count = F.col("rule") == ROWS_CHECKED
    is_error = (F.col("severity") == str(Severity.ERROR)) & ~is_count
    # An error counts twice: as a finding, and for its row.
    kinds = F.array_compact(
        F.array(
            F.when(is_count, F.lit(_CHECKED)).otherwise(F.lit(_FINDINGS)),
            F.when(is_error, F.lit(_INVALID)),
        )
    )
    each = found.select(
        F.explode(kinds).alias("what"), ROW, "rule", "reason", "severity", "message"
    )
    labels = [
        F.when(F.col("what") == _FINDINGS, F.col(name)).alias(name)
        for name in ("rule", "reason", "severity")
    ]
    number = F.when(F.col("what") == _CHECKED, F.col("message").cast("long")).otherwise(F.lit(1))
    counted = each.select("what", *labels, number.alias("number"), ROW)
    grouped = counted.groupBy("what", "rule", "reason", "severity").agg(
        F.sum("number").alias("sum"), F.count_distinct(ROW).alias("distinct")
    )
    counts = grouped.select(
        "what",
        "rule",
        "reason",
        "severity",
        F.when(F.col("what") == _INVALID, F.col("distinct")).otherwise(F.col("sum")).alias("count"),
    )
    none = F.lit(None).cast("string")
    rows = df.select(F.lit(1).alias("one")).agg(
        F.lit(_ROWS).alias("what"),
        *[none.alias(name) for name in ("rule", "reason", "severity")],
        F.count("one").alias("count"),
    )
    lines = F.collect_list(F.struct("what", "rule", "reason", "severity", "count"))
    return _with_sending_time(rows.unionByName(counts).agg(lines.alias("lines")))


def _with_sending_time(collected: DataFrame) -> DataFrame:
    """Return a row for each line of a DataFrame with one array, and those about sending."""
    from pyspark.sql import functions as F  # noqa: N812

    def count(what: str) -> Any:
        matching = F.filter("lines", lambda line: line["what"] == what)
        return F.coalesce(F.try_element_at(matching, F.lit(1))["count"], F.lit(0).cast("long"))

    none = F.lit(None).cast("string")

    def line(what: str, value: Any) -> Any:
        empty = [none.alias(name) for name in ("rule", "reason", "severity")]
        return F.struct(F.lit(what).alias("what"), *empty, value.cast("long").alias("count"))

    requests = F.ceil((count(_CHECKED) - count(_INVALID)) / REQUEST_LIMIT)
    derived = [
        line("requests", requests),
        line(
            f"minutes at {REQUESTS_A_MINUTE} requests a minute",
            F.ceil(requests / REQUESTS_A_MINUTE),
        ),
        line("requests a minute for one day", F.ceil(requests / (24 * 60))),
    ]

    def line_if_missing(what: str) -> Any:
        is_missing = ~F.exists("lines", lambda each: each["what"] == what)
        return F.when(is_missing, F.array(line(what, F.lit(0)))).otherwise(none_of_them)

    none_of_them = F.array().cast(_LINES)
    missing = map(line_if_missing, (_CHECKED, _INVALID))
    lines = F.concat(F.col("lines").cast(_LINES), *missing, F.array(*derived))
    return collected.select(F.explode(lines).alias("line")).select("line.*")


_LINES = "array<struct<what:string,rule:string,reason:string,severity:string,count:bigint>>"
