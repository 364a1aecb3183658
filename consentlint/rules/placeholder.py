"""Ids that come from the documentation."""

import re
from collections.abc import Sequence

from consentlint.model.findings import Severity
from consentlint.rules._rule import Context, Problem, Record, Rule

_SERVICE = r"MG0{30}[0-9A-Fa-f]{2}"
_CORRELATION_IDS = frozenset(
    {
        "ad388b5a46b33b874b0d41f7226db2ef",
        "02520cfa6c432f0e3ec3a38c122d428d",
        "ad388b5a46b33b874b0d41f7226db2eh",
        "02520cfa6c432f0e3ec3a38c122d428a",
        "8u344b9a46b33b874b0d41f7776hb72f",
    }
)


def placeholder(record: Record, context: Context) -> Sequence[Problem]:
    """An id is that of a published example.

    Why:
        An example was copied and its ids were left in.
    Evidence:
        The published examples of REF and GUIDE.
    Ours:
        Off unless selected.
    Bad:
        {"sender_id": "MG00000000000000000000000000000001"}
    Good:
        {"sender_id": "MG9752274e9e519418a7406176694466fa"}
    What to do:
        Send your own Messaging Service's SID, and a new UUID for every item.
    """
    problems = []
    sender, correlation_id = record.get("sender_id"), record.get("correlation_id")
    if isinstance(sender, str) and re.fullmatch(_SERVICE, sender):
        problems.append("sender_id")
    if isinstance(correlation_id, str) and correlation_id.lower() in _CORRELATION_IDS:
        problems.append("correlation_id")
    return [Problem(field, f"{field} is that of a published example") for field in problems]


PLACEHOLDER = Rule("placeholder", None, Severity.WARNING, placeholder, default=False)
