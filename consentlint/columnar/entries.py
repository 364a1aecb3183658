"""What stage 2 needs of a row, as one text: engines move few columns faster than many."""

from collections.abc import Mapping
from typing import NamedTuple

from consentlint.linter.engine import Engine
from consentlint.rules import Keys
from consentlint.text.masking import printable

SEPARATOR = "\t"
"""Separates the values of a contact's entry. The values before the last one are valid, so none has it."""

CONTACT_FIELDS = ("contact_id", "sender_id", "status", "date_of_consent", "correlation_id")
"""The fields of a contact's entry, in order: an empty date is a missing one, and so is an id that is
not there."""

SENDER_ADVICE = "sender-not-messaging-service"
"""The rule whose finding is withdrawn if a Messaging Service has the same record."""

_ID_RULE = "invalid-correlation-id"
_REQUEST_RULE = "request-too-large"


class Scopes(NamedTuple):
    """What rows are compared by."""

    ids: bool
    """Whether rows with one id are compared."""
    contacts: bool
    """Whether rows with one contact are compared."""


def scopes_of(engine: Engine) -> Scopes:
    """Return what the selected rules compare rows by."""
    names = {rule.name for rule in engine.rules if rule.sequence} - {_REQUEST_RULE}
    return Scopes(_ID_RULE in names, bool(names - {_ID_RULE}) or SENDER_ADVICE in engine.order)


def contact_entry(keys: Keys, fields: Mapping[str, object]) -> str:
    """Return the entry of a row that counts in the history of its contact and sender."""
    sender, status = fields["sender_id"], fields["status"]
    entry = f"{keys.contact}\t{sender}\t{status}\t{fields.get('date_of_consent', '')}"
    shown_id = fields.get("correlation_id")
    if not isinstance(shown_id, str):
        return entry
    try:
        shown_id.encode()
    except UnicodeEncodeError:
        # Arrow has no lone surrogates, and the id is only shown.
        shown_id = printable(shown_id)
    return f"{entry}\t{shown_id}"


def fields_of(entry: str) -> Mapping[str, object]:
    """Return the fields of an entry; the one of an id is the id itself."""
    if SEPARATOR not in entry:
        return {"correlation_id": entry}
    fields = dict(zip(CONTACT_FIELDS, entry.split(SEPARATOR, 4), strict=False))
    if not fields["date_of_consent"]:
        del fields["date_of_consent"]
    return fields
