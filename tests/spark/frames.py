"""Small DataFrames of consents."""

from collections.abc import Iterable, Mapping
from typing import Any

from sample_items import CONSENT

NOW = "2026-01-01T00:00:00Z"
FIELDS = tuple(CONSENT)
ARGUMENTS: dict[str, Any] = {"order_by": "place", "now": NOW}


def consent(number: int, **fields: str | None) -> dict[str, str | None]:
    """Return a valid consent of its own contact."""
    return {
        **CONSENT,
        "contact_id": f"+1415555{number:04}",
        "correlation_id": f"{number:032x}",
        **fields,
    }


def frame(spark: Any, items: Iterable[Mapping[str, object]], **more: str) -> Any:
    """Return a DataFrame of consents with the column `place`."""
    columns = {**dict.fromkeys(FIELDS, "string"), "place": "int", **more}
    rows = [{"place": place, **item} for place, item in enumerate(items)]
    schema = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return spark.createDataFrame([tuple(row.get(name) for name in columns) for row in rows], schema)


MIXED = [
    consent(0),
    consent(1, status="Opt In", contact_id="+19"),
    consent(2, correlation_id=f"{0:032x}"),
    consent(3, date_of_consent="2025-07-02T15:30:00Z", status="opt-out"),
    consent(4, contact_id="+14155550003"),
    consent(5, status="opt-out", source="opt-in-message"),
    dict.fromkeys(FIELDS),
    consent(0),
]
INVALID = {1, 2, 4, 6, 7}


def places(rows: Any) -> list[int]:
    return sorted(row["place"] for row in rows.select("place").collect())


def counts(df: Any) -> dict[str, int]:
    return {row["rule"] or row["what"]: row["count"] for row in df.collect()}
