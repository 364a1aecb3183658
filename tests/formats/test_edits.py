"""Edits of items: the parsed item has the changes, whatever its text looks like."""

import csv
import json
from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentlint.formats import form_body, json_edits
from consentlint.formats.csv_edits import edit_record, format_cell
from consentlint.formats.csv_table import Table
from consentlint.formats.edits import Changes, TextEdit, apply_edits
from consentlint.model.items import MISSING, Location, Source

KEYS = st.sampled_from(("status", "date_of_consent", 'ké"y\\', "phone", "source", ""))
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2)
)
ITEMS = st.dictionaries(KEYS, VALUES, max_size=5)
NEW_VALUES = st.dictionaries(
    st.sampled_from(("status", "correlation_id", "zip_code", "date_of_consent")),
    st.just(MISSING) | st.text(max_size=5),
)


@st.composite
def json_texts(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    item = draw(ITEMS)
    indent = draw(st.sampled_from((None, 0, 2)))
    separators = draw(st.sampled_from(((",", ":"), (", ", ": "), (" ,\n", " : "))))
    ascii_only = draw(st.booleans())
    text = json.dumps(item, ensure_ascii=ascii_only, indent=indent, separators=separators)
    return text, item


@st.composite
def changes_of(draw: st.DrawFn, item: Mapping[str, object]) -> Changes:
    renames = {"phone": "contact_id"} if "phone" in item and draw(st.booleans()) else {}
    values = draw(NEW_VALUES)
    if renames and draw(st.booleans()):
        values["contact_id"] = draw(st.just(MISSING) | st.text(max_size=5))
    return Changes(values, renames)


def changed(item: Mapping[str, object], changes: Changes) -> dict[str, object]:
    found = {changes.renames.get(key, key): value for key, value in item.items()} | changes.values
    return {key: value for key, value in found.items() if value is not MISSING}


def in_order(edits: list[TextEdit]) -> bool:
    return all(one.end <= two.start for one, two in pairwise(edits))


@given(json_texts(), st.data())
def test_an_object_is_edited_in_its_text(
    written: tuple[str, dict[str, object]], data: st.DataObject
) -> None:
    text, item = written
    changes = data.draw(changes_of(item))
    edits = json_edits.edit_object(text, changes)
    assert in_order(edits)
    assert json.loads(apply_edits(text, edits)) == changed(item, changes)


@given(json_texts(), st.booleans(), st.data())
def test_an_object_in_a_string_is_edited_in_its_escaped_text(
    written: tuple[str, dict[str, object]], ascii_only: bool, data: st.DataObject
) -> None:
    text, item = written
    literal = json.dumps(text, ensure_ascii=ascii_only)
    changes = data.draw(changes_of(item))
    edits = json_edits.edit_string(literal, changes)
    assert in_order(edits)
    assert json.loads(json.loads(apply_edits(literal, edits))) == changed(item, changes)


@given(json_texts(), st.sampled_from((quote, quote_plus)), st.data())
def test_an_item_of_a_form_is_edited_in_its_escaped_text(
    written: tuple[str, dict[str, object]], escape: object, data: st.DataObject
) -> None:
    assert callable(escape)
    text, item = written
    value = escape(text)
    changes = data.draw(changes_of(item))
    edits = form_body.edit(value, changes)
    assert in_order(edits)
    (found,) = form_body.read(f"Items={apply_edits(value, edits)}".encode())
    assert getattr(found, "fields", None) == changed(item, changes)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=6)


@given(st.lists(CELLS, min_size=3, max_size=3), CELLS, st.sampled_from(",;\t|"))
def test_a_cell_is_replaced_and_the_others_stay(
    cells: list[str], value: str, delimiter: str
) -> None:
    written = [f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells]
    text = delimiter.join(written) + "\r\n"
    table = Table(("a", "status", "c"), delimiter)
    source = Source(text, Location(1, 1, 0), table.find)
    edits = edit_record(source, Changes({"status": value, "other": "x"}, {}), delimiter)
    edited = apply_edits(text, edits)
    assert next(csv.reader(edited.splitlines(keepends=True), delimiter=delimiter)) == [
        cells[0],
        value,
        cells[2],
    ]
    assert edited.startswith(written[0])
    assert edited.endswith(f"{written[2]}\r\n")


@pytest.mark.parametrize(
    ("value", "old", "cell"),
    [
        ("opt-in", "Opt-In", "opt-in"),
        ("opt-in", '"Opt-In"', '"opt-in"'),
        ("a,b", "x", '"a,b"'),
        ('a"b', "x", '"a""b"'),
        ("", '"null"', '""'),
    ],
)
def test_a_cell_is_quoted_if_it_was_or_must_be(value: str, old: str, cell: str) -> None:
    assert format_cell(value, old, ",") == cell
