"""The source: how the consent was given or taken back."""

from collections.abc import Sequence

from consentlint import schemas
from consentlint.findings import Reason, Severity
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
    hint = ""
    if isinstance(value, str):
        folded = _folded(value)
        for word in schemas.enumeration("source"):
            if folded in (_folded(word), _folded(word.removesuffix("s"))):
                hint = f"send {word}"
    return (Problem("source", with_hint(text, hint)),)


def _folded(word: str) -> str:
    return "".join(filter(str.isalpha, word.lower()))


INVALID_SOURCE = Rule("invalid-source", Reason.INVALID_SOURCE, Severity.ERROR, invalid_source)
