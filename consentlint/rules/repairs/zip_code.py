"""Repairs of the postal code."""

import re
from collections.abc import Iterator

from consentlint.fields import postal_codes, schemas
from consentlint.model.findings import Profile
from consentlint.rules.repairs._readings import has_no_value, not_ascii_hint, readings, reread
from consentlint.rules.repairs._repair import Broken, Repair, then

_MAX_LOST_ZEROS = 2
_MAX_SHOWN = 6
# Parts may be divided in another way, but not at another place: Northern Ireland's BT79 0HR is
# not an Irish code.
_SEPARATORS = re.compile(r"[\s\-._/]+")
_AROUND = " -._/,;"
# What precedes a code on an envelope: the sign of the country, or Japan's postal mark.
_PREFIX = re.compile(r"(?:(?P<sign>[A-Z]{1,3})[ -]+|\u3012 ?)(?=[0-9])")
_SIGNS = {"AT": "A", "BE": "B", "DE": "D", "ES": "E", "FI": "FIN", "FR": "F", "IT": "I", "LU": "L"}
_SIGNS |= {"NO": "N", "PT": "P", "SE": "S"}


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the code in the format of its country."""
    country = _country(broken)
    yield from reread(broken)
    for text, hint in readings(broken.value):
        if country is None:
            continue
        prefix = _PREFIX.match(text)
        if prefix is not None and prefix["sign"] in (None, country, _SIGNS.get(country)):
            step = f'Remove "{prefix[0].strip(" -")}" before the code.'
            yield Repair(broken.field, text[prefix.end() :], then(hint, step))
        if not text.isascii():
            continue
        bare = text.strip(_AROUND)
        if bare != text:
            yield Repair(broken.field, bare, then(hint, "Remove what surrounds the code."))
        for separator in (" ", "-"):
            code = _SEPARATORS.sub(separator, text)
            step = f'Write "{separator}" between its parts.'
            if code != text:
                yield Repair(broken.field, code, then(hint, step))
        codes = [f"{'0' * count}{text}" for count in range(1, _MAX_LOST_ZEROS + 1)]
        is_number = _SEPARATORS.sub("", text).isdigit()
        valid = [code for code in codes if is_number and postal_codes.matches(code, country)]
        if len(valid) == 1:
            # A longer code could be a phone number in the wrong column, which no hint shows.
            shown = f": {valid[0]}" if len(valid[0]) <= _MAX_SHOWN else ""
            yield Repair(broken.field, valid[0], then(hint, f"Restore the leading 0{shown}."))


def advise(broken: Broken) -> str:
    """Return what to do about a code that cannot be repaired."""
    country = _country(broken)
    if country and postal_codes.format_of(country) is None and has_no_value(broken.value):
        return f"{country} has no known postal code format, so any text is accepted."
    return not_ascii_hint(broken.value)


def _country(broken: Broken) -> str | None:
    country = broken.fields.get("country_iso_code")
    known = schemas.is_valid("country_iso_code", country, Profile.DOCUMENTED)
    return str(country) if known else None
