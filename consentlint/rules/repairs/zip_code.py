"""Repairs of the postal code."""

import re
from collections.abc import Iterator

from consentlint.fields import postal_codes, schemas
from consentlint.model.findings import Profile
from consentlint.rules.repairs._readings import has_no_value, look_alike_hint, readings, reread
from consentlint.rules.repairs._repair import Broken, Repair, then

_MAX_LOST_ZEROS = 2
_MAX_SHOWN = 6
# Parts may be divided in another way, but not at another place: Northern Ireland's BT79 0HR is
# not an Irish code.
_SEPARATORS = re.compile(r"[\s\-._/]+")


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the code in the format of its country."""
    country = _country(broken)
    yield from reread(broken)
    for text, hint in readings(broken.value):
        if country is None or not text.isascii():
            continue
        for separator in (" ", "-"):
            code = _SEPARATORS.sub(separator, text)
            step = f'Write "{separator}" between its parts.'
            if code != text:
                yield Repair(broken.field, code, then(hint, step))
        codes = [f"{'0' * count}{text}" for count in range(1, _MAX_LOST_ZEROS + 1)]
        valid = [code for code in codes if text.isdigit() and postal_codes.matches(code, country)]
        if len(valid) == 1:
            # A longer code could be a phone number in the wrong column, which no hint shows.
            shown = f": {valid[0]}" if len(valid[0]) <= _MAX_SHOWN else ""
            yield Repair(broken.field, valid[0], then(hint, f"Restore the leading 0{shown}."))


def advise(broken: Broken) -> str:
    """Return what to do about a code that cannot be repaired."""
    country = _country(broken)
    if country and postal_codes.format_of(country) is None and has_no_value(broken.value):
        return f"{country} has no known postal code format, so any text is accepted."
    return look_alike_hint(broken.value)


def _country(broken: Broken) -> str | None:
    country = broken.fields.get("country_iso_code")
    known = schemas.is_valid("country_iso_code", country, Profile.DOCUMENTED)
    return str(country) if known else None
