"""Patterns of files in the syntax of .gitignore.

All that git documents is supported except for two rare forms: a `/` inside brackets, and classes
such as `[[:alpha:]]`.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_ANY = r"[^/]*?"


class Pattern(NamedTuple):
    """One line of a .gitignore."""

    segments: tuple[re.Pattern[str] | None, ...]
    """What each name of a path must match; None is `**`, for any number of names."""
    is_negated: bool
    """True: what matches is not ignored after all."""
    is_for_directories: bool
    """True: only a directory matches."""


def parse_pattern(line: str) -> Pattern | None:
    """Return the pattern of a line, or None for a blank line, a comment or an invalid pattern."""
    text = _without_trailing_spaces(line.rstrip("\r\n"))
    is_negated = text.startswith("!")
    if not text or text.startswith("#"):
        return None
    text = text[is_negated:]
    is_for_directories = text.endswith("/")
    text = text.removesuffix("/")
    is_anchored = "/" in text
    names = text.removeprefix("/").split("/")
    if not is_anchored:
        names = ["**", *names]
    segments: list[re.Pattern[str] | None] = []
    for name in names:
        if name == "**":
            if not segments or segments[-1] is not None:
                segments.append(None)
            continue
        segment = _segment(name) if name else None
        if segment is None:
            return None
        segments.append(segment)
    if segments[-1] is None:
        # What is inside matches, the directory itself does not.
        segments.append(re.compile(""))
    return Pattern(tuple(segments), is_negated, is_for_directories)


def parse_typed(text: str) -> Pattern | None:
    """Return the pattern that a person has typed, or None if it is not one.

    Unlike in a .gitignore, `./` at the beginning means the directory of the pattern.
    """
    return parse_pattern(text[1:] if text.startswith("./") else text)


def parse_patterns(lines: Iterable[str]) -> list[Pattern]:
    """Return the patterns of some lines."""
    return [pattern for pattern in map(parse_pattern, lines) if pattern is not None]


def matches(pattern: Pattern, names: Sequence[str], *, is_directory: bool) -> bool:
    """Tell whether a path matches a pattern.

    Args:
        pattern: the pattern.
        names: the names in the path, from the directory of the pattern on.
        is_directory: whether the path is a directory.
    """
    if pattern.is_for_directories and not is_directory:
        return False
    segments = pattern.segments
    if segments[0] is None and len(segments) == 2:
        # The most frequent form: a name in any directory.
        return _fits(segments[1], names[-1])
    if segments[0] is not None and not _fits(segments[0], names[0]):
        return False
    # The numbers of the segments that may match the next name. This takes linear time, unlike
    # a regular expression for the whole path.
    states = _skip_stars({0}, segments)
    for name in names:
        states = _skip_stars(
            {
                state if segment is None else state + 1
                for state in states
                if state < len(segments) and _fits(segment := segments[state], name)
            },
            segments,
        )
    return len(segments) in states


def last_match(
    patterns: Sequence[Pattern], names: Sequence[str], *, is_directory: bool
) -> Pattern | None:
    """Return the last pattern that a path matches, which decides, or None."""
    for pattern in reversed(patterns):
        if matches(pattern, names, is_directory=is_directory):
            return pattern
    return None


def any_match(patterns: Sequence[Pattern], names: Sequence[str]) -> bool:
    """Tell whether a file, or a directory that it is in, is matched and not negated."""
    for end in range(1, len(names) + 1):
        found = last_match(patterns, names[:end], is_directory=end < len(names))
        if found is not None and not found.is_negated:
            return True
    return False


def _fits(segment: re.Pattern[str] | None, name: str) -> bool:
    return segment is None or not segment.pattern or segment.fullmatch(name) is not None


def _skip_stars(states: set[int], segments: Sequence[re.Pattern[str] | None]) -> set[int]:
    """Add the states after each `**`, which may match no name at all."""
    return states | {
        state + 1 for state in states if state < len(segments) and segments[state] is None
    }


def _without_trailing_spaces(text: str) -> str:
    stripped = text.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    # A backslash keeps the first of the spaces.
    return stripped + " " if backslashes % 2 and stripped != text else stripped


def _segment(text: str) -> re.Pattern[str] | None:
    """Return the expression for one name of a pattern, or None if no name can match it."""
    pieces = [""]
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == "*":
            pieces.append("")
        elif character == "?":
            pieces[-1] += "[^/]"
        elif character == "[":
            found = _brackets(text, at)
            if found is None:
                return None
            expression, at = found
            pieces[-1] += expression
        else:
            if character == "\\":
                if at == len(text):
                    return None
                character = text[at]
                at += 1
            pieces[-1] += re.escape(character)
    first, *middle, last = pieces if len(pieces) > 1 else (pieces[0], "")
    if len(pieces) == 1:
        return re.compile(first, re.DOTALL)
    # Between stars, the first place that fits is as good as any other. An atomic group takes it, and
    # does not try the others: their number would grow exponentially.
    inner = "".join(f"(?>{_ANY}{piece})" for piece in middle if piece)
    return re.compile(f"{first}{inner}[^/]*{last}", re.DOTALL)


def _brackets(text: str, at: int) -> tuple[str, int] | None:
    """Return the expression for a set of characters, and where it ends; None if it does not.

    Args:
        text: the pattern.
        at: the index after the opening bracket.
    """
    is_negated = text[at : at + 1] in {"!", "^"}
    at += is_negated
    ranges: list[tuple[str, str]] = []
    is_first = True
    while True:
        if at >= len(text):
            return None
        if text[at] == "]" and not is_first:
            break
        is_first = False
        low, at = _character(text, at)
        high = low
        if text[at : at + 1] == "-" and text[at + 1 : at + 2] not in {"", "]"}:
            high, at = _character(text, at + 1)
        if low <= high:
            ranges.append((low, high))
    if not ranges:
        return ("[^/]" if is_negated else "(?!)"), at + 1
    body = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges)
    return f"(?!/)[{'^' if is_negated else ''}{body}]", at + 1


def _character(text: str, at: int) -> tuple[str, int]:
    """Return a character of a set and the index after it."""
    if text[at] == "\\" and at + 1 < len(text):
        at += 1
    return text[at], at + 1
