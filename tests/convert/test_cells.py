"""Columns get names of their own, however many have the same."""

from collections.abc import Callable

from consentlint.convert.cells import named


def test_each_column_has_another_name() -> None:
    names = named(["Phone", " Phone", "", "Phone", "Phone (2)", ""])
    assert names == ("Phone", "Phone (2)", "column 3", "Phone (3)", "Phone (2) (2)", "column 6")


def test_many_columns_of_one_name_take_linear_time(
    cost_ratio: Callable[[Callable[[int], object], int, int], float],
) -> None:
    assert cost_ratio(lambda size: named(["a"] * size), 20_000, 4) < 10
