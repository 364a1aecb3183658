"""Add the reason codes to a data frame of pandas, and count what is wrong with it."""

import pandas as pd

from consentlint import arrow

frame = pd.read_parquet("consents.parquet")
frame["reason_codes"] = arrow.reason_codes(frame).to_pylist()
print(arrow.check(frame).to_pandas().value_counts(["severity", "rule"]))
