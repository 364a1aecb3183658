"""Repairs of phone numbers, for contacts and senders."""

import re
from collections.abc import Iterator
from functools import lru_cache

from consentlint.fields import schemas
from consentlint.fields.phone_numbers import (
    calling_code,
    check_number,
    is_assigned,
)
from consentlint.model.items import MISSING
from consentlint.rules._form import is_rounded
from consentlint.rules.repairs._numbering_plans import outdated_plan, renumbered
from consentlint.rules.repairs._readings import (
    MAX_LENGTH,
    ROUNDED,
    ascii_dashes,
    code_points,
    has_no_value,
    not_ascii_hint,
    readings,
    reread,
)
from consentlint.rules.repairs._repair import Broken, Repair, then

_ADD_CODE = 'Add "+" and the country code.'
_ADD_REGION = 'Add "+" and the country code, or fix it with --region.'
_TWO_READINGS = "It may start with a country code, or be a number of {}: check whose it is."
_ONLY_DIGITS = 'Remove everything except "+" and the digits'
_NO_NUMBER = "If there is no number, leave the item out."
_SEVERAL = "It holds more than one number: write one item for each."
# Nothing surrounds or divides it.
_BARE = re.compile(r"\+[1-9][0-9]*")
_WRITTEN = re.compile(r"[+0-9 ()\-./]*[0-9][+0-9 ()\-./]*")
_PREFIX = re.compile(r"(?:whatsapp|tel|sms|smsto|callto|sip|phone|mobile):\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:;?ext\.?=?|x|#)\s*[0-9]{1,6}|\s*\([^0-9()]+\)$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;|&:\n]+|\s/\s|\bor\b|\band\b|(?<=[0-9)])\s*(?=\+)")
_NATIONAL = re.compile("[2-9][0-9]{2}[2-9][0-9]{6}")
_NO_DIGIT = re.compile("[^0-9]+")
_MIN_DIGITS = 7
# A "+" and eleven digits: shorter numbers are written without a country code more often.
_MIN_LOST_PLUS = 12
_MAX_LETTERS = 2

# The country codes of Italy, San Marino, Ivory Coast, Benin, Congo and Gabon: there, a leading 0
# belongs to the number.
_KEEP_ZERO = ("+39", "+378", "+225", "+229", "+242", "+241")


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the numbers that a value of `contact_id` or `sender_id` may mean."""
    yield from reread(broken)
    for text, hint in readings(broken.value):
        for number, step, assumes in _numbers(text, broken.settings.repair.region):
            yield Repair(broken.field, number, then(hint, step), assumes)


def advise(broken: Broken) -> str:
    """Return what to do about a number that cannot be repaired."""
    value = broken.value
    if isinstance(value, int | float) and not (isinstance(value, bool) or has_no_value(value)):
        return 'Write it as a string with "+" and the country code.'
    if has_no_value(value) and value is not MISSING and broken.field == "contact_id":
        return _NO_NUMBER
    if not isinstance(value, str) or has_no_value(value) or len(value) > MAX_LENGTH:
        return ""
    *_, (reading, step) = readings(value)
    text = _plain(reading)
    if _BARE.fullmatch(text):
        return outdated_plan(text) or not_ascii_hint(value)
    prefix = _PREFIX.match(text)
    if prefix is not None:
        step, text = then(step, _remove(prefix)), text[prefix.end() :]
    if is_rounded(text):
        return ROUNDED
    if _holds_several(text):
        return _SEVERAL
    digits = _digits(text)
    if not digits and broken.field == "contact_id":
        return not_ascii_hint(value) or _NO_NUMBER
    if not _WRITTEN.fullmatch(text):
        letters = "".join(dict.fromkeys(filter(str.isalpha, text))) if text.isascii() else ""
        if len(digits) >= _MIN_DIGITS and 0 < len(letters) <= _MAX_LETTERS:
            return f"It contains a letter: {', '.join(letters)}."
    elif not text.startswith(("+", "00")):
        return then(step, _add_code(text, broken)) if len(digits) >= _MIN_DIGITS else ""
    elif plan := outdated_plan(f"+{digits.removeprefix('00')}"):
        return plan
    return not_ascii_hint(value)


def _add_code(text: str, broken: Broken) -> str:
    """Return what to do about a number without a country code."""
    region = broken.settings.repair.region
    if region is None:
        return _ADD_REGION
    return _TWO_READINGS.format(region) if _national(region, text) else _ADD_CODE


def is_canonical(text: str) -> bool:
    """Return whether a text is a possible phone number in canonical E.164 form."""
    return schemas.predicate("phone_number")(text) and check_number(text).canonical == text


def _plain(text: str) -> str:
    """Return a text with ASCII spaces and hyphens."""
    if text.isascii():
        return text.replace("\t", " ")
    return "".join(" " if each.isspace() else each for each in ascii_dashes(text))


def _numbers(text: str, region: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield numbers that a text may mean: the number, what to do, what that assumes."""
    if _BARE.fullmatch(text):
        yield from _international(text, text, "", "")
        return
    plain = _plain(text)
    scheme = _PREFIX.match(plain)
    if scheme is not None:
        yield from _after(_remove(scheme), "", plain[scheme.end() :], region)
        return
    is_written = _WRITTEN.fullmatch(plain) is not None
    may_be_all = is_written and not plain.endswith(")")
    extension = None if may_be_all else _EXTENSION.search(plain)
    if extension is not None and extension.end() == len(plain):
        rest = plain[: extension.start()]
        what = "note" if plain.endswith(")") else "extension"
        yield from _after(f"Remove the {what}.", f"the {what} is not needed", rest, region)
        return
    if not is_written or _holds_several(plain):
        return
    strange = code_points(text)
    clean = f"{_ONLY_DIGITS} ({strange} is a look-alike)." if strange else f"{_ONLY_DIGITS}."
    digits = _digits(plain)
    if plain.lstrip(" (").startswith("+"):
        number = f"+{digits}"
        yield from _international(plain, number, "" if number == text else clean, "")
        return
    for prefix in ("00", "011"):
        if digits.startswith(prefix):
            step = then(f'Replace the leading {prefix} with "+".', "" if plain == digits else clean)
            number, assumes = f"+{digits[len(prefix) :]}", f"{prefix} is the international prefix"
            yield from _international(plain, number, step, assumes)
    yield from _without_code(text, plain, region)


def _remove(prefix: re.Match[str]) -> str:
    return f'Remove the prefix "{prefix[0].strip().lower()}".'


def _without_code(text: str, plain: str, region: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield what a number without "+" means: one of a region, or one that lost its "+".

    If both are possible, nobody can know whose number it is.
    """
    national, lost_plus = _two_readings(plain, region)
    if national and not lost_plus:
        yield national, f"Write it as a number of {region}.", f"the number is one of {region}"
    if lost_plus and not national:
        code = calling_code(lost_plus)[1:]
        step = f'If it starts with the country code {code}, add "+" before it.'
        if text.startswith(" "):
            step = 'Restore the lost "+" (in a form body, escape it as %2B).'
        is_of_region = region is not None and _national(region, plain)
        starts = f"the number starts with the country code {code}"
        yield lost_plus, step, f"the number is one of {region}" if is_of_region else starts


def _after(
    step: str, assumes: str, rest: str, region: str | None
) -> Iterator[tuple[str, str, str]]:
    yield rest, step, assumes
    for number, hint, assumed in _numbers(rest, region):
        yield number, then(step, hint), assumes or assumed


def _international(
    text: str, number: str, step: str, assumes: str
) -> Iterator[tuple[str, str, str]]:
    """Yield repairs of a number that has its country code.

    Args:
        text: how it is written.
        number: "+" and its digits.
        step: what to do to get the number from the text.
        assumes: what that assumes.
    """
    if not schemas.predicate("phone_number")(number):
        return
    if "(0)" in text and not number.startswith(_KEEP_ZERO):
        before, _, after = text.partition("(0)")
        code, rest = map(_digits, (before, after))
        without = f"+{code.removeprefix('00') if assumes else code}{rest}"
        step_0 = 'Remove "(0)" and everything else except "+" and the digits.'
        yield without, step_0, assumes
    canonical = check_number(number).canonical
    if canonical == number:
        if number != text:
            yield number, step, assumes
    elif canonical.startswith("+549") and not number.startswith("+549"):
        hint = "Insert 9 after +54 and remove the 15 after the area code."
        yield canonical, then(step, hint), assumes or "the number is a mobile number of Argentina"
    elif canonical:
        yield canonical, then(step, "Remove the domestic trunk prefix."), assumes
    for changed, hint, country in renumbered(number):
        if is_canonical(changed):
            assumed = f"the number is one of the outdated numbering plan of {country}"
            yield changed, then(step, hint), assumes or assumed
    if _NATIONAL.fullmatch(number[1:]) and not canonical:
        hint = "If it is a US or Canadian number, insert the country code 1."
        yield f"+1{number[1:]}", then(step, hint), assumes or "the number is a US or Canadian one"


def number_in(region: str, text: str) -> str:
    """Return the number of a region that a text without "+" is, in E.164.

    Empty if it is none, or if it may be one of another country that starts with its code.
    """
    national, lost_plus = _two_readings(text, region)
    if national and lost_plus:
        return ""
    return national or (lost_plus if _national(region, text) else "")


def _two_readings(text: str, region: str | None) -> tuple[str, str]:
    """Return the number of a region, and the number that starts with its code, that a text is.

    Only the second counts if the code is that of the region.
    """
    national = _national(region, text) if region is not None else ""
    lost_plus = f"+{_digits(text)}"
    if len(lost_plus) < _MIN_LOST_PLUS or lost_plus[1] == "0" or not _is_assigned(lost_plus):
        return national, ""
    is_same = bool(national) and calling_code(national) == calling_code(lost_plus)
    return "" if is_same else national, lost_plus


@lru_cache(maxsize=4_096)
def _national(region: str, text: str) -> str:
    """Return the valid number that a text is in a region, in E.164; empty if it is none."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if parsed.extension or not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _is_assigned(number: str) -> bool:
    return is_canonical(number) and is_assigned(number)


def _holds_several(text: str) -> bool:
    """Return whether a text holds two or more numbers that are long enough to be complete."""
    if len(_digits(text)) < 2 * _MIN_DIGITS:
        return False
    parts = _SEPARATORS.split(text)
    return sum(len(_digits(part)) >= _MIN_DIGITS for part in parts) > 1


def _digits(text: str) -> str:
    return _NO_DIGIT.sub("", text)
