"""Where the random choices in a value come from."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices(ABC):
    """A source of choices: a random generator, or Hypothesis.

    The first value of a range is the simplest. Hypothesis shrinks examples to it.
    """

    @abstractmethod
    def integer(self, first: int, last: int) -> int:
        """Return an integer from `first` to `last`, both inclusive."""

    @abstractmethod
    def text(self, alphabet: str, length: int) -> str:
        """Return a string of so many characters of an alphabet."""

    @abstractmethod
    def matching(self, make: Callable[["Choices"], T], condition: Callable[[T], bool]) -> T:
        """Return a value that meets a condition, which most values must do."""

    def choice(self, values: Sequence[T]) -> T:
        """Return one of these values."""
        return values[self.integer(0, len(values) - 1)]

    def boolean(self) -> bool:
        """Return True or False; False is simpler."""
        return bool(self.integer(0, 1))


Make = Callable[[Choices], T]
"""A function that makes a value of choices."""
