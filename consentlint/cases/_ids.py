"""Correlation ids and senders."""

from collections.abc import Callable
from functools import cache

from consentlint.cases._case import (
    Case,
    FieldCases,
    common_mistakes,
    edited,
    field_cases,
    joined,
    made,
    non_ascii_digits,
    one_of,
    replaced,
    with_inner_space,
)
from consentlint.cases._choices import Choices, Make
from consentlint.cases._patterns import pattern
from consentlint.cases._phone_numbers import is_possible, number_cases
from consentlint.fields import schemas
from consentlint.model.findings import Profile

_LETTERS = "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ"


def _with_one_of(characters: str) -> Callable[[Make[str]], Make[str]]:
    """Return strings with one of their last thirty characters replaced."""

    def change(make: Make[str]) -> Make[str]:
        def changed(choices: Choices) -> str:
            text, character = make(choices), choices.choice(characters)
            return replaced(text, len(text) - 1 - choices.integer(0, 29), lambda _: character)

        return changed

    return change


_with_letter, _with_punctuation = _with_one_of(_LETTERS), _with_one_of("-_.:")


def _hyphenated(text: str) -> str:
    """Return an id in the usual notation of a UUID."""
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@cache
def correlation_id_cases(profile: Profile) -> FieldCases:
    """Return the cases of a correlation id."""
    hexadecimal = pattern("correlation_id")
    lower = hexadecimal.strings(alphabet=hexadecimal.lower_case)
    length = hexadecimal.min_length
    not_hexadecimal = [Case("a letter after f", _with_letter(lower), is_boundary=True)]
    is_lenient = profile is Profile.LENIENT
    valid = (
        Case("lower case", lower),
        Case("upper case", made(lower, str.upper), is_boundary=True),
        Case("mixed case", hexadecimal.strings()),
        *(not_hexadecimal if is_lenient else []),
    )
    invalid = (
        *common_mistakes(lower),
        non_ascii_digits(lower),
        *([] if is_lenient else not_hexadecimal),
        Case("a UUID with hyphens", made(lower, _hyphenated), is_boundary=True),
        Case("a UUID with braces", made(lower, lambda text: f"{{{_hyphenated(text)}}}")),
        Case("one digit too many", hexadecimal.strings(length + 1, length + 1), is_boundary=True),
        Case("one digit too few", hexadecimal.strings(length - 1, length - 1), is_boundary=True),
        Case("a punctuation character", _with_punctuation(lower), is_boundary=True),
        Case("a number instead of a string", made(lower, lambda text: int(text, 16))),
    )
    return field_cases(valid, invalid, schemas.field_predicate("correlation_id", profile))


@cache
def sender_id_cases(profile: Profile, number: Make[str]) -> FieldCases:
    """Return the cases of a sender, given how to make a valid phone number."""
    sid, code, rcs = pattern("messaging_service_sid"), pattern("short_code"), pattern("rcs_sender")
    sids, codes = sid.strings(alphabet=sid.lower_case), code.strings()
    shortest, longest = code.min_length, code.max_length or code.min_length
    is_lenient = profile is Profile.LENIENT
    rcs_senders = [Case("an RCS sender", rcs.strings(), is_boundary=True)]
    impossible = [case.make for case in number_cases(number).invalid if case.is_boundary]
    matches_schema = schemas.field_predicate("sender_id", profile)
    is_number = schemas.predicate("phone_number")

    def is_valid(value: object) -> bool:
        return matches_schema(value) and (not is_number(value) or is_possible(value))

    valid = (
        Case("a Messaging Service", sids),
        Case("a Messaging Service in upper case", made(sids, str.upper), is_boundary=True),
        Case("a short code", codes),
        Case("one of the shortest short codes", code.strings(shortest, shortest + 1), is_boundary=True),
        Case("one of the longest short codes", code.strings(longest, longest), is_boundary=True),
        Case("a phone number", number),
        *(rcs_senders if is_lenient else []),
    )  # fmt: skip
    invalid = (
        *common_mistakes(sids),
        *([] if is_lenient else rcs_senders),
        Case("another kind of SID", made(sids, lambda text: f"AC{text[2:]}"), is_boundary=True),
        Case("mg in lower case", made(sids, lambda text: f"mg{text[2:]}"), is_boundary=True),
        Case("a SID with one digit too many", made(sids, "{}0".format), is_boundary=True),
        Case("a SID with one digit too few", made(sids, lambda text: text[:-1]), is_boundary=True),
        Case("a SID with a letter after f", _with_letter(sids), is_boundary=True),
        Case("a short code with one digit too many", code.strings(longest + 1, longest + 1), is_boundary=True),
        Case("a short code with one digit too few", code.strings(shortest - 1, shortest - 1), is_boundary=True),
        non_ascii_digits(codes),
        Case("a number instead of a short code", made(code.strings(alphabet="123456789"), int)),
        Case("a short code with a space", edited(codes, with_inner_space), is_boundary=True),
        Case("an impossible phone number", lambda choices: choices.choice(impossible)(choices), is_boundary=True),
        Case("a phone number with a channel", joined("whatsapp:{}", number)),
        Case("a name", one_of("default", "My Shop", "rcs:")),
    )  # fmt: skip
    return field_cases(valid, invalid, is_valid)
