"""Each named case of each field has values, and they are valid or invalid as it says."""

import itertools
import re
from datetime import UTC, datetime

import phonenumbers
import pytest
from detection import examples
from hypothesis import HealthCheck, Phase, given, settings

from consentlint import CONSENTS, CONTACTS, Endpoint, Severity, check_item
from consentlint.cases import ABSENT, Case, cases_of, context_at, matching
from consentlint.cases._dates import FORMS
from consentlint.cases._phone_numbers import calling_codes, is_canonical
from consentlint.fields import postal_codes, schemas
from consentlint.fields.iso8601 import parse_now
from consentlint.strategies import valid_items
from consentlint.strategies._choices import made

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROFILES = ("documented", "lenient")
BASES = {
    CONSENTS: {
        "contact_id": "+14155552671",
        "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
        "sender_id": "MG9752274e9e519418a7406176694466fa",
        "status": "opt-in",
        "source": "website",
    },
    CONTACTS: {
        "contact_id": "+14155552671",
        "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
        "country_iso_code": "US",
        "zip_code": "94105",
    },
}
COUNTRIES = schemas.enumeration("country_iso_code")
FIELDS = [
    pytest.param(profile, endpoint, field, id=f"{profile}-{endpoint.name}-{field}")
    for profile in PROFILES
    for endpoint in BASES
    for field in endpoint.fields
    if field != "zip_code"
]


def drawn(case: Case, count: int = 12) -> list[object]:
    """Return some values of a case; fail if it has none."""
    values: list[object] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(made(case.make))
    def collect(value: object) -> None:
        values.append(value)

    collect()
    return values


def reasons_and_errors(
    item: dict[str, object], endpoint: Endpoint, profile: str
) -> tuple[list[str], list[str]]:
    findings = check_item(item, kind=endpoint, profile=profile, now=NOW)
    reasons = [str(finding.reason) for finding in findings if finding.reason]
    errors = [finding.rule for finding in findings if finding.severity is Severity.ERROR]
    return reasons, errors


def with_value(endpoint: Endpoint, field: str, value: object) -> dict[str, object]:
    item = {**BASES[endpoint], field: value}
    if value is ABSENT:
        del item[field]
    return item


@pytest.mark.slow
@pytest.mark.parametrize(("profile", "endpoint", "field"), FIELDS)
def test_each_case_is_valid_or_invalid_because_of_its_field_only(
    profile: str, endpoint: Endpoint, field: str
) -> None:
    cases = cases_of(field, context_at(parse_now(NOW), profile))
    names = [case.name for case in (*cases.valid, *cases.invalid)]
    assert len(names) == len(set(names))
    for case in cases.valid:
        for value in drawn(case):
            item = with_value(endpoint, field, value)
            if field == "country_iso_code":
                del item["zip_code"]
            reasons, errors = reasons_and_errors(item, endpoint, profile)
            assert set(reasons) <= {"INVALID_ZIP_CODE"}, (case, value)
            assert set(errors) <= {"invalid-zip-code"}, (case, value)
    for case in cases.invalid:
        for value in drawn(case):
            item = with_value(endpoint, field, value)
            reasons, _ = reasons_and_errors(item, endpoint, profile)
            assert reasons == [f"INVALID_{field.upper()}"], (case, value)


def test_each_valid_case_of_a_postal_code_is_valid_in_its_country() -> None:
    # Test one country for each format.
    by_format = {str(postal_codes.format_of(code)): code for code in reversed(COUNTRIES)}
    for country in by_format.values():
        for case in cases_of("zip_code", context_at(parse_now(NOW), "documented"), country).valid:
            for value in drawn(case, 2):
                item = {**BASES[CONTACTS], "country_iso_code": country, "zip_code": value}
                assert reasons_and_errors(item, CONTACTS, "documented") == ([], []), (case, value)


@pytest.mark.parametrize("country", ["US", "GB", "CA", "NL", "BH", "FK", "AE", None])
def test_each_invalid_case_of_a_postal_code_is_invalid_in_its_country(
    country: str | None,
) -> None:
    for case in cases_of("zip_code", context_at(parse_now(NOW), "documented"), country).invalid:
        for value in drawn(case, 5):
            item = with_value(CONTACTS, "zip_code", value)
            item["country_iso_code"] = country or "UK"
            reasons, _ = reasons_and_errors(item, CONTACTS, "documented")
            expected = [] if country else ["INVALID_COUNTRY_ISO_CODE"]
            assert reasons == [*expected, "INVALID_ZIP_CODE"], (case, value)


def test_every_calling_code_of_libphonenumber_has_numbers() -> None:
    codes = calling_codes()
    assert [int(code.code) for code in codes] == sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    for code in codes:
        number = drawn(Case(code.code, matching(code.numbers(), is_canonical)), 2)[-1]
        assert phonenumbers.parse(number).country_code == int(code.code)


def test_every_date_form_of_the_schema_is_generated() -> None:
    written = {
        form.write(datetime(2024, 12, 31, 23, 30, 5, tzinfo=UTC), minutes, "25")
        for form in FORMS
        for minutes in drawn(Case("offsets", form.draw_offset), 1)
    }
    days = {
        "extended": (r"\d{4}-\d\d-\d\d", r"\d{4}-W\d\d-\d", r"\d{4}-\d{3}"),
        "basic": (r"\d{8}", r"\d{4}W\d{3}", r"\d{7}"),
    }
    clocks = {
        "extended": (r"\d\d", r"\d\d:\d\d", r"\d\d:\d\d:\d\d", r"\d\d:\d\d:\d\d\.\d+", r"\d\d:\d\d:\d\d,\d+"),
        "basic": (r"\d\d", r"\d{4}", r"\d{6}", r"\d{6}\.\d+", r"\d{6},\d+"),
    }  # fmt: skip
    zones = {
        "extended": ("", "Z", r"[+-]\d\d", r"[+-]\d{4}", r"[+-]\d\d:\d\d"),
        "basic": ("", "Z", r"[+-]\d\d", r"[+-]\d{4}"),
    }
    for kind, all_days in days.items():
        for day, clock, zone in itertools.product(all_days, clocks[kind], zones[kind]):
            assert any(re.fullmatch(f"{day}T{clock}{zone}", text) for text in written), (
                day,
                clock,
                zone,
            )
    assert all(map(schemas.predicate("date_of_consent"), written))


def test_valid_items_differ_from_example_to_example() -> None:
    items = [item for (item,), _ in examples(valid_items(now=NOW).map(lambda i: ((i,), [])), 1)]
    assert len({item["correlation_id"] for item in items}) > 80
    assert len({item["contact_id"] for item in items}) > 60
