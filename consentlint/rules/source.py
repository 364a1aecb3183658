"""The source: how the consent was given or taken back."""

from collections.abc import Sequence
from functools import cache

from consentlint.fields import schemas
from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import complaint, with_hint


def invalid_source(record: Record, context: Context) -> Sequence[Problem]:
    """The `source` is none of the five words that the API takes.

    Why:
        The source is part of the proof of the consent.
    Evidence:
        E30646: `website`, `offline`, `opt-in-message`, `opt-out-message`, `others`.
    Bad:
        {"source": "Web site"}
    Good:
        {"source": "website"}
    What to do:
        Map your own words to these five. What is none of the first four is `others`.
    """
    text = complaint(record, context, "source")
    if text is None:
        return ()
    value = record.get("source")
    word = _by_letters().get(_folded(value)) if isinstance(value, str) else None
    return (Problem("source", with_hint(text, f"send {word}" if word else "")),)


@cache
def _by_letters() -> dict[str, str]:
    """Return the five words by their letters, also without the s at their end."""
    words = schemas.enumeration("source")
    singular = {_folded(word.removesuffix("s")): word for word in words}
    return singular | {_folded(word): word for word in words}


def _folded(word: str) -> str:
    return "".join(filter(str.isalpha, word.lower()))


INVALID_SOURCE = Rule("invalid-source", Reason.INVALID_SOURCE, Severity.ERROR, invalid_source)
