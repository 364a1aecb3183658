"""What is demanded of a request as a whole, and what its answer may say of itself."""

from collections.abc import Sequence

from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Context, Problem, Record, Rule


def request_too_large(record: Record, context: Context) -> Sequence[Problem]:
    """A request holds more than 25 items.

    Why:
        The API takes 25 items a request.
    Evidence:
        GUIDE and CGUIDE: up to 25 items.
    Ours:
        That a larger request is refused as a whole is what we expect; no document says.
        Only a form body, and a file read with `--request`, is a request. Any other file
        may hold any number of items.
    What to do:
        Split it into requests of 25 items. Two records of one contact and sender must
        not share a request, for the order within one is not documented.
    """
    limit = context.request_limit
    # Said once, of the first item beyond it that can be judged.
    if limit is None or not context.earlier.last_index < limit <= record.index:
        return ()
    return (Problem(None, f"this is item {record.index + 1} of a request that may hold {limit}"),)


def internal_server_error(record: Record, context: Context) -> Sequence[Problem]:
    """The API failed to store the item, for a reason of its own.

    Why:
        Nothing is wrong with the item, and it was not stored.
    Evidence:
        E30646 and E30647.
    Ours:
        It cannot be known offline, so `check` never says it.
    What to do:
        Send the item again. Where it keeps failing, collect three correlation ids of the
        last 24 hours and write to Twilio's support.
    """
    return ()


REQUEST_TOO_LARGE = Rule("request-too-large", None, Severity.ERROR, request_too_large)
INTERNAL_SERVER_ERROR = Rule(
    "internal-server-error", Reason.INTERNAL_SERVER_ERROR, Severity.ERROR, internal_server_error
)
