"""The outline of a text keeps its delimiters and hides its words."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentlint.fields.outline import looks_like_header, outline

CostRatio = Callable[[Callable[[int], object], int, int], float]


def shown(text: str, *, show_values: bool = False) -> str:
    return "".join(piece.shown for piece in outline(text, show_values=show_values))


@pytest.mark.parametrize(
    ("text", "outlined"),
    [
        ("Jane Doe,opt-in,Opt Out,17", "…,opt-in,Opt Out,17"),
        ("Jane  Q. Doe ,x", "… ,…"),
        ('{"status": "opt-in", "name": NaN}', '{"status": "opt-in", "…": NaN}'),
        ("jane.doe@example.com;O'Hara\tZoë", "…;…'…\t…"),
        ("+1 (415) 555-2671", "+1 (415) •••-••71"),
        ("94105,1985-04-12", "•••••,…"),
        ("2024-03-01T10:00:00Z", "2024-03-01T10:00:00Z"),
        ("MG9752274e9e519418a7406176694466fa", "MG9752274e9e519418a7406176694466fa"),
        ("%7B%22name%22%3A%22Jane+Doe%C3%A9%22%7D", "%7B%22…%22%3A%22…+…%22%7D"),
        (r'"{\"name\":\"Zo\u00eb\"}"', r'"{\"…\":\"…\"}"'),
    ],
)
def test_words_are_hidden_and_delimiters_are_not(text: str, outlined: str) -> None:
    assert shown(text) == outlined


def test_numbers_are_shown_on_demand_and_words_are_not() -> None:
    assert shown("Jane,+14155552671,1985-04-12", show_values=True) == "…,+14155552671,…"


@given(st.text("aé漢 ,;\"'\\{}[]:%22u00@+-.•0149T\n"), st.booleans())
def test_the_pieces_are_the_whole_text_in_order(text: str, show_values: bool) -> None:
    at = 0
    for piece in outline(text, show_values=show_values):
        assert piece.start == at
        at = piece.end
    assert at == len(text)
    assert not set("aé漢") & set(shown(text, show_values=show_values))


@pytest.mark.parametrize(
    ("row", "is_header"),
    [
        ("Email,First Name,Phone", True),
        ("email;phone_number", True),
        ("Jane,Doe,opt-in", False),
        ("Phone,jane@example.com", False),
        ("Phone,+14155552671", False),
        ("", False),
    ],
)
def test_a_header_has_the_name_of_a_field_and_no_data(row: str, is_header: bool) -> None:
    assert looks_like_header(row) is is_header


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["a", "%", "%2", "\\u", "a ", "1-", "@", "2025-"])
def test_an_outline_takes_linear_time(unit: str, cost_ratio: CostRatio) -> None:
    assert cost_ratio(lambda size: outline(unit * (size // len(unit))), 20_000, 8) < 24
