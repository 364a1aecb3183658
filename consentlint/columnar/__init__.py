"""Check tables of any engine that speaks Arrow, in two stages that may run on other machines.

Stage 1 (`check_rows`) checks each row of a record batch by itself, and returns findings and keys.
Stage 2 (`check_keys`) checks keys that are sorted, and returns what is wrong between rows. The room
schedules the rules of the linter. It must not know what a rule checks, nor which engine calls it.
pyarrow is imported on first use only.
"""

from consentlint.columnar.column_names import resolve_columns
from consentlint.columnar.keys import check_keys
from consentlint.columnar.options import StageOptions, VersionError
from consentlint.columnar.read import check_types
from consentlint.columnar.rows import check_rows, row_reasons
from consentlint.columnar.schema import FINDING, finding_schema, row_schema
from consentlint.text.column_types import type_error

__all__ = [
    "FINDING",
    "StageOptions",
    "VersionError",
    "check_keys",
    "check_rows",
    "check_types",
    "finding_schema",
    "resolve_columns",
    "row_reasons",
    "row_schema",
    "type_error",
]
