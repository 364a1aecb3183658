"""check_number returns the verdict of phonenumbers, and rarely loads it."""

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
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    ValidationResult,
)

from consentlint.fields import _phone_metadata as phone_metadata
from consentlint.fields import _phone_pattern as phone_pattern
from consentlint.fields import _phone_table as phone_table
from consentlint.fields import phone_numbers
from consentlint.fields._calling_code import CallingCode
from consentlint.fields.phone_numbers import PhoneStatus, PhoneVerdict, check_number

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
CALLING_CODES = sorted(COUNTRY_CODE_TO_REGION_CODE)


STATUSES = {
    ValidationResult.IS_POSSIBLE: PhoneStatus.POSSIBLE,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: PhoneStatus.LOCAL_ONLY,
    ValidationResult.INVALID_COUNTRY_CODE: PhoneStatus.UNKNOWN_CALLING_CODE,
    ValidationResult.TOO_SHORT: PhoneStatus.TOO_SHORT,
    ValidationResult.INVALID_LENGTH: PhoneStatus.INVALID_LENGTH,
    ValidationResult.TOO_LONG: PhoneStatus.TOO_LONG,
}
PARSE_ERRORS = {
    NumberParseException.INVALID_COUNTRY_CODE: PhoneStatus.UNKNOWN_CALLING_CODE,
    NumberParseException.TOO_LONG: PhoneStatus.TOO_LONG,
}


def asked(number: str) -> PhoneVerdict:
    """Return the verdict of phonenumbers."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException as error:
        return PhoneVerdict(PARSE_ERRORS.get(error.error_type, PhoneStatus.TOO_SHORT), "")
    status = STATUSES[phonenumbers.is_possible_number_with_reason(parsed)]
    if status is not PhoneStatus.POSSIBLE:
        return PhoneVerdict(status, "")
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return PhoneVerdict(status, e164)


@cache
def compiled(pattern: str) -> re.Pattern[bytes]:
    """Compile a pattern for bytes, once: phonenumbers fills the cache of `re`."""
    return re.compile(rb'"\+(' + pattern.encode("ascii") + rb')"')


def matches(pattern: str, number: str) -> bool:
    return compiled(pattern).search(b'"%b"' % number.encode()) is not None


def is_matched(number: str) -> bool:
    return matches(phone_numbers.possible_pattern(), number)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Draw numbers of E.164 form; most of them are near a limit of a calling code."""
    code = str(draw(st.sampled_from(CALLING_CODES) | st.integers(1, 999)))
    digits = draw(st.integers(max(0, 2 - len(code)), 15 - len(code)))
    start = draw(st.sampled_from(["", "0", "00", "1", "8", "9", "15", "180020", "1831", "011"]))
    rest = draw(st.text("0123456789", min_size=digits, max_size=digits))
    return f"+{code}{(start + rest)[:digits]}"


@given(numbers())
@settings(max_examples=2_000, deadline=None)
def test_the_verdict_on_every_number_is_that_of_phonenumbers(number: str) -> None:
    verdict = check_number(number)
    assert verdict == asked(number)
    assert is_matched(number) <= (verdict.canonical == number)


def test_the_verdict_on_every_calling_code_and_length_is_that_of_phonenumbers() -> None:
    for code in range(1, 1000):
        for digits in range(max(0, 2 - len(str(code))), 16 - len(str(code))):
            for start in ("2", "0", "1", "8", "9"):
                number = f"+{code}{(start + '3456789012345')[:digits]}"
                verdict = asked(number)
                assert check_number(number) == verdict, number
                assert is_matched(number) <= (verdict.canonical == number), number
                # E.164 allows 15 digits.
                assert not is_matched(f"+{code}{start * 16}"[:17])


@pytest.mark.parametrize(
    ("number", "canonical"),
    [
        ("+4401412345678", "+441412345678"),
        ("+390612345678", "+390612345678"),  # the 0 belongs to the number
        ("+5411151234567", "+549111234567"),  # 15 after the area code becomes 9 before it
        ("+2612345678", "+261202345678"),  # an area code is added
        ("+378812345", "+3780549812345"),
        ("+37881234", ""),
        ("+672012345", "+672012345"),
        ("+67201234", "+672301234"),
        ("+250061234567", "+25061234567"),
        ("+250061234", ""),
        ("+810012345678", "+810012345678"),  # a national number that starts with 0
        ("+81012345678", "+8112345678"),
        ("+359008001234567", "+359008001234567"),
    ],
)
def test_the_canonical_form_has_no_national_prefix(number: str, canonical: str) -> None:
    assert asked(number).canonical == canonical
    assert check_number(number).canonical == canonical


def test_no_verdict_of_the_table_loads_phonenumbers() -> None:
    numbers = ["+14155552671", "+19", "+141555526711", "+999123456789", "+4401412345678"]
    program = (
        "import sys; from consentlint.fields.phone_numbers import check_number; "
        f"print(*(check_number(number).status.name for number in {numbers})); "
        "sys.exit('phonenumbers' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert run.stdout.split() == [
        *(b"POSSIBLE", b"TOO_SHORT", b"TOO_LONG", b"UNKNOWN_CALLING_CODE", b"POSSIBLE")
    ]
    assert run.returncode == 0


def test_phonenumbers_is_not_called_for_an_e164_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_numbers, "_ask", pytest.fail)
    for code in range(1, 1000):
        for digits in range(max(0, 2 - len(str(code))), 16 - len(str(code))):
            check_number(f"+{code}{'0' * digits}")


def test_the_plain_matcher_matches_whole_canonical_numbers() -> None:
    is_plain = phone_numbers.plain_matcher()
    assert is_plain("+14155552671")
    for number in ("14155552671", "+1415555267", "+14155552671\n", "+4401412345678", ""):
        assert not is_plain(number)


def test_the_verdict_on_every_example_number_is_that_of_phonenumbers() -> None:
    types = [value for name, value in vars(phonenumbers.PhoneNumberType).items() if name.isupper()]
    seen = 0
    for region in phonenumbers.SUPPORTED_REGIONS:
        for number_type in types:
            example = phonenumbers.example_number_for_type(region, number_type)
            if example is not None:
                number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
                assert check_number(number) == asked(number), number
                seen += 1
    assert seen > 1000


def test_phonenumbers_decides_if_another_release_of_it_is_installed(
    other_release: pytest.MonkeyPatch,
) -> None:
    phone_numbers.metadata_version.cache_clear()
    other_release.setattr(phone_numbers, "_plan", lambda start: pytest.fail("used the table"))
    assert check_number("+14155552671") == PhoneVerdict(PhoneStatus.POSSIBLE, "+14155552671")
    assert check_number("+1415555267").status is PhoneStatus.TOO_SHORT
    assert phone_numbers.metadata_version() == phonenumbers.__version__


def test_phonenumbers_decides_about_a_calling_code_without_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(phone_table.CALLING_CODES, "372", None)
    phone_numbers._plan.cache_clear()
    phone_numbers.check_number.cache_clear()
    monkeypatch.setattr(phone_numbers, "_ask", asked)
    assert phone_numbers._plan("372") is None
    assert check_number("+3725123456") == PhoneVerdict(PhoneStatus.POSSIBLE, "+3725123456")
    phone_numbers._plan.cache_clear()
    phone_numbers.check_number.cache_clear()


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("+12345678", PhoneStatus.LOCAL_ONLY),
        ("+19", PhoneStatus.TOO_SHORT),
        ("+99", PhoneStatus.TOO_SHORT),
        ("+372", PhoneStatus.TOO_SHORT),
        ("+492", PhoneStatus.TOO_SHORT),
        ("+4923", PhoneStatus.LOCAL_ONLY),
        ("+141555526711", PhoneStatus.TOO_LONG),
        ("+999123456789", PhoneStatus.UNKNOWN_CALLING_CODE),
        ("+999", PhoneStatus.UNKNOWN_CALLING_CODE),
        ("+7123456789012", PhoneStatus.INVALID_LENGTH),
        ("+491511234567890123"[:16], PhoneStatus.POSSIBLE),
    ],
)
def test_the_status_says_why_a_number_is_rejected(number: str, status: PhoneStatus) -> None:
    assert asked(number).status is status
    assert check_number(number).status is status


def test_the_table_is_up_to_date() -> None:
    """The development extra pins the release that the table was made from."""
    assert phone_numbers._table_is_current()
    run = [sys.executable, str(SCRIPTS / "generate_phone_table.py"), "--check"]
    assert subprocess.run(run, check=False).returncode == 0


def test_the_facts_are_those_of_the_main_region() -> None:
    metadata = PhoneMetadata.metadata_for_region("US")
    assert metadata is not None
    facts = phone_table.CALLING_CODES["1"]
    assert facts is not None
    assert facts[0] == metadata.general_desc.possible_length


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
            assert is_matched(
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
def test_the_pattern_tests_lengths_and_prefixes(number: str, matched: bool) -> None:
    assert is_matched(number) is matched


@pytest.fixture
def other_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Make the installed phonenumbers appear to be another release than the table's."""
    monkeypatch.setattr(phone_numbers, "_table_is_current", lambda: False)
    phone_numbers.possible_pattern.cache_clear()
    phone_numbers.check_number.cache_clear()
    yield monkeypatch
    phone_numbers.possible_pattern.cache_clear()
    phone_numbers.check_number.cache_clear()


def metadata_says(monkeypatch: pytest.MonkeyPatch, code: int, **changed: object) -> None:
    """Change the lengths or the prefix that phonenumbers has for a calling code."""
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


def test_the_table_equals_the_facts_of_the_installed_phonenumbers() -> None:
    assert phone_metadata.calling_codes() == phone_table.CALLING_CODES


def test_the_pattern_of_another_release_is_made_from_its_metadata(
    other_release: pytest.MonkeyPatch,
) -> None:
    assert phone_numbers.possible_pattern().endswith(phone_table.POSSIBLE_PATTERN)
    phone_numbers.possible_pattern.cache_clear()
    metadata_says(other_release, 372, possible_length=(7, 9))
    assert [is_matched("+372" + "5" * digits) for digits in (7, 8, 9, 10)] == [
        True,
        False,
        True,
        False,
    ]
    assert is_matched("+37121234567")


@pytest.mark.parametrize(
    "changed",
    [
        {"possible_length": (7, 8), "possible_length_local_only": (7,)},
        {"possible_length": (1, 7)},
        {"possible_length_local_only": (1,)},
        {"possible_length": (-1,)},
        {"possible_length": ()},
        {"possible_length": (8, 7)},
        {"national_prefix_for_parsing": "(0"},
        {"possible_length": (7, 18)},
        {"national_prefix_for_parsing": "(0)", "national_prefix_transform_rule": "\\2"},
        {"national_prefix_for_parsing": "0", "national_prefix_transform_rule": "9"},
        {"national_prefix_for_parsing": "(0)", "national_prefix_transform_rule": "\\g<0>"},
        {"general_desc": None},
    ],
)
def test_a_calling_code_with_metadata_of_another_form_has_no_facts(
    other_release: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    metadata_says(other_release, 372, **changed)
    table = phone_metadata.calling_codes()
    assert table == {**phone_table.CALLING_CODES, "372": None}
    assert not is_matched("+3725123456")
    assert is_matched("+37121234567")


def test_a_calling_code_that_starts_with_another_one_has_no_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(COUNTRY_CODE_TO_REGION_CODE, 37, ("EE",))
    table = phone_metadata.calling_codes()
    assert table["37"] is not None
    assert table["372"] is None


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
def test_the_pattern_omits_numbers_that_may_start_with_a_prefix(
    prefix: str, kept: str, left: str
) -> None:
    # A transform rule, so that no length is plain.
    pattern = phone_pattern.pattern({"99": CallingCode((3, 5), (), prefix, "5")})
    for digit in kept:
        assert matches(pattern, f"+99{digit}55")
    for digit in left:
        number = f"+99{digit}3355"
        assert matches(pattern, number) <= (re.match(prefix, number[3:]) is None)


def test_the_comparison_finds_an_error_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SCRIPTS)
    import compare_phone_numbers

    counts, differences = compare_phone_numbers.compare_beginning("36", 0, seed=1)
    assert differences == []
    assert counts["national prefixes", "compared"] > 0
    assert counts["POSSIBLE", "from the table"] > 0

    plan = phone_numbers._Plan(frozenset({10, 11}), frozenset(), {})
    monkeypatch.setattr(phone_numbers, "_plan", lambda start: plan)
    phone_numbers.check_number.cache_clear()
    _, differences = compare_phone_numbers.compare_beginning("36", 0, seed=1)
    assert any(number.startswith("+3606") for number in differences)
    phone_numbers.check_number.cache_clear()
