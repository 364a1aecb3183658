"""Mask phone numbers and e-mail addresses in the values of fields."""

import re

from consentlint.fields import schemas
from consentlint.text.ids_and_dates import looks_like_date
from consentlint.text.masking import mask, mask_emails, mask_number

# Impossible dates and times too: a user must see what is wrong with `2025-06-02T25:00:00Z`.
_DATE_LIKE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt_ ]+[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?: ?(?:UTC|GMT|[Zz]|[+-][0-9]{2}:?[0-9]{0,2}(?:\[[A-Za-z_/]+\])?))?)?"
)
# About as long as an id, as a UUID is written or not: a user must see what is wrong with it.
_ID_LIKE = re.compile(r"\s*(?:urn:uuid:)?\{?([0-9A-Za-z-]{24,44})\}?\s*")
# In an id, letters and digits alternate at least six times; a phone number may have been padded
# with letters.
_ALTERNATING = re.compile("(?:[0-9]++[A-Za-z]++){3}[0-9]|(?:[A-Za-z]++[0-9]++){3}[A-Za-z]")


def mask_field(text: str, field: str | None) -> str:
    """Return the text of a field's value with phone numbers and e-mail addresses masked.

    A value of `contact_id` with seven or more digits is a phone number in whatever way it is
    written, and so is one of `sender_id` unless it starts with letters. A date stays readable in
    `date_of_consent`, even if it could be a phone number elsewhere.

    Args:
        text: the value.
        field: the field or key that it belongs to, None if it belongs to none.
    """
    text = mask_emails(text)
    if field == "date_of_consent" and _is_date(text):
        return text
    if field in ("correlation_id", "sender_id") and _is_id(text):
        return text
    if field == "contact_id" or (field == "sender_id" and not text.lstrip()[:2].isalpha()):
        return mask_number(text)
    return mask(text)


def _is_date(text: str) -> bool:
    return bool(
        schemas.predicate("date_of_consent")(text)
        or _DATE_LIKE.fullmatch(text)
        or looks_like_date(text)
    )


def _is_id(text: str) -> bool:
    match = _ID_LIKE.fullmatch(text)
    if match is None:
        return False
    text = match[1].replace("-", "")
    return _ALTERNATING.search(text) is not None
