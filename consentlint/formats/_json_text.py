"""Parse JSON strictly, and find where things are in it.

The standard library's parser does the work. This module adds what it lacks: duplicate keys are
noticed, NaN is rejected, and every failure is one exception with an offset.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

from consentlint.model.items import Member


class JsonError(ValueError):
    """A text is not JSON; `offset` says where. The message holds nothing of the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class ShapeError(JsonError):
    """A text is JSON, but does not hold items; the message is whole sentences."""


class RepeatingObject(dict[str, object]):
    """A JSON object with duplicate keys; the last value of each counts."""

    repeated: dict[str, bool]
    """The duplicate keys, and whether their values differ."""


class _NotANumber(ValueError):
    pass


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeating = RepeatingObject(found)
    repeating.repeated = {}
    first: dict[str, object] = {}
    for key, value in pairs:
        if key in first:
            # Compared as text, because 1, 1.0 and true are equal in Python.
            differ = repr(value) != repr(first[key])
            repeating.repeated[key] = repeating.repeated.get(key, False) or differ
        else:
            first[key] = value
    return repeating


def _integer(digits: str) -> int | float:
    # Python does not convert thousands of digits to an int. Rules only need to know that it
    # is a number and not a string.
    return int(digits) if len(digits) < 300 else float(digits)


def _constant(name: str) -> NoReturn:
    raise _NotANumber(name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_constant=_constant,
)
SCAN: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]
_BOM = "\ufeff"
# What other languages allow where a value or a key belongs.
_NOT_JSON = {
    "'": ". Write double quotes instead of single quotes",
    "/": ". Remove the comment",
    "#": ". Remove the comment",
    "T": ". Write true instead of True",
    "F": ". Write false instead of False",
    "N": ". Write null instead of None",
    "u": ". Write null instead of undefined",
}
_WHITE = " \t\n\r"
_ENDS = {"}": "object", "]": "array"}
_SPACE = re.compile(r"[ \t\n\r]*")
# A member of a parsed object whose key and value hold no other token.
_VALUE = r'[ \t\n\r]*:[ \t\n\r]*("[^"\\]*"|[-+.0-9A-Za-z]+)'
_PLAIN_VALUE = re.compile(_VALUE)
_PLAIN_MEMBER = re.compile(rf'"([^"\\]*)"{_VALUE}[ \t\n\r]*([,}}])[ \t\n\r]*')
_CONSTANT = r'(?s)"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)'


def skip_space(text: str, offset: int) -> int:
    """Return the offset of the first character from `offset` on that is not white space."""
    match = _SPACE.match(text, offset)
    assert match is not None
    return match.end()


def scan(text: str, offset: int) -> tuple[Any, int]:
    """Return the JSON value that begins at an offset, and where it ends.

    Raises:
        JsonError: there is none.
    """
    try:
        return _DECODER.raw_decode(text, offset)
    except json.JSONDecodeError as error:
        if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
            message = "the text ends inside a value. The file may be truncated"
            raise JsonError(message, min(error.pos, len(text))) from None
        where = error.pos
        if error.msg.startswith("Illegal trailing comma"):
            # From 3.13 on the comma is named; before, and here, what should not follow it.
            where = skip_space(text, where + 1)
        message = _MESSAGES.get(error.msg, error.msg) + _NOT_JSON.get(text[where], "")
        if text[where] == _BOM:
            message = "byte order mark (U+FEFF): two files may have been joined. Remove it"
        elif text[where] in _ENDS and text[max(0, where - 100) : where].rstrip(_WHITE).endswith(
            ","
        ):
            message = f"trailing comma before the end of the {_ENDS[text[where]]}. Remove the comma"
        raise JsonError(message, where) from None
    except RecursionError:
        raise JsonError("the value is nested too deeply to be an item", offset) from None
    except _NotANumber as error:
        places = (match for match in re.compile(_CONSTANT).finditer(text, offset) if match[1])
        raise JsonError(
            f"{error} is not a JSON value. Omit the field or use a string", next(places).start()
        ) from None


# The parser's messages, in terms of what to do.
_MESSAGES = {
    "Expecting ',' delimiter": "expected a comma, or the end of the array or object",
    "Expecting ':' delimiter": "expected a colon",
    "Expecting property name enclosed in double quotes": "expected a key in double quotes",
    "Expecting value": "expected a JSON value",
    "Invalid control character at": "control character in a string. Escape it",
    "Invalid \\escape": "invalid escape sequence",
    "Invalid \\uXXXX escape": "expected four hexadecimal digits after \\u",
}


def parse(text: str) -> Any:
    """Return the one JSON value in a text.

    Raises:
        JsonError: there is none, or more than one.
    """
    with suppress(ValueError, StopIteration, RecursionError):
        value, end = SCAN(text, 0)
        if end == len(text):
            return value
    # There is white space around it, or an error to find.
    value, end = scan(text, skip_space(text, 0))
    end = skip_space(text, end)
    if end < len(text):
        raise JsonError("expected the end of the text after the value", end)
    return value


def key_at(text: str, offset: int) -> tuple[str, int]:
    """Return the key of an object that begins at an offset, and where its value begins.

    Raises:
        JsonError: there is none.
    """
    if text[offset : offset + 1] != '"':
        if text[offset : offset + 1] == "}":
            raise JsonError("trailing comma before the end of the object. Remove the comma", offset)
        hint = _NOT_JSON.get(text[offset : offset + 1], "")
        raise JsonError(f"expected a key in double quotes{hint}", offset)
    key, end = scan(text, offset)
    colon = skip_space(text, end)
    if text[colon : colon + 1] != ":":
        raise JsonError("expected a colon", colon)
    return key, skip_space(text, colon + 1)


def key_end(text: str, offset: int) -> int:
    """Return where a key that begins at an offset ends."""
    return scan(text, offset)[1]


def after_value(text: str, offset: int, closing: str) -> int | None:
    """Return where the next key or element begins, or None at the closing bracket.

    Raises:
        JsonError: neither a comma nor the closing bracket follows.
    """
    offset = skip_space(text, offset)
    following = text[offset : offset + 1]
    if following == closing:
        return None
    if following != ",":
        message = "expected a comma, or the end of the array or object"
        if not following:
            message = "the text ends inside an array or object. The file may be truncated"
        raise JsonError(message, offset)
    return skip_space(text, offset + 1)


def _walk_members(text: str, offset: int) -> Iterator[Member]:
    """Yield the members of the object whose brace is at an offset."""
    position: int | None = skip_space(text, offset + 1)
    if text.startswith("}", position):
        return
    while position is not None:
        plain = _PLAIN_MEMBER.match(text, position)
        if plain is not None:
            yield Member(plain[1], position, *plain.span(2))
            position = plain.end() if plain[3] == "," else None
            continue
        key, start = key_at(text, position)
        _, end = scan(text, start)
        yield Member(key, position, start, end)
        position = after_value(text, end, "}")


def members(text: str) -> list[Member]:
    """Return the members of the object in a text that has been parsed before.

    A value nested just within the parser's limit may fail now, closer to the top of the stack;
    then the members before it are returned.
    """
    found: list[Member] = []
    with suppress(JsonError):
        found.extend(_walk_members(text, skip_space(text, 0)))
    return found


def member(text: str, key: str) -> Member | None:
    """Return the last member with a key of the object in a text, or None."""
    # Without escapes, every second quote opens a key or a string; without brackets, every
    # string before a colon is a key of this object.
    if "\\" not in text and "[" not in text and text.find("{", 1) < 0:
        literal = f'"{key}"'
        at = text.rfind(literal)
        if at < 0:
            return None
        value = _PLAIN_VALUE.match(text, at + len(literal))
        if value is not None and text.count('"', 0, at) % 2 == 0:
            return Member(key, at, *value.span(1))
    found = [member for member in members(text) if member.key == key]
    return found[-1] if found else None


_ESCAPE = r"(?s)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u.{4}|\\.|."


def members_in_string(literal: str) -> list[Member]:
    """Return the members of the object whose JSON text a JSON string holds.

    Args:
        literal: the string as it is written in the file, from quote to quote.
    """
    inner, offsets = escaped_offsets(literal)
    return [
        Member(member.key, *(offsets[offset] for offset in member[1:])) for member in members(inner)
    ]


def escaped_offsets(literal: str) -> tuple[str, list[int]]:
    """Return the text that a JSON string holds, and where each character of it is in the string.

    Args:
        literal: the string as it is written in the file, from quote to quote.
    """
    inner, _ = scan(literal, 0)
    offsets = [
        match.start() for match in re.compile(_ESCAPE).finditer(literal, 1, len(literal) - 1)
    ]
    offsets.append(len(literal) - 1)
    return inner, offsets
