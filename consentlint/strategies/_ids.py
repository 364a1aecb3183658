"""Correlation ids and senders."""

from functools import cache

from hypothesis import strategies as st

from consentlint.fields import schemas
from consentlint.model.findings import Profile
from consentlint.strategies._cases import (
    Case,
    FieldCases,
    common_mistakes,
    edited,
    field_cases,
    non_ascii_digits,
    value_of,
)
from consentlint.strategies._numbers import is_possible, number_cases, valid_numbers
from consentlint.strategies._patterns import Pattern, pattern

_LETTERS = "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ"


def _lower_case(pattern: Pattern) -> str:
    """Return the alphabet of a pattern without upper-case letters, as programs write ids."""
    return "".join(character for character in pattern.alphabet if character == character.lower())


def _replacements(characters: str) -> st.SearchStrategy[tuple[str, int]]:
    return st.tuples(st.sampled_from(characters), st.integers(0, 40))


def _replace_character(text: str, replacement: tuple[str, int]) -> str:
    """Return a string with one of its last thirty characters replaced."""
    index = len(text) - 1 - replacement[1] % 30
    return text[:index] + replacement[0] + text[index + 1 :]


def _with_space(text: str, index: int) -> str:
    index = 1 + index % (len(text) - 1)
    return f"{text[:index]} {text[index:]}"


def _hyphenated(text: str) -> str:
    """Return an id in the usual notation of a UUID."""
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@cache
def correlation_id_cases(profile: Profile) -> FieldCases:
    """Return the cases of a correlation id."""
    hexadecimal = pattern("correlation_id")
    lower_case = hexadecimal.strings(_lower_case(hexadecimal))
    too_long = 1 + (hexadecimal.max_length or 0)
    too_short = hexadecimal.min_length - 1
    not_hexadecimal = Case(
        "a letter after f",
        st.builds(_replace_character, lower_case, _replacements(_LETTERS)),
        is_boundary=True,
    )
    is_lenient = profile is Profile.LENIENT
    valid = (
        Case("lower case", lower_case),
        Case("upper case", lower_case.map(str.upper), is_boundary=True),
        Case("mixed case", hexadecimal.strings()),
        *([not_hexadecimal] if is_lenient else []),
    )
    invalid = (
        *common_mistakes(lower_case),
        non_ascii_digits(lower_case),
        *([] if is_lenient else [not_hexadecimal]),
        Case("a UUID with hyphens", lower_case.map(_hyphenated), is_boundary=True),
        Case("a UUID with braces", lower_case.map(_hyphenated).map("{{{}}}".format)),
        Case("one digit too many", hexadecimal.strings_of_length(too_long, too_long), is_boundary=True),
        Case("one digit too few", hexadecimal.strings_of_length(too_short, too_short), is_boundary=True),
        Case("a punctuation character", st.builds(_replace_character, lower_case, _replacements("-_.:")), is_boundary=True),
        Case("a number instead of a string", lower_case.map(lambda text: int(text, 16))),
    )  # fmt: skip
    return field_cases(valid, invalid, schemas.field_predicate("correlation_id", profile))


@cache
def sender_id_cases(profile: Profile) -> FieldCases:
    """Return the cases of a sender."""
    sid, code, rcs = pattern("messaging_service_sid"), pattern("short_code"), pattern("rcs_sender")
    sids = sid.strings(_lower_case(sid))
    shortest, longest = code.min_length, code.max_length or code.min_length
    is_lenient = profile is Profile.LENIENT
    rcs_senders = Case("an RCS sender", rcs.strings(), is_boundary=True)
    impossible_numbers = [case for case in number_cases().invalid if case.is_boundary]
    matches_schema = schemas.field_predicate("sender_id", profile)
    is_number = schemas.predicate("phone_number")

    def is_valid(value: object) -> bool:
        return matches_schema(value) and (not is_number(value) or is_possible(value))

    valid = (
        Case("a Messaging Service", sids),
        Case("a Messaging Service in upper case", sids.map(str.upper), is_boundary=True),
        Case("a short code", code.strings()),
        Case("one of the shortest short codes", code.strings_of_length(shortest, shortest + 1), is_boundary=True),
        Case("one of the longest short codes", code.strings_of_length(longest, longest), is_boundary=True),
        Case("a phone number", valid_numbers()),
        *([rcs_senders] if is_lenient else []),
    )  # fmt: skip
    invalid = (
        *common_mistakes(sids),
        *([] if is_lenient else [rcs_senders]),
        Case("another kind of SID", sids.map(lambda text: f"AC{text[2:]}"), is_boundary=True),
        Case("mg in lower case", sids.map(lambda text: f"mg{text[2:]}"), is_boundary=True),
        Case("a SID with one digit too many", sids.map("{}0".format), is_boundary=True),
        Case("a SID with one digit too few", sids.map(lambda text: text[:-1]), is_boundary=True),
        Case("a SID with a letter after f", st.builds(_replace_character, sids, _replacements(_LETTERS)), is_boundary=True),
        Case("a short code with one digit too many", code.strings_of_length(longest + 1, longest + 1), is_boundary=True),
        Case("a short code with one digit too few", code.strings_of_length(shortest - 1, shortest - 1), is_boundary=True),
        non_ascii_digits(code.strings()),
        Case("a number instead of a short code", code.strings_of_length(shortest, longest, "123456789").map(int)),
        Case("a short code with a space", edited(code.strings(), _with_space), is_boundary=True),
        Case("an impossible phone number", value_of(impossible_numbers), is_boundary=True),
        Case("a phone number with a channel", valid_numbers().map("whatsapp:{}".format)),
        Case("a name", st.sampled_from(("default", "My Shop", "rcs:"))),
    )  # fmt: skip
    return field_cases(valid, invalid, is_valid)
