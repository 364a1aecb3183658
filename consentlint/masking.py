r"""Make text from a file fit to be shown: phone numbers masked, control characters escaped.

Phone numbers are personal data, and logs are read by many. What counts as a number is
wide on purpose: seven digits or more of any script, whatever stands between them but
letters and digits, also in the escapes of JSON (`\u0031`) and of forms (`%31`). Ids and
dates are left alone, for a report that hides them is of no use; a date is one only where
no number is likely to look like it.
"""

import re
from functools import cache

# A word begins: after no letter or digit, or after a quote that is escaped in a form.
_START = r"(?:(?<![0-9A-Za-z])|(?<=%22))"
# 32 hexadecimal digits, alone, after MG, or with a UUID's hyphens.
_ID = (
    rf"{_START}(?:MG)?[0-9A-Fa-f]{{32}}(?![0-9A-Za-z])"
    rf"|{_START}[0-9A-Fa-f]{{8}}-(?:[0-9A-Fa-f]{{4}}-){{3}}[0-9A-Fa-f]{{12}}(?![0-9A-Za-z])"
)
_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-4])(?:(?::|%3[Aa])[0-6][0-9]){1,2}(?:[.,][0-9]{1,9})?"
_OFFSET = r"(?:[Zz]|(?:[+-]|%2[Bb])[0-2][0-9](?::|%3[Aa])?(?:[0-5][0-9])?)"
_DATE = (
    rf"{_START}(?<![+./-])(?:"
    rf"{_YEAR}-{_MONTH}-{_DAY}(?:(?:[Tt ]|%20|\+){_CLOCK}{_OFFSET}?)?"
    rf"|{_YEAR}{_MONTH}{_DAY}T(?:[01][0-9]|2[0-4])(?:[0-5][0-9]){{1,2}}Z?"
    rf"|[0-3]?[0-9]/[0-3]?[0-9]/{_YEAR}(?: {_CLOCK})?"
    rf"|[0-3]?[0-9]\.[0-3]?[0-9]\.{_YEAR}(?: {_CLOCK})?"
    r")(?![-./]?\d)"
)

# Digits of any script, and those in circles, brackets and the like, which \d leaves out.
_ANY_DIGIT = (
    r"[\d\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468"
    r"\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792"
    r"\U00010a40-\U00010a43\U00010e60-\U00010e68\U00011052-\U0001105a\U0001f100-\U0001f10a]"
)
# A digit as JSON or a form may escape it, however often.
_ESCAPED = r"(?:(?:\\|%5[Cc])+u(?:003|[Ff][Ff]1)[0-9]|%(?:25)*(?:EF%BC%9|3)[0-9])"
_DIGIT = rf"(?:{_ESCAPED}|{_ANY_DIGIT})"
# What may stand between digits: anything but letters, as it is or escaped in a form.
_BETWEEN = r"(?:%2[0-9A-Fa-f]|%3[A-Fa-f]|%5[BbDdFf]|(?!%3[0-9])[\W_])"
_NUMBER = rf"{_DIGIT}(?:{_BETWEEN}{{0,8}}{_DIGIT}){{6,}}"

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
    masked = []
    at = 0
    for kept in _kept().finditer(text):
        masked += [_mask_numbers(text[at : kept.start()]), kept[0]]
        at = kept.end()
    masked.append(_mask_numbers(text[at:]))
    return "".join(masked)


def _mask_numbers(text: str) -> str:
    return _number().sub(lambda number: mask_number(number[0]), text)


# Compiled when the first finding needs them: a clean run has none.
@cache
def _kept() -> re.Pattern[str]:
    return re.compile(f"{_ID}|{_DATE}")


@cache
def _number() -> re.Pattern[str]:
    return re.compile(_NUMBER)


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
