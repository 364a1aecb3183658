"""What a value may have been before another program wrapped, padded or retyped it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from consentlint.model.items import MISSING
from consentlint.rules._form import is_nan
from consentlint.rules.repairs._repair import Broken, Repair, then
from consentlint.text.masking import BLANK

MAX_LENGTH = 100
"""Longer texts are not repaired; some patterns are slow for them."""

_NO_VALUE = """
    nan nat none null nil n/a n.a. na <na> undefined - --
    #n/a #ref! #value! #name? #div/0! #null! #num!
"""
NO_VALUE = frozenset(_NO_VALUE.split())
"""What databases, programs and spreadsheets write for a value that does not exist, in lower case."""

ROUNDED = "A spreadsheet rounded it: export again with the column formatted as text."

_MAX_NUMBER = 10**20
# The keys with which databases wrap a value in its type (DynamoDB, MongoDB).
_TYPE_KEYS = ("S", "N", "$date", "$oid", "$numberLong", "$numberInt", "seconds", "_seconds")
_MAX_DEPTH = 3
# A character of U+FF01 to U+FF5E is the ASCII character with this difference, in the width of a
# Chinese or Japanese one.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_MINUS_SIGN = "\u2212"
_WRAPPERS = (
    ("'", "", "Remove the leading apostrophe (a spreadsheet adds it to text)."),
    ('="', '"', 'Remove the surrounding ="…" (a spreadsheet formula).'),
    ('"', '"', "Remove the surrounding quotes."),
    ("'", "'", "Remove the surrounding quotes."),
)
# What an addition to a plain text begins with, unless it is at its end.
_FIRST = frozenset(" '\"=")
_WHOLE = re.compile(r"(\+?[0-9]+)\.0+")
_MAX_CHARACTERS = 3


def readings(value: object, hint: str = "", depth: int = 0) -> Sequence[tuple[str, str]]:
    """Return the texts that a value may mean, with what to do to get each.

    The first is the value itself if it is a string.

    Args:
        value: the value.
        hint: what to do first.
        depth: how many objects the value was in.
    """
    if isinstance(value, str):
        return _peeled(value, hint)
    if isinstance(value, Mapping):
        key = _wrapping_key(value)
        if key is not None and depth < _MAX_DEPTH:
            # The key is shown only if it is a known one: any other may hold personal data.
            wrapper = f'{{"{key}": …}}' if key in _TYPE_KEYS else "the object"
            step = hint or f"Use the value inside {wrapper}."
            return readings(value[key], step, depth + 1)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ()
    # Python cannot format the largest integers.
    is_whole = abs(value) < _MAX_NUMBER and value == int(value)
    return _peeled(str(int(value)), hint or "Put it in quotes.") if is_whole else ()


def reread(broken: Broken) -> Iterator[Repair]:
    """Yield each reading of a broken value that differs from it."""
    for text, hint in readings(broken.value):
        if hint:
            yield Repair(broken.field, text, hint)


def _wrapping_key(value: Mapping[object, object]) -> object:
    """Return the key that holds the value itself, None if there is no such key."""
    if len(value) == 1:
        return next(iter(value))
    # A timestamp of Firestore, with its nanoseconds.
    seconds = [key for key in ("seconds", "_seconds") if key in value]
    return seconds[0] if seconds and len(value) == 2 else None


# Several repairs read the same value, one after the other.
@lru_cache(maxsize=64)
def _peeled(text: str, hint: str) -> Sequence[tuple[str, str]]:
    if len(text) > MAX_LENGTH:
        return ()
    found = [(text, hint)]
    for _ in range(4):
        peeled = _peel(text)
        if peeled is None:
            break
        text, step = peeled
        hint = then(hint, step)
        found.append((text, hint))
    return found


def _peel(text: str) -> tuple[str, str] | None:
    """Return a text without its outermost addition, and what to do to remove it."""
    is_plain = text.isascii() and text.isprintable()
    if is_plain and text[:1] not in _FIRST and text[-1:] != " " and ".0" not in text:
        return None
    invisible = "" if is_plain else "".join(filter(is_invisible, text))
    if invisible:
        bare = "".join(each for each in text if not is_invisible(each))
        return bare, f"Remove the invisible characters: {code_points(invisible)}."
    wide = "" if is_plain else "".join(each for each in text if ord(each) in _FULL_WIDTH)
    if wide:
        named = code_points(wide)
        return text.translate(_FULL_WIDTH), f"Write ASCII, not full-width characters ({named})."
    stripped = text.strip()
    if stripped != text:
        strange = code_points("".join(each for each in text if each.isspace() and each != " "))
        named = f" ({strange})" if strange else ""
        return stripped, f"Remove the surrounding white space{named}."
    for start, end, hint in _WRAPPERS:
        inner = text[len(start) : len(text) - len(end)]
        if inner and text.startswith(start) and text.endswith(end) and len(text) > len(start + end):
            if end == "" and text.endswith("'"):
                continue
            return inner, hint
    if text.startswith("=+"):
        return text[1:], "Remove the leading = (a spreadsheet formula)."
    whole = _WHOLE.fullmatch(text)
    if whole is not None:
        return whole[1], "Remove the .0 (a program read it as a number)."
    return None


def is_invisible(character: str) -> bool:
    """Tell whether nothing is shown for a character that is not white space."""
    if character.isascii():
        return character < " " and not character.isspace()
    return unicodedata.category(character) == "Cf" or character in BLANK


def code_points(text: str) -> str:
    """Return the characters of a text that are not visible ASCII, as U+0000."""
    if text.isascii() and text.isprintable():
        return ""
    strange = [each for each in dict.fromkeys(text) if not ("!" <= each <= "~" or each == " ")]
    named = ", ".join(f"U+{ord(each):04X}" for each in strange[:_MAX_CHARACTERS])
    return f"{named}, …" if len(strange) > _MAX_CHARACTERS else named


def write(word: str, text: str) -> str:
    """Return the sentence that proposes a word instead of a text."""
    strange = code_points(text)
    return f'Write "{word}"; the value contains {strange}.' if strange else f'Write "{word}".'


def has_no_value(value: object) -> bool:
    """Return whether a value only says that there is none."""
    if isinstance(value, str):
        return not value.strip() or value.strip().lower() in NO_VALUE
    return value is None or value is MISSING or is_nan(value)


def as_word(text: str) -> str:
    """Return a text in lower case and without what separates its words.

    It is empty if the text has any other sign: `!opt-in`, `opt-in?` and `[ ] opt-in` may mean the
    opposite of `opt-in`.
    """
    folded = [each for each in unicodedata.normalize("NFC", text.lower()) if not _separates(each)]
    return "".join(folded) if all(map(str.isalnum, folded)) else ""


def _separates(character: str) -> bool:
    if character.isascii():
        return character in " \t-_."
    return character == _MINUS_SIGN or unicodedata.category(character) in ("Zs", "Pd")


def says_no_value(text: str) -> bool:
    """Return whether a text plainly says that there is no value.

    An error of a formula does not: it may hide a value.
    """
    plain = [each.strip() for each, _ in readings(text)]
    return any(has_no_value(each) and not each.startswith("#") for each in plain)


def ascii_dashes(text: str) -> str:
    """Return a text with a hyphen for each dash and minus sign."""
    if text.isascii():
        return text
    return "".join(
        "-" if each == _MINUS_SIGN or unicodedata.category(each) == "Pd" else each for each in text
    )


def not_ascii_hint(value: object) -> str:
    """Return the hint that names characters that a user may not see or not tell from ASCII."""
    named = code_points(value) if isinstance(value, str) else ""
    return f"It contains characters that are not printable ASCII: {named}." if named else ""
