"""Add the reason codes to a data frame of polars, and print what is wrong with it."""

import polars as pl

from consentlint import arrow

frame = pl.read_parquet("consents.parquet")
codes = pl.Series("reason_codes", arrow.reason_codes(frame))
frame = frame.with_columns(codes)
print(pl.from_arrow(arrow.check(frame)).select("row", "rule", "message"))
