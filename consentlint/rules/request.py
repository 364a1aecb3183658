"""Rules for a request as a whole, and the reason code that cannot be predicted."""

from collections.abc import Mapping

from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Keys, Problem, Quote, Rule
from consentlint.rules._state import CrossItemState

_TOO_LARGE = "request-too-large"


def _check_size(keys: Keys, state: CrossItemState) -> tuple[Problem, ...]:
    limit = state.request_limit
    if limit is None:
        return ()
    # Reported once, for the first item beyond the limit.
    if not state.last_position < state.request_start + limit <= keys.position:
        return ()
    return (Problem(_TOO_LARGE, None, "", (limit,)),)


def _describe_size(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    (limit,) = problem.args
    return f"The request has more than {limit} items. Split it."


REQUEST_TOO_LARGE = Rule(
    name=_TOO_LARGE,
    reason=None,
    severity=Severity.ERROR,
    sequence=_check_size,
    describe=_describe_size,
    docs="""
    A request has more than 25 items.

    Why:
        The API accepts 25 items per request.
    Evidence:
        GUIDE and CGUIDE: up to 25 items.
    Ours:
        We expect that the API rejects a larger request as a whole; no document says so. Only a
        form body, and a file read with `--request`, is a request. Any other file may have any
        number of items.
    What to do:
        Split it into requests of 25 items. Two records for one contact and sender must not share
        a request, because the order within a request is not documented.
    """,
)

INTERNAL_SERVER_ERROR = Rule(
    name="internal-server-error",
    reason=Reason.INTERNAL_SERVER_ERROR,
    severity=Severity.ERROR,
    docs="""
    The API failed to store the item for a reason of its own.

    Why:
        The item is valid, but it was not stored.
    Evidence:
        E30646 and E30647.
    Ours:
        It cannot be predicted offline, so `check` never reports it.
    What to do:
        Send the item again. If it keeps failing, collect three correlation ids of the last 24
        hours and contact Twilio Support.
    """,
)
