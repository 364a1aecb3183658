"""What each piece of the fast path promises to the others, by itself."""

import csv
import json
import re
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import product
from unittest.mock import patch

import pytest
from clean_records import clean, consent, contact, json_lines, terms
from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint.fast_path import index, record_pattern
from consentlint.fast_path.date_layout import OFFSET, DateLayout
from consentlint.fast_path.index import Index, Rows
from consentlint.fast_path.record_pattern import RecordPattern, pattern_of
from consentlint.fast_path.trial import Trial
from consentlint.fields import iso8601, phone_numbers
from consentlint.fields.phone_numbers import PhoneStatus, PhoneVerdict
from consentlint.fields.schemas import enumeration
from consentlint.formats import FORMATS, Passing, open_stream
from consentlint.model.endpoints import CONSENTS, CONTACTS
from consentlint.model.items import Item
from consentlint.rules import Entry

_LAYOUTS = st.builds(
    lambda has_seconds, fraction, has_offset: DateLayout(
        has_seconds, fraction if has_seconds else 0, has_offset
    ),
    st.booleans(),
    st.integers(0, 9),
    st.booleans(),
)
_ALL_WORDS = frozenset(product(enumeration("status"), enumeration("source")))
_TRIAL = Trial(CONSENTS, terms())
_CLEAN_WORDS = frozenset(
    (status, source)
    for status, source in _ALL_WORDS
    if _TRIAL.is_clean(consent(0, status=status, source=source))
)


@cache
def _pattern(tmp: str, text: str) -> RecordPattern | None:
    """Return the pattern of a record that a line of text holds."""
    name = f"{tmp}/one.jsonl"
    with open(name, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    with open_stream(name) as stream:
        item = next(iter(FORMATS["jsonl"](stream, Passing())))
    assert isinstance(item, Item)
    endpoint = CONTACTS if "zip_code" in item.fields else CONSENTS
    return pattern_of(item, endpoint.fields, _CLEAN_WORDS)


# Texts that the pattern of a record takes.


@settings(max_examples=200)
@given(number=st.from_regex(re.compile(phone_numbers.possible_pattern(), re.ASCII), fullmatch=True))
def test_a_number_that_the_pattern_takes_is_possible_and_stands_as_e164_writes_it(
    number: str,
) -> None:
    assert phone_numbers._ask(f"+{number}") == PhoneVerdict(PhoneStatus.POSSIBLE, f"+{number}")


@given(layout=_LAYOUTS, data=st.data())
def test_a_date_that_the_pattern_takes_is_clean_packs_and_unpacks(
    layout: DateLayout, data: st.DataObject
) -> None:
    dates = data.draw(
        st.lists(st.from_regex(re.compile(layout.pattern), fullmatch=True), max_size=5)
    )
    offset = data.draw(st.from_regex(OFFSET, fullmatch=True)) if layout.has_offset else "Z"
    packed = layout.packed("".join(dates).encode())
    width = layout.width
    assert len(packed) == width * len(dates)
    late = Trial(CONSENTS, terms(now="9999-12-31T23:59:59Z"))
    for at, date in enumerate(dates):
        assert DateLayout.of(date + offset) == layout
        assert layout.text(packed[width * at : width * (at + 1)]) == date
        if date < "9999-12-30" and offset != "-00:00":
            assert late.is_clean(consent(0, date_of_consent=date + offset))


@given(
    layout=_LAYOUTS,
    now=st.from_regex(re.compile(DateLayout(True, 3, False).pattern), fullmatch=True),
    seconds=st.one_of(st.integers(-90_000, 90_000), st.sampled_from([-86_400, -1, 0, 1, 86_400])),
    offset=st.from_regex(OFFSET, fullmatch=True),
)
def test_a_text_before_past_is_a_date_in_the_past(
    layout: DateLayout, now: str, seconds: int, offset: str
) -> None:
    moment = iso8601.read(f"{now}Z").moment
    past = layout.past(moment)
    near = iso8601.Moment(moment.seconds + seconds, "")
    # The text of a moment nearby is had from a layout that has all that there is.
    text = DateLayout(True, 0, False).past(near).decode()
    if not text:
        return
    date = (text if layout.has_seconds else text[:16]) + (
        "." + "9" * layout.fraction if layout.fraction else ""
    )
    if date.encode() < past:
        zone = offset if layout.has_offset else "Z"
        assert iso8601.read(date + zone).moment <= moment
    if not layout.has_offset and near.seconds < moment.seconds - 60:
        assert date.encode() < past or not past


@pytest.mark.parametrize(
    "date",
    ["2025-06-02T15:30:00", "2025-06-02T15:30:00+0200", "2025-06-02T15:30:00+02", "20250602T153000Z",
     "2025-W23-1T15:30Z", "2025-06-02T15:30:00,5Z", "2025-06-02T15:30:00.0123456789Z", "2025-06-02",
     "2025-06-02T15:30:00z", "2025-06-02T15:30:00.Z", "2025-06-02T15Z", "2025-06-02T15:30.5Z",
     "2025-06-02T15:30:00+24:00", "2025-06-02T15:30:00Z ", "2025-06-02T15:30:00Z\n"],
)  # fmt: skip
def test_an_unusual_date_has_no_layout(date: str) -> None:
    assert DateLayout.of(date) is None


def _texts(pattern: RecordPattern) -> re.Pattern[bytes]:
    return re.compile(pattern.source.encode("latin-1"))


@settings(max_examples=200)
@given(data=st.data())
def test_a_record_that_a_pattern_takes_is_clean_but_for_what_is_asked_of_columns(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = str(tmp_path_factory.getbasetemp())
    first = data.draw(st.permutations(list(consent(0).items())).map(dict))
    pattern = _pattern(folder, json.dumps(first))
    assert pattern is not None
    matcher = _texts(pattern)
    value = {
        "contact_id": st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
        "correlation_id": st.from_regex("[0-9a-gA-F]{31,33}", fullmatch=True),
        "status": st.sampled_from(["opt-in", "opt-out", "opt", "x"]),
        "source": st.sampled_from([*enumeration("source"), "opt-in", ""]),
        "date_of_consent": st.from_regex(
            r"(199[0-9]|202[0-4])-[0-3][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z",
            fullmatch=True,
        ),
    }
    record = dict(first)
    for field in data.draw(st.sets(st.sampled_from(list(value)), min_size=1)):
        record[field] = data.draw(value[field])
    if matcher.fullmatch(json.dumps(record).encode()):
        assert _TRIAL.is_clean(record)
    elif (
        # The pattern leaves some numbers to the precise path.
        record["contact_id"] == first["contact_id"]
        and record["status"] in ("opt-in", "opt-out")
        and record["date_of_consent"] == first["date_of_consent"]
    ):
        # Nor does it leave out what it could take.
        assert not _TRIAL.is_clean(record)


@pytest.mark.parametrize("order", [("status", "source"), ("source", "status")])
def test_a_pattern_takes_the_pairs_of_words_that_are_clean(
    tmp_path_factory: pytest.TempPathFactory, order: Sequence[str]
) -> None:
    record = consent(0)
    first = {**{key: record[key] for key in order}, **record}
    pattern = _pattern(str(tmp_path_factory.getbasetemp()), json.dumps(first))
    assert pattern is not None
    for status, source in _ALL_WORDS:
        text = json.dumps({**first, "status": status, "source": source})
        taken = _texts(pattern).fullmatch(text.encode()) is not None
        assert taken == ((status, source) in _CLEAN_WORDS)


_SIGNS = [bytes([byte]) for byte in range(256)]


@given(
    parts=st.lists(st.one_of(st.sampled_from(_SIGNS), st.just(b'""'), st.text(max_size=3).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    )), max_size=6),
    quoted=st.booleans(),
    delimiter=st.sampled_from(",;\t"),
)  # fmt: skip
def test_a_cell_that_the_pattern_takes_is_one_cell(
    parts: list[bytes], quoted: bool, delimiter: str
) -> None:
    cell = b"".join(parts)
    if quoted:
        cell = b'"' + cell + b'"'
    if not re.fullmatch(record_pattern._CELL.encode("latin-1"), cell):
        return
    line = f"a{delimiter}{cell.decode()}{delimiter}b\n"
    assert "\n" not in line[:-1]
    assert "\0" not in line
    (row,) = csv.reader([line], delimiter=delimiter, strict=True)
    assert len(row) == 3
    assert row[::2] == ["a", "b"]


@pytest.mark.parametrize("cell", ["", "x", '"x"', "a b", "Zoë", '"日本"', "it's", "1.5", '""'])
def test_a_plain_cell_is_one_that_the_pattern_takes(cell: str) -> None:
    assert re.fullmatch(record_pattern._CELL.encode("latin-1"), cell.encode())


def test_a_record_that_is_not_written_plainly_gives_no_pattern(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = str(tmp_path_factory.getbasetemp())
    text = json.dumps(consent(0))
    assert _pattern(folder, text)
    for odd in (
        text.replace("+1", "\\u002b1"),
        text.replace("opt-in", "opt\\u002din"),
        text[:-1] + ', "note": "x"}',
        json.dumps(text[:-1] + ', "n\\u0075ote": {}}'),
        text.replace("15:30:00Z", "15:30:00"),
    ):
        assert _pattern(folder, odd) is None
    assert _pattern(folder, json.dumps(text))
    assert _pattern(folder, json.dumps(contact(0)))


# The index, against a dictionary.

_STATUSES = enumeration("status")
_IDS = st.one_of(
    st.integers(0, 12),
    st.integers(0, 9).map(lambda number: number << 64),
    st.integers(0, 9).map(lambda number: number << 64 | 5),
    st.integers(0, 2**128 - 1),
).map(lambda number: number.to_bytes(16, "big"))
_PAIRS = st.builds(
    lambda number, sender: f"+{number} {sender}",
    st.one_of(st.integers(10, 16), st.sampled_from([999_999_999_999_999])),
    st.sampled_from(["mg0", "mg1", "12345", "+10"]),
)
_ROWS = st.tuples(_IDS, _PAIRS, st.sampled_from([0, 1]), st.integers(1, 28))
_LAYOUT = DateLayout(has_seconds=False, fraction=0, has_offset=True)
_OFFSETS = {b"+01:00": 0, b"-02:30": 1}


def _packed(kept: Index, rows: list[tuple[bytes, str, int, int]], *, pairs: bool) -> Rows:
    dates = [f"2025-06-{day:02}T15:30".encode() for *_, day in rows]
    numbers = [kept.pair_number(pair) for _, pair, *_ in rows] if pairs else []
    return Rows(
        b"".join(key for key, *_ in rows),
        array("Q", [number for number in numbers if number is not None]),
        bytes(status for _, _, status, _ in rows),
        _LAYOUT.packed(b"".join(dates)),
        bytes(day % 2 for *_, day in rows),
    )


def _entry(row: tuple[bytes, str, int, int], number: int) -> Entry:
    offset = list(_OFFSETS)[row[3] % 2].decode()
    moment = iso8601.read(f"2025-06-{row[3]:02}T15:30{offset}").moment
    return Entry(_STATUSES[row[2]], moment, number)


@settings(max_examples=200)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.lists(_ROWS, max_size=12), st.integers(0, 3), st.integers(0, 3)),
            _IDS,
            _PAIRS,
        ),
        max_size=25,
    ),
    probes=st.sampled_from([2, 3, 64]),
    pairs=st.booleans(),
    expected=st.sampled_from([0, 100]),
)
def test_the_index_knows_what_a_dictionary_knows(
    steps: list[object], probes: int, pairs: bool, expected: int
) -> None:
    ids: dict[bytes, int | None] = {}
    records: dict[str, Entry | None] = {}
    number = 7
    with patch.object(index, "_SMALLEST", 4), patch.object(index, "_MOST_PROBES", probes):
        kept = Index(expected, _LAYOUT, _OFFSETS)
        for step in steps:
            if isinstance(step, bytes):
                if ids.setdefault(step, None) is None:
                    kept.note_id(step)
            elif isinstance(step, str):
                if records.setdefault(step, None) is None:
                    kept.note_pair(step)
            else:
                rows, start, skipped = step
                start = min(start, len(rows))
                fine = 0
                seen: set[object] = set()
                for key, pair, *_ in rows[start:]:
                    new = {key, pair} if pairs else {key}
                    if new & seen or key in ids or (pairs and pair in records):
                        break
                    seen |= new
                    fine += 1
                count = kept.add(_packed(kept, rows, pairs=pairs), start, len(rows), number)
                # It may leave more to the precise path than it must, where it is crowded.
                assert count <= fine
                if probes == 64:
                    assert count == fine
                for place, row in enumerate(rows[start : start + count]):
                    ids[row[0]] = number + place
                    if pairs:
                        records[row[1]] = _entry(row, number + place)
                number += count + skipped
            for key, known in ids.items():
                assert kept.item_with_id(key) == known
            for pair, entry in records.items():
                assert kept.record_of(pair) == entry
    assert kept.item_with_id(b"\xee" * 16) is None
    assert kept.record_of("+77 mg7") is None


def test_rows_of_which_the_rest_is_added_to_larger_tables_are_found() -> None:
    with patch.object(index, "_SMALLEST", 4):
        kept = Index(0, _LAYOUT, _OFFSETS)
        rows = [
            ((number * 0x9E3779B1).to_bytes(16, "little"), f"+{number} mg", 0, 1)
            for number in range(1, 9)
        ]
        packed = _packed(kept, rows, pairs=True)
        assert kept.add(packed, 0, 2, number=0) == 2
        for number in range(100):
            kept.note_id(number.to_bytes(16, "big"))
        assert kept.add(packed, 2, 8, number=2) == 6
        assert [kept.item_with_id(key) for key, *_ in rows] == list(range(8))
        assert all(kept.record_of(pair) for _, pair, *_ in rows)


def test_a_sender_one_too_many_has_no_number() -> None:
    with patch.object(index, "MOST_SENDERS", 2):
        kept = Index(0, None, {})
        numbers = [
            kept.pair_number(f"+{contact} {sender}") for contact in (10, 11) for sender in "abc"
        ]
        assert numbers[2] is numbers[5] is None
        assert len({*numbers} - {None}) == 4
        kept.note_pair("+10 c")
        assert kept.record_of("+10 c") is None


def test_a_contact_of_fifteen_digits_leaves_room_for_all_senders() -> None:
    assert 1 << index.CONTACT_BITS > 10**15 - 1
    kept = Index(0, None, {})
    for number in range(index.MOST_SENDERS):
        last = kept.pair_number(f"+999999999999999 {number}")
    assert last is not None
    assert array("Q", [last])[0] == last
    assert kept.pair_number("+10 one too many") is None


def test_a_trial_says_under_what_contact_and_sender_a_record_is_kept() -> None:
    assert _TRIAL.pair(consent(0)) == f"+14152000000 {str(consent(0)['sender_id']).lower()}"
    assert _TRIAL.pair(consent(0, contact_id="+4407400123456")) == (
        f"+447400123456 {str(consent(0)['sender_id']).lower()}"
    )
    assert _TRIAL.pair(consent(0, sender_id="x")) is None
    assert json_lines(clean(0, 2)).count(b"\n") == 2
