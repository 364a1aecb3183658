"""The findings of a Parquet file are those of its rows as JSON Lines, for random items."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from item_lists import ITEM_LISTS, KINDS, Items
from pyarrow import parquet

from consentlint.fields import iso8601
from consentlint.linter.check import Linter
from consentlint.model.endpoints import ENDPOINTS, SUPERSEDED_BY
from consentlint.model.settings import ReadOptions, Settings

pytestmark = pytest.mark.slow

SETTINGS = Settings(iso8601.parse_now("2026-01-01T00:00:00Z"))
# A column without any value is reported once, and not for each item.
COMPLETE = {
    "contact_id": "+14155550199",
    "correlation_id": "e" * 32,
    "sender_id": "MG9752274e9e519418a7406176694466fa",
    "status": "opt-in",
    "source": "website",
    "date_of_consent": "2025-01-15T10:00:00Z",
    "country_iso_code": "US",
    "zip_code": "94105",
}


def findings_of(path: Path, kind: str) -> list[tuple[object, ...]]:
    options = ReadOptions(endpoint=ENDPOINTS[kind])
    with Linter(options, SETTINGS).check_file(str(path)) as file:
        # The order within an item is that of the columns.
        found = [
            (each.item, each.line, each.field, each.rule, each.reason, each.severity, each.value)
            for each in file.findings()
        ]
    return sorted(found, key=str)


@settings(max_examples=30, deadline=None)
@given(ITEM_LISTS, KINDS)
def test_the_findings_of_a_parquet_file_are_those_of_its_rows(
    tmp_path_factory: pytest.TempPathFactory, items: Items, kind: str
) -> None:
    names = [*ENDPOINTS[kind].fields, SUPERSEDED_BY]
    texts = [
        {
            name: value
            for name, value in each.items()
            if name in names and isinstance(value, str) and value != "\ud800"
        }
        for each in [*items, COMPLETE]
    ]
    folder = tmp_path_factory.mktemp("tables")
    lines, table = folder / "items.jsonl", folder / "items.parquet"
    lines.write_text("".join(f"{json.dumps(each)}\n" for each in texts))
    columns = {name: pa.array([each.get(name) for each in texts], pa.string()) for name in names}
    parquet.write_table(pa.table(columns), table, row_group_size=3)
    assert findings_of(table, kind) == findings_of(lines, kind)
