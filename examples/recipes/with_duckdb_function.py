"""Call consentlint in the SQL of DuckDB."""

import duckdb
import pyarrow as pa

from consentlint import CONSENTS, arrow


def reason_codes(rows):
    return arrow.reason_codes(pa.Table.from_struct_array(rows), now="2026-01-01T00:00:00Z")


row = duckdb.struct_type(dict.fromkeys(CONSENTS.fields, "VARCHAR"))
duckdb.create_function("reason_codes", reason_codes, [row], "VARCHAR[]", type="arrow")
query = "SELECT *, reason_codes(consents) AS reason_codes FROM 'consents.parquet' AS consents"
frame = duckdb.sql(query).arrow().read_all()
