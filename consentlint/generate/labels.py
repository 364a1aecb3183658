"""Which items of a file get which problem: exact numbers, at random positions."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from consentlint.cases import Choices

VALID, INVALID, EDGE_CASE = "valid", "invalid", "edge case"
"""What an item may be besides a reason code or the name of a rule."""


def parse_amount(text: str, count: int) -> int:
    """Return how many of `count` items an amount means.

    Args:
        text: A number of items, or a percentage such as 0.5%, which is rounded up.

    Raises:
        ValueError: It is neither, or is negative, or more than all items.
    """
    digits = text.removesuffix("%")
    try:
        number = Decimal(digits)
    except InvalidOperation:
        number = Decimal(-1)
    if digits != text:
        number = -(-number * count // 100)
    if not (number.is_finite() and 0 <= number == int(number)):
        raise ValueError("expected a number of items, such as 5, or a percentage, such as 10%")
    if number > count:
        raise ValueError(f"{int(number):,} is more than the {count:,} items of --count")
    return int(number)


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
