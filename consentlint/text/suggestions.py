"""Suggest the known name that is closest to an unknown one."""

import re
from collections.abc import Iterable
from functools import lru_cache

_MAX_LENGTH = 100
_SIMILARITY = 0.7


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that a name probably means, or None.

    The order of words and how they are joined do not matter: `consent_date` and `dateOfConsent`
    both suggest `date_of_consent`. A name that is part of exactly one candidate suggests it
    (`zip` for `zip_code`), and so does a name that ends in one (`consent_status` for `status`).
    """
    return _suggest(name[:_MAX_LENGTH], tuple(candidates))


def fold_name(name: str) -> str:
    """Return a name in lower case without the characters that join its words."""
    return "".join(filter(str.isalnum, name.lower()))


# The same unknown names repeat in item after item.
@lru_cache(maxsize=256)
def _suggest(name: str, candidates: tuple[str, ...]) -> str | None:
    import difflib

    words = _words(name)
    if not words:
        return None
    for fits in (
        [each for each in candidates if fold_name(each) == fold_name(name)],
        [each for each in candidates if set(words) <= set(_words(each))],
        [each for each in candidates if words[-len(_words(each)) :] == _words(each)],
    ):
        if len(fits) == 1:
            return fits[0]
    for fold in (fold_name, _sorted_words):
        # Of two candidates that fold to the same text, the first wins.
        by_fold = {fold(candidate): candidate for candidate in reversed(candidates)}
        close = difflib.get_close_matches(fold(name), by_fold, n=1, cutoff=_SIMILARITY)
        if close:
            return by_fold[close[0]]
    return None


def _words(name: str) -> list[str]:
    separated = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[\W_]+", separated.lower()) if word]


def _sorted_words(name: str) -> str:
    return "_".join(sorted(_words(name)))
