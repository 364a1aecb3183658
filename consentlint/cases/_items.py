"""The cases of each field, and the reason codes of its invalid values."""

from collections.abc import Callable, Mapping
from functools import cache

from consentlint.cases._case import FieldCases
from consentlint.cases._context import Context
from consentlint.cases._enums import enum_cases
from consentlint.cases._ids import correlation_id_cases, sender_id_cases
from consentlint.cases._invalid_dates import date_cases
from consentlint.cases._phone_numbers import number_cases
from consentlint.cases._postal_codes import country_cases, zip_code_cases
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Reason
from consentlint.rules import rules_for

_CASES: Mapping[str, Callable[[Context], FieldCases]] = {
    "contact_id": lambda context: number_cases(context.number),
    "correlation_id": lambda context: correlation_id_cases(context.profile),
    "sender_id": lambda context: sender_id_cases(context.profile, context.number),
    "status": lambda _: enum_cases("status"),
    "source": lambda _: enum_cases("source"),
    "date_of_consent": date_cases,
    "country_iso_code": lambda _: FieldCases(
        country_cases(), enum_cases("country_iso_code").invalid
    ),
}


UNKNOWN_FIELDS = ("Phone", "consent_text", "email", "created_at", "Status", "zip")
"""Keys that the API does not name."""


def cases_of(field: str, context: Context, country: str | None = None) -> FieldCases:
    """Return the cases of a field.

    Args:
        field: The field's name.
        context: The clock and the profile.
        country: The country of a postal code; None if the country is invalid.
    """
    return zip_code_cases(country) if field == "zip_code" else _CASES[field](context)


@cache
def reasons_of(endpoint: Endpoint) -> tuple[Reason, ...]:
    """Return the reason codes that an item can get, in the order of a response."""
    return tuple(
        rule.reason
        for rule in rules_for(endpoint)
        if rule.reason is not None and field_of(rule.reason) in endpoint.fields
    )


def field_of(reason: Reason) -> str:
    """Return the field whose value a reason code rejects."""
    return reason.removeprefix("INVALID_").lower()
