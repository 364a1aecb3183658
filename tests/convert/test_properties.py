"""Whatever an export holds and a mapping says, nothing is lost and nothing is made up."""

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from consentlint.convert.ids import StableIds
from consentlint.convert.mapping import LEAVE_OUT, ColumnMapping, fold, merged
from consentlint.convert.run import Conversion, Totals
from consentlint.convert.tables import TableOptions
from consentlint.convert.values import ValueReader
from consentlint.fields.iso8601 import parse_now
from consentlint.model.settings import RepairOptions, Settings

SETTINGS = Settings(parse_now("2026-01-01T00:00:00Z"))
CONSTANTS = {"values": {"sender_id": "MG9752274e9e519418a7406176694466fa", "source": "website"}}
COLUMNS = ("Phone", "Status", "Other status", "In", "Out")

words = st.sampled_from(
    ["Subscribed", "SUBSCRIBED ", "no", "Pending", "", "opt-in", "Stop", "\u0130"]
)
numbers = st.one_of(
    st.sampled_from(["+14155552671", "4155552671", "(415) 555-2672", "", "x", "'+442079460958"]),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
dates = st.sampled_from(
    [
        "",
        "2025-01-01T00:00:00Z",
        "02/28/2025 2:05 PM",
        "01/02/2025",
        "2025-06-01 10:00",
        "soon",
        "N/A",
    ]
)
rows = st.lists(st.tuples(numbers, words, words, dates, dates), max_size=12)
meanings = st.dictionaries(words, st.sampled_from(["opt-in", "opt-out", LEAVE_OUT]), max_size=5)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    columns: dict[str, Any] = {"contact_id": "Phone"}
    names = draw(st.lists(st.sampled_from(COLUMNS[1:3]), unique=True, max_size=2))
    if names:
        columns["status"] = names
    if not names or draw(st.booleans()):
        columns |= {"opt_in_date": "In", "opt_out_date": "Out"}
    options = {
        "region": draw(st.sampled_from([None, "US", "GB"])),
        "timezone": draw(st.sampled_from([None, "UTC", "America/New_York"])),
        "time_of_day": draw(st.sampled_from([None, "12:00:00"])),
        "date_format": draw(st.sampled_from([None, "DMY", "MDY"])),
    }
    return merged({"columns": columns, "status": draw(meanings)}, CONSTANTS, options)


def convert(folder: str, table: list[tuple[str, ...]], document: dict[str, Any]) -> Totals:
    export = Path(folder) / "export.csv"
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *table])
    mapping = ColumnMapping.of(document)
    conversion = Conversion(
        lambda _: mapping, TableOptions(), SETTINGS, StableIds("consents", b"key")
    )
    return conversion.run([str(export)], f"{folder}/items.jsonl", f"{folder}/left.jsonl")


@given(rows, documents())
def test_rows_kept_and_left_out_add_up_and_only_the_mapping_decides(
    table: list[tuple[str, ...]], document: dict[str, Any]
) -> None:
    mapping = ColumnMapping.of(document)
    with tempfile.TemporaryDirectory() as folder:
        totals = convert(folder, table, document)
        output = Path(folder) / "items.jsonl"
        items = [json.loads(line) for line in output.read_text().splitlines()]
        left = (Path(folder) / "left.jsonl").read_text().splitlines()
        text = output.read_bytes()
        convert(folder, table, document)
        assert output.read_bytes() == text
    filled = [row for row in table if any(map(str.strip, row))]
    assert sum(totals.rows.values()) == len(filled)
    assert (totals.kept, totals.left_out) == (len(items), len(left))
    assert len(items) + len(left) == len(filled)
    decided = {"opt-in": "opt-in", "opt-out": "opt-out", **mapping.status}
    kept = list(filled)
    for line in left:
        kept.remove(tuple(json.loads(line)["columns"].values()))
    for row, item in zip(kept, items, strict=True):
        if "status" in mapping.columns:
            of_row = [row[COLUMNS.index(name)] for name in mapping.columns["status"]]
            found = [decided[fold(word)] for word in of_row if fold(word) in decided]
            assert item["status"] == next(each for each in found if each != LEAVE_OUT)
        else:
            assert row[3].strip() or row[4].strip()
    assert len({item["correlation_id"] for item in items}) == len(items)


options = st.builds(
    RepairOptions,
    st.sampled_from([None, "US", "DE", "IT", "BR"]),
    st.sampled_from([None, "America/New_York"]),
    st.sampled_from([None, "12:00:00"]),
    st.sampled_from([None, "DMY", "MDY"]),
)
digits = st.text("0123456789 ()-.", min_size=6, max_size=16)
written = st.builds(
    "{:02}/{:02}/{} {}:{:02}{}".format,
    *(st.integers(1, 31), st.integers(1, 31), st.integers(2000, 2025), st.integers(0, 12)),
    *(st.integers(0, 59), st.sampled_from(["", " PM", " AM", ":30", " +0100"])),
)


@given(digits, written, options)
@example("49201000000", "01/01/2020 1:00", RepairOptions(region="DE"))
def test_the_quick_reading_of_a_value_is_that_of_the_repairs(
    number: str, date: str, given_options: RepairOptions
) -> None:
    reader = ValueReader(ColumnMapping(repair=given_options), SETTINGS)
    for field, text in (("contact_id", number), ("date_of_consent", date)):
        quick = reader._quick(field, text, None)
        if quick:
            slow = ValueReader(ColumnMapping(repair=given_options), SETTINGS)
            slow._quick = lambda *_: ""  # type: ignore[method-assign]
            assert slow.read(field, text) == quick
