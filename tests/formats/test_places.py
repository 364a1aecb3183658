"""Locations: values are written at random and found again at their locations."""

import json
import random
import string
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linting import Event

from consentlint.formats import _json_text, table_kind
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Finding
from consentlint.model.items import Item

pytestmark = pytest.mark.slow

FIELDS = CONSENTS.fields
WHOLE = None
"""The item as a whole, instead of a key."""

Rows = list[list[tuple[str, Any]]]


class Span(NamedTuple):
    """Where something has been written, as offsets in a text."""

    start: int
    end: int


class Page:
    """A text that is being written, and the offsets of its items and their members."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: dict[tuple[int, str | None], Span] = {}

    def put(self, text: str) -> Span:
        start = len(self.text)
        self.text += text
        return Span(start, len(self.text))

    def put_all(self, pieces: list[str], inner: "Page") -> None:
        """Write an inner page whose every character has become one of the pieces."""
        offsets = [len(self.text)]
        offsets += [self.put(piece).end for piece in pieces]
        for name, span in inner.spans.items():
            self.spans[name] = Span(offsets[span.start], offsets[span.end])


# Writing.

_SHORT = {'"': '"', "\\": "\\", "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}


def spelled(text: str, rng: random.Random) -> list[str]:
    """Return each character as a JSON string may spell it, in a random way."""
    pieces = []
    for character in text:
        units = character.encode("utf-16-be", "surrogatepass").hex()
        escape = "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
        ways = [escape, "".join(rng.choice([c, c.upper()]) if c != "u" else c for c in escape)]
        if character in _SHORT:
            ways += ["\\" + _SHORT[character]] * 2
        if character >= " " and character not in '"\\' and not "\ud800" <= character <= "\udfff":
            ways += [character] * 6
        pieces.append(rng.choice(ways))
    return pieces


def literal(value: Any, rng: random.Random, *, lines: bool) -> str:
    if isinstance(value, str):
        return f'"{"".join(spelled(value, rng))}"'
    return json.dumps(value, ensure_ascii=True, indent=rng.choice([None, 2]) if lines else None)


def gap(rng: random.Random, *, lines: bool) -> str:
    ways = ["", "", " ", "  ", "\t"]
    if lines:
        ways += ["\n", "\r\n", "\n    ", " \r\n\r\n\t", "\r"]
    return rng.choice(ways)


def put_object(
    page: Page, index: int, members: list[tuple[str, Any]], rng: random.Random, *, lines: bool
) -> None:
    start = page.put("{").start
    for at, (key, value) in enumerate(members):
        page.put("," if at else "")
        page.put(gap(rng, lines=lines))
        key_span = page.put(literal(key, rng, lines=lines))
        page.put(gap(rng, lines=lines) + ":" + gap(rng, lines=lines))
        span = page.put(literal(value, rng, lines=lines))
        page.spans[index, key] = span if key in FIELDS else key_span
        page.put(gap(rng, lines=lines))
    page.put(gap(rng, lines=lines) if not members else "")
    page.spans[index, WHOLE] = Span(start, page.put("}").end)


def put_element(
    page: Page,
    index: int,
    members: list[tuple[str, Any]],
    rng: random.Random,
    *,
    lines: bool,
    as_text: bool,
) -> None:
    """Write an item, as an object or as the JSON text of one."""
    if not as_text:
        put_object(page, index, members, rng, lines=lines)
        return
    inner = Page()
    inner.put(gap(rng, lines=True))
    put_object(inner, index, members, rng, lines=True)
    inner.put(gap(rng, lines=True))
    start = page.put('"').start
    page.put_all(spelled(inner.text, rng), inner)
    page.spans[index, WHOLE] = Span(start, page.put('"').end)


def json_page(rows: Rows, rng: random.Random, *, as_text: bool) -> Page:
    page = Page()
    key = rng.choice(["Items", "items", ""])
    page.put(gap(rng, lines=True))
    if key:
        other = f'"other": [1, {{"{key}": "\U0001f600"}}],' if rng.random() < 0.3 else ""
        page.put("{" + gap(rng, lines=True) + other + gap(rng, lines=True))
        page.put(f'"{key}"' + gap(rng, lines=True) + ":" + gap(rng, lines=True))
    page.put("[" + gap(rng, lines=True))
    for index, members in enumerate(rows):
        page.put("," + gap(rng, lines=True) if index else "")
        put_element(page, index, members, rng, lines=True, as_text=as_text)
        page.put(gap(rng, lines=True))
    page.put("]" + gap(rng, lines=True))
    if key:
        page.put("}" + gap(rng, lines=True))
    return page


def jsonl_page(rows: Rows, rng: random.Random, *, as_text: bool) -> Page:
    page = Page()
    for index, members in enumerate(rows):
        page.put(rng.choice(["", "", "\n", " \t\r\n"]))
        page.put(gap(rng, lines=False))
        put_element(page, index, members, rng, lines=False, as_text=as_text)
        page.put(gap(rng, lines=False))
        page.put(rng.choice(["\n", "\r\n"]) if index < len(rows) - 1 or rng.random() < 0.5 else "")
    return page


_PLAIN = string.ascii_letters + string.digits + "-._~" + '{}[]":,=;?/\\!*()' + "é😀"


def form_page(rows: Rows, rng: random.Random, *, as_text: bool) -> Page:
    page = Page()
    for index, members in enumerate(rows):
        page.put(("&" if index else "") + rng.choice(["Items", "Items", "%49tems", "Item%73"]))
        page.put("=")
        inner = Page()
        put_object(inner, index, members, rng, lines=True)
        plain = _PLAIN if rng.random() < 0.7 else ""
        pieces = []
        for character in inner.text:
            escape = "".join(f"%{byte:02X}" for byte in character.encode())
            ways = [escape, escape.lower()]
            if character in plain:
                ways += [character] * 6
            if character == " ":
                ways += ["+", "+"]
            pieces.append(rng.choice(ways))
        page.put_all(pieces, inner)
    page.put(rng.choice(["", "\n", "\r\n"]))
    return page


def csv_page(rows: Rows, rng: random.Random, *, as_text: bool) -> Page:
    """Write a table; all rows have the keys of the first, in its order."""
    page = Page()
    header = [key for key, _ in rows[0]]
    # One column tells no delimiter.
    delimiter = rng.choice(",;\t") if len(header) > 1 else ","
    end = rng.choice(["\n", "\r\n"])
    shown = [rng.choice([key, f" {key} ", f'"{key}"', f'" {key}"']) for key in header]
    page.put(delimiter.join(shown) + end)
    for index, members in enumerate(rows):
        page.put(rng.choice(["", "", end, delimiter * (len(header) - 1) + end]))
        start = len(page.text)
        for at, (key, value) in enumerate(members):
            page.put(delimiter if at else "")
            quoted = '"' + value.replace('"', '""') + '"'
            ways = [quoted]
            if not set(value) & {delimiter, '"', "\r", "\n"}:
                ways += [value] * 2
            page.spans[index, key] = page.put(rng.choice(ways))
        page.spans[index, WHOLE] = Span(start, len(page.text))
        page.put(end if index < len(rows) - 1 or rng.random() < 0.5 else "")
    return page


# From a value's text, cut from the file, to the value.


def decoded_json(text: str) -> Any:
    return json.loads(text)


def decoded_json_in_text(text: str) -> Any:
    return json.loads(json.loads(f'"{text}"'))


def decoded_form(text: str) -> Any:
    return json.loads(unquote_plus(text, errors="strict"))


def decoded_csv(text: str) -> Any:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


class Format(NamedTuple):
    """How a format is written, and its values decoded."""

    suffix: str
    page: Callable[..., Page]
    decoded: Callable[[str], Any]
    as_text: bool = False


FORMATS = {
    "json": Format("json", json_page, decoded_json),
    "json of texts": Format("json", json_page, decoded_json_in_text, as_text=True),
    "jsonl": Format("jsonl", jsonl_page, decoded_json),
    "jsonl of texts": Format("jsonl", jsonl_page, decoded_json_in_text, as_text=True),
    "form": Format("form", form_page, decoded_form),
}

# Values.

characters = st.one_of(
    st.sampled_from("+0123456789abc -_"),
    st.sampled_from("\"\\/'%&=+;,{}[]: \t\r\n\b\f\x1f\x7f"),
    st.sampled_from("é\x85\u2028\ufeffñ日\U0001f600\U00010000\U0010ffff"),
)
texts = st.text(characters, max_size=12)
lone = st.text(st.one_of(characters, st.sampled_from("\ud800\udbff\udc00\udfff")), max_size=8)
scalars = st.one_of(texts, texts, lone, st.integers(), st.booleans(), st.none(), st.floats(0, 9))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("status"), inner),
    max_leaves=3,
)
keys = st.one_of(st.sampled_from(FIELDS), st.sampled_from(FIELDS), texts, lone)


def whole(value: Any) -> Any:
    """Return a value in which two halves of one character have become that character."""
    return json.loads(json.dumps(value))


json_rows = st.lists(
    st.lists(st.tuples(keys.map(whole), values.map(whole)), min_size=1, max_size=5),
    min_size=1,
    max_size=3,
)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    columns = draw(
        st.lists(
            st.one_of(st.sampled_from(FIELDS), st.sampled_from(FIELDS), st.just("x"), st.just("é")),
            # A header of one column does not tell the delimiter.
            min_size=2,
            max_size=6,
            unique=True,
        ).filter(set(FIELDS).intersection)
    )
    cells = st.lists(texts, min_size=len(columns), max_size=len(columns)).filter(
        lambda row: any(map(str.strip, row))
    )
    rows = draw(st.lists(cells, min_size=1, max_size=4))
    return [list(zip(columns, row, strict=True)) for row in rows]


# Looking.


def offset_at(text: str, line: int, column: int) -> int:
    """Return the offset of a place, found by counting lines and characters."""
    lines = text.split("\n")
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1
    return sum(len(before) + 1 for before in lines[: line - 1]) + column - 1


def items_of(events: list[Event]) -> Iterator[Item]:
    return (event for event in events if isinstance(event, Item))


def assert_locations(
    page: Page, rows: Rows, events: list[Event], decoded: Callable[[str], Any], *, table: bool
) -> None:
    """Assert that all values are found where they have been written."""
    items = list(items_of(events))
    assert [item.index for item in items] == list(range(len(rows)))
    for item, members in zip(items, rows, strict=True):
        assert item.source is not None
        given = dict(members)
        known = {key: given[key] for key in given if key in FIELDS and given[key] != ""}
        assert dict(item.fields) == (known if table else given)
        for key, value in given.items():
            start, end = item.source.span(key, FIELDS)
            offset = offset_at(page.text, *item.source.locate(start)[:2])
            written = page.spans[item.index, key]
            assert offset == written.start
            if key in FIELDS:
                cut = page.text[offset : offset + end - start]
                assert cut == page.text[slice(*written)]
                assert decoded(cut) == value
            elif not table:
                assert end > start
        for field in (WHOLE, *(field for field in FIELDS if field not in given)):
            start, _ = item.source.span(field, FIELDS)
            offset = offset_at(page.text, *item.source.locate(start)[:2])
            assert offset == page.spans[item.index, WHOLE].start


def assert_findings(page: Page, findings: list[Finding]) -> None:
    """Assert that every finding is located at the value, the key or the item that it is about."""
    for finding in findings:
        assert finding.line is not None
        assert finding.column is not None
        offset = offset_at(page.text, finding.line, finding.column)
        if finding.item is None:
            # Of a column.
            assert finding.line == 1
            continue
        field = finding.field if (finding.item, finding.field) in page.spans else WHOLE
        if finding.rule in ("unknown-field", "duplicate-key") and field is WHOLE:
            # Shown names of keys are masked and cut short.
            starts = [span.start for (item, _), span in page.spans.items() if item == finding.item]
            assert offset in starts
        else:
            assert offset == page.spans[finding.item, field].start
        if finding.excerpt is not None:
            underlined = finding.excerpt.text[finding.excerpt.start :][:1]
            there = page.text[offset : offset + 1]
            if there.isprintable() and there != " " and underlined != "…":
                assert underlined == there


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("name", FORMATS)
@given(rows=json_rows, rng=st.randoms(use_true_random=False), bom=st.booleans())
def test_every_value_is_at_its_location(
    read: Callable[..., list[Event]],
    check: Callable[..., list[Finding]],
    name: str,
    rows: Rows,
    rng: random.Random,
    bom: bool,
) -> None:
    """From a value's line and column on, the file holds that value's text."""
    written = FORMATS[name]
    page = written.page(rows, rng, as_text=written.as_text)
    file = "\ufeff" * bom + page.text
    events = read(f"places.{written.suffix}", file)
    assert_locations(page, rows, events, written.decoded, table=False)
    findings = check(f"places.{written.suffix}", file, endpoint=CONSENTS, excerpts=True)
    # Items of another shape are reported once, for the file.
    assert_findings(page, [finding for finding in findings if finding.rule != "file-kind"])


@settings(max_examples=200, deadline=None)
@given(rows=tables(), rng=st.randoms(use_true_random=False), bom=st.booleans())
def test_every_cell_is_at_its_location(
    read: Callable[..., list[Event]],
    check: Callable[..., list[Finding]],
    rows: Rows,
    rng: random.Random,
    bom: bool,
) -> None:
    """From a cell's line and column on, the file holds that cell, an empty one included."""
    page = csv_page(rows, rng, as_text=False)
    file = "\ufeff" * bom + page.text
    assert_locations(page, rows, read("places.csv", file), decoded_csv, table=True)
    assert_findings(page, check("places.csv", file, endpoint=CONSENTS, excerpts=True))


def resolved(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer points to."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        document = document[int(name) if isinstance(document, list) else name]
    return document


@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("name", FORMATS)
@given(rows=json_rows, rng=st.randoms(use_true_random=False))
def test_a_pointer_resolves_to_the_invalid_value(
    check: Callable[..., list[Finding]], name: str, rows: Rows, rng: random.Random
) -> None:
    """From the root of the document or the line, and to a text as far as that; none in a form."""
    written = FORMATS[name]
    page = written.page(rows, rng, as_text=written.as_text)
    findings = check(f"pointers.{written.suffix}", page.text, endpoint=CONSENTS)
    for finding in findings:
        if written.suffix == "form":
            assert finding.pointer is None
            continue
        if finding.rule == "file-kind":
            # Items of another shape are reported once.
            continue
        assert finding.item is not None
        assert finding.line is not None
        assert finding.pointer is not None
        given = dict(rows[finding.item])
        is_line = written.suffix == "jsonl"
        root = json.loads(page.text.split("\n")[finding.line - 1] if is_line else page.text)
        if finding.field is not None and finding.field not in FIELDS:
            continue
        value = resolved(root, finding.pointer)
        if written.as_text:
            assert json.loads(value) == given
        elif finding.field in given:
            assert value == given[finding.field]
        else:
            assert value == given


@settings(max_examples=30, deadline=None)
@given(rows=tables(), rng=st.randoms(use_true_random=False))
def test_a_table_has_no_pointers(
    check: Callable[..., list[Finding]], rows: Rows, rng: random.Random
) -> None:
    page = csv_page(rows, rng, as_text=False)
    findings = check("pointers.csv", page.text, endpoint=CONSENTS)
    assert {finding.pointer for finding in findings} <= {None}


@pytest.mark.parametrize(
    ("key", "pointer"),
    [("a/b", "/0/a~1b"), ("a~b", "/0/a~0b"), ("~1", "/0/~01"), ("é", "/0/é"), ("", "/0/")],
)
def test_a_pointer_to_an_unknown_key_is_escaped(
    check: Callable[..., list[Finding]],
    consent: Callable[..., dict[str, object]],
    key: str,
    pointer: str,
) -> None:
    (finding,) = check("keys.json", json.dumps([consent() | {key: 1}]))
    assert (finding.rule, finding.pointer) == ("unknown-field", pointer)


def test_a_finding_has_the_number_and_the_correlation_id_of_its_item(
    check: Callable[..., list[Finding]], consent: Callable[..., dict[str, object]]
) -> None:
    items = [consent(0), consent(1, status="x"), consent(2, date_of_consent="2025")]
    findings = check("three.json", json.dumps(items))
    assert [(f.item, f.correlation_id) for f in findings] == [
        (1, items[1]["correlation_id"]),
        (2, items[2]["correlation_id"]),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", '[\n  {},\n  "abc", 17,\n     [{"a": 1}], "[]"]'),
        ("x.jsonl", '{"a": 1}\n  "abc"\n\t17\n   [{"a": 1}]\n{"a": }\n "\\ud800"'),
        ("x.form", "Items={}&Items=17&Items=%22abc%22&Items={&x=1&Items=[1]"),
        ("x.csv", 'contact_id,status\n"x\ny",opt-in\n"1\n2",opt-in,3\nz\n"a,b'),
        ("x.csv", 'contact_id,status\n"x\ny","a"b\n'),
        ("y.json", '[{"a": 1},\n      {"b": nul}]'),
        ("z.json", '{"Items": [{"a": 1}],   "Items": []}'),
    ],
)
def test_the_excerpt_of_a_parse_error_underlines_the_character_at_its_location(
    check: Callable[..., list[Finding]], name: str, content: str
) -> None:
    """The excerpt of a part that cannot be read points to the same character as the place."""
    findings = check(name, content, endpoint=CONSENTS, excerpts=True)
    faults = [f for f in findings if f.rule in ("item-malformed", "file-malformed")]
    assert faults
    for fault in faults:
        assert fault.line is not None
        assert fault.column is not None
        there = content[offset_at(content, fault.line, fault.column) :][:1]
        if fault.excerpt is not None and there.isprintable():
            start = fault.excerpt.start
            # A word is hidden as a whole.
            assert fault.excerpt.text[start : start + 1] in (there, "…")


samples = st.sampled_from(
    [
        b'{"Items": [{"contact_id": "+19", "status": "x"}, "{\\"status\\": 1}", 1]}',
        b'{"contact_id": "+19", "status": "x"}\r\n"{\\"status\\": \\"\\ud83d\\ude00\\"}"\n17\n',
        b'contact_id,status,note\r\n"+19","o""pt\r\n-in",\xc3\xa9\r\n\r\n+1,,\r\n',
        b"Items=%7B%22contact_id%22:+%22%2B19%22%7D&Items={%22status%22:%22%C3%A9%22}",
        b'\xef\xbb\xbf[{"status": "\xc3\xa9"}]',
    ]
)
noise = st.one_of(
    st.binary(min_size=1, max_size=3),
    st.sampled_from([b'"', b"\\", b"{", b"}", b"[", b"]", b",", b"\n", b"\r", b"%", b"&", b"="]),
    st.sampled_from([b"\0", b"\xff", b"\xef\xbb\xbf", b"NaN", b"\\ud800", b"1e999", b"Items="]),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file with damage in one to four places."""
    content = draw(samples)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 4)))
        content = content[:start] + draw(noise) + content[end:]
    return content


@settings(max_examples=600, deadline=None)
@given(content=damaged() | st.binary(max_size=40), kind_is_given=st.booleans())
@pytest.mark.parametrize("format_name", ["json", "jsonl", "csv", "form", None])
def test_every_location_is_in_the_file(
    check: Callable[..., list[Finding]],
    content: bytes,
    format_name: str | None,
    kind_is_given: bool,
) -> None:
    """Nothing raises, and every line and column is in the file."""
    findings = check(
        "damaged",
        content,
        format=format_name,
        endpoint=CONSENTS if kind_is_given else None,
        excerpts=True,
    )
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    assert content.strip(b"\xef\xbb\xbf \r\n") or findings
    for finding in findings:
        if finding.rule == "file-unreadable":
            # It has become a .gz, or a table, that is none.
            assert content.startswith(b"\x1f\x8b") or table_kind(content) is not None
            continue
        assert finding.line is not None
        assert finding.column is not None
        assert 1 <= finding.line <= len(lines)
        line = lines[finding.line - 1].decode("utf-8", errors="replace")
        assert 1 <= finding.column <= len(line) + 1
        # A reporter can write it.
        repr(finding).encode()
        finding.message.encode()
        str(finding.pointer).encode()
        str(finding.correlation_id).encode()


WORDS = st.sampled_from(
    ["status", "a", "", ":", "status:", "{", "}", "[", ",", "\\", '"', '"status"', "é", "\n"]
)
VALUES = WORDS | st.sampled_from([1, -2.5e10, True, None]) | st.lists(WORDS, max_size=2)
SPACES = st.sampled_from(["", " ", "\n\t"])


@given(
    st.lists(st.tuples(WORDS, VALUES | st.dictionaries(WORDS, VALUES, max_size=2)), max_size=5),
    SPACES,
    SPACES,
)
@settings(max_examples=1_000, deadline=None)
def test_one_member_is_found_at_the_same_offset_as_all_members(
    pairs: list[tuple[str, Any]], before: str, after: str
) -> None:
    """Also a duplicate key, and one that appears in a value."""
    colon, comma = f"{before}:{after}", f"{after},{before}"
    parts = [f"{json.dumps(key)}{colon}{json.dumps(value)}" for key, value in pairs]
    text = f"{{{before}{comma.join(parts)}{after}}}"
    members = _json_text.members(text)
    assert [
        (member.key, json.loads(text[member.start : member.end])) for member in members
    ] == pairs
    assert all(text.startswith(json.dumps(m.key), m.key_start) for m in members)
    last = {member.key: member for member in members}
    for key in {*last, "status", "b"}:
        assert _json_text.member(text, key) == last.get(key)
