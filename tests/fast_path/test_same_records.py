"""What a report reads of the records of a file does not depend on the fast path."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from clean_records import NOW, clean, consent, json_lines, table
from comparing import Sizes, random_sizes
from random_files import random_file

from consentlint.fields.iso8601 import parse_now
from consentlint.linter.check import Linter
from consentlint.linter.records import RecordReader
from consentlint.model.endpoints import CONSENTS, ENDPOINTS
from consentlint.model.settings import ReadOptions, Settings
from consentlint.report.dates import DateReader

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def records_of(
    path: Path, options: ReadOptions, settings: Settings
) -> tuple[list[Any], list[Any], int]:
    """Return the stored records in order, the rejected ones, and how many were rejected at all."""
    stored, rejected = [], []
    with Linter(options, settings).check_file(str(path)) as file:
        is_consent = file.report.endpoint is CONSENTS
        fields = ("sender_id", "status", "source") if is_consent else ("country_iso_code",)
        reader = RecordReader(fields, settings.profile)
        for records in reader.read(file):
            # A matcher drops an offset of zero.
            dates = zip(*DateReader().read(records.dates), strict=True)
            values = [reader.combinations[each] for each in records.combinations]
            columns = (records.numbers, records.contacts, values, dates)
            stored += zip(*columns, strict=True)
            rejected += map(repr, records.rejected)
        counts = file.record_counts()
        return sorted(stored), sorted(rejected), counts.rejected - counts.unparsed


@pytest.mark.parametrize("seed", range(60))
def test_records_are_the_same_with_and_without_the_fast_path(tmp_path: Path, seed: int) -> None:
    file = random_file(seed, 150, ("csv", "jsonl", "json")[seed % 3])
    path = tmp_path / file.name
    path.write_bytes(file.content)
    endpoint = ENDPOINTS[file.endpoint] if file.endpoint else None
    with random_sizes(Random(seed)).applied():
        precise, fast = (
            records_of(path, ReadOptions(endpoint=endpoint, fast_path=on), file.settings)
            for on in (False, True)
        )
    assert fast == precise
    assert len(fast[1]) == fast[2]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_every_stored_record_is_read_once(tmp_path: Path, name: str, jobs: int) -> None:
    records = clean(0, 400)
    records[250] = consent(250, status="x")
    records[300] = consent(300, correlation_id=str(records[10]["correlation_id"]))
    path = tmp_path / name
    path.write_bytes(table(records) if name == "a.csv" else json_lines(records))
    with Sizes().applied():
        stored, rejected, _ = records_of(path, ReadOptions(jobs=jobs), Settings(now=parse_now(NOW)))
    assert [number for number, *_ in stored] == [n for n in range(400) if n not in (250, 300)]
    assert [contact for _, contact, *_ in stored] == [
        record["contact_id"] for n, record in enumerate(records) if n not in (250, 300)
    ]
    assert len(rejected) == 2
