"""An item as it is sent, and whom it concerns.

Two items concern the same contact and sender if E.164 writes their numbers alike, as in the
linter. An unreadable contact or sender is never guessed: it matches every contact or sender.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from consentlint.fast_path.keys import sender_key
from consentlint.fields import phone_numbers, schemas
from consentlint.model.endpoints import SUPERSEDED_BY, Endpoint
from consentlint.model.findings import Profile
from consentlint.submit.options import ItemStatus

_FORMATTING = str.maketrans("", "", " ()-./\t\u00a0\u2011")
_MASK = (1 << 64) - 1


class OutgoingItem(NamedTuple):
    """An item as it is sent."""

    number: int
    """The position in the run, counted over all files from 0."""
    endpoint: Endpoint
    correlation_id: str
    """Empty if the item has none, or if it is not a string."""
    text: str
    """The item as JSON."""

    @property
    def response_key(self) -> str:
        """The correlation id as it is compared with those of a response."""
        return self.correlation_id.lower()


class PlannedItem(NamedTuple):
    """What the journal must know about an item before it is sent."""

    number: int
    pair: int
    """The number of the first item of the same contact and sender."""
    status: str
    """opt-in, opt-out, or an empty string."""
    outcome: ItemStatus
    """`NOT_SENT`, or why it is not to be sent."""


class Identity(NamedTuple):
    """The contact and the sender that an item concerns, as keys that are never written down."""

    contact: int
    """0 if unreadable."""
    sender: int
    """0 if unreadable, or if items of this endpoint have no sender."""
    pair: int
    """Equal for items of the same contact and sender; unreadable ones count as written."""


def outgoing_item(number: int, fields: Mapping[str, object], endpoint: Endpoint) -> OutgoingItem:
    """Return an item as it is sent.

    Raises:
        ValueError: JSON cannot express it.
        RecursionError: it is nested too deeply.
    """
    correlation_id = fields.get("correlation_id")
    sent = {key: value for key, value in fields.items() if key != SUPERSEDED_BY}
    return OutgoingItem(
        number,
        endpoint,
        correlation_id if isinstance(correlation_id, str) else "",
        json.dumps(sent, separators=(",", ":"), allow_nan=False),
    )


def identify(fields: Mapping[str, object], endpoint: Endpoint) -> Identity:
    """Return the contact and the sender that an item concerns."""
    raw_contact, raw_sender = fields.get("contact_id"), fields.get("sender_id")
    contact = _contact_key(raw_contact) if isinstance(raw_contact, str) else 0
    if "sender_id" not in endpoint.fields:
        return Identity(contact, 0, contact or hash(f"?{raw_contact}") & _MASK)
    sender = _sender_key(raw_sender) if isinstance(raw_sender, str) else 0
    if contact and sender:
        return Identity(contact, sender, (contact + sender) & _MASK)
    pair = hash((contact or f"?{raw_contact}", sender or f"?{raw_sender}"))
    return Identity(contact, sender, pair & _MASK)


def _contact_key(value: str) -> int:
    if phone_numbers.plain_matcher()(value):
        return int(value, 16)
    number = _canonical_number(value)
    return 0 if number is None else int(number, 16)


@lru_cache(maxsize=4_096)
def _sender_key(value: str) -> int:
    text = value.strip()
    number = _canonical_number(text)
    if number is not None:
        return sender_key(number)
    if not schemas.field_predicate("sender_id", Profile.LENIENT)(text) or text.startswith("+"):
        return 0
    return sender_key(text)


def _canonical_number(value: str) -> str | None:
    """Return a number in canonical E.164 form, or None if it is not a possible number."""
    text = value.translate(_FORMATTING)
    if text.startswith("00"):
        text = f"+{text[2:]}"
    if not schemas.predicate("phone_number")(text):
        return None
    return phone_numbers.check_number(text).canonical or None
