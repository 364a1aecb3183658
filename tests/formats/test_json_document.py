"""JSON documents: requests, arrays, single items."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from linting import Event

from consentlint.formats._decode import MAX_ERRORS
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Finding
from consentlint.model.items import Item, ParseError

Check = Callable[..., list[Finding]]
Read = Callable[..., list[Event]]
Consent = Callable[..., dict[str, object]]
CostRatio = Callable[[Callable[[int], object], int, int], float]


def fields(events: list[Event]) -> list[dict[str, object]]:
    assert all(isinstance(event, Item) for event in events)
    return [dict(event.fields) for event in events if isinstance(event, Item)]


def located(findings: list[Finding]) -> list[tuple[str, int | None, int | None]]:
    return [(finding.rule, finding.line, finding.column) for finding in findings]


@pytest.mark.parametrize(
    "document",
    [
        '{"Items": [{"status": "a"}, {"status": "b"}]}',
        '{"items": [{"status": "a"}, {"status": "b"}]}',
        '[{"status": "a"}, {"status": "b"}]',
        '{"Items": ["{\\"status\\": \\"a\\"}", "{\\"status\\": \\"b\\"}"]}',
        '["{\\"status\\": \\"a\\"}", {"status": "b"}]',
        '{"version": [{"Items": 1}], "Items": [{"status": "a"}, {"status": "b"}], "next": null}',
    ],
)
def test_items_are_objects_or_texts_in_a_request_or_an_array(read: Read, document: str) -> None:
    assert fields(read("x.json", document)) == [{"status": "a"}, {"status": "b"}]


@pytest.mark.parametrize("document", ['{"status": "a"}', '"{\\"status\\": \\"a\\"}"'])
def test_a_document_may_be_a_single_item(read: Read, document: str) -> None:
    (item,) = read("x.json", document)
    assert isinstance(item, Item)
    assert (item.index, dict(item.fields)) == (0, {"status": "a"})
    assert item.source is not None
    assert item.source.pointer == ""


@pytest.mark.parametrize(
    "document", ["", " \r\n\t ", "\ufeff", "\ufeff\n", "{}", " { } ", "[]", "[\n]"]
)
def test_a_document_without_items_is_empty(check: Check, document: str) -> None:
    assert located(check("x.json", document)) == [("file-empty", 1, 1)]


@pytest.mark.parametrize("document", ['{"Items": []}', '{"items": [ ]}', '{"x": 1, "Items": []}'])
def test_a_request_without_items_is_empty(check: Check, document: str) -> None:
    assert located(check("x.json", document)) == [("file-empty", 1, 1)]


@pytest.mark.parametrize("value", ["17", "null", "true", "-1.5e3", '"abc"', '"17"', '"[]"'])
def test_a_document_that_is_not_an_object_is_a_malformed_item(check: Check, value: str) -> None:
    (finding,) = check("x.json", f"\n  {value}\n")
    assert (finding.rule, finding.line, finding.column) == ("item-malformed", 2, 3)
    assert (finding.item, finding.pointer) == (0, "")


@pytest.mark.parametrize(
    "value", ["17", "null", "[{}]", '"abc"', '"null"', '"{\\"a\\": NaN}"', '""']
)
def test_an_item_that_is_not_an_object_is_malformed_and_the_next_item_is_read(
    check: Check, consent: Consent, value: str
) -> None:
    good, bad = json.dumps(consent(0)), json.dumps(consent(1, status="x"))
    findings = check("x.json", f'{{"Items": [{good},\n {value},\n{bad}]}}')
    assert [(f.rule, f.line, f.item) for f in findings] == [
        ("item-malformed", 2, 1),
        ("invalid-status", 3, 2),
    ]
    assert (findings[0].column, findings[0].pointer) == (2, "/Items/1")
    assert findings[1].pointer == "/Items/2/status"


@pytest.mark.parametrize("value", ["{}", '"[]"', "null", "17"])
def test_items_that_are_not_an_array_are_malformed(check: Check, value: str) -> None:
    assert located(check("x.json", f'{{"Items":\n  {value}}}')) == [("file-malformed", 2, 3)]


@pytest.mark.parametrize("second", ["Items", "items"])
def test_a_request_has_one_list_of_items(check: Check, consent: Consent, second: str) -> None:
    items = json.dumps([consent()])
    findings = check("x.json", f'{{"Items": {items},\n"{second}": {items}}}')
    assert [(f.rule, f.line) for f in findings] == [("file-malformed", 2)]


@pytest.mark.parametrize(
    ("document", "line", "column"),
    [
        ("[", 1, 2),
        ("{", 1, 2),
        ('{"Items"', 1, 9),
        ('{"Items":', 1, 10),
        ('{"Items": [', 1, 12),
        ('{"Items": [{"a": 1}', 1, 20),
        ('{"Items": [{"a": 1},', 1, 21),
        ('{"Items": [{"a": 1}]', 1, 21),
        ('[{"a": 1}\n{"b": 2}]', 2, 1),
        ('[{"a": 1},\n]', 2, 1),
        ('[{"a": 1,\n}]', 2, 1),
        ('[{"a": 1},\n {"b" 2}]', 2, 7),
        ('[{"a": 1},\n {b: 2}]', 2, 3),
        ('[{"a": 1},\n {"é😀": nul}]', 2, 9),
        ('[{"a": 1},\n {"b": NaN}]', 2, 8),
        ('[{"a": 1},\n {"NaN": "NaN", "b": [-Infinity]}]', 2, 23),
        ('[{"a": 1},\n {"b": "\\x"}]', 2, 9),
        ('[{"a": 1},\n {"b": "\\u12"}]', 2, 10),
        ('[{"a": 1},\n {"b": "x\ty"}]', 2, 10),
        ('[{"a": 1}]\n  x', 2, 3),
        ('{"a": 1}\n{"a": 2}', 2, 1),
        ("\ufeff[{]", 1, 3),
        ("\x0b[]", 1, 1),
        ("['a']", 1, 2),
        ("[\r\n  {},\r\n  x]", 3, 3),
    ],
)
def test_the_error_in_a_malformed_document_is_located(
    check: Check, document: str, line: int, column: int
) -> None:
    findings = check("x.json", document, endpoint=CONSENTS)
    assert located([f for f in findings if f.rule == "file-malformed"]) == [
        ("file-malformed", line, column)
    ]


def test_the_items_of_a_truncated_document_are_checked(check: Check, consent: Consent) -> None:
    whole = json.dumps([consent(0, status="x"), consent(1, status="y")], indent=2)
    findings = check("x.json", whole[: whole.index('"y"') + 2])
    assert [f.rule for f in findings] == ["invalid-status", "file-malformed"]
    assert "truncated" in findings[1].message
    lines = whole[: whole.index('"y"') + 2].split("\n")
    assert findings[1].line == len(lines)


def test_a_parse_error_quotes_nothing_of_the_file(check: Check) -> None:
    for document in ['["secret" "secret"]', '[{"secret": secret}]', "[secret]", '["secret']:
        for finding in check("x.json", document):
            assert "secret" not in finding.message


# Duplicate keys.


@pytest.mark.parametrize("shape", ["object", "text", "single"])
@pytest.mark.parametrize(("second", "severity"), [('"opt-in"', "warning"), ('"opt-out"', "error")])
def test_a_duplicate_key_is_reported_at_the_value_that_counts(
    check: Check, consent: Consent, shape: str, second: str, severity: str
) -> None:
    item = json.dumps(consent())[:-1] + f', "status": {second}}}'
    document = item if shape == "single" else f"[{json.dumps(item) if shape == 'text' else item}]"
    (finding,) = check("x.json", document)
    assert (finding.rule, str(finding.severity)) == ("duplicate-key", severity)
    assert finding.field == "status"
    assert (
        document[finding.column - 1 if finding.column else 0 :]
        .lstrip('\\"')
        .startswith(second.strip('"'))
    )
    assert finding.column is not None
    assert finding.column > document.rindex("status")


@pytest.mark.parametrize(
    ("values", "differ"),
    [
        (["1", "1"], False),
        (["1", "1.0"], True),
        (["1", "true"], True),
        (["0", "false"], True),
        (["null", '""'], True),
        (['"a"', '"b"', '"a"'], True),
        (['"a"', '"a"', '"a"'], False),
        (['"\\u0061"', '"a"'], False),
        (["[1]", "[1]"], False),
        (["[1]", "[true]"], True),
    ],
)
def test_duplicate_values_are_equal_if_type_and_value_are(
    read: Read, values: list[str], differ: bool
) -> None:
    (item,) = read("x.json", "{" + ", ".join(f'"x": {value}' for value in values) + "}")
    assert isinstance(item, Item)
    assert dict(item.repeated) == {"x": differ}
    assert item.fields["x"] == json.loads(values[-1])


def test_escapes_in_a_key_do_not_make_another_key(read: Read) -> None:
    (item,) = read("x.json", '{"status": 1, "\\u0073tatus": 2}')
    assert isinstance(item, Item)
    assert dict(item.repeated) == {"status": True}


def test_a_duplicate_key_in_a_nested_value_is_not_reported(check: Check, consent: Consent) -> None:
    nested = json.dumps(consent())[:-1] + ', "x": {"status": 1, "status": 2}, "y": [{"a":1,"a":2}]}'
    assert {f.rule for f in check("x.json", nested)} == {"unknown-field"}


def test_a_duplicate_key_in_a_nested_value_does_not_hide_one_of_the_item(read: Read) -> None:
    (item,) = read("x.json", '{"x": {"a": 1, "a": 2}, "status": 1, "status": 1}')
    assert isinstance(item, Item)
    assert dict(item.repeated) == {"status": False}


# Attacks.


@pytest.mark.parametrize(
    "document",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '[{"status": ' + "[" * 100_000 + "]" * 100_000 + "}]",
        '{"Items": ' * 100_000,
        json.dumps("[" * 100_000 + "]" * 100_000),
        '"' * 100_000,
    ],
    ids=["truncated", "arrays", "objects", "in a value", "requests", "in a text", "quotes"],
)
def test_a_deeply_nested_document_is_malformed(check: Check, document: str) -> None:
    findings = check("x.json", document, endpoint=CONSENTS)
    assert {f.rule for f in findings} <= {"file-malformed", "item-malformed"}
    assert findings


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.form"])
@pytest.mark.parametrize("wrapped", [False, True], ids=["object", "text"])
def test_a_value_nested_just_within_the_limit_of_the_parser_does_not_raise(
    check: Check, consent: Consent, name: str, wrapped: bool
) -> None:
    """What could be read once can be read again when its place is looked up."""
    start = json.dumps(consent())[:-1]
    for depth in range(sys.getrecursionlimit() - 220, sys.getrecursionlimit()):
        item = start + ', "x": ' + "[" * depth + "]" * depth + "}"
        text = json.dumps(item) if wrapped else item
        findings = check(name, "Items=" * (name == "x.form") + text.replace("+", "%2B"))
        assert findings, depth


def test_an_item_with_many_keys_is_checked_in_linear_time(
    check: Check, consent: Consent, cost_ratio: CostRatio
) -> None:
    """Half a megabyte of keys must not take a minute; the first of them are named."""

    def check_item(keys: int) -> None:
        item = consent() | {f"k{number}": 1 for number in range(keys)}
        findings = check("x.json", json.dumps(item))
        assert len(findings) == 21
        assert findings[-1].message == f"{keys - 20:,} more fields are unknown."

    assert cost_ratio(check_item, 5_000, 8) < 24


@pytest.mark.parametrize(
    "number", ["9" * 5_000, "-" + "9" * 5_000, "1e999", "-1e-999", "0." + "1" * 5_000, "1E+400"]
)
def test_a_huge_number_is_a_number(check: Check, consent: Consent, number: str) -> None:
    document = json.dumps([consent(status=None)]).replace("null", number)
    (finding,) = check("x.json", document)
    assert finding.reason == "INVALID_STATUS"
    assert len(finding.message) < 300


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800", "\\ud83d"])
def test_a_lone_surrogate_is_an_invalid_value_that_can_be_reported(
    check: Check, consent: Consent, escape: str
) -> None:
    """A lone surrogate has no UTF-8, and no report may fail for that."""
    document = json.dumps(consent(status="HALF", correlation_id="HALF")).replace("HALF", escape)
    document = document[:-1] + f', "{escape}": 1}}'
    for text in (document, json.dumps(document)):
        findings = check("x.json", f"[{text}]", excerpts=True)
        assert {str(f.reason or f.rule) for f in findings} == {
            "INVALID_STATUS",
            "INVALID_CORRELATION_ID",
            "unknown-field",
        }
        for finding in findings:
            written = [*finding[:-1], *(finding.excerpt or ())]
            "".join(map(str, written)).encode()


def test_a_surrogate_pair_is_one_character(read: Read) -> None:
    (item,) = read("x.json", '{"status": "\\ud83d\\ude00"}')
    assert isinstance(item, Item)
    assert item.fields["status"] == "\U0001f600"


@pytest.mark.parametrize("opening", ["[", '{"Items": [', '{"items": ['])
def test_reading_a_document_stops_after_too_many_errors(read: Read, opening: str) -> None:
    """Nothing is said after the words that say so."""
    closing = "]" + "}" * opening.startswith("{")
    events: list[Any] = read("x.json", opening + ",".join(["1"] * 3 * MAX_ERRORS) + closing)
    assert len(events) == MAX_ERRORS + 1
    assert all(isinstance(event, ParseError) for event in events)
    assert "not read" in events[-1].message
