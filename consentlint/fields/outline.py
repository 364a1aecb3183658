"""Show the outline of text of unknown structure: its words are hidden.

A row with a quote out of order, or JSON that ends too early, may hold names and addresses
anywhere. Delimiters, the names of fields, the words of the API, ids, times and masked numbers are
enough to find the error.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from consentlint.fields import schemas
from consentlint.fields.names import is_name_of_field
from consentlint.model.endpoints import FIELDS
from consentlint.text.ids_and_dates import ids_and_dates
from consentlint.text.masking import mask
from consentlint.text.suggestions import fold_name

HIDDEN = "…"
"""Shown instead of what a report must not contain."""

# With unknown fields, so few digits count as a phone number.
_SHORTEST_NUMBER = 3
_ID_LENGTH = 32
_JSON_WORDS = "true false null none nan infinity undefined items"
# The parts of "opt in", and what precedes the digits of an escaped quote.
_PARTS = "opt in out optin optout"
# In a form body, delimiters are escaped.
_DELIMITER = "%(?:2[0267C]|3A|5[BCD]|7[BD])"
_WORD = rf"(?i:(?!{_DELIMITER})%[0-9A-F]{{2}}|\\u[0-9A-F]{{4}}|[^\s\"'\\{{}}\[\]():,;|=&<>/%+])+"


class Piece(NamedTuple):
    """A part of a text, and what is shown instead."""

    start: int
    end: int
    shown: str


def outline(text: str, *, show_values: bool = False) -> list[Piece]:
    """Return the pieces of a text, in order, with words hidden and numbers masked.

    Args:
        text: as it is in the file.
        show_values: whether numbers are shown.
    """
    masked = text if show_values else mask(text, shortest=_SHORTEST_NUMBER)
    pieces: list[Piece] = []
    at = 0
    for start, end in ids_and_dates(text):
        pieces += _words(masked, at, start)
        # A date without a time may be a birthday.
        is_shown = ":" in text[start:end] or end - start >= _ID_LENGTH
        pieces.append(Piece(start, end, text[start:end] if is_shown else HIDDEN))
        at = end
    pieces += _words(masked, at, len(text))
    return list(_joined(pieces))


def _words(text: str, start: int, end: int) -> Iterator[Piece]:
    at = start
    for word in _word_pattern().finditer(text, start, end):
        if word["delimiter"]:
            continue
        yield Piece(at, word.start(), text[at : word.start()])
        at = word.end()
        yield Piece(word.start(), at, word[0] if _is_harmless(word[0]) else HIDDEN)
    yield Piece(at, end, text[at:end])


@cache
def _word_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?P<delimiter>(?i:{_DELIMITER}))|{_WORD}")


def _is_harmless(word: str) -> bool:
    return not any(map(str.isalpha, word)) or fold_name(word) in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    """Return the words that are not personal data, folded."""
    return _values() | {*map(fold_name, FIELDS), *_JSON_WORDS.split(), *_PARTS.split()}


@cache
def _values() -> frozenset[str]:
    values = (*schemas.enumeration("status"), *schemas.enumeration("source"))
    return frozenset(map(fold_name, values))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield the pieces, with one sign for hidden words that only spaces separate."""
    held = Piece(0, 0, "")
    gap: Piece | None = None
    for piece in pieces:
        if piece.start == piece.end:
            continue
        if held.shown == HIDDEN and gap is None and not piece.shown.strip(" "):
            gap = piece
            continue
        if held.shown == piece.shown == HIDDEN:
            held = Piece(held.start, piece.end, HIDDEN)
        else:
            yield held
            if gap is not None:
                yield gap
            held = piece
        gap = None
    yield held
    if gap is not None:
        yield gap


def looks_like_header(text: str) -> bool:
    """Return whether the first row of a table holds the names of columns, and no data."""
    if "@" in text or re.search("[0-9]{3}", text):
        return False
    # "opt-in" may be a value, or the name of a column.
    cells = {cell.strip() for cell in re.split("[,;\t|]", text)}
    return any(is_name_of_field(cell) and fold_name(cell) not in _values() for cell in cells)
