"""An item as it is sent, and whom it concerns.

Two items concern the same contact and sender if E.164 writes their numbers alike, as in the
linter. An unreadable contact or sender is never guessed: it matches every contact or sender.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from consentlint.fields import phone_numbers, schemas
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.findings import Profile

_FORMATTING = str.maketrans("", "", " ()-./\t\u00a0\u2011")


class ItemIdentity(NamedTuple):
    """The contact and the sender that an item concerns."""

    contact: str | None
    sender: str | None
    """None if unreadable; empty if items of this endpoint have no sender."""


class OutgoingItem(NamedTuple):
    """An item as it is sent."""

    number: int
    """The position in the run, counted over all files from 0."""
    correlation_id: str
    """Empty if the item has none, or if it is not a string."""
    text: str
    """The item as JSON."""
    ordering_key: str
    """Items with the same key are sent one at a time, in order."""
    identity: ItemIdentity

    @property
    def response_key(self) -> str:
        """The correlation id as it is compared with those of a response."""
        return self.correlation_id.lower()


def outgoing_item(number: int, fields: Mapping[str, object], *, has_sender: bool) -> OutgoingItem:
    """Return an item as it is sent.

    Args:
        number: its position in the run.
        fields: its fields.
        has_sender: whether items of its endpoint have a sender.

    Raises:
        ValueError: JSON cannot express it.
        RecursionError: it is nested too deeply.
    """
    identity = identify(fields, has_sender=has_sender)
    # Unreadable values are compared as they are written.
    contact = f"?{fields.get('contact_id')}" if identity.contact is None else identity.contact
    sender = f"?{fields.get('sender_id')}" if identity.sender is None else identity.sender
    correlation_id = fields.get("correlation_id")
    sent = {key: value for key, value in fields.items() if key != SUPERSEDED_BY}
    return OutgoingItem(
        number,
        correlation_id if isinstance(correlation_id, str) else "",
        json.dumps(sent, separators=(",", ":"), allow_nan=False),
        f"{contact} {sender}",
        identity,
    )


def identify(fields: Mapping[str, object], *, has_sender: bool) -> ItemIdentity:
    """Return the contact and the sender that an item concerns.

    Args:
        fields: the fields of the item.
        has_sender: whether items of its endpoint have a sender.
    """
    contact = _canonical_number(fields.get("contact_id"))
    return ItemIdentity(contact, _canonical_sender(fields.get("sender_id")) if has_sender else "")


def _canonical_number(value: object) -> str | None:
    """Return a number in canonical E.164 form, or None if it is not a possible number."""
    if not isinstance(value, str):
        return None
    text = value.translate(_FORMATTING)
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if not schemas.predicate("phone_number")(text):
        return None
    return phone_numbers.check_number(text).canonical or None


def _canonical_sender(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.strip()
    number = _canonical_number(text)
    if number is not None:
        return number
    if not schemas.field_predicate("sender_id", Profile.LENIENT)(text) or text.startswith("+"):
        return None
    # The digits of a SID are hexadecimal, in either case.
    return text.lower() if text.startswith("MG") else text
