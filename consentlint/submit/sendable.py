"""An item as it is sent, and whom it is about.

Two items are about the same contact and sender where E.164 writes their numbers alike, as
the linter compares them. What cannot be read is never guessed: it makes an item stand
for more, not for less.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from consentlint.fields import phone_numbers, schemas
from consentlint.model.findings import Profile
from consentlint.rules import OVERTAKEN

_FORMATTING = str.maketrans("", "", " ()-./\t\u00a0\u2011")


class Subject(NamedTuple):
    """Whom an item is about, as far as that can be read."""

    contact: str | None
    sender: str | None
    """None where it cannot be read; empty for an item that has no sender by its kind."""


class Sendable(NamedTuple):
    """An item, as it is sent."""

    number: int
    """Counted over all files of the run, from 0; the order of the numbers is kept."""
    correlation_id: str
    """Empty where it has none, or no text."""
    text: str
    """The item as a JSON text."""
    pair: str
    """A name for whom it is about: two items with the same are never in flight together."""
    subject: Subject

    @property
    def answered_as(self) -> str:
        """The name under which an answer speaks of it."""
        return self.correlation_id.lower()


def sendable(number: int, fields: Mapping[str, object], *, has_sender: bool) -> Sendable:
    """Return an item as it is sent.

    Args:
        number: its number.
        fields: what it holds.
        has_sender: whether items of its kind have a sender.

    Raises:
        ValueError: JSON cannot express it.
        RecursionError: it is nested too deep.
    """
    subject = subject_of(fields, has_sender=has_sender)
    # What cannot be read is told apart as it is written.
    contact = f"?{fields.get('contact_id')}" if subject.contact is None else subject.contact
    sender = f"?{fields.get('sender_id')}" if subject.sender is None else subject.sender
    correlation_id = fields.get("correlation_id")
    sent = {key: value for key, value in fields.items() if key != OVERTAKEN}
    return Sendable(
        number,
        correlation_id if isinstance(correlation_id, str) else "",
        json.dumps(sent, separators=(",", ":"), allow_nan=False),
        f"{contact} {sender}",
        subject,
    )


def subject_of(fields: Mapping[str, object], *, has_sender: bool) -> Subject:
    """Return whom an item is about.

    Args:
        fields: the item's.
        has_sender: whether items of its kind have a sender.
    """
    contact = _number(fields.get("contact_id"))
    return Subject(contact, _sender(fields.get("sender_id")) if has_sender else "")


def _number(value: object) -> str | None:
    """Return a number as E.164 writes it, None where no possible number can be read."""
    if not isinstance(value, str):
        return None
    text = value.translate(_FORMATTING)
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if not schemas.predicate("phone_number")(text):
        return None
    return phone_numbers.check_number(text).canonical or None


def _sender(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.strip()
    number = _number(text)
    if number is not None:
        return number
    if not schemas.field_predicate("sender_id", Profile.LENIENT)(text) or text.startswith("+"):
        return None
    # The digits of a SID are hexadecimal, in either case.
    return text.lower() if text.startswith("MG") else text
