"""Repairs of the source."""

from collections.abc import Iterator
from functools import cache

from consentlint.fields import schemas
from consentlint.model.items import MISSING
from consentlint.rules.repairs._readings import as_word, not_ascii_hint, readings, reread, write
from consentlint.rules.repairs._repair import Broken, Repair, then

# By the descriptions of the sources in the schema; keys hold letters only.
_SYNONYMS = {
    word: source
    for source, words in {
        "website": "web webform webpage site online form popup checkout landingpage",
        "offline": (
            "paper paperform inperson instore store retail pos pointofsale voice phone phonecall"
            " call verbal"
        ),
        "opt-in-message": "start optin",
        "opt-out-message": "stop optout",
    }.items()
    for word in words.split()
}
# The source that these mean depends on the status.
_MESSAGES = frozenset({"sms", "text", "textmessage", "message", "keyword"})


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the source that a word means."""
    yield from reread(broken)
    for text, hint in readings(broken.value):
        word = as_word(text)
        source = _spellings().get(word)
        if source is not None:
            yield Repair(broken.field, source, then(hint, write(source, text)))
        elif word in _SYNONYMS or word in _MESSAGES:
            source = _SYNONYMS.get(word, f"{broken.fields.get('status')}-message")
            step = then(hint, f'Did you mean "{source}"?')
            yield Repair(broken.field, source, step, f'"{word}" means "{source}"')


def advise(broken: Broken) -> str:
    """Return what to do about a source that no word of the API means."""
    if broken.value is MISSING:
        return ""
    return not_ascii_hint(broken.value) or 'If none of the others fits, write "others".'


@cache
def _spellings() -> dict[str, str]:
    """Return the sources by their letters, also without a final s."""
    words = schemas.enumeration("source")
    singular = {as_word(word.removesuffix("s")): word for word in words}
    return singular | {as_word(word): word for word in words}
