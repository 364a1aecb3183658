"""The status: whether the person agreed, or withdrew the consent."""

from collections.abc import Mapping

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

_FIELD = "status"
_NAME = "invalid-status"
_MISMATCH = "status-source-mismatch"
_EXPECTED = '"opt-in" or "opt-out"'

# What other programs and people call the two, in letters and digits only.
_WORDS = {
    word: status
    for status, words in {
        "opt-in": (
            "optin optedin reoptin reoptedin in subscribed subscribe resubscribed start unstop yes"
            " y true 1 consented granted"
        ),
        "opt-out": (
            "optout optedout out unsubscribed unsubscribe stop stopall revoke revoked cancel end"
            " quit withdrawn"
        ),
    }.items()
    for word in words.split()
}

# These may also mean that the person never agreed.
_NEGATIONS = frozenset({"no", "n", "false", "0"})


def _check_status(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return check_form(_NAME, _FIELD, value, settings)


def _describe_status(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    error = describe_form(problem, fields, quote, _EXPECTED)
    return sentences(error, _hint(fields.get(_FIELD)))


def _hint(value: object) -> str:
    hint = common_hint(value, _is_valid)
    if hint:
        return hint
    word = "".join(filter(str.isalnum, value.lower())) if isinstance(value, str) else ""
    if word in _NEGATIONS or (isinstance(value, int) and value == 0):
        return "Send opt-out if the person withdrew the consent."
    if isinstance(value, int) and value == 1:
        return meant_hint(value, "opt-in")
    return meant_hint(value, _WORDS.get(word))


def _is_valid(text: str) -> bool:
    return schemas.is_valid(_FIELD, text, Profile.DOCUMENTED)


def _check_mismatch(status: object, source: object, settings: RuleSettings) -> tuple[Problem, ...]:
    if (status, source) in (("opt-in", "opt-out-message"), ("opt-out", "opt-in-message")):
        return (Problem(_MISMATCH, _FIELD),)
    return ()


def _describe_mismatch(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return (
        f'status is "{fields.get("status")}", but source is "{fields.get("source")}".'
        " Check which of the two is correct."
    )


INVALID_STATUS = Rule(
    name=_NAME,
    reason=Reason.INVALID_STATUS,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check_status),),
    describe=_describe_status,
    kinds=("consents",),
    docs="""
    The `status` is not exactly `opt-in` or `opt-out`.

    Why:
        The API has two statuses. Consent that is given again after a STOP is an `opt-in` too.
    Evidence:
        E30646. GUIDE's own table writes `opt in`, and calls the second opt-in a re-opt-in; both
        are rejected.
    Bad:
        {"status": "opt in"}
    Good:
        {"status": "opt-in"}
    What to do:
        Send `opt-in` or `opt-out`, in lower case and with a hyphen.
    """,
)

STATUS_SOURCE_MISMATCH = Rule(
    name=_MISMATCH,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD, "source"), _check_mismatch),),
    describe=_describe_mismatch,
    kinds=("consents",),
    docs="""
    The status contradicts the source.

    Why:
        An `opt-in` by an opt-out message, or the reverse, is usually a mapping error, and
        storing a STOP as an `opt-in` invites a lawsuit.
    Evidence:
        The names of the sources in E30646.
    Ours:
        Advice: the API accepts it.
    Bad:
        {"status": "opt-in", "source": "opt-out-message"}
    Good:
        {"status": "opt-out", "source": "opt-out-message"}
    What to do:
        Check which of the two is correct.
    """,
)
