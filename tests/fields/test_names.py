"""What other programs call a field is recognized, if the field is missing."""

import pytest

from consentlint.fields.names import field_meant
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
