"""Words and hints for phone numbers that are invalid.

A hint that repairs a number is given only if the repaired number is valid.
"""

import re

from consentlint.fields import schemas
from consentlint.fields.phone_numbers import PhoneStatus, check_number
from consentlint.rules._form import (
    MAX_HINT_LENGTH,
    READ_AS_NUMBER,
    ROUNDED,
    common_hint,
    has_no_value,
    is_rounded,
    look_alike_hint,
    then,
)

_IMPOSSIBLE = {
    PhoneStatus.LOCAL_ONLY: "has no area code, so it can only be dialed locally",
    PhoneStatus.TOO_SHORT: "is too short for its country code",
    PhoneStatus.TOO_LONG: "is too long for its country code",
    PhoneStatus.INVALID_LENGTH: "has a length that its country code does not allow",
    PhoneStatus.UNKNOWN_CALLING_CODE: "does not start with a valid country code",
}

# Countries whose numbering plan changed: the outdated beginning, beginnings of valid numbers to
# try in its place, and the hint.
_CHANGED_PLANS = (
    ("+521", ("+52",), "Remove the 1 after +52: Mexican numbers no longer have it."),
    ("+229", ("+22901",), "Insert 01 after +229: Benin numbers now have 10 digits."),
    ("+2291", ("+22901",), "Insert the lost 0 after +229: Benin numbers start with 01."),
    (
        "+225",
        ("+22501", "+22505", "+22507"),
        "Insert two digits (the operator's) after +225: Ivory Coast numbers now have 10 digits.",
    ),
)

# The country codes of Italy, San Marino, Ivory Coast, Benin, Congo and Gabon: there, a leading 0
# belongs to the number.
_KEEP_ZERO = ("+39", "+378", "+225", "+229", "+242", "+241")

_ADD_CODE = 'Add "+" and the country code.'
_ONLY_DIGITS = 'Remove everything except "+" and the digits.'
_WRITTEN = re.compile(r"[+0-9 ()\-./\t]*[0-9][+0-9 ()\-./\t]*")
_PREFIX = re.compile(r"(?:whatsapp|tel|sms|smsto|callto|sip|phone|mobile):", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:;?ext\.?=?|x|#)\s*[0-9]{1,6}", re.IGNORECASE)


def is_canonical(text: str) -> bool:
    """Return whether a text is a possible phone number in canonical E.164 form."""
    return schemas.predicate("phone_number")(text) and check_number(text).canonical == text


def describe_status(status: PhoneStatus) -> str:
    """Return what is wrong with a number in E.164 form that is not possible."""
    return _IMPOSSIBLE[status]


def impossible_hint(number: str) -> str:
    """Return the hint for a number in E.164 form that is not possible."""
    hint = changed_plan_hint(number)
    if hint or not re.fullmatch(r"\+[2-9][0-9]{2}[2-9][0-9]{6}", number):
        return hint
    # The form of a North American number that lost its country code.
    with_code = is_canonical(f"+1{number[1:]}")
    return "If it is a US or Canadian number, insert the country code 1." if with_code else ""


def changed_plan_hint(number: str) -> str:
    """Return the hint for a number of an outdated numbering plan."""
    for old, beginnings, hint in _CHANGED_PLANS:
        rest = number.removeprefix(old)
        if rest != number and any(is_canonical(new + rest) for new in beginnings):
            return hint
    return ""


def canonical_hint(number: str, canonical: str) -> str:
    """Return how to change a possible number into its canonical form."""
    if canonical.startswith("+549") and not number.startswith("+549"):
        return "Insert 9 after +54 and remove the 15 after the area code."
    return "Remove the domestic trunk prefix."


def format_hint(value: object) -> str:
    """Return the hint for a value that is not in E.164 format, empty if there is none."""
    if has_no_value(value):
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 'Write it as a string with "+" and the country code.'
    hint = common_hint(value, is_canonical)
    if hint or not isinstance(value, str):
        return hint
    text = value.strip()
    if len(text) > MAX_HINT_LENGTH:
        return ""
    if is_rounded(text):
        return ROUNDED
    if text.endswith(".0"):
        return READ_AS_NUMBER
    if _holds_several(text):
        return "It holds more than one number: write one item for each."
    prefix = _PREFIX.match(text)
    if prefix is not None:
        return _prefix_hint(f'Remove the prefix "{prefix[0].lower()}".', text[prefix.end() :])
    if text.startswith("'"):
        return _prefix_hint("Remove the leading apostrophe.", text[1:])
    if not value.isascii() or not value.isprintable():
        return look_alike_hint(value)
    extension = _EXTENSION.search(text)
    if extension is not None and extension.end() == len(text):
        return "Remove the extension." if is_canonical(text[: extension.start()]) else ""
    return _written_hint(value) if _WRITTEN.fullmatch(text) else ""


def _prefix_hint(hint: str, rest: str) -> str:
    """Return the hint to remove what comes before a number, and to repair the number."""
    if is_canonical(rest.strip()):
        return hint
    repair = _written_hint(rest.strip()) if _WRITTEN.fullmatch(rest) else ""
    return then(hint, repair) if repair else ""


def _written_hint(value: str) -> str:
    """Return the hint for a number that is written with other punctuation."""
    text = value.strip()
    if value.startswith(" ") and is_canonical(f"+{text}"):
        return 'Restore the lost "+" (in a form body, escape it as %2B).'
    if not text.startswith(("+", "00")):
        return _ADD_CODE
    digits = "".join(filter(str.isdigit, text))
    number = f"+{digits}" if text.startswith("+") else f"+{digits.removeprefix('00')}"
    remove = _ONLY_DIGITS
    if not text.startswith("+"):
        remove = 'Replace the leading 00 with "+".'
        if text != digits:
            remove = then(remove, _ONLY_DIGITS)
    if not schemas.predicate("phone_number")(number):
        return ""
    if "(0)" in text and not number.startswith(_KEEP_ZERO):
        before, _, after = text.partition("(0)")
        code, rest = ("".join(filter(str.isdigit, part)) for part in (before, after))
        if is_canonical(f"+{code.removeprefix('00')}{rest}"):
            return 'Remove "(0)" and everything else except "+" and the digits.'
    verdict = check_number(number)
    if verdict.canonical == number:
        return remove
    if verdict.canonical:
        return then(remove, canonical_hint(number, verdict.canonical))
    plan = changed_plan_hint(number)
    return then(remove, plan) if plan else ""


def _holds_several(text: str) -> bool:
    """Return whether a text holds two or more numbers that are long enough to be complete."""
    parts = re.split(r"[,;|&:\n]+|\s/\s|\bor\b|\band\b|(?<=[0-9)])\s*(?=\+)", text)
    return sum(len(re.sub("[^0-9]", "", part)) >= 7 for part in parts) > 1
