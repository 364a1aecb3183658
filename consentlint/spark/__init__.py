"""Check Spark DataFrames with the rules, the order and the messages of `consentlint check`.

All functions but `export` are lazy: they return DataFrames, and use nothing but the DataFrame API, so
they work in classic Spark, in Spark Connect and on serverless compute. The room places the stages of
`columnar` into a plan with one shuffle. It must not know what a rule checks. pyspark is imported inside
functions only, and is not a dependency: a cluster brings its own.
"""

from consentlint.spark.export import export
from consentlint.spark.findings import check
from consentlint.spark.inputs import FILE_ORDER
from consentlint.spark.rows import annotate, reason_codes, split
from consentlint.spark.totals import summary

__all__ = ["FILE_ORDER", "annotate", "check", "export", "reason_codes", "split", "summary"]
