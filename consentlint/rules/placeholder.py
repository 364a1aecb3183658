"""Ids of the published examples."""

import re
from collections.abc import Mapping

from consentlint.model.findings import Severity
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_NAME = "placeholder"
_SERVICE = re.compile("MG0{30}[0-9A-Fa-f]{2}")
_CORRELATION_IDS = frozenset(
    {
        "ad388b5a46b33b874b0d41f7226db2ef",
        "02520cfa6c432f0e3ec3a38c122d428d",
        "ad388b5a46b33b874b0d41f7226db2eh",
        "02520cfa6c432f0e3ec3a38c122d428a",
        "8u344b9a46b33b874b0d41f7776hb72f",
    }
)


def _check_sender(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    if "sender_id" not in settings.endpoint.fields:
        return ()
    if isinstance(value, str) and _SERVICE.fullmatch(value):
        return (Problem(_NAME, "sender_id"),)
    return ()


def _check_correlation_id(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    if isinstance(value, str) and value.lower() in _CORRELATION_IDS:
        return (Problem(_NAME, "correlation_id"),)
    return ()


def _describe(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    advice = "a new UUID" if problem.field == "correlation_id" else "your own Messaging Service SID"
    return f"{problem.field} comes from a published example. Send {advice}."


PLACEHOLDER = Rule(
    name=_NAME,
    reason=None,
    severity=Severity.WARNING,
    checks=(
        Check(("sender_id",), _check_sender),
        Check(("correlation_id",), _check_correlation_id),
    ),
    describe=_describe,
    default=False,
    docs="""
    An id comes from a published example.

    Why:
        An example was copied and its ids were left in.
    Evidence:
        The published examples of REF and GUIDE.
    Ours:
        Off by default; `consentlint submit` turns it on.
    Bad:
        {"sender_id": "MG00000000000000000000000000000001"}
    Good:
        {"sender_id": "MG9752274e9e519418a7406176694466fa"}
    What to do:
        Send the SID of your own Messaging Service, and a new UUID for every item.
    """,
)
