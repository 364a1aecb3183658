"""Check the consents of Parquet files on a Spark cluster, and keep the valid and the invalid ones."""

from typing import Any

from consentlint import spark as consentlint_spark


def check_files(spark: Any, source: str, target: str) -> None:
    """Write the checked rows once, then the valid and the invalid ones of these."""
    consents = spark.read.parquet(source)
    order = consentlint_spark.FILE_ORDER
    consentlint_spark.annotate(consents, order_by=order).write.parquet(f"{target}/checked")
    checked = spark.read.parquet(f"{target}/checked")
    has_error = "exists(consentlint, finding -> finding.severity = 'error')"
    checked.where(f"not {has_error}").drop("reason_codes", "consentlint").write.parquet(
        f"{target}/valid"
    )
    checked.where(has_error).write.parquet(f"{target}/invalid")
