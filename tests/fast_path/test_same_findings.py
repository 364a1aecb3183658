"""The findings are the same with and without the fast path."""

import gzip
import json
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from clean_records import (
    NOW,
    SENDER,
    TOLL_FREE,
    Record,
    clean,
    consent,
    contact,
    document,
    json_lines,
    record_id,
    table,
)
from comparing import REAL, Sizes, compare, random_sizes, reduced, rules_of, same, settings_without
from hypothesis import given, settings
from hypothesis import strategies as st
from random_files import RandomFile, random_file

from consentlint.linter.check import Linter
from consentlint.linter.part_scan import Scanner
from consentlint.model.settings import ReadOptions

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["jsonl", "csv", "json"])
def test_some_items_of_random_files_are_proven(tmp_path: Path, kind: str) -> None:
    items = proven = files_with_some = 0
    for seed in range(40):
        compared = compare(random_file(seed, 40, kind), random_sizes(Random(seed)), tmp_path)
        items += compared.precise.items
        proven += compared.fast.proven
        files_with_some += bool(compared.fast.proven)
    assert proven > 0.05 * items
    assert files_with_some > 8


@pytest.mark.parametrize("kind", ["jsonl", "csv", "json"])
def test_most_of_a_clean_file_is_proven_with_the_real_sizes(tmp_path: Path, kind: str) -> None:
    records = clean(0, 3_000)
    content = {"jsonl": json_lines, "csv": table, "json": document}[kind](records)
    assert same(content, tmp_path, f"records.{kind}", sizes=REAL).fast.proven >= 1_990


def test_nothing_is_proven_in_a_small_file_a_form_or_a_request(tmp_path: Path) -> None:
    content = json_lines(clean(0, 99))
    assert same(content, tmp_path, sizes=REAL).fast.proven == 0
    form = "&".join(f"Items={json.dumps(record)}" for record in clean(0, 9)).replace("+", "%2B")
    assert same(form.encode(), tmp_path, "records.form").fast.proven == 0
    (tmp_path / "request.jsonl").write_bytes(content)
    options = ReadOptions(request=True, jobs=1)
    with (
        Sizes().applied(),
        patch.object(Scanner, "_learn", side_effect=AssertionError),
        Linter(options, settings_without()).check_file(str(tmp_path / "request.jsonl")) as checked,
    ):
        assert [finding.rule for finding in checked.findings()] == ["request-too-large"]


# Damage to a record: the records before it are proven, and it is not.

_CLEAN = json.dumps(consent(50))
_TRAPS = {
    "an id of 31 digits": consent(50, correlation_id=record_id(50)[:-1]),
    "an id of 33 digits": consent(50, correlation_id=record_id(50) + "0"),
    "an id that is not hexadecimal": consent(50, correlation_id=record_id(50)[:-1] + "g"),
    "an id with a letter too far": consent(50, correlation_id=record_id(50)[:-1] + "G"),
    "a number that is a digit short": consent(50, contact_id="+1415555267"),
    "a number that is a digit long": consent(50, contact_id="+141555526712"),
    "a number with a trunk prefix": consent(50, contact_id="+4407400123456"),
    "a shorter number with a trunk prefix": consent(50, contact_id="+440740012345"),
    "a number of no country": consent(50, contact_id="+999123456789"),
    "a number without a plus": consent(50, contact_id="14155552671"),
    "a sender that is new and wrong": consent(50, sender_id="MG975"),
    "a sender that is new and fine": consent(50, sender_id=SENDER[:-1] + "0"),
    "a sender that is a number": consent(50, sender_id="+14155552671"),
    "a sender that is toll-free": consent(50, sender_id=TOLL_FREE),
    "an opt-in by an opt-out message": consent(50, source="opt-out-message"),
    "an opt-out by an opt-in message": consent(50, status="opt-out", source="opt-in-message"),
    "a word in upper case": consent(50, status="OPT-IN"),
    "another word": consent(50, source="web"),
    "the 30th of February": consent(50, date_of_consent="2024-02-30T15:30:00Z"),
    "the 29th of February": consent(50, date_of_consent="2023-02-29T15:30:00Z"),
    "the 29th of February of 2100": consent(50, date_of_consent="2100-02-29T15:30:00Z"),
    "the 31st of April": consent(50, date_of_consent="2024-04-31T15:30:00Z"),
    "the 31st of November": consent(50, date_of_consent="2024-11-31T15:30:00Z"),
    "the 32nd of May": consent(50, date_of_consent="2024-05-32T15:30:00Z"),
    "a day 00": consent(50, date_of_consent="2024-05-00T15:30:00Z"),
    "a month 13": consent(50, date_of_consent="2024-13-02T15:30:00Z"),
    "a month 00": consent(50, date_of_consent="2024-00-02T15:30:00Z"),
    "an hour 24": consent(50, date_of_consent="2024-05-02T24:30:00Z"),
    "a minute 60": consent(50, date_of_consent="2024-05-02T15:60:00Z"),
    "a second 60": consent(50, date_of_consent="2024-05-02T15:30:60Z"),
    "a year 1992": consent(50, date_of_consent="1992-05-02T15:30:00Z"),
    "a year 2999": consent(50, date_of_consent="2999-05-02T15:30:00Z"),
    "a date that is now": consent(50, date_of_consent=NOW),
    "a date one second on": consent(50, date_of_consent=NOW[:-2] + "1Z"),
    "no date": consent(50, date_of_consent=None),
    "a date without an offset": consent(50, date_of_consent="2025-06-02T15:30:00"),
    "a date in lower case": consent(50, date_of_consent="2025-06-02t15:30:00z"),
    "a key twice with other values": _CLEAN[:-1] + ', "status": "opt-out"}',
    "a key twice with one value": _CLEAN[:-1] + ', "status": "opt-in"}',
    "a key twice, the first time wrong": '{"status": "x", ' + _CLEAN[1:],
    "an unknown key": _CLEAN[:-1] + ', "note": 1}',
    "a record within a record": f'{_CLEAN[:-1]}, "note": {_CLEAN}}}',
    "records within a record": f'{_CLEAN[:-1]}, "note": [{_CLEAN}, {_CLEAN}, {_CLEAN}]}}',
    "a key with an escape": _CLEAN.replace("status", "stat\\u0075s"),
    "a value with an escape": _CLEAN.replace("+1", "\\u002b1"),
    "an escape for a character too many": _CLEAN.replace("opt-in", "opt-in\\n"),
    "an escaped unknown key": _CLEAN.replace("status", "stat\\u0075x"),
    "a value that is a number": _CLEAN.replace('"+1', "1").replace('50", "corr', '50, "corr'),
    "a comma too many": _CLEAN[:-1] + ",}",
    "a comma too few": _CLEAN.replace(",", "", 1),
    "a quote too few": _CLEAN.replace('"', "", 1),
    "NaN": _CLEAN.replace('"opt-in"', "NaN"),
    "an empty record": "{}",
    "null": "null",
    "a record as text": json.dumps(_CLEAN),
    "a record as text that is wrong": json.dumps(_CLEAN.replace("website", "web")),
    "text that is not Latin-1": _CLEAN.replace("website", "wеbsite"),
    "a space before a value": _CLEAN.replace("opt-in", " opt-in"),
    "a no-break space": _CLEAN.replace(": ", ":\xa0", 1),
    "a vertical tab": _CLEAN.replace(": ", ":\x0b", 1),
    "another layout": _CLEAN.replace(": ", ":"),
    "another order": json.dumps(dict(reversed(consent(50).items()))),
}  # fmt: skip


@pytest.mark.parametrize("trap", _TRAPS, ids=str)
def test_an_invalid_item_among_clean_ones_is_not_proven(tmp_path: Path, trap: str) -> None:
    records = [*clean(0, 9), _TRAPS[trap], *clean(10, 20), _TRAPS[trap], *clean(20, 30)]
    assert same(json_lines(records), tmp_path).fast.proven >= 20
    same(document(records), tmp_path, "records.json")
    as_text = [
        json.dumps(_text if isinstance(_text, str) else json.dumps(_text)) for _text in records
    ]
    assert same(json_lines(as_text), tmp_path).fast.proven >= 20
    if isinstance(row := _TRAPS[trap], dict) and len(row) == 6:
        rows = [*clean(0, 9), row, *clean(10, 20), row, *clean(20, 30)]
        assert same(table(rows), tmp_path, "records.csv").fast.proven >= 20
        same(table(rows, ";", "\r\n", "x"), tmp_path, "records.csv")


_CONTACT_TRAPS = {
    "another postal code": contact(50, zip_code="94106"),
    "a postal code that is a digit short": contact(50, zip_code="9410"),
    "a known code of another country": contact(50, zip_code="SW1A 1AA"),
    "a country that is none": contact(50, country_iso_code="XX"),
    "a country in lower case": contact(50, country_iso_code="us"),
    "a postal code that ends in a space": contact(50, zip_code="94105 "),
    "no postal code": contact(50, zip_code=None),
    "a number that is a digit short": contact(50, contact_id="+1415555267"),
    "a repeated id": contact(50, correlation_id=record_id(12)),
}


@pytest.mark.parametrize("trap", _CONTACT_TRAPS, ids=str)
def test_an_invalid_item_among_contacts_is_not_proven(tmp_path: Path, trap: str) -> None:
    start = [contact(number) for number in range(19)]
    start.append(contact(19, country_iso_code="GB", zip_code="SW1A 1AA"))
    records = [*start, _CONTACT_TRAPS[trap], *(contact(number) for number in range(20, 30))]
    assert same(json_lines(records), tmp_path).fast.proven >= 20
    same(document(records), tmp_path, "records.json")


# Records of which each has its keys in an order of its own.


def _shuffled(record: Record, seed: int) -> Record:
    return dict(Random(seed).sample(list(record.items()), len(record)))


_OTHER_ORDERS = [json.dumps(_shuffled(consent(50), seed)) for seed in range(3)]
_ORDER_TRAPS = {
    "a comma at the end": [text[:-1] + ", }" for text in _OTHER_ORDERS],
    "a comma at the end without a space": [text[:-1] + ",}" for text in _OTHER_ORDERS],
    "a comma at the start": ["{, " + text[1:] for text in _OTHER_ORDERS],
    "two commas": [text.replace(", ", ", , ", 1) for text in _OTHER_ORDERS],
    "no comma": [text.replace(", ", " ", 1) for text in _OTHER_ORDERS],
    "neither comma nor space": [text.replace(", ", "", 1) for text in _OTHER_ORDERS],
    "no end": [text[:-1] for text in _OTHER_ORDERS],
    "one member less": [
        json.dumps(_shuffled(consent(50, **{field: None}), 1)) for field in consent(0)
    ],
    "one member instead of another": [
        json.dumps(_shuffled(consent(50, **{field: None}), 2))[:-1] + f', "{twice}": "{value}"}}'
        for field in consent(0)
        for twice, value in consent(60).items()
        if twice != field
    ],
    "one member twice": [
        f'{text[:-1]}, "{twice}": "{value}"}}'
        for text in _OTHER_ORDERS
        for twice, value in consent(50).items()
    ],
    "words that do not go together": [
        json.dumps(_shuffled(consent(50, status="opt-out", source="opt-in-message"), 3)),
        json.dumps(_shuffled(consent(50, source="opt-out-message"), 4)),
    ],
    "a number that is a digit short": [json.dumps(_shuffled(consent(50, contact_id="+1415"), 5))],
    "a sender that is new and wrong": [json.dumps(_shuffled(consent(50, sender_id="MG9"), 6))],
    "a date to come": [
        json.dumps(_shuffled(consent(50, date_of_consent="2999-01-01T00:00:00Z"), 7))
    ],
    "an unknown member": [
        json.dumps(_shuffled(consent(50, source=None), 8))[:-1] + ', "note": "website"}'
    ],
}


@pytest.mark.parametrize("trap", _ORDER_TRAPS, ids=str)
def test_an_invalid_item_among_items_in_any_order_is_not_proven(tmp_path: Path, trap: str) -> None:
    sizes = Sizes(learn_after=8, items=8, part=2_500)
    for text in _ORDER_TRAPS[trap]:
        records: list[Record | str] = [_shuffled(consent(number), number) for number in range(40)]
        records[25] = text
        assert same(json_lines(records), tmp_path, sizes=sizes).fast.proven >= 20
        assert same(document(records), tmp_path, "records.json", sizes=sizes).fast.proven >= 15
        as_text = [json.dumps(r if isinstance(r, str) else json.dumps(r)) for r in records]
        assert same(json_lines(as_text), tmp_path, sizes=sizes).fast.proven >= 20


def test_contacts_in_any_order_are_proven(tmp_path: Path) -> None:
    sizes = Sizes(learn_after=8, part=2_500)
    records = [_shuffled(contact(number), number) for number in range(40)]
    records[25] = _shuffled(contact(50, zip_code="9410"), 1)
    assert same(json_lines(records), tmp_path, sizes=sizes).fast.proven >= 20


# Items that `submit` has marked as superseded are not checked.


def test_a_superseded_item_is_not_checked(tmp_path: Path) -> None:
    changes: dict[int, Record] = {
        2: {"sender_id": "MG9", "consentlint_superseded_by": "abc"},
        14: {"status": "x", "consentlint_superseded_by": "abc"},
        20: {"consentlint_superseded_by": "abc"},
        30: {"correlation_id": record_id(1), "consentlint_superseded_by": "abc"},
        # An item may have the id of a marked one; and a marked one's sender is not known.
        35: {"correlation_id": record_id(20)},
        36: {"sender_id": "MG9"},
    }
    for mark_first in (True, False):
        records: list[Record] = []
        for number, record in enumerate(clean(0, 40)):
            mark: Record = {"consentlint_superseded_by": ""}
            whole = {**mark, **record} if mark_first else {**record, **mark}
            records.append({**whole, **changes.get(number, {})})
        found = same(table(records), tmp_path, "records.csv")
        assert rules_of(found) == ["invalid-sender-id"]
        assert found.fast.proven >= 20
        bare = [{key: value for key, value in each.items() if value} for each in records]
        assert same(json_lines(bare), tmp_path).fast.proven >= 20
        same(document(bare), tmp_path, "records.json")


def test_nothing_is_learned_from_a_superseded_contact(tmp_path: Path) -> None:
    records = [contact(number) for number in range(30)]
    records[14] = contact(14, zip_code="9410", consentlint_superseded_by="abc")
    records[25] = contact(25, zip_code="9410")
    found = same(json_lines(records), tmp_path)
    assert rules_of(found) == ["invalid-zip-code"]
    assert found.fast.proven >= 20


# How files end, and break.


def test_only_white_space_may_surround_the_item_on_a_line(tmp_path: Path) -> None:
    text = json.dumps(consent(50))
    for before, after in (
        (" ", ""), ("", "\r"), ("\t \r", " \r"), ("\x0b", ""), ("", "\x0b"), ("", "\xa0"), ("\ufeff", ""),
        ("", ","), ("", text), ("", " " + text), ("x", ""), ("", "x"), ("[", "]"), ("\0", ""), ("", "\x85"),
    ):  # fmt: skip
        same(json_lines([*clean(0, 9), before + text + after, *clean(10, 19)]), tmp_path)


def test_records_with_line_breaks_and_lines_with_two_records_are_malformed(tmp_path: Path) -> None:
    text = json.dumps(consent(50))
    records = [*clean(0, 9), text.replace(", ", ",\n"), *clean(10, 19), text + "\n" + text]
    same(json_lines(records), tmp_path)
    same(json_lines(records)[:-1], tmp_path)
    same(json_lines(records)[:-9], tmp_path)
    same(json_lines(records) + b"\n\n", tmp_path)


def test_nothing_is_read_after_a_line_that_is_too_long(tmp_path: Path) -> None:
    content = json_lines(clean(0, 9)) + b" " * (16 * 1024 * 1024) + json_lines(clean(10, 30))
    assert rules_of(same(content, tmp_path)) == ["file-malformed"]


@pytest.mark.parametrize(
    "text", ["y" * 140_000, "é" * 140_000, '"' + "y" * 140_000 + '"', "y" * 1_100_000]
)
def test_nothing_is_read_after_a_cell_that_is_too_long(tmp_path: Path, text: str) -> None:
    rows = table(clean(0, 30), note="x").splitlines(keepends=True)
    rows[20] = rows[20].replace(b",x\n", f",{text}\n".encode())
    assert rules_of(same(b"".join(rows), tmp_path, "records.csv")) == [
        "unknown-field",
        "file-malformed",
    ]


@pytest.mark.parametrize(
    "note", ['"{}"', '"\n{}"', '"{}{}', '"a\n{}{}b"', '{}"', '"{}"x', '""{}"', "'\n{}'"]
)
@pytest.mark.parametrize("first", [True, False])
def test_lines_inside_a_cell_are_not_rows(tmp_path: Path, note: str, first: bool) -> None:
    header, *rows = table(clean(0, 40)).decode().splitlines()
    notes = ["x"] * len(rows)
    lines = [f"x,{row}" if first else f"{row},x" for row in rows]
    notes[20] = note.replace("{}", "".join(f"{line}\n" for line in lines[30:33]))
    lines = [f"note,{header}" if first else f"{header},note"] + [
        f"{note},{row}" if first else f"{row},{note}"
        for row, note in [*zip(rows, notes, strict=True)][:30]
    ]
    lines += [f"x,{row}" if first else f"{row},x" for row in rows[33:]]
    lines += [line.replace("opt-in", "opt-out") for line in lines[1:18] + lines[31:]]
    for block in (500, 20_000):
        sizes = Sizes(block=block)
        compared = same("\n".join([*lines, ""]).encode(), tmp_path, "records.csv", sizes=sizes)
        assert compared.fast.proven > 10


def test_lines_within_a_cell_at_the_end_of_a_part_are_not_items(tmp_path: Path) -> None:
    """Neither those before the record that is still open there nor those inside it."""
    header, *rows = table(clean(0, 30), note="x").decode().splitlines()
    for inside in (rows[:2], rows[4:9]):
        cell = "".join(f"{row}\n" for row in inside)
        lines = [header, *rows]
        for at in (8, 12):
            lines[at] = f'{lines[at][:-1]}"x\n{cell}"'
        content = "\n".join([*lines, ""]).encode()
        for part in range(400, 3_000, 130):
            compared = same(content, tmp_path, "records.csv", sizes=Sizes(part=part, block=300))
            assert rules_of(compared) == ["unknown-field"]


def test_cells_of_other_columns_may_contain_anything(tmp_path: Path) -> None:
    for delimiter in ",;\t":
        for note in ("a b", "\0", '"\0"', "Zoë", "😀", '"q"', '""', "a,b", "a;b", "a\tb", '"a,b"', '"a;b"', '"a""b"', 'a"b', "\x7f", "\x1b[1m", "\u2028", "\x85", "\xff", "a\rb", '"a\rb"'):  # fmt: skip
            rows = table(clean(0, 30), delimiter, note="x").splitlines(keepends=True)
            encoded = note.encode("latin-1" if note == "\xff" else "utf-8")
            rows[12] = rows[12].replace(b"x\n", encoded + b"\n")
            compared = same(b"".join(rows), tmp_path, "records.csv")
            assert compared.fast.proven > 3


@pytest.mark.parametrize("part", [1_200, 1_500, 2_500])
def test_rows_after_a_zero_byte_are_not_checked(tmp_path: Path, part: int) -> None:
    rows = table(clean(0, 60), note="x").splitlines(keepends=True)
    # The lines in the quoted cell look like clean records.
    rows[40] = rows[40].replace(b"x\n", b'"\n' + b"".join(rows[41:44]) + b'"\n')
    rows[48] = b"\0" + rows[48]
    # Would be duplicates.
    rows[50:53] = rows[46:49]
    for end in range(49, len(rows)):
        content = b"".join([*rows[:41], *rows[44:end]])
        same(content, tmp_path, "records.csv", sizes=Sizes(part=part))


def test_a_row_with_a_delimiter_too_many_or_too_few_is_malformed(tmp_path: Path) -> None:
    rows = table(clean(0, 30), ";", note="x").decode().splitlines(keepends=True)
    rows[12] = rows[12].replace(";x\n", ";x;y\n")
    rows[14] = ";".join(rows[14].split(";")[:3]) + "\n"
    compared = same("".join(rows).encode(), tmp_path, "records.csv")
    assert rules_of(compared) == ["unknown-field", "item-malformed", "item-malformed"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_row_may_lack_its_last_cells_or_end_with_a_delimiter(
    tmp_path: Path, delimiter: str
) -> None:
    """Most rows are proven clean as they are in the first ones, and the others are read."""
    for first, other in ((";x", ""), ("", ";x"), (";x;", ";x"), (";x", ";x;;"), (";x", ";x;y")):
        lines = table(clean(0, 300), ";", note="x").decode().splitlines(keepends=True)
        rows = [line.replace(";x\n", f"{first}\n") for line in lines]
        rows[250] = rows[250].replace(f"{first}\n", f"{other}\n")
        content = "".join(rows).replace(";", delimiter).encode()
        compared = same(content, tmp_path, "records.csv")
        assert compared.fast.proven > 50
        assert ("item-malformed" in rules_of(compared)) == (other == ";x;y")


@pytest.mark.parametrize("comma", [",", ", ", ",\n", " ,\r\n\t", ",\n\n" + 40 * " "])
def test_a_window_of_a_document_may_end_anywhere(tmp_path: Path, comma: str) -> None:
    content = document(clean(0, 30), comma)
    proven = 0
    for window in range(250, 650, 5):
        sizes = Sizes(smallest_window=window, largest_window=5_000)
        proven += same(content, tmp_path, "records.json", sizes=sizes).fast.proven
    assert proven > 500


def test_elements_of_an_array_are_separated_by_one_comma(tmp_path: Path) -> None:
    text = json.dumps(consent(50))
    for between in ("", " ", ",,", ";", ":", "]", "],[", ",null,", ",\x0b", ",\xa0", ",/**/", ",]"):
        parts = [document(clean(0, 12))[:-1], document(clean(20, 32))[1:]]
        for content in (between.encode().join(parts), parts[0] + between.encode()):
            same(content, tmp_path, "records.json")
    for around in ('{{"a": {0}, "Items": {1}}}', '{{"Items": {1}, "a": {0}}}', '{{"Items": {1}, "items": {0}}}', '{{"a": [{1}], "Items": {0}}}'):  # fmt: skip
        other, items = (document(clean(*span)).decode() for span in ((50, 70), (0, 20)))
        compared = same(around.format(other, items).encode(), tmp_path, "records.json")
        assert compared.precise.items in (1, 20, 0)
    same(document([*clean(0, 12), text, text]) + text.encode(), tmp_path, "records.json")


def test_a_truncated_gzipped_file_is_reported_after_the_fast_path_was_dropped(
    tmp_path: Path,
) -> None:
    rows = [*clean(0, 5), *clean(5, 120, status="opt in")]
    packed = gzip.compress(json_lines(rows), 1)
    for end in range(len(packed) - 400, len(packed), 7):
        file = RandomFile("jsonl", "records.jsonl", (packed[:end],), settings_without(), None)
        for block in (64, 500, 20_000):
            compared = compare(file, Sizes(block=block, trial=5), tmp_path)
            assert not compared.difference
            assert "file-unreadable" in rules_of(compared)


def test_a_truncated_gzipped_file_is_reported_at_the_same_location(tmp_path: Path) -> None:
    for content, name in (
        (json_lines(clean(0, 500)), "records.jsonl.gz"),
        (table(clean(0, 500)), "records.csv.gz"),
    ):
        packed = gzip.compress(content, 1)
        for end in (len(packed) - 4, len(packed) // 2, 1_000):
            # Not packed again by its name: it is packed, and broken off.
            kind = name.split(".")[1]
            path = tmp_path / "whole"
            path.mkdir(exist_ok=True)
            file = RandomFile(kind, f"records.{kind}", (packed[:end],), settings_without(), None)
            compared = compare(file, Sizes(), path)
            assert not compared.difference
            assert "file-unreadable" in rules_of(compared)


@settings(max_examples=200)
@given(seed=st.integers(0, 2**64 - 1), records=st.integers(1, 70))
def test_random_files_have_the_same_findings(
    tmp_path_factory: pytest.TempPathFactory, seed: int, records: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    sizes = random_sizes(Random(seed))

    def difference(file: RandomFile) -> str:
        return compare(file, sizes, folder).difference

    file = random_file(seed, records)
    if difference(file):
        file = reduced(file, lambda fewer: bool(difference(fewer)))
        pytest.fail(f"{difference(file)}\nof {file}\nwith {sizes}")
