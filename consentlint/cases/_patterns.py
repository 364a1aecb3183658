"""Strings of a regular expression."""

import re
from functools import cache
from typing import NamedTuple

from consentlint.cases._choices import Choices, Make
from consentlint.fields import schemas

_PREFIX_AND_RUN = re.compile(
    r"(?P<prefix>[^\[]*?)(?P<first>\[[^]]+\])?(?P<each>\[[^]]+\])"
    r"(?:\{(?P<min>[0-9]+)(?:,(?P<max>[0-9]+))?\}|\+)"
)
_ASCII = [chr(code) for code in range(128)]


class Pattern(NamedTuple):
    """A pattern of the schemas: a prefix, and a run of characters of one class."""

    prefix: str
    first: str
    """The characters allowed in the first position after the prefix; "" for no such rule."""
    alphabet: str
    """The characters allowed in the other positions, in ASCII order."""
    min_length: int
    """The minimum number of these characters."""
    max_length: int | None
    """The maximum number of these characters; None for no maximum."""

    @property
    def lower_case(self) -> str:
        """The alphabet without upper-case letters, as programs write ids."""
        return "".join(character for character in self.alphabet if not character.isupper())

    def strings(
        self, min_length: int = 0, max_length: int = 0, alphabet: str | None = None
    ) -> Make[str]:
        """Return strings of this pattern, or with another length or alphabet."""
        shortest = min_length or self.min_length
        longest = max_length or self.max_length or self.min_length + 20
        characters = alphabet or self.alphabet

        def make(choices: Choices) -> str:
            length = choices.integer(shortest, longest)
            return self.prefix + choices.text(characters, length)

        return make


@cache
def pattern(definition: str) -> Pattern:
    """Return the pattern of a definition in `schemas/fields.json`."""
    match = _PREFIX_AND_RUN.fullmatch(schemas.pattern_of(definition))
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
    return "".join(filter(re.compile(character_class, re.ASCII).fullmatch, _ASCII))


_TOKEN = re.compile(
    r"(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<bar>\|)|(?P<nothing>\^|\$|\\b)"
    r"|(?P<one>\[(?:\\.|[^]])+\]|\\.|.)"
)
_REPEAT = re.compile(r"\?|\{(?P<min>[0-9]+)(?:,(?P<max>[0-9]+))?\}")


@cache
def strings_of(expression: str) -> Make[str]:
    """Return strings of a postal code format.

    It supports what these formats use: classes, groups, alternatives and counted repeats.
    Anchors and word boundaries are ignored.
    """
    return _Parser(expression).alternatives()


class _Parser:
    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._index = 0

    def alternatives(self) -> Make[str]:
        """Parse up to the end of the expression or of the group."""
        branches: list[list[Make[str]]] = [[]]
        while self._index < len(self._expression):
            token = _TOKEN.match(self._expression, self._index)
            assert token is not None
            self._index = token.end()
            if token["close"]:
                break
            if token["bar"]:
                branches.append([])
            elif token["open"]:
                branches[-1].append(self._repeated(self.alternatives()))
            elif token["one"]:
                branches[-1].append(self._run(_characters(token["one"])))
        if len(branches) == 1:
            return _sequence(branches[0])
        return _branches([_sequence(parts) for parts in branches])

    def _repeat(self) -> tuple[int, int]:
        repeat = _REPEAT.match(self._expression, self._index)
        if repeat is None:
            return 1, 1
        self._index = repeat.end()
        if repeat["min"] is None:
            return 0, 1
        return int(repeat["min"]), int(repeat["max"] or repeat["min"])

    def _run(self, alphabet: str) -> Make[str]:
        first, last = self._repeat()
        if len(alphabet) == 1:
            return lambda choices: alphabet * choices.integer(first, last)
        return lambda choices: choices.text(alphabet, choices.integer(first, last))

    def _repeated(self, make: Make[str]) -> Make[str]:
        first, last = self._repeat()
        if first == last == 1:
            return make
        return lambda choices: "".join(make(choices) for _ in range(choices.integer(first, last)))


def _sequence(parts: list[Make[str]]) -> Make[str]:
    return lambda choices: "".join([part(choices) for part in parts])


def _branches(branches: list[Make[str]]) -> Make[str]:
    return lambda choices: choices.choice(branches)(choices)
