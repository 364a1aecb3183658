"""The two endpoints of the API: two values of one type, never two paths of code."""

from collections.abc import Iterable
from typing import NamedTuple

from consentlint import rules
from consentlint.model.findings import Severity

REQUEST_LIMIT = 25
"""How many items a request may hold (GUIDE, CGUIDE)."""


class Endpoint(NamedTuple):
    """One bulk endpoint, and what it demands of items."""

    name: str
    """What the items are called: consents, contacts."""
    path: str
    """Where requests are sent, under https://accounts.twilio.com."""
    error_code: int
    """The `error_code` of a refused item."""
    fields: tuple[str, ...]
    """The fields that the API names."""
    rules: tuple[rules.Rule, ...]
    """The rules for its items, those with a reason code first, in the order of an answer."""
    unknown_field: Severity
    """How much a field weighs that the API does not name (E19004 is about contacts)."""


CONSENTS = Endpoint(
    name="consents",
    path="/v1/Consents/Bulk",
    error_code=30646,
    fields=("contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent"),
    rules=rules.CONSENT_RULES,
    unknown_field=Severity.WARNING,
)

CONTACTS = Endpoint(
    name="contacts",
    path="/v1/Contacts/Bulk",
    error_code=30647,
    fields=("contact_id", "correlation_id", "country_iso_code", "zip_code"),
    rules=rules.CONTACT_RULES,
    unknown_field=Severity.ERROR,
)

ENDPOINTS = {endpoint.name: endpoint for endpoint in (CONSENTS, CONTACTS)}


def told_from(names: Iterable[str]) -> Endpoint | None:
    """Return the endpoint whose own field names are among these, None where it is not clear.

    Args:
        names: keys of an item, or columns of a table.
    """
    given = set(names)
    of_consents, of_contacts = (
        len(given.intersection(endpoint.fields)) for endpoint in (CONSENTS, CONTACTS)
    )
    if of_consents == of_contacts:
        return None
    return CONSENTS if of_consents > of_contacts else CONTACTS


def subjects_of(rule: rules.Rule) -> str:
    """Return the words for what a rule is about: items of which endpoint, or files."""
    names = [
        f"{endpoint.name} ({endpoint.error_code})"
        for endpoint in ENDPOINTS.values()
        if rule in endpoint.rules
    ]
    return " and ".join(names) or "all files"
