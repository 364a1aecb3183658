"""What the rules for contacts and senders share: words for a number that is refused."""

import re

from consentlint.fields.phone_numbers import Number, Possibility, judge

_WORDS = {
    Possibility.LOCAL_ONLY: "can be dialled only from within its own area: the area code is missing",
    Possibility.TOO_SHORT: "is too short for a number of its country",
    Possibility.TOO_LONG: "is too long for a number of its country",
    Possibility.INVALID_LENGTH: "has a length that no number of its country has",
    Possibility.UNKNOWN_CALLING_CODE: "begins with no country calling code that is in use",
}

# Numbering plans that changed, so that many a stored number is out of date:
# the old beginning, the new one, and what to say.
_CHANGED_PLANS = (
    ("+521", "+52", "numbers of Mexico have no 1 after +52 any more: drop it"),
    ("+229", "+22901", "numbers of Benin got two digits more: write 01 after +229"),
)

# What people write numbers with.
_WRITTEN = frozenset("+0123456789 ()-./\t")
_SCIENTIFIC = r"\+?[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+"


def impossible(number: Number) -> str:
    """Return what is wrong with a number of E.164 form that is not possible."""
    return _WORDS[number.possibility]


def changed_plan(text: str) -> str:
    """Return the hint that makes a number possible again, where its plan has changed."""
    for old, new, hint in _CHANGED_PLANS:
        if text.startswith(old):
            mended = judge(new + text.removeprefix(old))
            if mended.possibility is Possibility.POSSIBLE:
                return hint
    return ""


def mend(value: object) -> str:
    """Return what to do about a value that has not the form of E.164."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "put it in quotes" + ("" if abs(value) < 10**7 else f", {_IN_FULL}")
    if not isinstance(value, str) or not value.strip():
        return ""
    if value.startswith("'"):
        return "remove the apostrophe that a spreadsheet has left before it"
    if value.startswith('="'):
        return 'remove the spreadsheet formula round it, =" and "'
    if re.fullmatch(_SCIENTIFIC, value.strip()):
        return "a spreadsheet has rounded it: export again with the column as text"
    if value.endswith(".0"):
        return "a program has read it as a number: export again with the column as text"
    if not value.isascii():
        return "it holds characters that only look like ASCII digits or spaces"
    digits = "".join(filter(str.isdigit, value))
    if not set(value) <= _WRITTEN or not digits:
        return ""
    if value.startswith(" ") and re.fullmatch(" [1-9][0-9]+", value):
        return 'write "+" for the space; in a form body a + must be escaped as %2B'
    if not value.startswith(("+", "00")):
        return "write it " + _IN_FULL
    mended = "+" + digits.removeprefix("00")
    if mended == value:
        return ""
    if "(0)" in value or (len(mended) <= 16 and judge(mended).canonical not in ("", mended)):
        return "remove everything but the + and the digits, and the 0 after the calling code"
    return "remove everything but the + and the digits" if "+" in value else 'write "+" for 00'


_IN_FULL = 'in full: "+", the country calling code, and the number without a leading 0'
