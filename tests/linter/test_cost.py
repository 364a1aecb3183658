"""The time that a file takes grows with its size, whatever is found in it."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from item_lists import CONSENT
from linting import findings_in

from consentlint.fields import iso8601
from consentlint.model.settings import Settings

pytestmark = pytest.mark.slow

SETTINGS = Settings(iso8601.parse("2026-01-01T00:00:00Z").moment)
CostRatio = Callable[[Callable[[int], object], int, int], float]
Items = Sequence[dict[str, object]]


def consents(count: int) -> list[dict[str, object]]:
    """Return clean items of different people."""
    return [
        {
            **CONSENT,
            "contact_id": f"+1415{2_000_000 + number}",
            "correlation_id": f"{(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128:032x}",
        }
        for number in range(count)
    ]


def as_json(items: Items) -> str:
    return json.dumps(items)


def as_json_lines(items: Items) -> str:
    return "".join(f"{json.dumps(item)}\n" for item in items)


def as_csv(items: Items) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(items[0]))
    writer.writeheader()
    writer.writerows(items)
    return text.getvalue()


WRITERS = {"items.json": as_json, "items.jsonl": as_json_lines, "items.csv": as_csv}


@pytest.mark.parametrize("name", WRITERS)
def test_duplicates_take_time_in_proportion_to_their_number(
    tmp_path: Path, cost_ratio: CostRatio, name: str
) -> None:
    """Each of them is read again, and names the item that it repeats."""
    path = tmp_path / name

    def check(count: int) -> None:
        items = consents(count)
        path.write_text(WRITERS[name]([*items, *items]))
        rules = [finding.rule for finding in findings_in(str(path), SETTINGS)]
        assert rules == ["consent-duplicate", "invalid-correlation-id"] * count

    # In a time that grows with the square of their number, it would be 64.
    assert cost_ratio(check, 250, 8) < 24


@pytest.mark.parametrize("name", ["items.json", "items.jsonl"])
def test_different_unknown_fields_take_time_in_proportion_to_their_number(
    tmp_path: Path, cost_ratio: CostRatio, name: str
) -> None:
    path = tmp_path / name

    def check(count: int) -> None:
        items = [{**item, f"note {number}": 1} for number, item in enumerate(consents(count))]
        path.write_text(WRITERS[name](items))
        rules = {finding.rule for finding in findings_in(str(path), SETTINGS)}
        assert rules == {"unknown-field"}

    assert cost_ratio(check, 400, 8) < 24


def test_blank_lines_take_time_in_proportion_to_their_number(
    tmp_path: Path, cost_ratio: CostRatio
) -> None:
    path = tmp_path / "items.jsonl"

    def check(count: int) -> None:
        items = consents(count)
        path.write_text(as_json_lines([*items, *items]).replace("\n", "\n\n\n\n\n\n"))
        findings = findings_in(str(path), SETTINGS)
        assert findings[0].line == 6 * count + 1
        assert findings[0].message.count(" line 1 ") == 1

    assert cost_ratio(check, 500, 8) < 24
