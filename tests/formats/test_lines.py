"""Lines of a part, and the items that begin on them."""

from array import array
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from consentlint.formats import first_line_of, line_offset
from consentlint.formats._lines import LineOffsets, line_of, prove_lines, row_of, split_lines
from consentlint.formats.json_lines import JsonLinesPart

CONTENTS = st.lists(st.sampled_from([b"", b"\r", b"a", "é\u2028".encode(), b"\n", b"\xff\0"])).map(
    b"".join
)
SKIPPED = st.sets(st.integers(0, 30)).map(lambda lines: array("I", sorted(lines)))


@given(CONTENTS)
def test_lines_are_what_line_feeds_end_and_the_last_may_lack_its_own(content: bytes) -> None:
    lines = split_lines(content)
    assert b"\n".join(lines) + b"\n" in (content, content + b"\n") or not lines
    assert all(b"\n" not in line for line in lines)
    assert len(lines) == content.count(b"\n") + (not content.endswith(b"\n") and content != b"")


@given(CONTENTS.filter(bool))
def test_without_a_matcher_every_line_must_be_parsed(content: bytes) -> None:
    count, unproven, proven = prove_lines(content, None)
    assert count == len(split_lines(content))
    assert list(unproven) == list(range(count))
    assert not proven.ids


@given(SKIPPED)
def test_items_begin_on_the_lines_that_are_not_skipped(skipped: "array[int]") -> None:
    lines = [line for line in range(40) if line not in skipped]
    assert [line_of(row, skipped) for row in range(len(lines))] == lines
    assert [row_of(line, skipped) for line in lines] == list(range(len(lines)))


@given(st.lists(CONTENTS.map(lambda text: text.replace(b"\n", b""))), st.randoms())
def test_an_offset_counts_all_lines_before(lines: list[bytes], random: object) -> None:
    content = b"".join(line + b"\n" for line in lines)
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines) + 1)]
    offsets = LineOffsets(lines)
    assert [offsets.of(at) for at in range(len(starts))] == starts
    assert [offsets.of(at) for at in reversed(range(len(starts)))] == starts[::-1]
    part = JsonLinesPart(partial(_between, b"12345" + content), 5, 5 + len(content))
    assert [line_offset(part, at) for at in range(len(starts))] == starts


@given(SKIPPED, st.integers(0, 20), st.integers(1, 1_000))
def test_the_line_of_an_item_is_found_without_reading_the_file(
    skipped: "array[int]", row: int, first_line: int
) -> None:
    def load(start: int, end: int) -> bytes:
        raise AssertionError

    part = JsonLinesPart(load, 0, 1, first_line)
    assert first_line_of(part, row, skipped) == first_line + line_of(row, skipped)


def _between(content: bytes, start: int, end: int) -> bytes:
    return content[start:end]
