"""The verdict on phone numbers is that of phonenumbers, whether it was asked or not."""

import subprocess
import sys
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, ValidationResult

from consentlint import phone_numbers
from consentlint.phone_numbers import Number, Possibility

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
CALLING_CODES = sorted(COUNTRY_CODE_TO_REGION_CODE)


def asked(number: str) -> str:
    """Return the E.164 form of a number, empty where it is not possible."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Draw numbers of E.164 form, most of them near the borders of a calling code."""
    code = str(draw(st.sampled_from(CALLING_CODES) | st.integers(1, 999)))
    digits = draw(st.integers(max(0, 2 - len(code)), 15 - len(code)))
    start = draw(st.sampled_from(["", "0", "00", "1", "8", "9", "15", "180020", "1831", "011"]))
    rest = draw(st.text("0123456789", min_size=digits, max_size=digits))
    return f"+{code}{(start + rest)[:digits]}"


@given(numbers())
@settings(max_examples=2_000, deadline=None)
def test_every_number_is_judged_as_phonenumbers_does(number: str) -> None:
    verdict = phone_numbers.judge(number)
    assert verdict.canonical == asked(number)
    assert (verdict.possibility is Possibility.POSSIBLE) is bool(verdict.canonical)


def test_every_calling_code_and_length_is_judged_as_phonenumbers_does() -> None:
    for code in range(1, 1000):
        for digits in range(max(0, 2 - len(str(code))), 16 - len(str(code))):
            for start in ("2", "0", "1", "8", "9"):
                number = f"+{code}{(start + '3456789012345')[:digits]}"
                if 3 <= len(number) <= 16:
                    assert phone_numbers._is_plain(number) <= (asked(number) == number), number


def test_every_example_number_of_the_library_is_judged_as_phonenumbers_does() -> None:
    types = [value for name, value in vars(phonenumbers.PhoneNumberType).items() if name.isupper()]
    seen = 0
    for region in phonenumbers.SUPPORTED_REGIONS:
        for number_type in types:
            example = phonenumbers.example_number_for_type(region, number_type)
            if example is not None:
                number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
                assert phone_numbers.judge(number).canonical == asked(number), number
                seen += 1
    assert seen > 1000


def test_without_a_current_table_phonenumbers_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_numbers, "_table_is_current", lambda: False)
    phone_numbers.metadata_version.cache_clear()
    monkeypatch.setattr(phone_numbers, "_is_plain", lambda number: pytest.fail("table was used"))
    assert phone_numbers.judge("+14155552671") == Number(Possibility.POSSIBLE, "+14155552671")
    assert phone_numbers.metadata_version() == phonenumbers.__version__


@pytest.mark.parametrize(
    ("number", "possibility"),
    [
        ("+12345678", Possibility.LOCAL_ONLY),
        ("+19", Possibility.TOO_SHORT),
        ("+141555526711", Possibility.TOO_LONG),
        ("+999123456789", Possibility.UNKNOWN_CALLING_CODE),
        ("+7123456789012", Possibility.INVALID_LENGTH),
        ("+491511234567890123"[:16], Possibility.POSSIBLE),
    ],
)
def test_the_reason_of_a_refusal_is_told(number: str, possibility: Possibility) -> None:
    assert phone_numbers.judge(number).possibility is possibility


def test_the_table_is_that_of_the_installed_phonenumbers() -> None:
    """The development extra pins the release that the table was made from."""
    assert phone_numbers._table_is_current()
    run = [sys.executable, str(SCRIPTS / "generate_phone_lengths.py"), "--check"]
    assert subprocess.run(run, check=False).returncode == 0


def test_metadata_is_that_of_main_regions() -> None:
    """A calling code's possible lengths are those of its main region, as phonenumbers has it."""
    metadata = PhoneMetadata.metadata_for_region("US")
    assert metadata is not None
    assert phone_numbers.CALLING_CODES["1"][0] == metadata.general_desc.possible_length
