"""Positions count lines and code units as an editor does."""

from collections.abc import Callable

import pytest
from editing import index_of
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position

from consentlint.lsp.positions import Positions, encode

ENCODINGS = ["utf-8", "utf-16", "utf-32"]
TEXTS = st.text(st.sampled_from('a"é€😀\ufeff\r\n\x85\u2028'), max_size=30)


@given(TEXTS, st.lists(st.integers(0, 30)), st.sampled_from(ENCODINGS))
def test_a_position_leads_back_to_its_character(
    text: str, indexes: list[int], encoding: str
) -> None:
    positions = Positions(encode(text), encoding)
    for index in indexes:
        start = min(index, len(text))
        if text[start - 1 : start + 1] == "\r\n":
            # No position is within the end of a line.
            continue
        offset = len(encode(text[:start]))
        position = positions.position(offset)
        assert index_of(text, position, encoding) == start
        assert positions.offset(position) == offset


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 6), ("utf-16", 4), ("utf-32", 3)])
def test_a_character_outside_the_basic_plane_counts_as_the_encoding_says(
    encoding: str, character: int
) -> None:
    content = encode('\n"😀"')
    positions = Positions(content, encoding)
    assert positions.position(len(content)) == Position(1, character)


def test_an_offset_within_a_character_means_the_next_one() -> None:
    assert Positions(encode("😀a"), "utf-16").position(2) == Position(0, 2)


def test_half_of_a_surrogate_pair_is_one_unit() -> None:
    content = encode("\ud83da")
    assert Positions(content, "utf-16").position(len(content)) == Position(0, 2)


def test_a_position_behind_the_text_is_its_end() -> None:
    positions = Positions(b"ab\ncd", "utf-16")
    assert positions.offset(Position(7, 0)) == 5
    assert positions.offset(Position(0, 9)) == 2
    assert positions.position(99) == Position(1, 2)


def test_thousands_of_positions_in_one_long_line_take_linear_time(
    cost_ratio: Callable[[Callable[[int], object], int, int], float],
) -> None:
    def find(size: int) -> None:
        positions = Positions(encode("é" * size), "utf-16")
        for offset in range(0, 2 * size, 20):
            positions.position(offset)

    assert cost_ratio(find, 20_000, 10) < 40
