"""Decide which items are sent, and which of them are of one contact and sender.

Two items are of one contact and sender if E.164 writes their numbers alike, as in the linter. An
unreadable contact or sender is never guessed: it may be any contact or sender.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from consentlint.model.endpoints import CONSENTS, SUPERSEDED_BY
from consentlint.model.findings import Profile
from consentlint.rules import canonical_contact, canonical_sender
from consentlint.submit.options import ItemStatus
from consentlint.submit.reading import InputItem, Submission

_FORMATTING = str.maketrans("", "", " ()-./\t\u00a0\u2011")


class PlannedItem(NamedTuple):
    """What the journal must know about an item before it is sent."""

    number: int
    pair: int
    """Equal for items of one contact and sender. It is never written down."""
    status: str
    """opt-in, opt-out, or an empty string."""
    outcome: ItemStatus
    """`NOT_SENT`, or why it is not to be sent."""


def plan_items(submission: Submission, *, skip_invalid: bool) -> Iterator[PlannedItem]:
    """Yield what the journal must know about each item, in order.

    An invalid item may be the opt-out that revokes an earlier opt-in. So it holds back every
    item of its contact and sender, except opt-outs. If one of the two is unreadable, it
    holds back every item of the other.

    Args:
        submission: the input.
        skip_invalid: whether invalid items are left out.

    Raises:
        SubmitError: an item cannot be sent, or a file has changed.
    """
    holds = {
        hash(_identify(found))
        for found in (submission.read() if skip_invalid else ())
        if found.is_invalid and not found.item.fields.get(SUPERSEDED_BY)
    }
    for found in submission.read():
        # It must be possible to send it.
        _ = found.text
        path, contact, sender = _identify(found)
        status = found.item.fields.get("status") if found.endpoint is CONSENTS else ""
        outcome = ItemStatus.NOT_SENT
        if found.item.fields.get(SUPERSEDED_BY):
            outcome = ItemStatus.SUPERSEDED
        elif skip_invalid and found.is_invalid:
            if status != "opt-out" or not found.is_out_of_order:
                outcome = ItemStatus.SKIPPED
        elif holds and status != "opt-out":
            holders = product((path,), (contact, None), (sender, None))
            if not holds.isdisjoint(map(hash, holders)):
                outcome = ItemStatus.HELD_BACK
        status = str(status) if status in ("opt-in", "opt-out") else ""
        yield PlannedItem(found.number, pair_of(found), status, outcome)


def pair_of(found: InputItem) -> int:
    """Return a number that items of one contact and sender share; unreadable ones as written."""
    path, contact, sender = _identify(found)
    fields = found.item.fields
    if contact is None:
        contact = f"?{fields.get('contact_id')}"
    return hash((path, contact, f"?{fields.get('sender_id')}" if sender is None else sender))


def _identify(found: InputItem) -> tuple[str, str | None, str | None]:
    """Return the path, the contact and the sender of an item, None for one that is unreadable."""
    values = (found.item.fields.get(name) for name in ("contact_id", "sender_id"))
    contact, sender = (value if isinstance(value, str) else "" for value in values)
    has_sender = "sender_id" in found.endpoint.fields
    return found.endpoint.path, _number(contact), _sender(sender) if has_sender else ""


@lru_cache(maxsize=4_096)
def _sender(value: str) -> str | None:
    text = value.strip()
    sender = canonical_sender(text, Profile.LENIENT)
    return _number(text) or (sender.lower() if sender else None)


def _number(value: str) -> str | None:
    """Return a number in canonical E.164 form, None if it is not a possible number."""
    text = value.translate(_FORMATTING)
    return canonical_contact(f"+{text[2:]}" if text.startswith("00") else text)
