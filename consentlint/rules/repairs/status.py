"""Repairs of the status."""

from collections.abc import Iterator

from consentlint.model.items import MISSING
from consentlint.rules.repairs._readings import (
    as_word,
    has_no_value,
    not_ascii_hint,
    readings,
    reread,
    write,
)
from consentlint.rules.repairs._repair import Broken, Repair, then

_AGREED = "If the person agreed, send opt-in."
_WITHDREW = "If the person withdrew the consent, send opt-out."

# In letters and digits only: other ways to write the two, and what other programs call them.
_SPELLINGS = {
    word: status
    for status, words in {
        "opt-in": "optin optedin reoptin reoptedin optsin",
        "opt-out": "optout optedout optsout",
    }.items()
    for word in words.split()
}
_WORDS = {
    word: status
    for status, words in {
        "opt-in": (
            "in subscribed subscribe resubscribed start unstop yes y true t 1 consented granted"
            " agreed accepted on checked enabled doubleoptin confirmedoptin"
            " ja oui si sí sim angemeldet zugestimmt eingewilligt inscrit abonné inscrito iscritto"
        ),
        "opt-out": (
            "out unsubscribed unsubscribe stop stopall revoke revoked cancel end quit withdrawn"
            " optoutall abgemeldet widerrufen désinscrit désabonné descadastrado disiscritto"
        ),
    }.items()
    for word in words.split()
}
# These may also mean that the person never agreed.
_NEGATIVE = """
    no n nein non não false f 0 off unchecked disabled denied declined rejected blocked suppressed
    removed deleted inactive neversubscribed notsubscribed nonsubscribed notoptedin
"""
_NEGATIONS = frozenset(_NEGATIVE.split())
_UNDECIDED = frozenset({"pending", "unconfirmed", "unknown", "unset", "notset"})


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the status that a word means."""
    yield from reread(broken)
    for text, hint in _readings(broken.value):
        word = as_word(text)
        if word in _SPELLINGS:
            status = _SPELLINGS[word]
            yield Repair(broken.field, status, then(hint, write(status, text)))
        elif word in _WORDS:
            status = _WORDS[word]
            agreed = status == "opt-in"
            assumes = "the person agreed" if agreed else "the person withdrew the consent"
            step = _AGREED if agreed else _WITHDREW
            yield Repair(broken.field, status, then(hint, step), assumes)


def advise(broken: Broken) -> str:
    """Return what to do about a status that is not clearly one of the two."""
    for text, _ in _readings(broken.value):
        word = as_word(text)
        if word in _NEGATIONS:
            return f"{_WITHDREW} If they never agreed, leave the item out."
        if word in _UNDECIDED:
            return "If the person has not decided yet, leave the item out."
    if has_no_value(broken.value) and broken.value is not MISSING:
        return "If the status is unknown, leave the item out."
    return not_ascii_hint(broken.value)


def _readings(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield str(value).lower(), ""
    yield from readings(value)
