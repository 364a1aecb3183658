"""Repairs of the date of consent."""

import re
from collections.abc import Iterator

from consentlint.fields import schemas
from consentlint.fields.iso8601 import format_utc, parse
from consentlint.model.items import MISSING
from consentlint.rules._form import is_rounded
from consentlint.rules.repairs import _dates
from consentlint.rules.repairs._readings import (
    MAX_LENGTH,
    ROUNDED,
    ascii_dashes,
    code_points,
    has_no_value,
    not_ascii_hint,
    readings,
    says_no_value,
)
from consentlint.rules.repairs._repair import Broken, Repair, then

_LEAVE_OUT = "If the date is unknown, leave the field out."
_ADD_TIME = "Add the time, or fix it with --time-of-day: a date alone is rejected."
_NO_DATE = re.compile(r"invalid date|0000-?00-?00.*|00/00/0000.*|unknown", re.IGNORECASE)
# What MySQL stores for a date that is missing.
_ZEROS = re.compile(r"(?:0000-?00-?00|00/00/0000)(?:[T ][0:.]*Z?)?")
_DATE_ALONE = re.compile(
    r"[0-9]{4}[-/.]?[0-9]{2}[-/.]?[0-9]{2}|[0-9]{4}-?(?:W[0-9]{2}-?[0-9]|[0-9]{3})"
)
_LOST_PLUS = re.compile(r"([T ][0-9:.,]+) (?=[0-9]{2}:?[0-9]{0,2}$)")
_UNIX_TIME = re.compile(r"(?:[0-9]{10}|[0-9]{13})(?:\.[0-9]+)?")
_DAY_NUMBER = re.compile(r"[34][0-9]{4}(?:\.[0-9]+)?")


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the dates that a value may mean."""
    field, options = broken.field, broken.settings.repair
    if broken.problem.detail.startswith("future"):
        yield from propose_offset(broken)
        assumes = "a date in the future is a placeholder"
        yield Repair(field, MISSING, "If it is a placeholder, leave the field out.", assumes)
        return
    if has_no_value(broken.value):
        yield Repair(field, MISSING, _LEAVE_OUT)
        return
    for text, hint in _readings(broken.value):
        if _NO_DATE.fullmatch(text) or has_no_value(text):
            yield Repair(field, MISSING, _LEAVE_OUT)
            return
        yield Repair(field, text, hint)
        if _LOST_PLUS.search(text):
            step = 'Restore the lost "+" of the offset (in a form body, escape it as %2B).'
            restored = _LOST_PLUS.sub(r"\1+", text)
            for written in _dates.read(restored, options):
                assumes = "the offset lost its +"
                yield Repair(field, written.text, then(hint, step), assumes)
        for written in _dates.read(text, options):
            # The number itself is not what belongs in the quotes.
            before = "" if isinstance(broken.value, int | float) else hint
            yield Repair(field, written.text, then(before, written.hint), written.assumes)


def says_no_date(text: str) -> bool:
    """Return whether a text plainly says that there is no date.

    "unknown" and "Invalid Date" do not: there may be one that nobody could read.
    """
    plain = text.strip()
    return not plain or says_no_value(plain) or _ZEROS.fullmatch(plain) is not None


def advise(broken: Broken) -> str:
    """Return what to do about a date that cannot be repaired."""
    if broken.problem.detail not in ("pattern", "type", "rounded"):
        return ""
    value = broken.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Larger numbers are not dates, and Python cannot format the largest.
        return _number_advice(str(value)) if abs(value) < 10**15 else ""
    if not isinstance(value, str) or len(value) > MAX_LENGTH:
        return ""
    text = value.strip()
    if _DATE_ALONE.fullmatch(text):
        return _ADD_TIME
    return _number_advice(text) or _dates.advise(text) or not_ascii_hint(value)


def propose_offset(broken: Broken) -> Iterator[Repair]:
    """Yield a date with the offset that it has in the given time zone."""
    timezone = broken.settings.repair.timezone
    offset = None if timezone is None else _dates.offset_in(str(broken.value), timezone)
    if offset is not None:
        text = f"{broken.value}{offset}"
        hint = f"If the time is in {timezone}, append {offset}."
        yield Repair(broken.field, text, hint, f"the time is in {timezone}")


def propose_usual(broken: Broken) -> Iterator[Repair]:
    """Yield the same point in time in the form that every parser accepts."""
    text = str(broken.value)
    if not schemas.predicate("date_of_consent")(text):
        return
    date = parse(text)
    usual = format_utc(date.moment)
    if usual is not None:
        usual = usual if date.has_offset else usual.removesuffix("Z")
        yield Repair(broken.field, usual, f"Write {usual}.")


def _readings(value: object) -> Iterator[tuple[str, str]]:
    for text, hint in readings(value):
        yield text, hint
        plain = ascii_dashes(text)
        if plain != text:
            yield plain, then(hint, f"Write hyphens instead of {code_points(text)}.")


def _number_advice(text: str) -> str:
    if _UNIX_TIME.fullmatch(text):
        # Not the date itself: from it, a phone number in the wrong column could be computed.
        return "If it is a Unix timestamp, convert it to a date with a time."
    if is_rounded(text):
        return ROUNDED
    if _DAY_NUMBER.fullmatch(text):
        return "If it is a spreadsheet's day number, format the column as a date with a time."
    return ""
