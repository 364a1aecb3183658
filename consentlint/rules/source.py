"""The source: how the consent was given or withdrawn."""

from collections.abc import Mapping
from functools import cache

from consentlint.fields import schemas
from consentlint.model.findings import Profile, Reason, Severity
from consentlint.rules._form import (
    check_form,
    common_hint,
    describe_form,
    meant_hint,
    sentences,
)
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "source"
_NAME = "invalid-source"

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


def _check_source(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return check_form(_NAME, _FIELD, value, settings)


def _describe_source(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    *most, last = (f'"{word}"' for word in schemas.enumeration(_FIELD))
    error = describe_form(problem, fields, quote, f"{', '.join(most)} or {last}")
    return sentences(error, _hint(fields.get(_FIELD)))


def _hint(value: object) -> str:
    hint = common_hint(value, _is_valid)
    if hint or not isinstance(value, str):
        return hint
    return meant_hint(value, _by_letters().get(_fold(value)))


@cache
def _by_letters() -> dict[str, str]:
    """Return the sources by their letters, also without a final s."""
    words = schemas.enumeration(_FIELD)
    singular = {_fold(word.removesuffix("s")): word for word in words}
    return _SYNONYMS | singular | {_fold(word): word for word in words}


def _fold(word: str) -> str:
    return "".join(filter(str.isalpha, word.lower()))


def _is_valid(text: str) -> bool:
    return schemas.is_valid(_FIELD, text, Profile.DOCUMENTED)


INVALID_SOURCE = Rule(
    name=_NAME,
    reason=Reason.INVALID_SOURCE,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check_source),),
    describe=_describe_source,
    kinds=("consents",),
    docs="""
    The `source` is not one of the five words that the API accepts.

    Why:
        The source is part of the proof of consent.
    Evidence:
        E30646 lists `website`, `offline`, `opt-in-message`, `opt-out-message` and `others`.
    Bad:
        {"source": "Web site"}
    Good:
        {"source": "website"}
    What to do:
        Map your own words to these five. Use `others` for anything else.
    """,
)
