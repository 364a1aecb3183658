"""Each named case of each field comes up, and is on the side of the border that it says."""

import itertools
import re
from datetime import UTC, datetime

import phonenumbers
import pytest
from detection import examples
from hypothesis import HealthCheck, Phase, given, settings

from consentlint import CONSENTS, CONTACTS, Endpoint, Severity, check_item
from consentlint.fields import postal_codes, schemas
from consentlint.strategies import valid_items
from consentlint.strategies._cases import ABSENT, Case
from consentlint.strategies._context import terms
from consentlint.strategies._dates import forms, offsets
from consentlint.strategies._items import cases_of
from consentlint.strategies._numbers import calling_codes, is_canonical, with_code

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
    """Return some values of a case; it fails where there are none."""
    values: list[object] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case.values)
    def collect(value: object) -> None:
        values.append(value)

    collect()
    return values


def reasons_and_errors(
    item: dict[str, object], endpoint: Endpoint, profile: str
) -> tuple[list[str], list[str]]:
    found = check_item(item, kind=endpoint, profile=profile, now=NOW)
    reasons = [str(each.reason) for each in found if each.reason]
    return reasons, [each.rule for each in found if each.severity is Severity.ERROR]


def with_value(endpoint: Endpoint, field: str, value: object) -> dict[str, object]:
    item = {**BASES[endpoint], field: value}
    if value is ABSENT:
        del item[field]
    return item


@pytest.mark.parametrize(("profile", "endpoint", "field"), FIELDS)
def test_each_case_is_taken_or_refused_for_its_field_alone(
    profile: str, endpoint: Endpoint, field: str
) -> None:
    cases = cases_of(field, terms(NOW, profile))
    names = [case.name for case in (*cases.taken, *cases.refused)]
    assert len(names) == len(set(names))
    for case in cases.taken:
        for value in drawn(case):
            item = with_value(endpoint, field, value)
            if field == "country_iso_code":
                del item["zip_code"]
            reasons, errors = reasons_and_errors(item, endpoint, profile)
            assert [each for each in reasons if each != "INVALID_ZIP_CODE"] == [], (case, value)
            assert set(errors) <= {"invalid-zip-code"}, (case, value)
    for case in cases.refused:
        for value in drawn(case):
            item = with_value(endpoint, field, value)
            reasons, _ = reasons_and_errors(item, endpoint, profile)
            assert reasons == [f"INVALID_{field.upper()}"], (case, value)


def test_each_case_of_a_postal_code_is_of_its_country_or_not() -> None:
    # Of the countries that share a format the first stands for all.
    by_format = {str(postal_codes.format_of(each)): each for each in reversed(COUNTRIES)}
    for country in by_format.values():
        for case in cases_of("zip_code", terms(NOW, "documented"), country).taken:
            for value in drawn(case, 2):
                item = {**BASES[CONTACTS], "country_iso_code": country, "zip_code": value}
                assert reasons_and_errors(item, CONTACTS, "documented") == ([], []), (case, value)


@pytest.mark.parametrize("country", ["US", "GB", "CA", "NL", "BH", "FK", "AE", None])
def test_each_case_of_a_wrong_postal_code_is_refused_beside_its_country(
    country: str | None,
) -> None:
    for case in cases_of("zip_code", terms(NOW, "documented"), country).refused:
        for value in drawn(case, 5):
            item = with_value(CONTACTS, "zip_code", value)
            item["country_iso_code"] = country or "UK"
            reasons, _ = reasons_and_errors(item, CONTACTS, "documented")
            wrong = [] if country else ["INVALID_COUNTRY_ISO_CODE"]
            assert reasons == [*wrong, "INVALID_ZIP_CODE"], (case, value)


def test_there_are_numbers_of_every_calling_code_that_libphonenumber_knows() -> None:
    codes = calling_codes()
    assert [int(code.code) for code in codes] == sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    for code in codes:
        number = drawn(Case(code.code, with_code(code).filter(is_canonical)), 2)[-1]
        assert phonenumbers.parse(number).country_code == int(code.code)


def test_every_form_of_date_that_the_schema_has_is_written() -> None:
    written = {
        form.write(datetime(2024, 12, 31, 23, 30, 5, tzinfo=UTC), minutes, "25")
        for form in drawn(Case("forms", forms()), 500)
        for minutes in drawn(Case("offsets", offsets(form)), 1)
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


def test_the_values_of_a_valid_item_differ_from_example_to_example() -> None:
    items = [item for (item,), _ in examples(valid_items(now=NOW).map(lambda i: ((i,), [])), 1)]
    assert len({item["correlation_id"] for item in items}) > 80
    assert len({item["contact_id"] for item in items}) > 60
