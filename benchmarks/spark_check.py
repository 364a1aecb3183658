"""Measure consentlint.spark in CPU seconds of Java and of the Python processes, and in memory.

    python benchmarks/spark_check.py                    # 1,000,000 rows, local[2]
    python benchmarks/spark_check.py --rows 5000000 --cores 1 --clean
    python benchmarks/spark_check.py --skew             # also 300,000 rows of one contact
    python benchmarks/spark_check.py --cluster          # a master and two workers with a core each

Needs pyspark, pandas<3 and Java 17 or later. It prints the tables of docs/scale.md. Each job runs once
on a few rows first. The identity is a `mapInArrow` of the same columns that does nothing: what Spark
itself costs. The yardstick is the usual solution, a pandas UDF that calls phonenumbers and jsonschema for
each row, without rules between rows; it runs on a fiftieth of the rows. CPU time of Python is that of
*Arrow* as far as the identity has it too, and that of the *rules* otherwise. All processes stay on as many
CPUs as there are cores.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from spark_cluster import Cluster
from spark_session import ROOT, reset_peaks, session, usage, write_parquet

from consentlint import spark as consentlint_spark

NOW = "2026-07-01T00:00:00Z"
YARDSTICK_SHARE = 50
SKEWED_ROWS = 300_000
ORDER: dict[str, Any] = {"order_by": consentlint_spark.FILE_ORDER, "now": NOW}
Job = Callable[[Any], Any]


def identity(df: Any) -> Any:
    """Pass the rows through Python unchanged."""

    def same(batches: Iterator[Any]) -> Iterator[Any]:
        yield from batches

    return df.mapInArrow(same, df.schema)


def yardstick(df: Any) -> Any:
    """Check each row by phonenumbers and jsonschema, as programs do today."""
    import pandas as pd
    from pyspark.sql import functions as F  # noqa: N812

    schema = (ROOT / "schemas" / "consent-item.json").read_text()

    def is_valid(rows: pd.DataFrame) -> pd.Series:
        import json

        import jsonschema
        import phonenumbers

        validator = jsonschema.Draft202012Validator(json.loads(schema))

        def check(item: dict[str, str]) -> bool:
            if not validator.is_valid(item):
                return False
            try:
                return phonenumbers.is_possible_number(phonenumbers.parse(item["contact_id"]))
            except phonenumbers.NumberParseException:
                return False

        return pd.Series([check(item) for item in rows.to_dict("records")], dtype="bool")

    run = F.pandas_udf(is_valid, "boolean")
    return df.withColumn("is_valid", run(F.struct(*df.columns)))


def check(df: Any) -> Any:
    """Return the findings."""
    return consentlint_spark.check(df, **ORDER)


def reason_codes(df: Any) -> Any:
    """Add the reason codes."""
    return consentlint_spark.reason_codes(df, now=NOW)


def annotate(df: Any) -> Any:
    """Add reason codes and findings."""
    return consentlint_spark.annotate(df, **ORDER)


class Cost(NamedTuple):
    """CPU seconds for each row."""

    total: float
    python: float


def measure(name: str, df: Any, rows: int, job: Job, base: Cost | None = None) -> Cost:
    """Run a job, print a line of the table, and return what it costs.

    Args:
        base: what the identity costs. Its Python only reads and writes Arrow batches.
    """
    reset_peaks()
    before, start = usage(), time.perf_counter()
    job(df).write.format("noop").mode("overwrite").save()
    wall = time.perf_counter() - start
    after = usage()
    jvm, python = after.jvm - before.jvm, after.python - before.python
    cost = Cost((jvm + python) / rows, python / rows)
    arrow = python if base is None else min(python, base.python * rows)
    print(
        f"| {name} | {rows:,} | {jvm + python:.1f} | {jvm:.1f} | {arrow:.1f} | {python - arrow:.1f} |"
        f" {cost.total * 1e6:.1f} | {cost.total / (base or cost).total:.1f} | {wall:.1f} |"
        f" {rows / wall:,.0f} | {after.peak / 1e6:.0f} |",
        flush=True,
    )
    return cost


def skewed(spark: Any) -> Any:
    """Return consents of one contact and sender, the newest one last."""
    from pyspark.sql import functions as F  # noqa: N812

    moment = F.timestamp_seconds(F.lit(1_700_000_000) + F.col("id"))
    return spark.range(SKEWED_ROWS).select(
        "id",
        F.lit("+14155552671").alias("contact_id"),
        F.lpad(F.hex("id"), 32, "0").alias("correlation_id"),
        F.lit("MG9752274e9e519418a7406176694466fa").alias("sender_id"),
        F.lit("opt-in").alias("status"),
        F.lit("website").alias("source"),
        F.date_format(moment, "yyyy-MM-dd'T'HH:mm:ss'Z'").alias("date_of_consent"),
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--skew", action="store_true", help="also rows of one contact")
    parser.add_argument("--clean", action="store_true", help="only the three jobs with clean rows")
    parser.add_argument("--cluster", action="store_true", help="a standalone cluster, not local[N]")
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, rows = Path(name), options.rows
        master = f"local[{options.cores}]"
        if options.cluster:
            master = stack.enter_context(Cluster(folder)).url
        spark = stack.enter_context(session(master, **{"spark.sql.session.timeZone": "UTC"}))

        def consents(kind: str, count: int, **damage: int) -> Any:
            write_parquet(folder / kind, count, **damage)
            return spark.read.parquet(str(folder / kind))

        clean, small = consents("clean", rows), consents("small", max(1, rows // YARDSTICK_SHARE))
        for job in (identity, reason_codes, check, annotate):
            job(small).write.format("noop").mode("overwrite").save()
        where = "a master and two workers" if options.cluster else master
        print(f"PySpark {spark.version}, {where}\n")
        print(
            "| job | rows | CPU s | Java | Arrow | rules | CPU µs a row | × identity | wall s | rows/s |"
            " Python, peak MB |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
        )
        base = measure("identity `mapInArrow`", clean, rows, identity)
        measure("`reason_codes`", clean, rows, reason_codes, base)
        measure("`check`", clean, rows, check, base)
        if not options.clean:
            measure("`annotate`", clean, rows, annotate, base)
            invalid = consents("invalid", rows, invalid_every=20)
            measure("`check`, 5% invalid", invalid, rows, check, base)
            measure("yardstick", small, max(1, rows // YARDSTICK_SHARE), yardstick, base)
        if options.skew:
            by_id: Job = lambda df: consentlint_spark.check(df, order_by="id", now=NOW)  # noqa: E731
            measure("`check`, one contact", skewed(spark), SKEWED_ROWS, by_id, base)


if __name__ == "__main__":
    main()
