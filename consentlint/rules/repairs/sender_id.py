"""Repairs of the sender."""

import re
from collections.abc import Iterator

from consentlint.rules.repairs import phone_number
from consentlint.rules.repairs._readings import has_no_value, look_alike_hint, readings, reread
from consentlint.rules.repairs._repair import Broken, Repair, then

_OTHER_SID = re.compile(r"([A-Z]{2})[0-9a-f]{32}")
_MIN_DIGITS = 7
_SERVICE = re.compile("[Mm][Gg][0-9A-Fa-f]{32}")


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the senders that a value may mean."""
    yield from reread(broken)
    for text, hint in readings(broken.value):
        if _SERVICE.fullmatch(text):
            yield Repair(broken.field, f"MG{text[2:]}", then(hint, "Write MG in upper case."))
        if re.fullmatch(r"\+[0-9]{3,7}", text):
            step = then(hint, 'If it is a short code, remove the "+".')
            yield Repair(broken.field, text[1:], step, "the sender is a short code")
    yield from phone_number.propose(broken)


def advise(broken: Broken) -> str:
    """Return what to do about a sender that cannot be repaired."""
    value = broken.value
    if isinstance(value, str) and not has_no_value(value):
        other = _OTHER_SID.fullmatch(value)
        if other is not None:
            return f'A Messaging Service SID starts with "MG", not "{other[1]}".'
        if value.isascii() and value.isdigit() and len(value) >= _MIN_DIGITS:
            return 'If it is a phone number, add "+" and the country code.'
        if re.search("[A-Za-z]", value) and not re.search("[0-9]{3}", value):
            return look_alike_hint(value)
    return phone_number.advise(broken)
