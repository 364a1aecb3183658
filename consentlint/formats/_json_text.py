"""Read JSON strictly, and find where things stand in it.

The standard library's parser does the reading. What it lacks is added here: keys that
stand twice are noticed, NaN is refused, and every failure is one exception with a place.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

from consentlint.model.items import Member


class JsonFault(ValueError):
    """A text is not JSON; `offset` says where, and the message holds nothing of the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class RepeatingObject(dict[str, object]):
    """A JSON object of which some keys stand more than once; the last value counts."""

    repeated: dict[str, bool]
    """Those keys, and whether their values differ."""


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
            # By their texts: 1, 1.0 and true are equal in Python.
            differ = repr(value) != repr(first[key])
            repeating.repeated[key] = repeating.repeated.get(key, False) or differ
        else:
            first[key] = value
    return repeating


def _integer(digits: str) -> int | float:
    # Python refuses to turn thousands of digits into an int. That it is a number, and
    # so no string, is all that a rule wants to know.
    return int(digits) if len(digits) < 300 else float(digits)


def _constant(name: str) -> NoReturn:
    raise _NotANumber(name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_constant=_constant,
)
_SCAN: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\n\r]*")
# A member of an object that has been parsed, where neither key nor value holds another token.
_VALUE = r'[ \t\n\r]*:[ \t\n\r]*("[^"\\]*"|[-+.0-9A-Za-z]+)'
_PLAIN_VALUE = re.compile(_VALUE)
_PLAIN_MEMBER = re.compile(rf'"([^"\\]*)"{_VALUE}[ \t\n\r]*([,}}])[ \t\n\r]*')
_CONSTANT = r'(?s)"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)'


def skip_space(text: str, offset: int) -> int:
    """Return the offset of the first character from `offset` on that is no white space."""
    match = _SPACE.match(text, offset)
    assert match is not None
    return match.end()


def scan(text: str, offset: int) -> tuple[Any, int]:
    """Return the JSON value that begins at an offset, and where it ends.

    Raises:
        JsonFault: there is none.
    """
    try:
        return _DECODER.raw_decode(text, offset)
    except json.JSONDecodeError as error:
        if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
            message = "the text ends before the value does: is it cut off?"
            raise JsonFault(message, min(error.pos, len(text))) from None
        where = error.pos
        if error.msg.startswith("Illegal trailing comma"):
            # From 3.13 on the comma is named; before, and here, what should not follow it.
            where = skip_space(text, where + 1)
        raise JsonFault(_WORDS.get(error.msg, error.msg), where) from None
    except RecursionError:
        raise JsonFault("it is nested too deeply to be an item", offset) from None
    except _NotANumber as error:
        places = (match for match in re.compile(_CONSTANT).finditer(text, offset) if match[1])
        raise JsonFault(f"{error} is no JSON value", next(places).start()) from None


# The parser's own words, made to say what to do.
_WORDS = {
    "Expecting ',' delimiter": "a comma, or the end of the array or object, belongs here",
    "Expecting ':' delimiter": "a colon belongs here",
    "Expecting property name enclosed in double quotes": "a key in double quotes belongs here",
    "Expecting value": "there is no JSON value here",
    "Illegal trailing comma before end of object": "a comma stands before the end of the object",
    "Illegal trailing comma before end of array": "a comma stands before the end of the array",
    "Invalid control character at": "a control character must be escaped inside a string",
    "Invalid \\escape": "there is no such escape in JSON",
    "Invalid \\uXXXX escape": "four hexadecimal digits belong after \\u",
}


def parse(text: str) -> Any:
    """Return the one JSON value that a text holds.

    Raises:
        JsonFault: it holds none, or more than one.
    """
    with suppress(ValueError, StopIteration, RecursionError):
        value, end = _SCAN(text, 0)
        if end == len(text):
            return value
    # There is white space round it, or a fault to be found.
    value, end = scan(text, skip_space(text, 0))
    end = skip_space(text, end)
    if end < len(text):
        raise JsonFault("there is more text after the end of the value", end)
    return value


def key_at(text: str, offset: int) -> tuple[str, int]:
    """Return the key of an object that begins at an offset, and where its value begins.

    Raises:
        JsonFault: there is none.
    """
    if text[offset : offset + 1] != '"':
        raise JsonFault("a key in double quotes belongs here", offset)
    key, end = scan(text, offset)
    colon = skip_space(text, end)
    if text[colon : colon + 1] != ":":
        raise JsonFault("a colon belongs here", colon)
    return key, skip_space(text, colon + 1)


def after_value(text: str, offset: int, closing: str) -> int | None:
    """Return where the next key or element begins, None where the closing bracket stands.

    Raises:
        JsonFault: neither a comma nor the closing bracket follows.
    """
    offset = skip_space(text, offset)
    following = text[offset : offset + 1]
    if following == closing:
        return None
    if following != ",":
        message = "a comma, or the end of the array or object, belongs here"
        if not following:
            message = "the text ends before the array or object does: is it cut off?"
        raise JsonFault(message, offset)
    return skip_space(text, offset + 1)


def _walk_members(text: str, offset: int) -> Iterator[Member]:
    """Yield the members of the object whose brace stands at an offset."""
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
    """Return the members of the object that a text holds, which has been parsed before.

    A value that is nested so deeply that the parser could just bear it may fail now,
    for it is nearer to the top of the stack: what comes before it is returned.
    """
    found: list[Member] = []
    with suppress(JsonFault):
        found.extend(_walk_members(text, skip_space(text, 0)))
    return found


def member(text: str, key: str) -> Member | None:
    """Return the last member with a key, of the object that a text holds, None for no such."""
    # With no escapes, every second quote opens a key or a text; with no brackets, every
    # text before a colon is a key of this object.
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
    """Return the members of the object that a JSON string holds as its text.

    Args:
        literal: the string as it stands in the file, from quote to quote.
    """
    inner, _ = scan(literal, 0)
    # Where each character of the inner text stands in the literal.
    offsets = [
        match.start() for match in re.compile(_ESCAPE).finditer(literal, 1, len(literal) - 1)
    ]
    offsets.append(len(literal) - 1)
    return [
        Member(member.key, *(offsets[offset] for offset in member[1:])) for member in members(inner)
    ]
