"""Paragraphs and lines fit in the width that they are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentlint.text.layout import columns, crop, fill, fill_message, paint

TEXTS = st.text("ab ,é漢字\u0301\N{THAI CHARACTER SARA U}😀", max_size=80)


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert columns("漢字") == 4
    assert columns("e\u0301") == 1
    assert columns("\N{THAI CHARACTER KO KAI}\N{THAI CHARACTER SARA U}") == 1
    assert columns(paint("error", "error", True)) == 5


def test_a_paragraph_is_broken_at_spaces() -> None:
    assert fill("one two three", 9, "  ") == "  one two\n  three"
    assert fill("one two three", 9, "- ", "  ") == "- one two\n  three"


def test_a_word_that_is_too_long_is_broken_where_the_line_ends() -> None:
    assert fill("a 漢字漢字漢", 6, " ") == " a\n 漢字\n 漢字\n 漢"


@given(TEXTS, st.integers(8, 90))
def test_no_line_of_a_paragraph_is_too_wide(text: str, width: int) -> None:
    filled = fill(text, width, "  ")
    assert all(columns(line) <= width for line in filled.split("\n"))
    assert filled.replace("\n", "").replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("width", range(12, 80))
def test_the_command_at_the_end_of_a_message_is_never_broken(width: int) -> None:
    command = "consentlint convert --inspect 'a b.csv'"
    text = f"Columns are missing, or have other names: status. For an export, run: {command}"
    lines = fill_message(text, width, "  ").split("\n")
    assert lines[-1].endswith(command)
    assert " ".join(line.strip() for line in lines) == text
    assert all(columns(line) <= width for line in lines if command not in line)
    # It is on the line before if there is room.
    assert lines[-1] != f"  {command}" or columns(f"{lines[-2]} {command}") > width


@given(TEXTS, st.data(), st.integers(12, 90))
def test_a_cropped_line_fits_and_shows_the_span(text: str, data: st.DataObject, width: int) -> None:
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(1, 20))
    shown, at, size = crop(text, start, length, width)
    assert columns(shown) <= width
    if columns(text) <= width:
        assert (shown, at, size) == (text, start, length)
        return
    span = text[start : start + length]
    assert size >= 1
    assert span.startswith(shown[at : at + size].rstrip("…"))
    if columns(span) <= width // 3:
        assert shown[at : at + size] == span
    assert shown.removeprefix("…").removesuffix("…") in text


def test_a_cropped_line_shows_what_is_before_and_after_the_span() -> None:
    text = "a" * 50 + "XYZ" + "b" * 50
    middle = f"…{'a' * 20}XYZ{'b' * 15}…"
    assert crop(text, 50, 3, 40) == (middle, 21, 3)
    assert crop(text, 0, 3, 40) == ("a" * 39 + "…", 0, 3)
    assert crop(text, 100, 3, 40) == ("…" + "b" * 39, 37, 3)
