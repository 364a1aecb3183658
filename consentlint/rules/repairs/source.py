"""Repairs of the source."""

from collections.abc import Iterator
from functools import cache

from consentlint.fields import schemas
from consentlint.rules.repairs._readings import look_alike_hint, readings, reread, write
from consentlint.rules.repairs._repair import Broken, Repair, then

# By the descriptions of the sources in the schema; keys hold letters only.
_SYNONYMS = {
    "web": "website",
    "webform": "website",
    "webpage": "website",
    "site": "website",
    "app": "website",
    "paper": "offline",
    "inperson": "offline",
    "instore": "offline",
    "store": "offline",
    "voice": "offline",
    "start": "opt-in-message",
    "stop": "opt-out-message",
}


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the source that a word means."""
    yield from reread(broken)
    for text, hint in readings(broken.value):
        word = _fold(text)
        source = _spellings().get(word)
        if source is not None:
            yield Repair(broken.field, source, then(hint, write(source, text)))
        elif word in _SYNONYMS:
            source = _SYNONYMS[word]
            step = then(hint, f'Did you mean "{source}"?')
            yield Repair(broken.field, source, step, f'"{word}" means "{source}"')


def advise(broken: Broken) -> str:
    """Return what to do about a source that no word of the API means."""
    return look_alike_hint(broken.value)


@cache
def _spellings() -> dict[str, str]:
    """Return the sources by their letters, also without a final s."""
    words = schemas.enumeration("source")
    singular = {_fold(word.removesuffix("s")): word for word in words}
    return singular | {_fold(word): word for word in words}


def _fold(text: str) -> str:
    return "".join(filter(str.isalpha, text.lower()))
