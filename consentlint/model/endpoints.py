"""The two endpoints of the API: two values of one type, never two paths of code."""

from collections.abc import Iterable
from typing import NamedTuple

from consentlint.model.findings import Severity

REQUEST_LIMIT = 25
"""How many items a request may hold (GUIDE, CGUIDE)."""


class Endpoint(NamedTuple):
    """One bulk endpoint of the API."""

    name: str
    """The kind of its items: consents or contacts."""
    path: str
    """Where requests are sent, under https://accounts.twilio.com."""
    error_code: int
    """The `error_code` of a rejected item."""
    fields: tuple[str, ...]
    """The fields that the API names."""
    required: tuple[str, ...]
    """The fields that every item must have."""
    unknown_field: Severity
    """The severity of a field that the API does not name (E19004 covers contacts only)."""

    def __repr__(self) -> str:
        """Return the short form that signatures and tracebacks show."""
        return f"<Endpoint {self.name}>"


CONSENTS = Endpoint(
    name="consents",
    path="/v1/Consents/Bulk",
    error_code=30646,
    fields=("contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent"),
    required=("contact_id", "correlation_id", "sender_id", "status", "source"),
    unknown_field=Severity.WARNING,
)

CONTACTS = Endpoint(
    name="contacts",
    path="/v1/Contacts/Bulk",
    error_code=30647,
    fields=("contact_id", "correlation_id", "country_iso_code", "zip_code"),
    required=("contact_id", "correlation_id", "country_iso_code", "zip_code"),
    unknown_field=Severity.ERROR,
)

ENDPOINTS = {endpoint.name: endpoint for endpoint in (CONSENTS, CONTACTS)}

FIELDS = tuple(dict.fromkeys(field for each in ENDPOINTS.values() for field in each.fields))
"""Every field of either endpoint."""

SUPERSEDED_BY = "consentlint_superseded_by"
"""The key, or column, with which `submit` marks an item that a later item replaced."""


def endpoint_of(kind: Endpoint | str) -> Endpoint:
    """Return the endpoint for a kind of items.

    Args:
        kind: "consents", "contacts", or an endpoint, which is returned as it is.

    Raises:
        ValueError: the kind is unknown.
    """
    if isinstance(kind, Endpoint):
        return kind
    if kind not in ENDPOINTS:
        raise ValueError(f'kind is {kind!r}, expected "consents" or "contacts"')
    return ENDPOINTS[kind]


def detect_endpoint(names: Iterable[str]) -> Endpoint | None:
    """Return the endpoint that these field names belong to, or None if ambiguous.

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
