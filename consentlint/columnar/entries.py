"""What stage 2 needs of a row, as one text: engines move few columns faster than many."""

from collections.abc import Mapping
from typing import NamedTuple

from consentlint.columnar.schema import Array
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


def keys_of_proven(order: Array, texts: Mapping[str, Array], scopes: Scopes) -> list[list[Array]]:
    """Return the keys of rows that `RowProver` has proven clean, in the columns of `row_schema`.

    Args:
        order: the order of each row.
        texts: the column of each field.
        scopes: what rows are compared by.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    no_findings = pa.nulls(len(order), pa.string())
    keys = []
    if scopes.ids:
        ids = texts["correlation_id"]
        ranks = pa.repeat(pa.scalar(0, pa.int8()), len(ids))
        keys.append([order, pc.ascii_lower(ids), ranks, ids, no_findings])
    if scopes.contacts:
        contact, sender, status, date, shown_id = (texts.get(field) for field in CONTACT_FIELDS)
        dates = "" if date is None else pc.fill_null(date, "")
        entries = pc.binary_join_element_wise(contact, sender, status, dates, shown_id, SEPARATOR)
        is_number = pc.invert(pc.starts_with(sender, "MG"))
        keys.append([order, contact, is_number.cast(pa.int8()), entries, no_findings])
    return keys


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
