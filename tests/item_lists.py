"""Random lists of items that share ids, contacts and senders, some of them invalid; as files."""

import csv
import io
import json
from collections.abc import Sequence
from urllib.parse import urlencode

import sample_items
from hypothesis import strategies as st

CONSENT: dict[str, object] = {**sample_items.CONSENT}

Items = Sequence[dict[str, object]]

KINDS = st.sampled_from(["consents", "contacts"])

_HEX = "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"
_ODD = [None, 1, 1.0, True, 0, False, "", " ", [], ["a"], {}, {"a": [1]}, "\ud800", "é\n", 10**30]
_VALUES: dict[str, list[object]] = {
    "contact_id": [
        "+14155552671",
        "+447400123456",
        "+4407400123456",
        "+19",
        "+12345678",
        " +14155552671",
        "+1 415 555 2671",
    ],
    "correlation_id": [
        *(f"{number:032x}" for number in range(6)),
        _HEX,
        _HEX.upper(),
        "z" * 32,
        "Z" * 32,
        _HEX[:-1],
    ],
    "sender_id": [
        "MG9752274e9e519418a7406176694466fa",
        "MG9752274E9E519418A7406176694466FA",
        "+15005550006",
        "+18005551234",
        "12345",
        "rcs:agent",
        "MG1",
    ],
    "status": ["opt-in", "opt-out", "opt in"],
    "source": ["website", "opt-out-message", "opt-in-message", "web"],
    "date_of_consent": [
        "2025-01-15T10:00:00Z",
        "20250115T1100+0100",
        "2025-02-15T10:00:00",
        "2025-03-15T10:00:00.0000000001Z",
        "2025-03-15",
        "2030-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
    ],
    "country_iso_code": ["US", "GB", "us", "ZZ"],
    "zip_code": ["94105", "SW1A 1AA", "SW1 A1AA", "9410"],
    "note": ["x", "+14155552671"],
    "consentlint_superseded_by": ["", "line 3", None, 1],
}
_FIELDS = [name for name in _VALUES if name not in ("note", "consentlint_superseded_by")]


@st.composite
def _items(draw: st.DrawFn) -> dict[str, object]:
    names = [name for name in _FIELDS if draw(st.integers(0, 15)) > 0]
    names += [name for name in ("note", "consentlint_superseded_by") if draw(st.integers(0, 9)) < 1]
    item: dict[str, object] = {}
    for name in names:
        values = _VALUES[name]
        roll = draw(st.integers(0, 19))
        # Valid values come first.
        item[name] = draw(
            st.sampled_from(_ODD if roll == 0 else values[:3] if roll < 12 else values)
        )
    return item


ITEM_LISTS = st.lists(_items(), max_size=12)
"""Items with the fields of both endpoints; check them as either."""

TRICKY_LINES = st.sampled_from(
    [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "{",
        '{"status": "opt-in", "status": "opt-out"}',
        '{"status": "opt-in", "status": "opt-in", "sender_id": "12345"}',
        '{"contact_id": "+14155552671"}',
        '{"contact_id": "é\\n\\u0041"}',
        '{"zip_code": "94105"} x',
    ]
)
"""Lines of JSON Lines, most of them not an item."""


def as_json(items: Items) -> str:
    return json.dumps(items, indent=1)


def as_request(items: Items) -> str:
    return json.dumps({"Items": items})


def as_json_lines(items: Items) -> str:
    return "".join(f"{json.dumps(item)}\n" for item in items)


def as_form(items: Items) -> str:
    return urlencode([("Items", json.dumps(item)) for item in items])


def as_csv(items: Items) -> str:
    """Return a table of the values that are texts."""
    text = io.StringIO()
    names = [*dict.fromkeys(["correlation_id", *(name for item in items for name in item)])]
    writer = csv.writer(text)
    writer.writerow(names)
    for item in items:
        cells = [item.get(name) for name in names]
        shown = [cell if isinstance(cell, str) and cell != "\ud800" else "" for cell in cells]
        writer.writerow(["0" if not any(shown) else shown[0], *shown[1:]])
    return text.getvalue()


WRITERS = {
    "items.json": as_json,
    "request.json": as_request,
    "items.jsonl": as_json_lines,
    "items.csv": as_csv,
    "items.form": as_form,
}
"""How a list is written to a file with each of these names."""
