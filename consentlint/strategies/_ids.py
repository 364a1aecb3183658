"""Correlation ids and senders."""

from functools import cache

from hypothesis import strategies as st

from consentlint.fields import schemas
from consentlint.model.findings import Profile
from consentlint.strategies._cases import (
    Case,
    Cases,
    cases,
    edited,
    spoiled,
    with_digits_of_another_script,
)
from consentlint.strategies._numbers import good_numbers, is_possible, number_cases
from consentlint.strategies._patterns import Shape, shape

_LETTERS = "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ"


def _lower(of: Shape) -> str:
    """Return the characters of a shape that programs write: no capitals."""
    return "".join(each for each in of.alphabet if each == each.lower())


def _replaced(by: str) -> st.SearchStrategy[tuple[str, int]]:
    return st.tuples(st.sampled_from(by), st.integers(0, 40))


def _with_letter(text: str, letter: tuple[str, int]) -> str:
    """Return a text of which one of the last thirty characters is another."""
    at = len(text) - 1 - letter[1] % 30
    return text[:at] + letter[0] + text[at + 1 :]


def _parted(text: str, place: int) -> str:
    at = 1 + place % (len(text) - 1)
    return f"{text[:at]} {text[at:]}"


def _hyphenated(text: str) -> str:
    """Return an id as UUIDs are usually written."""
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@cache
def correlation_id_cases(profile: Profile) -> Cases:
    """Return the cases of a correlation id."""
    hexadecimal = shape("correlation_id")
    good = hexadecimal.texts(_lower(hexadecimal))
    one_more = 1 + (hexadecimal.most or 0)
    beyond = Case(
        "a letter beyond f", st.builds(_with_letter, good, _replaced(_LETTERS)), is_near=True
    )
    is_lenient = profile is Profile.LENIENT
    taken = (
        Case("in lower case", good),
        Case("in upper case", good.map(str.upper), is_near=True),
        Case("in both cases", hexadecimal.texts()),
        *([beyond] if is_lenient else []),
    )
    refused = (
        *spoiled(good),
        with_digits_of_another_script(good),
        *([] if is_lenient else [beyond]),
        Case("hyphens in the UUID", good.map(_hyphenated), is_near=True),
        Case("braces round the UUID", good.map(_hyphenated).map("{{{}}}".format)),
        Case("a digit too many", hexadecimal.runs(one_more, one_more), is_near=True),
        Case("a digit too few", hexadecimal.runs(hexadecimal.least - 1, hexadecimal.least - 1), is_near=True),
        Case("a sign in it", st.builds(_with_letter, good, _replaced("-_.:")), is_near=True),
        Case("a number for a text", good.map(lambda text: int(text, 16))),
    )  # fmt: skip
    return cases(taken, refused, schemas.field_predicate("correlation_id", profile))


@cache
def sender_id_cases(profile: Profile) -> Cases:
    """Return the cases of a sender."""
    sid, code, rcs = shape("messaging_service_sid"), shape("short_code"), shape("rcs_sender")
    good = sid.texts(_lower(sid))
    most = code.most or code.least
    is_lenient = profile is Profile.LENIENT
    agents = Case("an RCS sender", rcs.texts(), is_near=True)
    numbers = number_cases()
    form = schemas.field_predicate("sender_id", profile)
    number_form = schemas.predicate("phone_number")

    def takes(value: object) -> bool:
        return form(value) and (not number_form(value) or is_possible(value))

    taken = (
        Case("a Messaging Service", good),
        Case("a Messaging Service in upper case", good.map(str.upper), is_near=True),
        Case("a short code", code.texts()),
        Case("among the shortest short codes", code.runs(code.least, code.least + 1), is_near=True),
        Case("among the longest short codes", code.runs(most, most), is_near=True),
        Case("a phone number", good_numbers()),
        *([agents] if is_lenient else []),
    )
    refused = (
        *spoiled(good),
        *([] if is_lenient else [agents]),
        Case("a SID of something else", good.map(lambda text: f"AC{text[2:]}"), is_near=True),
        Case("mg in lower case", good.map(lambda text: f"mg{text[2:]}"), is_near=True),
        Case("a SID with a digit too many", good.map("{}0".format), is_near=True),
        Case("a SID with a digit too few", good.map(lambda text: text[:-1]), is_near=True),
        Case("a SID with a letter beyond f", st.builds(_with_letter, good, _replaced(_LETTERS)), is_near=True),
        Case("a short code with too many digits", code.runs(most + 1, most + 1), is_near=True),
        Case("a short code with too few digits", code.runs(code.least - 1, code.least - 1), is_near=True),
        with_digits_of_another_script(code.texts()),
        Case("a number for a short code", code.runs(code.least, most, "123456789").map(int)),
        Case("a space in a short code", edited(code.texts(), _parted), is_near=True),
        Case("a number that cannot be", st.sampled_from([case for case in numbers.refused if case.is_near]).flatmap(lambda case: case.values), is_near=True),
        Case("a phone number with a name", good_numbers().map("whatsapp:{}".format)),
        Case("a word", st.sampled_from(("default", "My Shop", "rcs:"))),
    )  # fmt: skip
    return cases(taken, refused, takes)
