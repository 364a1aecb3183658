"""What the schemas say of texts that are a beginning and then a run of characters of one class."""

import re
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from consentlint.fields import schemas

_PATTERN = re.compile(
    r"(?P<prefix>[^\[]*?)(?P<first>\[[^]]+\])?(?P<each>\[[^]]+\])"
    r"(?:\{(?P<least>[0-9]+)(?:,(?P<most>[0-9]+))?\}|\+)"
)
_ASCII = [chr(code) for code in range(128)]


class Shape(NamedTuple):
    """A pattern of the schemas that can be written from."""

    prefix: str
    first: str
    """The characters of which one comes first, "" where there is no such rule."""
    alphabet: str
    """The characters of all others, in the order of ASCII."""
    least: int
    """How many of them there are, at least,"""
    most: int | None
    """and at most; None where no limit is said."""

    def texts(self, alphabet: str | None = None) -> st.SearchStrategy[str]:
        """Return texts of this shape, or of another alphabet."""
        return self.runs(self.least, self.most or self.least + 20, alphabet)

    def runs(self, least: int, most: int, alphabet: str | None = None) -> st.SearchStrategy[str]:
        """Return texts of this shape, but for how long they are, and of what."""
        letters = alphabet or self.alphabet

        @cache
        def of_length(length: int) -> st.SearchStrategy[str]:
            return st.text(letters, min_size=length, max_size=length)

        return st.integers(least, most).flatmap(of_length).map(f"{self.prefix}{{}}".format)


@cache
def shape(definition: str) -> Shape:
    """Return the shape of a definition of `schemas/fields.json`."""
    match = _PATTERN.fullmatch(schemas.pattern_of(definition))
    assert match is not None, f"the pattern of {definition} is no prefix and run"
    least = int(match["least"] or 1)
    most = None if match["least"] is None else int(match["most"] or least)
    prefix = re.sub(r"\\(.)", r"\1", match["prefix"])
    return Shape(prefix, _characters(match["first"]), _characters(match["each"]), least, most)


def _characters(of: str | None) -> str:
    return "" if of is None else "".join(filter(re.compile(of).fullmatch, _ASCII))
