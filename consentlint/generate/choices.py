"""Choices of a random generator."""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from consentlint.cases import Choices, Make

T = TypeVar("T")

_MAX_ATTEMPTS = 1000


class RandomChoices(Choices):
    """Choices that a seed determines, in every version of Python.

    Python promises this for `Random.random` only.
    """

    def __init__(self, seed: str) -> None:
        self._random = Random(seed).random  # noqa: S311 - not for security

    def integer(self, first: int, last: int) -> int:
        """Return an integer; the range has less than 2**53 of them."""
        return first + int(self._random() * (last - first + 1))

    def text(self, alphabet: str, length: int) -> str:
        """Return a string."""
        random, count = self._random, len(alphabet)
        return "".join([alphabet[int(random() * count)] for _ in range(length)])

    def matching(self, make: Make[T], condition: Callable[[T], bool]) -> T:
        """Return the first value that meets the condition."""
        for _ in range(_MAX_ATTEMPTS):
            value = make(self)
            if condition(value):
                return value
        raise AssertionError(f"no value of {make} meets the condition")
