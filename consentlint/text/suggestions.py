"""Guess which of some names was meant by one that is none of them."""

from collections.abc import Iterable
from functools import lru_cache


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the one of the names that a slip may have turned into this one, if any.

    Neither the order of the words in a name counts nor how they are joined:
    consent_date and dateOfConsent are near date_of_consent; and zip is near zip_code
    where no other name has that word.
    """
    return _nearest(name[:100], tuple(names))


def same_letters(name: str) -> str:
    """Return what names share that differ in letter case and in what joins their words."""
    return "".join(filter(str.isalnum, name.lower()))


# The same slips stand in item after item.
@lru_cache(maxsize=256)
def _nearest(name: str, names: tuple[str, ...]) -> str | None:
    import difflib

    having = [candidate for candidate in names if _words(name) <= _words(candidate)]
    if len(having) == 1:
        return having[0]
    for folded in (same_letters, _sorted_words):
        # Of two names that fold alike the first is meant.
        by_fold = {folded(candidate): candidate for candidate in reversed(names)}
        close = difflib.get_close_matches(folded(name), by_fold, n=1, cutoff=0.7)
        if close:
            return by_fold[close[0]]
    return None


def _words(name: str) -> set[str]:
    return set(name.lower().replace("-", "_").replace(" ", "_").split("_"))


def _sorted_words(name: str) -> str:
    return "_".join(sorted(_words(name)))
