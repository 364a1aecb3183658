"""Apply the edits of a language server as an editor does, by code that the server does not use."""

import re
from collections.abc import Sequence
from itertools import pairwise

from lsprotocol.types import Position, TextEdit

LINE_END = re.compile(r"\r\n|\r|\n")
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-be", 2), "utf-32": ("utf-32-be", 4)}


def index_of(text: str, position: Position, encoding: str = "utf-16") -> int:
    """Return the index of a position, which must be between two characters of its line."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    codec, size = UNITS[encoding]
    at = starts[position.line]
    units = 0
    while units < position.character:
        assert text[at] not in "\r\n", "the position is behind its line"
        units += len(text[at].encode(codec)) // size
        at += 1
    assert units == position.character, "the position is within a character"
    return at


def apply_edits(text: str, edits: Sequence[TextEdit], encoding: str = "utf-16") -> str:
    """Return a text with edits, all of which refer to the text as it is."""
    spans = sorted(
        (
            index_of(text, edit.range.start, encoding),
            index_of(text, edit.range.end, encoding),
            edit.new_text,
        )
        for edit in edits
    )
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    for start, end, replacement in reversed(spans):
        text = text[:start] + replacement + text[end:]
    return text
