"""Check what a query of DuckDB returns, batch by batch, and print what is wrong with it."""

import duckdb

from consentlint import arrow

rows = duckdb.sql("SELECT * FROM 'consents.parquet'")
frame = rows.arrow().read_all().append_column("reason_codes", arrow.reason_codes(rows))
print(duckdb.from_arrow(arrow.check(rows)).select("row, rule, message"))
