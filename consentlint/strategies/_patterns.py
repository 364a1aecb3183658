"""The schema patterns that consist of a prefix and a run of characters of one class."""

import re
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from consentlint.fields import schemas

_PATTERN = re.compile(
    r"(?P<prefix>[^\[]*?)(?P<first>\[[^]]+\])?(?P<each>\[[^]]+\])"
    r"(?:\{(?P<min>[0-9]+)(?:,(?P<max>[0-9]+))?\}|\+)"
)
_ASCII = [chr(code) for code in range(128)]


class Pattern(NamedTuple):
    """A pattern of the schemas, in a form that strings can be generated from."""

    prefix: str
    first: str
    """The characters allowed in the first position after the prefix; "" for no such rule."""
    alphabet: str
    """The characters allowed in the other positions, in ASCII order."""
    min_length: int
    """The minimum number of these characters."""
    max_length: int | None
    """The maximum number of these characters; None for no maximum."""

    def strings(self, alphabet: str | None = None) -> st.SearchStrategy[str]:
        """Return strings of this pattern, or with another alphabet."""
        return self.strings_of_length(
            self.min_length, self.max_length or self.min_length + 20, alphabet
        )

    def strings_of_length(
        self, min_length: int, max_length: int, alphabet: str | None = None
    ) -> st.SearchStrategy[str]:
        """Return strings of this pattern, but with another length and alphabet."""
        characters = alphabet or self.alphabet

        @cache
        def of_length(length: int) -> st.SearchStrategy[str]:
            return st.text(characters, min_size=length, max_size=length)

        lengths = st.integers(min_length, max_length)
        return lengths.flatmap(of_length).map(f"{self.prefix}{{}}".format)


@cache
def pattern(definition: str) -> Pattern:
    """Return the pattern of a definition in `schemas/fields.json`."""
    match = _PATTERN.fullmatch(schemas.pattern_of(definition))
    assert match is not None, f"the pattern of {definition} is not a prefix and a run"
    min_length = int(match["min"] or 1)
    max_length = None if match["min"] is None else int(match["max"] or min_length)
    prefix = re.sub(r"\\(.)", r"\1", match["prefix"])
    return Pattern(
        prefix, _characters(match["first"]), _characters(match["each"]), min_length, max_length
    )


def _characters(character_class: str | None) -> str:
    if character_class is None:
        return ""
    return "".join(filter(re.compile(character_class).fullmatch, _ASCII))
