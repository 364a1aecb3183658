"""The status: whether the person agreed, or took that back."""

from collections.abc import Sequence

from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import complaint, with_hint

# What the same thing is called elsewhere, once letter case and everything but letters is gone.
_OPT_IN = {"optin", "optedin", "reoptin", "reoptedin", "subscribed", "subscribe", "start", "yes"}
_OPT_OUT = {"optout", "optedout", "unsubscribed", "unsubscribe", "stop", "no"}


def invalid_status(record: Record, context: Context) -> Sequence[Problem]:
    """The `status` is not exactly `opt-in` or `opt-out`.

    Why:
        There are two statuses. Agreeing again after a STOP is an `opt-in` too.
    Evidence:
        E30646. GUIDE's own table writes `opt in` and calls the second one a re-opt-in;
        neither word is taken.
    Bad:
        {"status": "opt in"}
    Good:
        {"status": "opt-in"}
    What to do:
        Send `opt-in` or `opt-out`, in lower case, with a hyphen.
    """
    text = complaint(record, context, "status")
    if text is None:
        return ()
    value = record.get("status")
    word = "".join(filter(str.isalpha, value.lower())) if isinstance(value, str) else ""
    hint = "send opt-in" if word in _OPT_IN else "send opt-out" if word in _OPT_OUT else ""
    return (Problem("status", with_hint(text, hint)),)


def status_source_mismatch(record: Record, context: Context) -> Sequence[Problem]:
    """The status says one thing, and the message that it came from the other.

    Why:
        An `opt-in` by an opt-out message, or the other way round, is a mapping gone
        wrong more often than not; and a STOP stored as `opt-in` is a lawsuit.
    Evidence:
        The names of the sources in E30646.
    Ours:
        Advice: the API takes it.
    Bad:
        {"status": "opt-in", "source": "opt-out-message"}
    Good:
        {"status": "opt-out", "source": "opt-out-message"}
    What to do:
        Look which of the two is true.
    """
    source = record.get("source")
    if source not in ("opt-in-message", "opt-out-message"):
        return ()
    status = record.get("status")
    if (status, source) in (("opt-in", "opt-out-message"), ("opt-out", "opt-in-message")):
        return (Problem("status", f"status is {status}, but source is {source}"),)
    return ()


INVALID_STATUS = Rule("invalid-status", Reason.INVALID_STATUS, Severity.ERROR, invalid_status)
STATUS_SOURCE_MISMATCH = Rule(
    "status-source-mismatch", None, Severity.WARNING, status_source_mismatch
)
