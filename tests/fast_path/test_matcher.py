"""What a matcher proves, and what it learns."""

import json
from array import array
from collections.abc import Callable, Sequence
from random import Random
from time import process_time

import pytest
from clean_records import Record, clean, consent, contact
from written_items import (
    SETTINGS,
    csv_item,
    element_matcher,
    is_clean,
    json_item,
    line_matcher,
)

from consentlint.fast_path.learning import learn_matcher
from consentlint.fast_path.matcher import Proven
from consentlint.model.endpoints import CONSENTS, SUPERSEDED_BY
from consentlint.model.items import Item, Location, Source


def _lines(records: Sequence[Record]) -> list[str]:
    return [json.dumps(record) for record in records]


def _content(lines: Sequence[str], end: str = "\n") -> bytes:
    return "".join(line + end for line in lines).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", " \t\n"])
@pytest.mark.parametrize("indent", ["", " \t"])
def test_clean_lines_are_proven_also_with_white_space(end: str, indent: str) -> None:
    lines = _lines(clean(0, 2_000))
    matcher = line_matcher([json_item(line) for line in lines[:20]])
    proven = matcher.match(_content([indent + line for line in lines], end))
    assert proven.count == 2_000
    assert not proven.unproven


def test_lines_are_counted_wherever_they_do_not_match() -> None:
    lines = _lines(clean(0, 3_000))
    matcher = line_matcher([json_item(line) for line in lines[:20]])
    bad = [0, 1, 5, 700, 1_500, 1_501, 2_999]
    for number, other in zip(
        bad, ("", "x", "{}" * 900, " ", "x" + lines[0], "\r", "y"), strict=True
    ):
        lines[number] = other
    proven = matcher.match(_content(lines)[:-1])
    assert proven.unproven == bad
    assert proven.count == 3_000
    assert matcher.match(b"") == Proven(0, [], array("Q"), array("Q"))
    assert matcher.match(b"\n\n") == Proven(2, [0, 1], array("Q"), array("Q"))


def test_a_line_that_ends_in_a_record_is_not_proven() -> None:
    (line,) = _lines(clean(0, 1))
    matcher = line_matcher([json_item(line)])
    assert matcher.match(f"[1] {line}\n".encode()).unproven == [0]
    assert matcher.match(f"{100 * ' '}{line}\n".encode()).unproven == [0]
    assert matcher.match(f"{line} {line}\n".encode()).unproven == [0]


@pytest.mark.parametrize(
    "order", [CONSENTS.fields, CONSENTS.fields[::-1], (*CONSENTS.fields[2:], *CONSENTS.fields[:2]),
              ("status", "contact_id", "source", "correlation_id", "sender_id", "date_of_consent"),
              CONSENTS.fields[:-1]],
)  # fmt: skip
def test_clean_records_are_proven_with_any_layout(order: Sequence[str]) -> None:
    records = [{field: record[field] for field in order} for record in clean(0, 500)]
    lines = _lines(records)
    matcher = line_matcher([json_item(line) for line in lines[:20]])
    assert not matcher.match(_content(lines)).unproven
    elements = element_matcher([json_item(line) for line in lines[:20]])
    assert elements.match(f"[{', '.join(lines)}]", 1)[0] == 499
    pretty = [json.dumps(record, indent=2) for record in records]
    elements = element_matcher([json_item(line) for line in pretty[:20]])
    assert elements.match(f"[{',  '.join(pretty)}]", 1)[0] == 499
    in_text = [json.dumps(line) for line in lines]
    elements = element_matcher([json_item(line) for line in in_text[:20]])
    assert elements.match(f"[{','.join(in_text)}]", 1)[0] == 499
    rows = [",".join(map(str, record.values())) for record in records]
    matcher = line_matcher([csv_item(row, order) for row in rows[:20]], "csv")
    assert not matcher.match(_content(rows)).unproven
    assert not matcher.match(_content(rows, "\r\n")).unproven


def test_members_in_any_order_are_proven() -> None:
    random = Random(5)
    records = [dict(random.sample(list(record.items()), 6)) for record in clean(0, 500)]
    lines = _lines(records)
    matcher = line_matcher([json_item(line) for line in lines[:100]])
    assert not matcher.match(_content(lines)).unproven
    odd = [
        lines[0].replace('"source": "website"', '"status": "opt-in"'),
        lines[0].replace(
            '"date_of_consent": "2025-06-02T15:30:00Z"', '"contact_id": "+14155552671"'
        ),
        lines[0].replace("}", ", }"),
        lines[0].replace("}", ', "}'),
        lines[0].replace(", ", "", 1),
        lines[0].replace('"source": "website", ', ""),
    ]
    assert matcher.match(_content(odd)).unproven == [0, 1, 2, 3, 4, 5]


def test_records_without_a_date_do_not_count_as_another_order() -> None:
    lines = _lines([*clean(0, 60), *clean(60, 100, date_of_consent=None)])
    matcher = line_matcher([json_item(line) for line in lines])
    assert matcher.match(_content(lines)).unproven == [*range(60, 100)]
    assert matcher._layout.comma is None


@pytest.mark.parametrize(
    ("date", "is_proven"),
    [("2024-02-29T00:00:00Z", True), ("2000-02-29T00:00:00Z", True), ("2023-02-29T00:00:00Z", False),
     ("2100-02-29T00:00:00Z", False), ("1900-02-28T00:00:00Z", False), ("2024-02-30T00:00:00Z", False),
     ("1993-01-01T00:00:00Z", True), ("1992-12-31T23:59:59Z", False), ("1996-02-29T00:00:00Z", True),
     ("2025-04-31T00:00:00Z", False), ("2025-05-31T23:59:59Z", True), ("2025-13-01T00:00:00Z", False),
     ("2025-00-01T00:00:00Z", False), ("2025-01-00T00:00:00Z", False), ("2025-06-02T24:00:00Z", False),
     ("2025-06-02T23:60:00Z", False), ("2016-12-31T23:59:60Z", False), ("2025-06-02 15:30:00Z", False),
     ("2025-07-01T11:59:59Z", True), ("2025-07-01T12:00:01Z", False), ("2025-06-02T15:30:00z", False),
     ("2025-06-02T1T:3-:00Z", False), ("2025-06-02T15:30:0:Z", False), ("9999-12-31T00:00:00Z", False)],
)  # fmt: skip
def test_dates_are_proven_if_they_exist_and_are_past(date: str, is_proven: bool) -> None:
    records = [*clean(0, 50), consent(50, date_of_consent=date), *clean(51, 60)]
    lines = _lines(records)
    matcher = line_matcher([json_item(line) for line in lines[:20]])
    assert matcher.match(_content(lines)).unproven == ([] if is_proven else [50])


@pytest.mark.parametrize(
    ("first", "other", "is_proven"),
    [("2025-06-02T15:30:00+02:00", "2025-06-02T15:30:00+02:00", True),
     ("2025-06-02T15:30:00+02:00", "2025-06-02T15:30:00+03:00", False),
     ("2025-06-02T15:30:00+02:00", "2025-06-30T11:59:59+02:00", True),
     # It may be the future elsewhere.
     ("2025-06-02T15:30:00-12:00", "2025-07-01T00:30:00-12:00", False),
     ("2025-06-02T15:30:00.5Z", "2025-06-02T15:30:00.123456789Z", True),
     ("2025-06-02T15:30:00.5Z", "2025-06-02T15:30:00Z", False),
     ("2025-06-02T15:30Z", "2025-06-02T23:59Z", True),
     ("2025-06-02T15:30Z", "2025-06-31T23:59Z", False)],
)  # fmt: skip
def test_dates_are_proven_in_the_layout_that_is_known(
    first: str, other: str, is_proven: bool
) -> None:
    lines = _lines([consent(0, date_of_consent=first), consent(1, date_of_consent=other)])
    matcher = line_matcher([json_item(lines[0])])
    assert matcher.match(_content(lines)).unproven == ([] if is_proven else [1])


def test_postal_codes_are_learned_with_their_country() -> None:
    lines = _lines([contact(0), contact(1, zip_code="10001"), contact(2, country_iso_code="DE")])
    matcher = line_matcher([json_item(lines[0])])
    assert matcher.match(_content(lines)).unproven == [1, 2]
    assert matcher.learn(json_item(lines[1]))
    assert not matcher.learn(json_item(lines[1]))
    proven = matcher.match(_content(lines))
    assert proven.unproven == [2]
    assert not proven.pairs


def test_senders_are_learned_and_words_are_probed() -> None:
    mismatch = consent(1, status="opt-in", source="opt-out-message")
    lines = _lines([consent(0), consent(2, status="opt-out", source="offline"), mismatch])
    other = json.dumps(consent(3, sender_id="12345", source="others"))
    matcher = line_matcher([json_item(lines[0])])
    assert matcher.match(_content([*lines, other])).unproven == [2, 3]
    assert matcher.learn(json_item(other))
    assert matcher.match(_content([*lines, other])).unproven == [2]


def test_words_of_an_item_with_another_layout_are_not_mixed_up() -> None:
    lines = _lines(clean(0, 20))
    fields = ("contact_id", "correlation_id", "status", "source", "sender_id", "date_of_consent")
    other = consent(20, sender_id="12345")
    lines.append(json.dumps({field: other[field] for field in fields}))
    matcher = line_matcher([json_item(line) for line in lines])
    mixed = json.dumps(consent(0, sender_id="opt-in", status="website", source="12345"))
    assert matcher.match(_content([*lines, mixed])).unproven == [20, 21]


def test_an_item_of_another_layout_is_not_learned() -> None:
    (line,) = _lines(clean(0, 1))
    matcher = line_matcher([json_item(line)])
    for other in (
        json.dumps(dict(reversed(consent(1).items()))),
        json.dumps(consent(1, sender_id="12345")).replace(": ", ":"),
        json.dumps(consent(1, sender_id="12345", date_of_consent="2025-06-02T15:30Z")),
        json.dumps(consent(1, sender_id="12345", note="x")),
    ):
        assert not matcher.learn(json_item(other))


@pytest.mark.parametrize(
    "odd",
    [lambda line: line.replace("+1", "\\u002b1"), lambda line: line.replace("opt-in", "opt\\u002din"),
     lambda line: line[:-1] + ', "note": "x"}', lambda line: line.replace("15:30:00Z", "15:30:00")],
)  # fmt: skip
def test_a_record_that_is_not_written_plainly_gives_no_matcher(odd: Callable[[str], str]) -> None:
    (line,) = _lines(clean(0, 1))
    item = json_item(odd(line))
    assert learn_matcher([item], CONSENTS, SETTINGS, "jsonl", is_clean) is None
    assert learn_matcher([], CONSENTS, SETTINGS, "jsonl", is_clean) is None


def test_an_item_with_a_duplicate_key_or_an_unknown_member_gives_no_matcher() -> None:
    (line,) = _lines(clean(0, 1))
    item = json_item(line)
    repeated = Item(0, item.fields, {"status": False}, item.source)
    assert learn_matcher([repeated], CONSENTS, SETTINGS, "jsonl", is_clean) is None
    source = Source(line, Location(1, 1, 0), lambda _: item.source.members[:-1])  # type: ignore[union-attr]
    partial = Item(0, item.fields, {}, source)
    assert learn_matcher([partial], CONSENTS, SETTINGS, "jsonl", is_clean) is None


def test_a_row_with_the_mark_of_submit_gives_no_matcher() -> None:
    columns = (*CONSENTS.fields, SUPERSEDED_BY)
    row = ",".join(map(str, consent(0).values()))
    for mark, has_matcher in (("", True), ("7", False)):
        item = csv_item(f"{row},{mark}", columns)
        fields = {field: item.fields[field] for field in CONSENTS.fields}
        unmarked = Item(0, fields, {}, item.source)
        for each in (item, unmarked):
            matcher = learn_matcher([each], CONSENTS, SETTINGS, "csv", is_clean)
            assert (matcher is not None) == has_matcher


def test_white_space_between_elements_may_be_long() -> None:
    texts = _lines(clean(0, 2_000))
    matcher = element_matcher([json_item(text) for text in texts[:20]])
    document = "[" + (" ," + " " * 400).join(texts) + "]"
    assert matcher.match(document, 1)[0] == 1_999


def test_cells_of_other_columns_may_hold_any_text() -> None:
    columns = ("note", *CONSENTS.fields, SUPERSEDED_BY, "More")
    row = ",".join(map(str, consent(0).values()))
    learned = [csv_item(f"x,{row},,", columns)]
    matcher = line_matcher(learned, "csv")
    for note in ("", "Zoë", '"a, b"', "a b", "1.5"):
        assert not matcher.match(f"{note},{row},,{note}\n".encode()).unproven
    for note in ("a,b", '"', '"a""b"', "a;b", "\0", "\r", "x" * 1_001):
        assert matcher.match(f"{note},{row},,\n".encode()).unproven == [0]
    assert matcher.match(f"x,{row},7,\n".encode()).unproven == [0]


@pytest.mark.parametrize("line", ['{"contact_id": "+14152000000", "correlation_id": "' + '"' * 900,
                                  '"' * 1_000, "{" * 1_000, '{"status": "' * 80, "+1415" * 200])  # fmt: skip
@pytest.mark.parametrize("order", [CONSENTS.fields, CONSENTS.fields[::-1],
    ("status", "contact_id", "source", "correlation_id", "sender_id", "date_of_consent")])  # fmt: skip
def test_no_line_takes_long(line: str, order: Sequence[str]) -> None:
    records = [{field: record[field] for field in order} for record in clean(0, 20)]
    matcher = line_matcher([json_item(each) for each in _lines(records)])
    content = _content([line] * 200)
    start = process_time()
    assert len(matcher.match(content).unproven) == 200
    assert process_time() - start < 2
