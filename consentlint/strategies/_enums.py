"""Fields that hold one of some words: status, source and country."""

from collections.abc import Callable
from functools import cache

from hypothesis import strategies as st

from consentlint.fields import schemas
from consentlint.strategies._cases import Case, Cases, cases, spoiled

_OTHER_WORDS = {
    "status": ("re-opt-in", "opted-in", "subscribed", "STOP", "yes", "pending"),
    "source": ("other", "web", "opt-in", "sms", "unknown", "import"),
    # Taken for codes by many: reserved, given up, of three letters, or a number's.
    "country_iso_code": ("UK", "XK", "EU", "AN", "ZZ", "USA", "DEU", "840", "United States"),
}


@cache
def word_cases(field: str) -> Cases:
    """Return the cases of a field that may hold one of some words."""
    words = schemas.enumeration(field)
    good = st.sampled_from(words)
    refused = (
        *spoiled(good),
        Case("a word that is meant", st.sampled_from(_OTHER_WORDS[field]), is_near=True),
        Case("in another letter case", st.builds(_recased, good, st.sampled_from(_LETTER_CASES)), is_near=True),
        Case("a letter too few", good.map(lambda word: word[:-1]), is_near=True),
        Case("a letter too many", st.builds("{}{}".format, good, st.sampled_from("sdA")), is_near=True),
    )  # fmt: skip
    if "-" in "".join(words):
        hyphenated = st.sampled_from([word for word in words if "-" in word])
        joins = st.sampled_from((" ", "_", "", "\N{NON-BREAKING HYPHEN}"))
        join = Case("joined otherwise", st.builds(_joined, hyphenated, joins), is_near=True)
        refused = (*refused, join)
    return cases([Case("any", good)], refused, schemas.predicate(field))


_LETTER_CASES = (str.title, str.upper, str.lower)


def _recased(word: str, recase: Callable[[str], str]) -> str:
    return recase(word)


def _joined(word: str, join: str) -> str:
    return word.replace("-", join)
