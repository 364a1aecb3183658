"""Repairs of the sender."""

import re
from collections.abc import Iterator

from consentlint.rules.repairs import phone_number
from consentlint.rules.repairs._readings import has_no_value, not_ascii_hint, readings, reread
from consentlint.rules.repairs._repair import Broken, Repair, then

_OTHER_SID = re.compile(r"([A-Z]{2})[0-9a-f]{32}")
_MIN_DIGITS = 7
_SERVICE = re.compile("(?:[Mm][Gg])?(?P<id>[0-9A-Fa-f]{32})")
_SHORT_CODE = re.compile(r"[0-9]+(?:[ -][0-9]+)+")
_ALPHANUMERIC = re.compile("[A-Za-z][A-Za-z0-9 ]{1,10}")


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the senders that a value may mean."""
    yield from reread(broken)
    for text, hint in readings(broken.value):
        service = _SERVICE.fullmatch(text.replace("-", ""))
        if service is not None:
            yield _service(broken.field, text, service["id"], hint)
        if _SHORT_CODE.fullmatch(text):
            step = then(hint, "If it is a short code, remove everything except the digits.")
            digits = "".join(filter(str.isdigit, text))
            yield Repair(broken.field, digits, step, "the sender is a short code")
        if re.fullmatch(r"\+[0-9]{3,7}", text):
            step = then(hint, 'If it is a short code, remove the "+".')
            yield Repair(broken.field, text[1:], step, "the sender is a short code")
    yield from phone_number.propose(broken)


def _service(field: str, text: str, identifier: str, hint: str) -> Repair:
    """Return the repair of a Messaging Service SID."""
    sid = f"MG{identifier}"
    if text[:2].upper() != "MG":
        step = then(hint, "If it is a Messaging Service SID, write MG before it.")
        return Repair(field, sid, step, "the sender is a Messaging Service")
    step = "Write MG in upper case." if text[:2] != "MG" else "Remove the hyphens."
    return Repair(field, sid, then(hint, step))


def advise(broken: Broken) -> str:
    """Return what to do about a sender that cannot be repaired."""
    value = broken.value
    if isinstance(value, str) and not has_no_value(value):
        other = _OTHER_SID.fullmatch(value)
        if other is not None:
            return f'A Messaging Service SID starts with "MG", not "{other[1]}".'
        if value.isascii() and value.isdigit() and len(value) >= _MIN_DIGITS:
            return 'If it is a phone number, add "+" and the country code.'
        if _ALPHANUMERIC.fullmatch(value) and value[:2] not in ("MG", "mg"):
            return "Alphanumeric sender IDs are not accepted: nobody can reply STOP to one."
        if re.search("[A-Za-z]", value) and not re.search("[0-9]{3}", value):
            return not_ascii_hint(value)
    return phone_number.advise(broken)
