"""The verdict on phone numbers is that of phonenumbers, whether it was asked or not."""

import re
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, ValidationResult

from consentlint.fields import _phone_metadata as phone_metadata
from consentlint.fields import _phone_pattern as phone_pattern
from consentlint.fields import _phone_table as phone_lengths
from consentlint.fields import phone_numbers
from consentlint.fields.phone_numbers import Number, Possibility

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
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


@cache
def compiled(pattern: str) -> re.Pattern[bytes]:
    """Compile a pattern as a search through bytes does; `re` forgets it for phonenumbers' own."""
    return re.compile(rb'"\+(' + pattern.encode("ascii") + rb')"')


def matches(pattern: str, number: str) -> bool:
    return compiled(pattern).search(b'"%b"' % number.encode()) is not None


def possible(number: str) -> bool:
    return matches(phone_numbers.possible_pattern(), number)


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
def test_every_number_is_judged_and_matched_as_phonenumbers_does(number: str) -> None:
    verdict = phone_numbers.judge(number)
    assert verdict.canonical == asked(number)
    assert (verdict.possibility is Possibility.POSSIBLE) is bool(verdict.canonical)
    assert possible(number) <= (verdict.canonical == number)


def test_every_calling_code_and_length_is_judged_and_matched_as_phonenumbers_does() -> None:
    for code in range(1, 1000):
        for digits in range(max(0, 2 - len(str(code))), 16 - len(str(code))):
            for start in ("2", "0", "1", "8", "9"):
                number = f"+{code}{(start + '3456789012345')[:digits]}"
                if 3 <= len(number) <= 16:
                    stands = asked(number) == number
                    assert phone_numbers._is_plain(number) <= stands, number
                    assert possible(number) <= stands, number


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
    run = [sys.executable, str(SCRIPTS / "generate_phone_table.py"), "--check"]
    assert subprocess.run(run, check=False).returncode == 0


def test_metadata_is_that_of_main_regions() -> None:
    """A calling code's possible lengths are those of its main region, as phonenumbers has it."""
    metadata = PhoneMetadata.metadata_for_region("US")
    assert metadata is not None
    assert phone_lengths.CALLING_CODES["1"][0] == metadata.general_desc.possible_length


def test_the_pattern_is_the_same_for_text_and_captures_nothing() -> None:
    pattern = re.compile(phone_numbers.possible_pattern())
    assert pattern.groups == 0
    assert pattern.fullmatch("14155552671")
    assert not pattern.fullmatch("\u0661\u0664155552671")
    assert not pattern.fullmatch("1415555267\u0661")


def test_the_pattern_matches_the_example_mobile_number_of_every_region() -> None:
    for region in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        if example is not None:
            assert possible(
                phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            ), region


@pytest.mark.parametrize(
    ("number", "matched"),
    [
        ("+78123456789", True),  # 8 is a prefix: less it, too few digits are left
        ("+79123456789", True),
        ("+8613123456789", True),
        ("+8617951123456", False),  # 17951 is dialled before a number
        ("+5590123456789", False),
        ("+5591123456789", True),
        ("+49151234567890", True),
        ("+49015123456789", False),
        ("+491512345678901", True),
        ("+4915123456789012", False),  # more digits than E.164 allows
        ("+37212345678", True),  # lengths 7, 8 and 10
        ("+372123456789", False),
        ("+3721234567890", True),
        ("+9991234567", False),
        ("+1415555267", False),
    ],
)
def test_the_pattern_minds_lengths_and_prefixes(number: str, matched: bool) -> None:
    assert possible(number) is matched


@pytest.fixture
def other_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Pretend that the installed phonenumbers is not the one of the table."""
    monkeypatch.setattr(phone_numbers, "_table_is_current", lambda: False)
    phone_numbers.possible_pattern.cache_clear()
    yield monkeypatch
    phone_numbers.possible_pattern.cache_clear()


def metadata_says(monkeypatch: pytest.MonkeyPatch, code: int, **changed: object) -> None:
    """Have phonenumbers say something else of the lengths or the prefix of a calling code."""
    original = PhoneMetadata.metadata_for_region_or_calling_code

    def changed_metadata(asked_for: int, region: str) -> PhoneMetadata | None:
        metadata = original(asked_for, region)
        if asked_for == code:
            metadata = deepcopy(metadata)
            assert metadata is not None
            for name, value in changed.items():
                of = metadata if hasattr(metadata, name) else metadata.general_desc
                assert hasattr(of, name)
                object.__setattr__(of, name, value)
        return metadata

    monkeypatch.setattr(PhoneMetadata, "metadata_for_region_or_calling_code", changed_metadata)


def test_the_table_computed_is_the_one_generated() -> None:
    assert phone_metadata.calling_codes() == phone_lengths.CALLING_CODES


def test_for_another_release_the_pattern_is_made_of_what_is_installed(
    other_release: pytest.MonkeyPatch,
) -> None:
    assert phone_numbers.possible_pattern() == phone_lengths.POSSIBLE_PATTERN
    phone_numbers.possible_pattern.cache_clear()
    metadata_says(other_release, 372, possible_length=(7, 9))
    assert [possible("+372" + "5" * digits) for digits in (7, 8, 9, 10)] == [
        True,
        False,
        True,
        False,
    ]
    assert possible("+37121234567")


@pytest.mark.parametrize(
    "changed",
    [
        {"possible_length": (7, 8), "possible_length_local_only": (7,)},
        {"possible_length": (1, 7)},
        {"possible_length": (-1,)},
        {"possible_length": ()},
        {"possible_length": (8, 7)},
        {"national_prefix_for_parsing": "(0"},
        {"general_desc": None},
    ],
)
def test_a_calling_code_of_which_the_metadata_are_of_another_form_is_left_out(
    other_release: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    metadata_says(other_release, 372, **changed)
    table = phone_metadata.calling_codes()
    assert table.keys() == phone_lengths.CALLING_CODES.keys() - {"372"}
    assert not possible("+3725123456")
    assert possible("+37121234567")


def test_a_calling_code_that_another_begins_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COUNTRY_CODE_TO_REGION_CODE, 37, ("EE",))
    table = phone_metadata.calling_codes()
    assert "37" in table
    assert "372" not in table


@pytest.mark.parametrize(
    ("prefix", "kept", "left"),
    [
        ("0", "1", "0"),
        ("0?9", "1", "09"),
        ("[01]{0,2}5", "2", "015"),
        ("(?:1|2)+3", "3", "12"),
        (r"(\d)?", "", "0123456789"),
        (r"(?=5)5", "", "0123456789"),  # not of the form that is understood
    ],
)
def test_numbers_that_may_begin_with_a_prefix_are_left_out(
    prefix: str, kept: str, left: str
) -> None:
    pattern = phone_pattern.pattern({"99": ((), (3, 5), prefix)})
    for digit in kept:
        assert matches(pattern, f"+99{digit}55")
    for digit in left:
        number = f"+99{digit}3355"
        assert matches(pattern, number) <= (re.match(prefix, number[3:]) is None)


def test_the_comparison_finds_what_the_table_has_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPTS)
    import compare_phone_numbers

    counts, differences = compare_phone_numbers.compare_beginning("36", 0, seed=1)
    assert differences == []
    assert counts["national prefixes"]["compared"] > counts["national prefixes"]["by the table"] > 0

    plan = phone_numbers._Plan(2, frozenset({10, 11}), frozenset(), None)
    monkeypatch.setattr(phone_numbers, "_plan", lambda start: plan)
    _, differences = compare_phone_numbers.compare_beginning("36", 0, seed=1)
    assert any(number.startswith("+3606") for number in differences)
