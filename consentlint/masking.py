r"""Make text from a file fit to be shown: phone numbers masked, control characters escaped.

Phone numbers are personal data, and logs are read by many. What counts as a number
is wide on purpose: seven digits or more, also with spaces or punctuation between
them, also in the escapes of JSON (`\u0031`) and of forms (`%31`). Ids and dates are
left alone: a report that hides them is of no use.
"""

import re
from functools import cache

# An id: 32 hexadecimal digits, alone, after MG, or with a UUID's hyphens.
_ID = (
    r"(?<![0-9A-Za-z])(?:MG)?[0-9A-Fa-f]{32}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z])"
)
_DATE = (
    r"(?<![0-9+])[0-9]{4}-(?:[0-9]{2}-[0-9]{2}|W[0-9]{2}-[0-9]|[0-9]{3})"
    r"(?:[Tt ][0-9]{2}(?:(?::|%3[Aa])?[0-9]{2}){0,2}(?:[.,][0-9]{1,9})?"
    r"(?:[Zz]|(?:[+-]|%2[Bb])[0-9]{2}(?:(?::|%3[Aa])?[0-9]{2})?)?)?(?![0-9])"
    r"|(?<![0-9+])[0-9]{7,8}T[0-9]{2}(?:[0-9]{2}){0,2}(?:[.,][0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}(?:[0-9]{2})?)?(?![0-9])"
)
_DIGIT = r"(?:\\u003[0-9]|%3[0-9]|\d)"
_NUMBER = rf"{_DIGIT}(?:(?:[-\s().\u00a0/_'’]|%20|%2[89DE]){{0,4}}{_DIGIT}){{6,}}"


@cache
def _finder() -> re.Pattern[str]:
    """Compiled when the first finding needs it: a clean run has none."""
    return re.compile(rf"(?P<kept>{_ID}|{_DATE})|{_NUMBER}")


_MASK = "•"
_SHOWN_LENGTH = 60


def mask_number(text: str) -> str:
    """Return the text with the digits of a phone number masked, each at its own width.

    The first four and the last two digits of a number of ten or more stay, so that
    two numbers can be told apart: `+1415•••••71`. A shorter one is masked wholly.
    """
    places = [match.span() for match in re.finditer(_DIGIT, text)]
    if len(places) >= 10:
        places = places[4:-2]
    characters = list(text)
    for start, end in places:
        characters[start:end] = _MASK * (end - start)
    return "".join(characters)


def mask(text: str) -> str:
    """Return the text with everything masked in it that looks like a phone number."""
    return _finder().sub(
        lambda match: match[0] if match["kept"] else mask_number(match[0]),
        text,
    )


def printable(text: str) -> str:
    """Return the text with everything escaped that could steer a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def printable_in_place(text: str) -> str:
    """Return the text at its own length, every unprintable character made visible."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else chr(0x2400 + ord(character))
        if ord(character) < 0x20
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def shortened(text: str, length: int = _SHOWN_LENGTH) -> str:
    """Return the text, its end replaced by an ellipsis where it is too long to read."""
    return text if len(text) <= length else text[: length - 1] + "…"
