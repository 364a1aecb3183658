"""Find ids and dates, which are not masked although they hold many digits."""

import re
from functools import cache

SHORTEST_NUMBER = 7
"""The fewest digits that are masked as a number."""

_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01]?[0-9]|2[0-4]):[0-6][0-9](?::[0-6][0-9](?:[.,][0-9]+)?)?"
_OFFSET = r"(?: ?(?:[AaPp]\.?[Mm]\.?|UTC|GMT|[Zz]|[+-][0-2][0-9]:?(?:[0-5][0-9])?))?"
# 32 hexadecimal digits, alone, after the two letters of a SID, or with a UUID's hyphens.
_ID = r"(?:[A-Za-z]{2})?[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_DATE = (
    # An impossible date or time, too: a number has no T and no colons.
    rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}[Tt][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?{_OFFSET}"
    rf"|{_YEAR}-{_MONTH}-{_DAY}(?:[Tt ]{_CLOCK}{_OFFSET})?"
    rf"|{_YEAR}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-4])(?::?[0-5][0-9]){{1,2}}"
    rf"(?:[.,][0-9]{{1,9}})?(?:Z|[+-][0-2][0-9]:?[0-5][0-9])?"
    rf"|{_DAY}/{_DAY}/{_YEAR}(?: {_CLOCK}{_OFFSET})?"
    rf"|{_DAY}\.{_MONTH}\.{_YEAR}(?: {_CLOCK})?"
)
# What people write where a date belongs; elsewhere it could be a number.
_WRITTEN_DATE = (
    rf"{_YEAR}([-/. ]){_MONTH}\1{_DAY}(?:[Tt_ ]+{_CLOCK}{_OFFSET})?"
    rf"|{_DAY}([-/. ]){_DAY}\2{_YEAR}(?:,? +{_CLOCK}{_OFFSET})?"
    rf"|(?:[A-Za-z]{{3,9}},? )?{_DAY}[ -][A-Za-z]{{3,9}}[ -]{_YEAR}(?: {_CLOCK}{_OFFSET})?"
    rf"|{_DAY}([-/.]){_DAY}\3[0-9]{{2}},? +{_CLOCK}{_OFFSET}"
    # What JavaScript writes, such as "Fri Mar 01 2024 10:00:00 GMT+0000 (UTC)".
    rf"|(?:[A-Za-z]{{3,9}},? )?[A-Za-z]{{3,9}}\.? {_DAY},? {_YEAR}"
    rf"(?:,? {_CLOCK}{_OFFSET}(?:[+-][0-9]{{4}})?(?: \([A-Za-z ]{{1,40}}\))?)?"
    # A day as a spreadsheet counts it, with the time as its fraction.
    r"|[2-5][0-9]{4}\.[0-9]{1,6}"
)


def is_id_or_date(text: str) -> bool:
    """Return whether a text is an id or a date as a whole, so not part of a number."""
    kept = _kept_pattern().match(text)
    if kept is None or kept.end() < len(text):
        return False
    return not (kept["id"] and _holds_number(text))


def looks_like_date(text: str) -> bool:
    """Return whether the value of a date field is a date in any common notation."""
    return _written_date_pattern().fullmatch(text) is not None


@cache
def _written_date_pattern() -> re.Pattern[str]:
    return re.compile(_WRITTEN_DATE)


@cache
def _kept_pattern() -> re.Pattern[str]:
    # Compiled when the first finding needs it: a clean run has none.
    return re.compile(rf"(?<![0-9A-Za-z])(?:(?P<id>{_ID})|{_DATE})(?![0-9A-Za-z])")


def ids_and_dates(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the ids and dates that are not part of a number."""
    return [
        kept.span()
        for kept in _kept_pattern().finditer(text)
        if not (_holds_number(kept["id"]) if kept["id"] else _is_within_number(text, kept))
    ]


def _holds_number(identifier: str) -> bool:
    """Return whether an id may be phone numbers, padded with zeros or letters."""
    digits = re.sub("^[A-Za-z]+|[A-Za-z]+$|-", "", identifier).strip("0")
    return digits.isdecimal() and len(digits) >= SHORTEST_NUMBER


def _is_within_number(text: str, date: re.Match[str]) -> bool:
    """Return whether digits or a plus precede or follow a date in the same value."""
    before = text[max(0, date.start() - 8) : date.start()]
    after = text[date.end() : date.end() + 4]
    return bool(
        re.search(r"[0-9+(][^\w\"',;\t\n]*$", before)
        or re.match(r"[^\w\"',;\t\n]{1,3}[0-9]", after)
    )
