"""What other programs call a field is recognized, if the field is missing."""

import pytest

from consentlint.fields.names import field_meant, misnamed
from consentlint.model.endpoints import CONSENTS, CONTACTS


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Phone Number", "contact_id"),
        ("MSISDN", "contact_id"),
        ("From", "sender_id"),
        ("opt_in_status", "status"),
        ("optin_timestamp", "date_of_consent"),
        ("statuss", "status"),
        ("correlationID", "correlation_id"),
    ],
)
def test_a_missing_field_is_recognized(name: str, field: str) -> None:
    assert field_meant(name, CONSENTS.fields, CONSENTS.fields) == field
    assert field_meant(name, CONSENTS.fields, []) is None


@pytest.mark.parametrize("name", ["email", "first_name", "date_of_birth", "id", "", " ", "notes"])
def test_a_name_of_something_else_means_no_field(name: str) -> None:
    assert field_meant(name, CONSENTS.fields, CONSENTS.fields) is None


def test_a_name_does_not_mean_a_field_only_because_no_other_field_is_left() -> None:
    assert field_meant("state", CONSENTS.fields, ["source"]) is None
    assert field_meant("id", CONSENTS.fields, ["contact_id"]) is None


def test_a_field_of_the_other_endpoint_is_not_meant() -> None:
    assert field_meant("zip", CONTACTS.fields, CONTACTS.fields) == "zip_code"
    assert field_meant("zip", CONSENTS.fields, CONSENTS.fields) is None


@pytest.mark.parametrize(
    "name",
    [
        *("SMS opt-in date", "opt_in_at", "optedInAt", "Opt-Out Date", "opt_out_time"),
        *("Date of opt-in", "subscribed_at", "Unsubscribed at", "subscribe date"),
        *("Email opt-in date", "email_consent_date", "E-mail", "email"),
    ],
)
def test_the_date_of_an_opt_in_or_of_another_channel_never_surely_means_a_field(name: str) -> None:
    assert misnamed([name], CONSENTS.fields).renames == {}


def test_the_date_of_an_opt_in_may_be_the_date_of_consent() -> None:
    found = misnamed(["Phone", "opt_in_date"], CONSENTS.fields)
    assert found.renames == {"Phone": "contact_id"}
    assert found.unsure == {"opt_in_date": "date_of_consent"}
    assert misnamed(["Consent date"], CONSENTS.fields).renames == {
        "Consent date": "date_of_consent"
    }
