"""What stage 2 needs of a row, as one text: engines move few columns faster than many."""

from collections.abc import Mapping
from typing import NamedTuple

from consentlint.columnar.schema import Array
from consentlint.linter.engine import Engine
from consentlint.model.items import MISSING
from consentlint.rules import canonical_contact
from consentlint.text.masking import printable

SEPARATOR = "\t"
"""Separates the values of a contact's entry. No valid value has it, and the last one may have it."""

CONTACT_FIELDS = ("contact_id", "sender_id", "status", "date_of_consent", "correlation_id")
"""The fields of a contact's entry, in order: an empty date is missing, and so is an id that is not
there."""

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
        contact, sender, status, date, shown_id = (texts[field] for field in CONTACT_FIELDS)
        date = pc.fill_null(date, "")
        entries = pc.binary_join_element_wise(contact, sender, status, date, shown_id, SEPARATOR)
        is_number = pc.invert(pc.starts_with(sender, "MG"))
        keys.append([order, contact, is_number.cast(pa.int8()), entries, no_findings])
    return keys


def id_key(fields: Mapping[str, object]) -> str | None:
    """Return the key of a row's id, None if it has none.

    Rows with one id have one key. An invalid id may have a key, too: stage 2 checks the ids themselves.
    """
    value = fields.get("correlation_id")
    is_id = isinstance(value, str) and len(value) == 32 and value.isascii() and value.isalnum()
    return value.lower() if is_id else None  # type: ignore[attr-defined]


def contact_key(fields: Mapping[str, object]) -> str | None:
    """Return the key of a row's contact, None if the row can't count in the history of a contact.

    A row that doesn't count may have a key, too: stage 2 checks its fields.
    """
    for field in CONTACT_FIELDS[1:4]:
        value = fields.get(field, MISSING)
        if value is MISSING:
            if field != "date_of_consent":
                return None
        elif not (isinstance(value, str) and value and value.isascii() and value.isprintable()):
            return None
    return canonical_contact(fields.get("contact_id"))


def contact_entry(contact: str, fields: Mapping[str, object]) -> str:
    """Return the entry of a row that has a contact.

    Args:
        contact: the contact's number in canonical form.
        fields: the fields of the row.
    """
    date = fields.get("date_of_consent", "")
    entry = f"{contact}\t{fields['sender_id']}\t{fields['status']}\t{date}"
    shown_id = fields.get("correlation_id")
    if not isinstance(shown_id, str):
        return entry
    try:
        shown_id.encode()
    except UnicodeEncodeError:
        # Arrow has no lone surrogates, and the id is only shown.
        shown_id = printable(shown_id)
    return f"{entry}\t{shown_id}"


def fields_of(entry: str) -> dict[str, str]:
    """Return the fields of an entry; the one of an id is the id itself."""
    if SEPARATOR not in entry:
        return {"correlation_id": entry}
    fields = dict(zip(CONTACT_FIELDS, entry.split(SEPARATOR, 4), strict=False))
    if not fields["date_of_consent"]:
        del fields["date_of_consent"]
    return fields
