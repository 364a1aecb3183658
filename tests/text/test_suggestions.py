"""A name that is close to a known one suggests it."""

import pytest

from consentlint.text.suggestions import fold_name, suggest

FIELDS = ("contact_id", "correlation_id", "sender_id", "status", "source", "date_of_consent")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Contact ID", "contact_id"),
        ("contactId", "contact_id"),
        ("consent_date", "date_of_consent"),
        ("dateOfConsent", "date_of_consent"),
        ("sauce", "source"),
        ("consent_status", "status"),
        ("corelation-id", "correlation_id"),
    ],
)
def test_a_close_name_suggests_the_known_one(name: str, suggestion: str) -> None:
    assert suggest(name, FIELDS) == suggestion


@pytest.mark.parametrize("name", ["id", "email", "", "  ", "42", "first_name"])
def test_a_name_that_is_not_close_to_one_suggests_nothing(name: str) -> None:
    assert suggest(name, FIELDS) is None


def test_a_huge_name_is_cut_off() -> None:
    assert suggest("x" * 1_000_000, FIELDS) is None


def test_a_folded_name_has_lower_case_letters_and_digits_only() -> None:
    assert fold_name("Date-of_Consent 2") == "dateofconsent2"
