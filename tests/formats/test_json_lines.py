"""JSON Lines: an item a line."""

import json
import tracemalloc
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from linting import Event, findings_in

from consentlint.formats._decode import MAX_ERRORS
from consentlint.formats.json_lines import MAX_LINE
from consentlint.linter.read import read_items
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Finding
from consentlint.model.items import Item, ParseError
from consentlint.model.settings import ReadOptions, Settings

Check = Callable[..., list[Finding]]
Read = Callable[..., list[Event]]
Consent = Callable[..., dict[str, object]]


def test_a_line_is_an_object_or_the_text_of_one(read: Read) -> None:
    items = read("x.jsonl", '{"status": "a"}\n"{\\"status\\": \\"b\\"}"\n')
    assert [dict(item.fields) for item in items if isinstance(item, Item)] == [
        {"status": "a"},
        {"status": "b"},
    ]


@pytest.mark.parametrize(
    "content",
    [
        '{"a": 1}\n{"a": 2}',
        '{"a": 1}\r\n{"a": 2}\r\n',
        '\ufeff{"a": 1}\n{"a": 2}\n',
        '\n\n  \t\n\r\n{"a": 1}\n\n\t{"a": 2} \t \r\n \n',
        '  {"a": 1}\r\n  {"a": 2}  ',
    ],
)
def test_blank_lines_and_white_space_around_items_do_not_count(read: Read, content: str) -> None:
    items = [item for item in read("x.jsonl", content) if isinstance(item, Item)]
    assert [(item.index, dict(item.fields)) for item in items] == [(0, {"a": 1}), (1, {"a": 2})]
    lines = content.removeprefix("\ufeff").split("\n")
    for item in items:
        assert item.source is not None
        line, column, _ = item.source.location
        assert lines[line - 1][column - 1 :].startswith('{"a"')


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x7f"])
def test_only_a_line_feed_ends_a_line(read: Read, separator: str) -> None:
    content = f'{{"a": "{separator}"}}\n{{"a": 2}}'
    items = [item for item in read("x.jsonl", content) if isinstance(item, Item)]
    assert [item.fields["a"] for item in items] == [separator, 2]
    assert items[1].source is not None
    assert items[1].source.location[:2] == (2, 1)


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ("x", "file-malformed", 1),
        ("  x", "file-malformed", 3),
        ('{"a": 1} {"a": 2}', "file-malformed", 10),
        ('{"a": 1}}', "file-malformed", 9),
        ('\t{"a": nul}', "file-malformed", 8),
        ('{"a": NaN}', "file-malformed", 7),
        ('{"é😀": "', "file-malformed", 8),
        ('{"a": "\x00"}', "file-malformed", 8),
        ("17", "item-malformed", 1),
        (" null", "item-malformed", 2),
        ("[]", "item-malformed", 1),
        ('[{"a": 1}]', "item-malformed", 1),
        ('"abc"', "item-malformed", 1),
        ('  "17"', "item-malformed", 3),
        ("[" * 100_000, "file-malformed", 1),
        ("[" * 100_000 + "]" * 100_000, "file-malformed", 1),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_line_without_an_item_is_malformed_and_the_next_line_is_read(
    check: Check, consent: Consent, line: str, rule: str, column: int
) -> None:
    before, after = json.dumps(consent(0)), json.dumps(consent(1, status="x"))
    findings = check("x.jsonl", f"{before}\n\n{line}\n{after}\n")
    assert [(f.rule, f.line, f.item) for f in findings] == [(rule, 3, 1), ("invalid-status", 4, 2)]
    assert findings[0].column == column


def test_a_truncated_line_is_reported_as_truncated(check: Check, consent: Consent) -> None:
    line = json.dumps(consent())
    (finding,) = check("x.jsonl", line[:40], endpoint=CONSENTS)
    assert (finding.rule, finding.line) == ("file-malformed", 1)
    assert "truncated" in finding.message


@pytest.mark.parametrize(("value", "severity"), [("opt-in", "warning"), ("opt-out", "error")])
@pytest.mark.parametrize("as_text", [False, True])
def test_a_duplicate_key_is_reported(
    check: Check, consent: Consent, value: str, severity: str, as_text: bool
) -> None:
    item = json.dumps(consent())[:-1] + f', "x": {{"a": 1, "a": 2}}, "status": "{value}"}}'
    line = json.dumps(item) if as_text else item
    findings = check("x.jsonl", json.dumps(consent(1)) + "\n" + line)
    (finding,) = [f for f in findings if f.rule == "duplicate-key"]
    assert (finding.line, finding.field, str(finding.severity)) == (2, "status", severity)


@pytest.mark.parametrize("content", ["", "\n", " \r\n\t\n", "\ufeff", "\ufeff\n\n"])
def test_a_file_of_blank_lines_is_empty(check: Check, content: str) -> None:
    (finding,) = check("x.jsonl", content)
    assert (finding.rule, finding.line, finding.column) == ("file-empty", 1, 1)


def test_a_pointer_starts_at_the_root_of_its_line(check: Check, consent: Consent) -> None:
    lines = [json.dumps(consent(0, status="x")), json.dumps(json.dumps(consent(1, status="x")))]
    first, second = check("x.jsonl", "\n".join(lines))
    assert (first.pointer, second.pointer) == ("/status", "")


def test_a_byte_that_is_not_utf_8_makes_only_its_line_malformed(
    check: Check, consent: Consent
) -> None:
    lines = [json.dumps(consent(0)).encode(), b'{"\xc3\xa9": "\xff"}', b'{"status": "x"}']
    findings = check("x.jsonl", b"\n".join(lines))
    assert [(f.line, f.column, f.item) for f in findings if f.rule == "file-encoding"] == [
        (2, 8, 1)
    ]
    assert {f.item for f in findings if f.line == 3} == {2}


def test_an_endless_line_is_not_read_into_memory(check: Check, consent: Consent) -> None:
    start = json.dumps(consent(0)) + "\n"
    findings = check("x.jsonl", start + '{"a": "' + "x" * MAX_LINE + '"}\n{"a": 1}\n')
    assert [(f.rule, f.line, f.column) for f in findings] == [("file-malformed", 2, 1)]


def test_reading_a_file_stops_after_too_many_errors(read: Read) -> None:
    events = read("x.jsonl", "x\n" * 3 * MAX_ERRORS)
    assert len(events) == MAX_ERRORS + 1
    assert isinstance(events[-1], ParseError)
    assert events[-1].location.line == MAX_ERRORS + 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "line"),
    [
        ("read", '{"status": "opt-in", "source": "' + "x" * 2_000 + '"}\n'),
        ("check", '{"status": "' + "é" * 5_000 + '"}\n'),
    ],
)
def test_memory_use_does_not_grow_with_the_file(
    write: Callable[[str, str | bytes], Path], settings: Settings, way: str, line: str
) -> None:
    """Of 40 MB, a part is held at any time."""
    path = str(write("large.jsonl", line * (40_000_000 // len(line.encode()))))
    tracemalloc.start()
    try:
        if way == "read":
            deque(read_items(path, ReadOptions()), maxlen=0)
        else:
            findings_in(path, settings)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
