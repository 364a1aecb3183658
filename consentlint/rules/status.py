"""The status: whether the person agreed, or withdrew the consent."""

from collections.abc import Mapping

from consentlint.model.findings import Reason, Severity
from consentlint.rules._form import check_form, describe_form
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "status"
_NAME = "invalid-status"
_MISMATCH = "status-source-mismatch"
_EXPECTED = '"opt-in" or "opt-out"'


def _check_status(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return check_form(_NAME, _FIELD, value, settings)


def _describe_status(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return describe_form(problem, fields, quote, _EXPECTED)


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
