"""Format text for a terminal: columns, paragraphs, colors."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_CODES = {"error": "1;31", "warning": "1;33", "success": "1;32", "strong": "1"}
_ESCAPE = re.compile("\x1b\\[[0-9;]*m")
PROSE_WIDTH = 100
"""Longer lines are harder to read."""

# A message that proposes a command ends with it.
_COMMAND = re.compile(r"(?<=\b[Rr]un: )\S.*\Z")
# How many columns after the value an excerpt shows if it can.
_CONTEXT = 12


def paint(text: str, style: str, color: bool) -> str:
    """Return a text with the escape sequences of a style, or as it is if there is no color.

    Args:
        text: what to paint.
        style: "error", "warning", "success" or "strong".
        color: whether the output has colors.
    """
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if color else text


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes, without its colors."""
    if "\x1b" in text:
        text = _ESCAPE.sub("", text)
    return len(text) if text.isascii() else sum(map(_columns_of, text))


# A line repeats the same characters, above all masks.
@lru_cache(maxsize=4_096)
def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def fill(text: str, width: int, indent: str = "", hanging: str | None = None) -> str:
    """Return a paragraph in lines of at most `width` columns, broken at spaces.

    A word that is longer than a line is broken at the end of the line.

    Args:
        text: the paragraph; it may be painted.
        width: of the lines, with their indent.
        indent: what the first line begins with.
        hanging: what the other lines begin with; the same if None.
    """
    lines = []
    hanging = indent if hanging is None else hanging
    room = width - columns(hanging)
    words: list[str] = []
    used = columns(indent) - 1
    for word in text.split(" "):
        size = columns(word)
        for piece in (word,) if size <= room else _pieces(word, room):
            size = columns(piece)
            if words and used + 1 + size > width:
                lines.append(indent + " ".join(words))
                indent, words, used = hanging, [], width - room - 1
            words.append(piece)
            used += 1 + size
    return "\n".join([*lines, indent + " ".join(words)])


def fill_message(text: str, width: int, indent: str = "") -> str:
    """Return a paragraph as `fill` does, but with the command at its end on one line.

    A command that is broken, or has an indent within, cannot be copied to a shell.

    Args:
        text: the paragraph; "run: " is before the command, if there is one.
        width: of the lines, with their indent. Only a command may be longer.
        indent: what each line begins with.
    """
    found = _COMMAND.search(text)
    if found is None:
        return fill(text, width, indent)
    command = found[0]
    before = fill(text[: found.start()].rstrip(), width, indent)
    fits = columns(before.rpartition("\n")[2]) + 1 + columns(command) <= width
    return f"{before} {command}" if fits else f"{before}\n{indent}{command}"


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield the parts of a word that each fit in a line."""
    if "\x1b" in word:
        yield word
        return
    start = used = 0
    for at, character in enumerate(word):
        used += _columns_of(character)
        if used > width:
            yield word[start:at]
            start, used = at, _columns_of(character)
    yield word[start:]


def crop(text: str, start: int, length: int, width: int) -> tuple[str, int, int]:
    """Return the part of a line around a value that fits in a width, with … at its cut ends.

    Args:
        text: the line.
        start: index of the value.
        length: of the value, in characters; its end is cut if it is too long.
        width: in columns.

    Returns:
        The part, and the start and length of the value in it.
    """
    if columns(text) <= width:
        return text, start, length
    end = start + length
    after = min(_CONTEXT, columns(text[end:]))
    room = width - 2 - after - columns(text[start:end])
    left = _start_within(text, start, max(0, min(room, width // 2)))
    if left and columns(text[left:]) < width:
        # The end of the line fits, with room for more before it.
        left = _start_within(text, len(text), width - 1)
    before = "…" if left else ""
    right, used = len(text), len(before)
    if used + columns(text[left:]) > width:
        right = left
        while used + _columns_of(text[right]) < width:
            used += _columns_of(text[right])
            right += 1
    shown = before + text[left:right] + ("…" if right < len(text) else "")
    return shown, len(before) + start - left, max(1, min(end, right) - start)


def _start_within(text: str, end: int, room: int) -> int:
    """Return where a part before an index begins that takes at most some columns."""
    at = end
    while at and (room := room - _columns_of(text[at - 1])) >= 0:
        at -= 1
    return at
