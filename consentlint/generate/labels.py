"""Which items of a file get which problem: exact numbers, at random positions."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

from consentlint.cases import Choices

VALID, INVALID, EDGE_CASE = "valid", "invalid", "edge case"
"""What an item may be besides a reason code or the name of a rule."""

_AMOUNT = re.compile(r"(?P<number>[0-9]{1,15})|(?P<percent>[0-9]{1,15}(?:\.[0-9]{1,15})?)%")


def parse_amount(text: str, count: int) -> int:
    """Return how many of `count` items an amount means.

    Args:
        text: A number of items, or a percentage such as 0.5%, which is rounded up.

    Raises:
        ValueError: It is neither, or more than all items.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError("expected a number of items, such as 5, or a percentage, such as 10%")
    number = Fraction(match["number"] or match["percent"])
    amount = ceil(number if match["number"] else number * count / 100)
    if amount > count:
        raise ValueError(f"{amount:,} is more than the {count:,} items of --count")
    return amount


def labels(choices: Choices, count: int, wanted: Mapping[str, int]) -> Iterator[str]:
    """Yield the label of each item: exactly the wanted numbers, in random order.

    Args:
        choices: Decide on the order.
        count: The number of items.
        wanted: How many items get each label; the others are valid.
    """
    left = {**wanted, VALID: count - sum(wanted.values())}
    for remaining in range(count, 0, -1):
        place = choices.integer(0, remaining - 1)
        for label, number in left.items():
            if place < number:
                left[label] -= 1
                yield label
                break
            place -= number
