"""The types of the items that the API takes, for programs that are checked by their types."""

from typing import NotRequired, TypedDict


class Consent(TypedDict):
    """One consent, as it is sent; each field is described in `schemas/consent-item.json`."""

    contact_id: str
    correlation_id: str
    sender_id: str
    status: str
    source: str
    date_of_consent: NotRequired[str]


class Contact(TypedDict):
    """One contact, as it is sent; each field is described in `schemas/contact-item.json`."""

    contact_id: str
    correlation_id: str
    country_iso_code: str
    zip_code: str
