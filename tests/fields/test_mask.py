"""The values of fields are masked by what the field holds."""

import pytest

from consentlint.fields.mask import mask_field


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("date_of_consent", "2025-06-02T15:30:00Z"),
        ("date_of_consent", "20250602T153000Z"),
        ("date_of_consent", "2025-06-02T25:00:00Z"),
        ("date_of_consent", "2025-13-45T10:00:00.123456+02:00"),
        ("date_of_consent", "2025-02-28T10:05:27+01:00[Europe/Paris]"),
        ("date_of_consent", "02.06.2025 15:30"),
        ("sender_id", "MG9752274e9e519418a7406176694466fa"),
        ("sender_id", "MG9752274e9e519418a7406176694466f"),
        ("correlation_id", "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"),
        ("correlation_id", "5f0c2e7f4a9d4c27b1d0c9f3e2a7b6"),
        ("correlation_id", "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b68"),
        ("correlation_id", "{5f0c2e7f4a9d4c27b1d0c9f3e2a7b6844}"),
        ("sender_id", "MG9752274e9e519418a7406176694466fO"),
        ("sender_id", "54321"),
        ("contact_id", "Total: 45"),
        ("date_of_consent", "2024-02-30T25:00:00Z"),
        ("date_of_consent", "3/1/24 10:00"),
        ("date_of_consent", "45352.41683"),
        ("date_of_consent", "Fri Mar 01 2024 10:00:00 GMT+0000 (Coordinated Universal Time)"),
        ("zip_code", "94105"),
        ("status", "opt-in"),
    ],
)
def test_text_that_is_not_a_phone_number_stays_readable(field: str, text: str) -> None:
    assert mask_field(text, field) == text


@pytest.mark.parametrize(
    ("field", "text", "masked"),
    [
        ("contact_id", "+14155552671", "+1415•••••71"),
        ("contact_id", "415x5550", "•••x••••"),
        ("sender_id", "+14155552671", "+1415•••••71"),
        ("sender_id", "1234567", "•••••••"),
        ("sender_id", "MG14155552671", "MG1415•••••71"),
        ("correlation_id", "14155552671", "1415•••••71"),
        ("correlation_id", "1234567890123456789012345678901", "1234" + "•" * 25 + "01"),
        ("sender_id", "MG" + "0" * 21 + "14155552671", "MG" + "0000" + "•" * 26 + "71"),
        ("correlation_id", "14155552671" + "a" * 19, "1415•••••71" + "a" * 19),
        ("date_of_consent", "+14155552671", "+1415•••••71"),
        ("date_of_consent", "2025-06-02 14155552671", "2025•••••••••••••71"),
        (None, "call +14155552671", "call +1415•••••71"),
    ],
)
def test_a_phone_number_is_masked_in_any_field(field: str | None, text: str, masked: str) -> None:
    found = mask_field(text, field)
    assert "5552671" not in found
    assert "555267" not in found.replace(" ", "").replace("-", "")
    if field != "date_of_consent":
        assert found == masked
