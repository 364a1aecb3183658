"""Add the reason codes to a data set of Ray, on all workers."""

import ray

from consentlint import arrow


def with_codes(table):
    codes = arrow.reason_codes(table, now="2026-01-01T00:00:00Z")
    return table.append_column("reason_codes", codes)


frame = ray.data.read_parquet("consents.parquet").map_batches(with_codes, batch_format="pyarrow")
print(frame.filter(lambda row: len(row["reason_codes"]) > 0).count(), "rows would be rejected")
