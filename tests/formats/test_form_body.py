"""The raw body of a request: Items=…&Items=…"""

import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from linting import Event

from consentlint.formats._decode import MAX_ERRORS
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Finding
from consentlint.model.items import Item, ParseError

Check = Callable[..., list[Finding]]
Read = Callable[..., list[Event]]
Consent = Callable[..., dict[str, object]]

VALUE = {"status": "é 😀+&=%\n", "x": [1, None]}


def located(findings: list[Finding]) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(finding.rule, finding.line, finding.column, finding.item) for finding in findings]


def raw(text: str) -> str:
    """Escape only what has a meaning of its own in a body."""
    return "".join(quote(c, safe="") if c in "%&+" else c for c in text)


def all_escaped(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


@pytest.mark.parametrize("escape", [quote_plus, quote, raw, all_escaped])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_an_item_is_read_however_it_is_escaped(
    read: Read, escape: Callable[[str], str], ascii_only: bool
) -> None:
    text = json.dumps(VALUE, ensure_ascii=ascii_only)
    items = read("x.form", f"Items={escape(text)}&Items={escape(text)}")
    assert [(item.index, dict(item.fields)) for item in items if isinstance(item, Item)] == [
        (0, VALUE),
        (1, VALUE),
    ]


@pytest.mark.parametrize("key", ["Items", "%49tems", "Item%73", "%49%74%65%6d%73"])
def test_the_key_may_be_escaped(read: Read, key: str) -> None:
    (item,) = read("x.form", f"{key}=%7b%7D")
    assert isinstance(item, Item)


@pytest.mark.parametrize("end", ["", "\n", "\r\n", " \n\n"])
def test_a_body_may_end_in_a_line_break(check: Check, consent: Consent, end: str) -> None:
    assert check("x.form", urlencode({"Items": json.dumps(consent())}) + end) == []


def test_white_space_at_the_start_counts_in_locations(check: Check, consent: Consent) -> None:
    body = urlencode({"Items": json.dumps(consent(status="x"))})
    column = body.index("%22x%22") + 1
    assert located(check("x.form", body)) == [("invalid-status", 1, column, 0)]
    assert located(check("x.form", "  " + body)) == [("invalid-status", 1, column + 2, 0)]
    assert located(check("x.form", "\r\n\n " + body)) == [("invalid-status", 3, column + 1, 0)]


def test_line_breaks_inside_an_item_count_in_locations(check: Check, consent: Consent) -> None:
    """Nobody should send them, and curl's --data-urlencode is easily forgotten."""
    first = json.dumps(consent(0), indent=2)
    second = json.dumps(consent(1, status="x"), indent=2)
    body = f"Items={raw(first)}&Items={raw(second)}"
    lines = body.split("\n")
    line = next(number for number, text in enumerate(lines, 1) if '"x"' in text)
    column = lines[line - 1].index('"x"') + 1
    assert located(check("x.form", body)) == [("invalid-status", line, column, 1)]


@pytest.mark.parametrize("body", ["{0}&", "&{0}", "{0}&&"])
def test_empty_parts_between_ampersands_are_skipped(
    check: Check, consent: Consent, body: str
) -> None:
    """The URL standard skips empty parts."""
    assert check("x.form", body.format(urlencode({"Items": json.dumps(consent())}))) == []


@pytest.mark.parametrize("character", ["a", "é", "日", "😀"])
def test_columns_count_the_characters_of_the_file_as_escaped(
    check: Check, consent: Consent, character: str
) -> None:
    """However many escapes the characters before it take."""
    text = json.dumps({character: 1} | consent(status="x"), ensure_ascii=False)
    findings = check("x.form", f"Items={all_escaped(text)}")
    before = text[: text.index('"x"')]
    assert located(findings)[1] == ("invalid-status", 1, 7 + 3 * len(before.encode()), 0)


def test_the_plus_of_a_number_must_be_escaped(check: Check, consent: Consent) -> None:
    """A plus sign is a space, and the number is checked as the API would see it."""
    body = "Items=" + json.dumps(consent())
    (finding,) = check("x.form", body)
    assert (finding.rule, finding.item) == ("invalid-contact-id", 0)
    assert finding.column == body.index('"+') + 1


@pytest.mark.parametrize(
    ("part", "offset"),
    [
        ("Items=", 6),
        ("Items=17", 6),
        ("Items=[]", 6),
        ("Items=abc", 6),
        ("Items=%22abc%22", 6),
        ("Items=%FF", 6),
        ("Items=%7B%22a%22:%22%C3%22%7D", 6),
        ("Items={}{}", 6),
        ("Items={%22a%22:NaN}", 6),
        ("Items=" + "[" * 100_000, 6),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_part_that_is_not_an_item_is_malformed_and_the_next_part_is_read(
    check: Check, consent: Consent, part: str, offset: int
) -> None:
    first = urlencode({"Items": json.dumps(consent(0))})
    last = urlencode({"Items": json.dumps(consent(1, status="x"))})
    findings = check("x.form", f"{first}&{part}&{last}")
    assert [(f.rule, f.item) for f in findings] == [("item-malformed", 1), ("invalid-status", 2)]
    assert findings[0].column == len(first) + 2 + offset
    assert {f.line for f in findings} == {1}


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("Items", "only Items="),
        ("items={}", 'the key of an item is "items", expected "Items"'),
        ("Item={}", 'the key of an item is "Item", expected "Items"'),
        ("Items[]={}", "without brackets"),
        ("Items%5B0%5D={}", "without brackets"),
        ("items[17]={}", "without brackets"),
        ("Items[0][contact_id]=%2B19", "the item as JSON"),
        ("Items%5B%5D%5Bstatus%5D=opt-in", "the item as JSON"),
        ("Items.0.status=opt-in", "the item as JSON"),
        ("contact_id=%2B19", "the item as JSON"),
        ("contactId=%2B19", "the item as JSON"),
        ("x=1", "only Items="),
        ("=", "only Items="),
        ("%FF=1", "only Items="),
        ("%C3Items={}", "only Items="),
    ],
)
def test_parts_with_another_key_are_one_finding_of_the_file(
    check: Check, consent: Consent, part: str, words: str
) -> None:
    first = urlencode({"Items": json.dumps(consent(0))})
    last = urlencode({"Items": json.dumps(consent(1, status="x"))})
    findings = check("x.form", f"{first}&{part}&{part}&{last}&{part}")
    assert [(f.rule, f.item) for f in findings] == [("file-malformed", None), ("invalid-status", 1)]
    assert findings[0].column == len(first) + 2
    assert words in findings[0].message


@pytest.mark.parametrize("count", [1, 30])
def test_items_in_brackets_are_one_finding(check: Check, consent: Consent, count: int) -> None:
    pairs = {
        f"Items[{number}][{key}]": str(value)
        for number in range(count)
        for key, value in consent().items()
    }
    (finding,) = check("x.form", urlencode(pairs))
    assert (finding.rule, finding.line, finding.column) == ("file-malformed", 1, 1)
    assert "no brackets" in finding.message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_id", "+14155552671"),
        ("sender_id", "+14155552671"),
        ("date_of_consent", "2025-02-28T10:05:27+02:00"),
        ("date_of_consent", "2025-02-28T10:05:27.5+0200"),
        ("date_of_consent", "2025-02-28T10:05+02"),
    ],
)
def test_the_message_for_a_plus_that_became_a_space_says_to_escape_it(
    check: Check, consent: Consent, field: str, value: str
) -> None:
    others = json.dumps(consent(**{field: "X"})).replace("+", "%2B")
    found = check("x.form", "Items=" + others.replace("X", value))
    assert "%2B" in " ".join(finding.message for finding in found)


def test_an_item_that_was_encoded_twice_is_malformed(check: Check, consent: Consent) -> None:
    """What is sent is a string, and the API wants an object."""
    for value in (consent(status="x"), {}):
        body = urlencode({"Items": json.dumps(json.dumps(value))})
        assert located(check("x.form", body, endpoint=CONSENTS)) == [("item-malformed", 1, 7, 0)]


@pytest.mark.parametrize(("value", "severity"), [("opt-in", "warning"), ("opt-out", "error")])
def test_a_duplicate_key_is_reported(
    check: Check, consent: Consent, value: str, severity: str
) -> None:
    text = json.dumps(consent())[:-1] + f', "x": {{"a": 1, "a": 2}}, "status": "{value}"}}'
    body = f"Items={quote_plus(text)}"
    (finding,) = [f for f in check("x.form", body) if f.rule == "duplicate-key"]
    assert (finding.field, str(finding.severity)) == ("status", severity)
    assert finding.column == body.rindex(quote_plus(f'"{value}"')) + 1


def test_a_body_is_one_request_of_at_most_25_items(check: Check, consent: Consent) -> None:
    items = [consent(number) | {"contact_id": f"+1415555{2600 + number}"} for number in range(26)]
    body = "&".join(urlencode({"Items": json.dumps(item)}) for item in items)
    assert [(f.rule, f.item) for f in check("x.form", body)] == [("request-too-large", 25)]
    assert check("x.form", body.rpartition("&")[0]) == []


@pytest.mark.parametrize("body", ["", "\n", "\ufeff", " \r\n"])
def test_a_body_without_items_is_empty(check: Check, body: str) -> None:
    assert located(check("x.form", body)) == [("file-empty", 1, 1, None)]


def test_a_form_body_has_no_pointers(check: Check, consent: Consent) -> None:
    body = urlencode({"Items": json.dumps(consent(status="x"))}) + "&Items=1"
    assert [finding.pointer for finding in check("x.form", body)] == [None, None]


def test_reading_a_body_stops_after_too_many_errors(read: Read) -> None:
    events = read("x.form", "&".join(["Items=1"] * 3 * MAX_ERRORS))
    assert len(events) == MAX_ERRORS + 1
    assert all(isinstance(event, ParseError) for event in events)
