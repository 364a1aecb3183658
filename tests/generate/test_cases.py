"""A random generator can make every case, and makes the same values in every version of Python."""

import hashlib

import pytest
from click.testing import CliRunner

from consentlint.cases import ABSENT, cases_of, reasons_of
from consentlint.cli import main
from consentlint.fields import schemas
from consentlint.fields.iso8601 import parse_now
from consentlint.generate.choices import RandomChoices
from consentlint.generate.fictional import COUNT, fictional_number
from consentlint.generate.items import GeneratedItem, ItemGenerator, context_of
from consentlint.generate.labels import EDGE_CASE, INVALID
from consentlint.generate.writers import is_writable
from consentlint.model.endpoints import CONSENTS, CONTACTS, ENDPOINTS, Endpoint
from consentlint.model.findings import Profile

NOW = parse_now("2026-01-01T00:00:00Z")
endpoints = pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda each: each.name)


def drawn(endpoint: Endpoint, label: str, count: int, format_name: str) -> list[GeneratedItem]:
    context = context_of(NOW, Profile.DOCUMENTED)
    generator = ItemGenerator(
        RandomChoices("cases"), endpoint, context, lambda value: is_writable(format_name, value)
    )
    return [generator.draw(label) for _ in range(count)]


def expected_cases(endpoint: Endpoint, *, is_invalid: bool, format_name: str) -> set[str]:
    context = context_of(NOW, Profile.DOCUMENTED)
    names = set()
    for field in endpoint.fields:
        cases = cases_of(field, context, "US")
        # The other formats of postal codes have the same cases.
        chosen = cases.invalid if is_invalid else [c for c in cases.valid if c.is_boundary]
        for case in chosen:
            choices = RandomChoices(case.name)
            if any(is_writable(format_name, case.make(choices)) for _ in range(20)):
                names.add(f"{field}: {case.name}")
    return names


@pytest.mark.slow
@endpoints
@pytest.mark.parametrize("format_name", ["jsonl", "csv"])
def test_every_case_and_every_reason_code_is_generated(
    endpoint: Endpoint, format_name: str
) -> None:
    for label, is_invalid in ((INVALID, True), (EDGE_CASE, False)):
        items = drawn(endpoint, label, 6000, format_name)
        names = {f"{field}: {name}" for item in items for field, name in item.cases.items()}
        assert names >= expected_cases(endpoint, is_invalid=is_invalid, format_name=format_name)
        reasons = {reason for item in items for reason in item.reasons}
        assert reasons == (set(map(str, reasons_of(endpoint))) if is_invalid else set())
        if is_invalid:
            assert "correlation_id: the id of a previous item" in names


@pytest.mark.parametrize("profile", list(Profile))
def test_every_case_of_every_country_has_values(profile: Profile) -> None:
    context = context_of(NOW, profile)
    choices = RandomChoices("countries")
    for country in (*schemas.enumeration("country_iso_code"), None):
        cases = cases_of("zip_code", context, country)
        for case in (*cases.valid, *cases.invalid):
            assert case.make(choices) is not None or case.name == "null"
    for endpoint in ENDPOINTS.values():
        for field in endpoint.fields:
            cases = cases_of(field, context)
            for case in (*cases.valid, *cases.invalid):
                value = case.make(choices)
                assert (value is ABSENT) == (case.name == "missing")


def test_the_fictional_numbers_are_different_and_canonical() -> None:
    numbers = {fictional_number(index + 7).number for index in range(COUNT)}
    assert len(numbers) == COUNT
    assert {"+12025550123", "+447700900461", "+353209101234", "+61255501234"} <= numbers


def test_the_bytes_of_a_seed_never_change() -> None:
    # If this fails, seeds of users mean other files: say so in the changelog. The cases of phone
    # numbers also depend on libphonenumber's metadata, so they are not in this file.
    reasons = ("INVALID_STATUS", "INVALID_SOURCE", "INVALID_DATE_OF_CONSENT", "duplicate-key")
    command = ["generate", "--count=500", *(f"--reason={reason}=20%" for reason in reasons)]
    output = CliRunner().invoke(main, command).stdout_bytes
    assert len(output.splitlines()) == 500
    assert hashlib.sha256(output).hexdigest() == SHA256


SHA256 = "c2e383d09b4a394668d886a1c37fc6bd67b88c36f5e00a35cc80e062ac527099"
