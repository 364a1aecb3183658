"""Repairs of the correlation id."""

import re
import secrets
from collections.abc import Iterator

from consentlint.rules._form import is_rounded
from consentlint.rules.repairs._readings import (
    ROUNDED,
    has_no_value,
    not_ascii_hint,
    readings,
    reread,
)
from consentlint.rules.repairs._repair import Broken, Repair, then

_USE_UUID = "Use a UUID without hyphens, for example."
_DIVIDED = re.compile(r"(?:0x)?[0-9A-F]+(?:[ :-][0-9A-F]+)*", re.IGNORECASE)
_UUID = re.compile(
    r"(urn:uuid:)?([{(])?[0-9A-F]{8}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{12}[})]?",
    re.IGNORECASE,
)


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the id without what surrounds or divides it, or a new one."""
    value = broken.value
    if broken.problem.detail == "duplicate":
        yield Repair(broken.field, new_id(), "Give the item a new ID.", is_random=True)
        return
    if has_no_value(value):
        yield Repair(broken.field, new_id(), "Add a new ID.", is_random=True)
        return
    yield from reread(broken)
    for text, hint in readings(value):
        uuid = _UUID.fullmatch(text)
        if uuid is not None:
            bare = re.sub("[^0-9A-Fa-f]", "", text[len(uuid[1] or "") :])
            yield Repair(broken.field, bare, then(hint, _uuid_hint(uuid)))
        elif _DIVIDED.fullmatch(text):
            bare = re.sub("0x|[ :-]", "", text, flags=re.IGNORECASE)
            step = "Remove everything except the hexadecimal digits."
            yield Repair(broken.field, bare, then(hint, step))


def advise(broken: Broken) -> str:
    """Return what to do about an id that cannot be repaired."""
    value = broken.value
    if isinstance(value, str) and is_rounded(value.strip()):
        return ROUNDED
    lenient_accepts = broken.problem.args[-1:] == (True,)
    return not_ascii_hint(value) or ("" if lenient_accepts else _USE_UUID)


def new_id() -> str:
    """Return a random id."""
    return secrets.token_hex(16)


def _uuid_hint(uuid: re.Match[str]) -> str:
    if uuid[1]:
        return f'Remove "{uuid[1].lower()}" and the hyphens.'
    return (
        "Write the UUID without hyphens or braces."
        if uuid[2]
        else ("Write the UUID without hyphens.")
    )
