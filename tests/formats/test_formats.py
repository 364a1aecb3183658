"""All formats alike: the same items, detection of formats and kinds, packing, encodings."""

import codecs
import csv
import gzip
import io
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

import pytest
from linting import Event, findings_in, items_in

import consentlint
from consentlint import formats as readers
from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Finding
from consentlint.model.items import Item
from consentlint.model.settings import ReadOptions, Settings

Check = Callable[..., list[Finding]]
Read = Callable[..., list[Event]]
Write = Callable[[str, str | bytes], Path]
Consent = Callable[..., dict[str, object]]
Records = Sequence[Mapping[str, object]]


# One list of items in every shape.


def _table(delimiter: str, quoting: Literal[0, 1]) -> Callable[[Records], str]:
    def written(items: Records) -> str:
        columns = list(dict.fromkeys(key for item in items for key in item))
        file = io.StringIO()
        writer = csv.DictWriter(
            file, columns, delimiter=delimiter, quoting=quoting, lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(items)
        return file.getvalue()

    return written


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)


def _texts(items: Records) -> list[str]:
    return [json.dumps(item, ensure_ascii=False) for item in items]


SHAPES: dict[str, tuple[str, Callable[[Records], str]]] = {
    "request": ("json", lambda items: json.dumps({"Items": items})),
    "request in lower case": ("json", lambda items: json.dumps({"items": items}, indent=2)),
    "array": ("json", lambda items: json.dumps(items, ensure_ascii=False, indent="\t")),
    "request of texts": ("json", lambda items: json.dumps({"Items": _texts(items)})),
    "array of texts": (
        "json",
        lambda items: json.dumps(_texts(items), ensure_ascii=False, indent=1),
    ),
    "lines": ("jsonl", lambda items: _lines(_texts(items))),
    "lines of texts": ("jsonl", lambda items: _lines(map(json.dumps, _texts(items)))),
    "commas": ("csv", _table(",", csv.QUOTE_MINIMAL)),
    "semicolons": ("csv", _table(";", csv.QUOTE_MINIMAL)),
    "tabs": ("csv", _table("\t", csv.QUOTE_MINIMAL)),
    "all in quotes": ("csv", _table(",", csv.QUOTE_ALL)),
    "form": ("form", lambda items: urlencode({"Items": _texts(items)}, doseq=True) + "\n"),
    "form with few escapes": (
        "form",
        lambda items: "&".join(f"Items={quote(t, safe='{}:, é')}" for t in _texts(items)) + "\n",
    ),
}

PACKINGS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "with a BOM": lambda text: codecs.BOM_UTF8 + text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "BOM and CRLF": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "gzipped": lambda text: gzip.compress(text.encode()),
    "gzipped with BOM and CRLF": lambda text: gzip.compress(
        codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode()
    ),
    "gzipped in two members": lambda text: (
        gzip.compress(text[:9].encode()) + gzip.compress(text[9:].encode())
    ),
}


@pytest.fixture
def flawed(consent: Consent) -> Records:
    """Items with a flaw each, every one of which a table can hold, too."""
    items = [
        consent(0),
        consent(1, contact_id="+19"),
        consent(2, status="opt in", source="wéb,site;\t“x”"),
        consent(3, date_of_consent='2025-03-25 "x"'),
        consent(0, contact_id="+14155552674"),
        consent(5, sender_id="12", correlation_id="z" * 32),
    ]
    del items[3]["source"]
    return items


EXPECTED = [
    [],
    ["INVALID_CONTACT_ID"],
    ["INVALID_STATUS", "INVALID_SOURCE"],
    ["INVALID_SOURCE", "INVALID_DATE_OF_CONSENT"],
    ["INVALID_CORRELATION_ID"],
    ["INVALID_CORRELATION_ID", "INVALID_SENDER_ID"],
]


def reasons(findings: list[Finding], count: int) -> list[list[str]]:
    return [[f.reason for f in findings if f.item == item and f.reason] for item in range(count)]


def test_items_in_memory_have_the_expected_reasons(flawed: Records, now: datetime) -> None:
    findings = consentlint.check_items(flawed, now=now)
    assert reasons(findings, len(flawed)) == EXPECTED


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("detected_by", ["suffix", "content", "option"])
def test_every_shape_yields_the_same_items(
    check: Check, read: Read, flawed: Records, shape: str, packing: str, detected_by: str
) -> None:
    """Same fields, same reasons, same numbers, whatever the file is called."""
    format_name, shaped = SHAPES[shape]
    content = PACKINGS[packing](shaped(flawed))
    gz = ".gz" * packing.startswith("gzipped")
    name = f"same.{format_name}{gz}" if detected_by == "suffix" else f"same.txt{gz}"
    option = format_name if detected_by == "option" else None
    findings = check(name, content, format=option)
    assert reasons(findings, len(flawed)) == EXPECTED
    assert {finding.item for finding in findings} <= set(range(len(flawed)))
    items = [event for event in read(name, content, format_name) if isinstance(event, Item)]
    assert [dict(item.fields) for item in items] == flawed


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("packed", [False, True])
def test_every_shape_is_read_from_standard_input(
    write: Write,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    flawed: Records,
    shape: str,
    packed: bool,
) -> None:
    content = SHAPES[shape][1](flawed).encode()
    path = write("stdin", gzip.compress(content) if packed else content)
    with path.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        findings = findings_in("-", settings)
    assert reasons(findings, len(flawed)) == EXPECTED
    assert {finding.file for finding in findings} == {"<stdin>"}


@pytest.mark.parametrize("pieces", ["lines", "bytes", "gzipped"])
def test_standard_input_in_pieces_is_read_like_a_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, flawed: Records, pieces: str
) -> None:
    """A program may write an item at a time: the format is not detected from the first alone."""
    content = SHAPES["lines"][1](flawed).encode()
    cut = {
        "lines": content.splitlines(keepends=True),
        "bytes": [content[:1], content[1:2], content[2:]],
        "gzipped": [gzip.compress(content)[:1], gzip.compress(content)[1:]],
    }[pieces]
    reading_end, writing_end = os.pipe()

    def slowly() -> None:
        with os.fdopen(writing_end, "wb", buffering=0) as pipe:
            for piece in cut:
                pipe.write(piece)
                time.sleep(0.05)

    writer = threading.Thread(target=slowly)
    with os.fdopen(reading_end) as file:
        monkeypatch.setattr(sys, "stdin", file)
        writer.start()
        findings = findings_in("-", settings)
        writer.join()
    assert reasons(findings, len(flawed)) == EXPECTED


def test_non_blocking_standard_input_is_read_to_its_end_or_not_at_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, consent: Consent
) -> None:
    """What has not come yet is not the end: the items that follow must not be left out."""
    reading_end, writing_end = os.pipe()
    os.set_blocking(reading_end, False)

    def slowly() -> None:
        with os.fdopen(writing_end, "wb", buffering=0) as pipe, suppress(BrokenPipeError):
            for item in (consent(0), consent(1, status="x")):
                pipe.write(json.dumps(item).encode() + b"\n")
                time.sleep(0.1)

    writer = threading.Thread(target=slowly)
    with os.fdopen(reading_end) as file:
        monkeypatch.setattr(sys, "stdin", file)
        writer.start()
        time.sleep(0.05)
        options = ReadOptions(format="jsonl")
        findings = findings_in("-", settings, options)
        file.close()
        writer.join()
    assert {f.rule for f in findings} & {"invalid-status", "file-unreadable"}


def test_the_format_of_a_gzipped_file_is_not_detected_from_its_first_member_alone(
    check: Check, flawed: Records
) -> None:
    """Logs are gzipped piece by piece, and the pieces put together."""
    lines = SHAPES["lines"][1](flawed).encode().splitlines(keepends=True)
    findings = check("members.gz", b"".join(map(gzip.compress, lines)))
    assert reasons(findings, len(flawed)) == EXPECTED


def test_closed_standard_input_is_unreadable(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    findings = findings_in("-", settings)
    assert [finding.rule for finding in findings] == ["file-unreadable"]


def test_the_format_of_standard_input_is_detected_from_its_given_name(
    write: Write, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("stdin", '{"a": 1}')
    with path.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        options = ReadOptions(endpoint=CONSENTS, stdin_name="x.csv")
        findings = findings_in("-", settings, options)
    assert [(f.file, f.rule) for f in findings] == [("x.csv", "file-kind")]


@pytest.mark.parametrize("shape", ["request", "lines", "commas", "form"])
def test_detecting_the_format_consumes_nothing(write: Write, consent: Consent, shape: str) -> None:
    """The look ahead that tells the format takes nothing from the stream."""
    _, shaped = SHAPES[shape]
    path = write("ahead", shaped([consent(0), consent(1)]))
    events = items_in(str(path))
    assert sum(isinstance(event, Item) for event in events) == 2


# Telling the format.


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("x.json", "json"),
        ("x.jsonl", "jsonl"),
        ("x.ndjson", "jsonl"),
        ("x.csv", "csv"),
        ("x.tsv", "csv"),
        ("x.form", "form"),
        ("X.JSON", "json"),
        ("a/b.c/x.CSV.gz", "csv"),
        ("x.jsonl.GZ", "jsonl"),
        ("x.txt", None),
        ("x.gz", None),
        ("json", None),
        ("x.json.bak", None),
        ("x.csv.gz.gz", None),
        ("", None),
    ],
)
def test_the_format_is_detected_from_the_suffix(name: str, format_name: str | None) -> None:
    assert readers.format_of_name(name) == format_name


@pytest.mark.parametrize(
    ("content", "format_name"),
    [
        ('{"Items": []}', "json"),
        ('{\n  "Items": []}', "json"),
        ('{"status": "x"}', "json"),
        ('{"status": "x"}\n\r\n', "json"),
        ('[{"status": "x"}]', "json"),
        ('\ufeff \r\n [\n{"status": "x"}]', "json"),
        ('"{\\"status\\": 1}"', "json"),
        ('{"status":\n"x"}', "json"),
        ('{"status": "x"}\n{"status": "y"}', "jsonl"),
        ('\ufeff\n{"status": "x"}\r\n\r\n{"status": "y"}\r\n', "jsonl"),
        ('"{\\"status\\": 1}"\n{"status": 2}\n', "jsonl"),
        ('{"status": "x"}\nnonsense', "jsonl"),
        ("Items=%7B%7D", "form"),
        ("Items%5B0%5D=1", "form"),
        ("\ufeffItems={}&Items={}", "form"),
        ("items=1", "form"),
        ("contact_id,status\n", "csv"),
        ('"contact_id","status"\n', "csv"),
        ("contact_id\tstatus\nItems=\t1", "csv"),
        ("Items,contact_id\n", "csv"),
        ("", "csv"),
        ("17", "csv"),
    ],
)
def test_the_format_is_detected_from_the_content(content: str, format_name: str) -> None:
    assert readers.format_of_content(content.encode()) == format_name


def test_the_option_takes_precedence_over_the_suffix_and_the_suffix_over_the_content(
    check: Check,
) -> None:
    assert [f.rule for f in check("x.csv", "[]")] == ["file-kind"]
    assert [f.rule for f in check("x.csv", "[]", format="json")] == ["file-empty"]


# Telling the kind.

NEITHER = {"contact_id": "+14155552670", "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_kind_is_detected_from_keys_and_columns(
    check: Check, contact: Consent, shape: str
) -> None:
    format_name, shaped = SHAPES[shape]
    findings = check(f"kind.{format_name}", shaped([contact(0), contact(1, zip_code="9410")]))
    assert [(f.item, str(f.reason)) for f in findings] == [(1, "INVALID_ZIP_CODE")]


@pytest.mark.parametrize("shape", [name for name in SHAPES if SHAPES[name][0] != "csv"])
def test_the_first_item_of_a_clear_kind_decides_the_kind_of_all(
    check: Check, consent: Consent, contact: Consent, shape: str
) -> None:
    """Items before it are checked as that kind too, and items of the other kind after it."""
    format_name, shaped = SHAPES[shape]
    tie = NEITHER | {"zip_code": "94105", "status": "opt-in"}
    findings = check(f"kind.{format_name}", shaped([NEITHER, tie, contact(2), consent(3)]))
    assert "INVALID_ZIP_CODE" in reasons(findings, 4)[0]
    assert "INVALID_COUNTRY_ISO_CODE" in reasons(findings, 4)[1]
    assert reasons(findings, 4)[2] == []
    assert {f.field for f in findings if f.item == 3 and f.rule == "unknown-field"} == {
        "sender_id",
        "status",
        "source",
        "date_of_consent",
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_of_unclear_kind_is_not_checked(check: Check, shape: str) -> None:
    format_name, shaped = SHAPES[shape]
    (finding,) = check(f"kind.{format_name}", shaped([NEITHER, NEITHER]))
    assert finding.rule == "file-kind"
    assert "--kind" in finding.message
    assert finding.line is not None


@pytest.mark.parametrize("shape", SHAPES)
def test_a_given_kind_is_not_detected(check: Check, shape: str) -> None:
    format_name, shaped = SHAPES[shape]
    content = shaped([NEITHER])
    for endpoint, missing in ((CONSENTS, "INVALID_SENDER_ID"), (CONTACTS, "INVALID_ZIP_CODE")):
        findings = check(f"kind.{format_name}", content, endpoint=endpoint)
        assert missing in {finding.reason for finding in findings}


@pytest.mark.parametrize("at", [0, 50, 98, 99, 100])
def test_the_kind_is_detected_from_the_first_hundred_items_only(check: Check, at: int) -> None:
    """Reading stops there, wherever the parse error is."""
    lines = [json.dumps(NEITHER)] * 500
    lines.insert(at, "nonsense")
    findings = check("kind.jsonl", "\n".join([*lines, json.dumps(NEITHER | {"status": "x"})]))
    assert findings[-1].rule == "file-kind"
    assert {f.rule for f in findings[:-1]} <= {"file-malformed"}


@pytest.mark.parametrize("count", [99, 100, 101])
@pytest.mark.parametrize("kind", [None, CONTACTS])
def test_items_after_many_errors_are_checked_as_their_own_kind_or_not_at_all(
    check: Check, contact: Consent, kind: Endpoint | None, count: int
) -> None:
    """No item is skipped silently, and none is checked as the other kind."""
    items = [contact(number, zip_code="x") for number in range(3)]
    findings = check("kind.jsonl", "x\n" * count + _lines(_texts(items)), endpoint=kind)
    assert [f.rule for f in findings[:count]] == ["file-malformed"] * count
    checked = ["invalid-zip-code"] * 3
    undetected = ["file-kind"]
    assert [f.rule for f in findings[count:]] in ([checked] if kind else [checked, undetected])


ANSWER = {"correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684", "error_code": 0}


@pytest.mark.parametrize("kind", [None, CONSENTS])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", json.dumps({"items": [ANSWER | {"error_messages": []}]})),
        ("x.json", json.dumps(ANSWER | {"error_messages": []})),
        ("x.jsonl", json.dumps(ANSWER | {"error_messages": []}) + "\n"),
        ("x.csv", "correlation_id,error_code,error_messages\nx,0,\n"),
        ("x.txt", json.dumps({"items": [ANSWER | {"error_messages": ["INVALID_STATUS"]}]})),
    ],
)
def test_a_response_of_the_api_is_not_checked_as_a_request(
    check: Check, name: str, content: str, kind: object
) -> None:
    (finding,) = check(name, content, endpoint=kind)
    assert finding.rule == "file-kind"
    assert "response of the API" in finding.message


@pytest.mark.parametrize("format_name", readers.FORMATS)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n", codecs.BOM_UTF8])
def test_an_empty_file_is_reported(
    check: Check, format_name: str, packed: bool, content: bytes
) -> None:
    name = f"empty.{format_name}{'.gz' * packed}"
    (finding,) = check(name, gzip.compress(content) if packed else content)
    assert (finding.rule, finding.line, finding.column) == ("file-empty", 1, 1)


def test_an_empty_file_with_any_name_is_reported(check: Check) -> None:
    assert [f.rule for f in check("empty", b"")] == ["file-empty"]


# Encodings.


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("x.json", '[{"status":\r\n "é😀'),
        ("x.json", '["é😀'),
        ("x.jsonl", '{"status": 1}\r\n{"status": "é😀'),
        ("x.jsonl", '{"status": "é😀'),
        ("x.csv", "status\r\né😀"),
        ("x.csv", "statusé"),
        ("x.form", "Items=é😀"),
    ],
)
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("bad", [b"\xff", b"\xe9", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf0\x9f\x98"])
def test_a_byte_that_is_not_utf_8_is_located(
    check: Check, name: str, before: str, bom: str, bad: bytes
) -> None:
    findings = check(name, (bom + before).encode() + bad + b'"}]\n')
    lines = before.split("\n")
    (finding,) = [f for f in findings if f.rule == "file-encoding"]
    assert (finding.line, finding.column) == (len(lines), len(lines[-1]) + 1)
    assert f"0x{bad[0]:02x}" in finding.message


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.csv", "x.form", "x"])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-16", "is UTF-16"),
        ("utf-16-le", "looks like UTF-16"),
        ("utf-16-be", "looks like UTF-16"),
        ("utf-32", "is UTF-32"),
    ],
)
def test_another_encoding_is_detected(
    check: Check, name: str, encoding: str, words: str, packed: bool
) -> None:
    content = 'contact_id,status\n+19,"é"\n'.encode(encoding)
    gz = ".gz" * packed
    (finding,) = check(name + gz, gzip.compress(content) if packed else content)
    assert (finding.rule, finding.line, finding.column) == ("file-encoding", 1, 1)
    assert words in finding.message


@pytest.mark.parametrize("content", ["[]", '{"a": 1}', "x"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_detected_in_a_small_file(
    check: Check, content: str, encoding: str
) -> None:
    (finding,) = check("small.json", content.encode(encoding))
    assert finding.rule == "file-encoding"


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.csv", "x.form"])
def test_a_file_of_zeros_is_not_text(check: Check, name: str) -> None:
    (finding,) = check(name, bytes(1_000))
    assert finding.rule == "file-encoding"


# Packing.


@pytest.fixture
def packed(consent: Consent) -> bytes:
    return gzip.compress(json.dumps([consent(0), consent(1)]).encode())


def test_a_truncated_gzipped_file_is_never_clean(check: Check, packed: bytes) -> None:
    for length in range(len(packed)):
        findings = check("cut.json.gz", packed[:length])
        assert "file-unreadable" in {finding.rule for finding in findings}, length


def test_a_gzipped_file_with_a_damaged_byte_is_never_clean(check: Check, packed: bytes) -> None:
    """Of the header, only what says nothing of the content may change."""
    for at in (*range(3), *range(10, len(packed))):
        damaged = bytearray(packed)
        damaged[at] ^= 0x55
        findings = check("damaged.json.gz", bytes(damaged))
        assert "file-unreadable" in {finding.rule for finding in findings}, at


def test_a_wrong_checksum_is_reported_after_all_items(check: Check, consent: Consent) -> None:
    lines = json.dumps(consent(0, status="x")) + "\n"
    content = bytearray(gzip.compress(lines.encode()))
    content[-8] ^= 1
    findings = check("crc.jsonl.gz", bytes(content))
    assert [finding.rule for finding in findings][-1] == "file-unreadable"
    assert "damaged" in findings[-1].message


@pytest.mark.parametrize("name", ["x.json.gz", "x.gz", "X.JSON.GZ"])
def test_a_file_named_gz_must_be_gzipped(check: Check, consent: Consent, name: str) -> None:
    (finding,) = check(name, json.dumps([consent()]))
    assert finding.rule == "file-unreadable"
    assert "not gzipped" in finding.message


def test_a_gzipped_file_needs_no_such_name(check: Check, packed: bytes) -> None:
    assert check("x.json", packed) == []
    assert check("x", packed) == []


@cache
def ten_megabytes(filling: bytes) -> bytes:
    """Return 10 MB of the same, packed."""
    return gzip.compress(filling * (10_000_000 // len(filling)))


@pytest.mark.slow
@pytest.mark.parametrize("format_name", readers.FORMATS)
@pytest.mark.parametrize(
    "filling", [b"\0", b" ", b"[", b'"', b"\n", b'{"a":"' + b"x" * 90 + b'"}\n', b"&"]
)
def test_a_decompression_bomb_is_rejected_before_it_unpacks(
    check: Check, format_name: str, filling: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 60 MB of the same, but a small part is looked at."""
    unpacked = []

    class Watched(gzip.GzipFile):
        def read1(self, size: int | None = -1) -> bytes:
            content = super().read1(-1 if size is None else size)
            unpacked.append(len(content))
            return content

    start = b"contact_id,status\n" if format_name == "csv" and filling != b"\0" else b""
    packed = gzip.compress(start) + ten_megabytes(filling) * 6
    monkeypatch.setattr(gzip, "GzipFile", Watched)
    findings = check(f"bomb.{format_name}.gz", packed)
    assert 0 < sum(unpacked) < 10_000_000
    assert {f.rule for f in findings} & {"file-unreadable", "file-malformed", "file-encoding"} or (
        # No item shows its kind.
        [f.rule for f in findings] == ["file-kind"]
    )


def test_a_long_list_of_similar_items_is_not_a_bomb(check: Check) -> None:
    """Even with ids that were counted up, and indented."""
    items = [
        {"contact_id": "+14155552670", "correlation_id": f"{number:032x}"}
        for number in range(40_000)
    ]
    content = json.dumps({"Items": items}, indent=8).encode()
    assert len(content) > 5_000_000
    findings = check("long.json.gz", gzip.compress(content, 9))
    assert [f.rule for f in findings] == ["file-kind"]


# Files that are none.


def test_a_missing_file_is_unreadable(settings: Settings, tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path, tmp_path / "none" / "x.csv"):
        assert [f.rule for f in findings_in(str(path), settings)] == ["file-unreadable"]
