"""What a value may have been before another program wrapped, padded or retyped it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from consentlint.model.items import MISSING
from consentlint.rules._form import is_nan
from consentlint.rules.repairs._repair import Broken, Repair, then
from consentlint.text.masking import BLANK

MAX_LENGTH = 100
"""Longer texts are not repaired; some patterns are slow for them."""

NO_VALUE = frozenset({"nan", "nat", "none", "null", "nil", "n/a", "#n/a", "na", "undefined", "-"})
"""What databases and programs write for a value that does not exist, in lower case."""

ROUNDED = "A spreadsheet rounded it: export again with the column formatted as text."

_SCIENTIFIC = re.compile(r"\+?[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+")
_MAX_NUMBER = 10**20
# The keys with which databases wrap a value in its type (DynamoDB, MongoDB).
_TYPE_KEYS = ("S", "N", "$date", "$oid", "$numberLong", "$numberInt")
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


def readings(value: object) -> Iterator[tuple[str, str]]:
    """Yield the texts that a value may mean, with what to do to get each.

    The first is the value itself if it is a string.
    """
    if isinstance(value, Mapping):
        yield from _unwrapped(value)
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Python cannot format the largest integers.
        if abs(value) < _MAX_NUMBER and value == int(value):
            yield from _peeled(str(int(value)), "Put it in quotes.")
        return
    if isinstance(value, str):
        yield from _peeled(value, "")


def reread(broken: Broken) -> Iterator[Repair]:
    """Yield each reading of a broken value that differs from it."""
    for text, hint in readings(broken.value):
        if hint:
            yield Repair(broken.field, text, hint)


def _unwrapped(value: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    if len(value) != 1:
        return
    ((key, inner),) = value.items()
    if not isinstance(inner, str):
        return
    # The key is shown only if it is a known one: any other may hold personal data.
    wrapper = f'{{"{key}": …}}' if key in _TYPE_KEYS else "the object"
    yield from _peeled(inner, f"Use the value inside {wrapper}.")


def _peeled(text: str, hint: str) -> Iterator[tuple[str, str]]:
    if len(text) > MAX_LENGTH:
        return
    yield text, hint
    for _ in range(4):
        found = _peel(text)
        if found is None:
            return
        text, step = found
        hint = then(hint, step)
        yield text, hint


def _peel(text: str) -> tuple[str, str] | None:
    """Return a text without its outermost addition, and what to do to remove it."""
    is_plain = text.isascii() and text.isprintable()
    if is_plain and text[:1] not in _FIRST and text[-1:] != " " and ".0" not in text:
        return None
    invisible = "" if is_plain else "".join(filter(is_invisible, text))
    if invisible:
        bare = "".join(each for each in text if not is_invisible(each))
        return bare, f"Remove the invisible characters: {code_points(invisible)}."
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


def is_rounded(text: str) -> bool:
    """Return whether a text is a number in scientific notation, which has lost digits."""
    return len(text) <= MAX_LENGTH and _SCIENTIFIC.fullmatch(text) is not None


def look_alike_hint(value: object) -> str:
    """Return the hint that names characters that a user cannot see or tell from ASCII."""
    named = code_points(value) if isinstance(value, str) else ""
    return f"It contains invisible or look-alike characters: {named}." if named else ""
