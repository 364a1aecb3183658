"""Choices that Hypothesis makes, and the clock that all of them share."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from consentlint.cases import Choices, Context, Make, context_at
from consentlint.fields.iso8601 import parse_now
from consentlint.model.findings import Profile

T = TypeVar("T")


class HypothesisChoices(Choices):
    """Choices that are part of an example: Hypothesis replays and shrinks them."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def integer(self, first: int, last: int) -> int:
        """Return an integer, without a choice if there is only one."""
        return first if first == last else self._draw(_integers(first, last))

    def text(self, alphabet: str, length: int) -> str:
        """Return a string."""
        return self._draw(_texts(alphabet, length))

    def matching(self, make: Make[T], condition: Callable[[T], bool]) -> T:
        """Return a value that meets a condition, or discard the example."""
        value: T = self._draw(_matching(make, condition))
        return value


@lru_cache(maxsize=4096)
def _integers(first: int, last: int) -> st.SearchStrategy[int]:
    return st.integers(first, last)


@lru_cache(maxsize=4096)
def _texts(alphabet: str, length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=length, max_size=length)


@lru_cache(maxsize=4096)
def _matching(make: Make[Any], condition: Callable[[Any], bool]) -> st.SearchStrategy[Any]:
    return made(make).filter(condition)


@st.composite
def made(draw: st.DrawFn, make: Make[T]) -> T:
    """Return what a function makes of choices."""
    return make(HypothesisChoices(draw))


def without_splicing(values: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """Return the same values, without parts that Hypothesis copies within an example.

    Hypothesis makes five of six examples by copying parts of an example to other positions in
    it. That only repeats field values, and hides most of the variety. Hypothesis does not do
    this inside a list of unique elements.
    """
    return st.lists(values, min_size=1, max_size=1, unique_by=id).map(lambda only: only[0])


@cache
def _process_time() -> datetime:
    """Return the time at which a strategy was first created in this process.

    Strategies that are created while an example is drawn must not differ from one example to
    the next, so they all use the same time.
    """
    return datetime.now(UTC)


def context_of(now: datetime | None, profile: Profile | str) -> Context:
    """Return the context for the arguments of a public strategy.

    Raises:
        ValueError: The profile is unknown, or `now` is before 1970 or after 9998.
    """
    moment = parse_now(now or _process_time())
    return context_at(moment, profile, is_exact=now is not None)
