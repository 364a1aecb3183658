"""Rules for several records of one contact and sender."""

from collections.abc import Mapping

from consentlint.model.findings import Severity
from consentlint.rules._form import item_location
from consentlint.rules._rule import Keys, Problem, Quote, Rule
from consentlint.rules._state import CrossItemState, History

_OUT_OF_ORDER = "consent-out-of-order"
_CONFLICT = "consent-conflict"
_DUPLICATE = "consent-duplicate"


def _history(keys: Keys, state: CrossItemState) -> tuple[str, History] | None:
    """Return the item's status and the records before it, None if there is nothing to compare."""
    if not keys.is_record or keys.status is None:
        return None
    history = state.history(keys.contact, keys.sender)
    return None if history is None else (keys.status, history)


def _check_order(keys: Keys, state: CrossItemState) -> tuple[Problem, ...]:
    known = _history(keys, state)
    if known is None:
        return ()
    status, history = known
    newer = history.superseded_by(status, keys.moment)
    if newer is None:
        return ()
    return (Problem(_OUT_OF_ORDER, "date_of_consent", "", (newer.position, newer.status)),)


def _describe_order(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    position, newer = problem.args
    assert isinstance(position, int)
    return (
        f'This "{fields.get("status")}" is older than the "{newer}"'
        f" {item_location(quote, position)}"
        " (same contact and sender) but would replace it. Sort the records by date."
    )


def _check_conflict(keys: Keys, state: CrossItemState) -> tuple[Problem, ...]:
    known = _history(keys, state)
    if known is None:
        return ()
    status, history = known
    other = history.conflicts_with(status, keys.moment)
    return () if other is None else (Problem(_CONFLICT, "status", "", (other,)),)


def _describe_conflict(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    (position,) = problem.args
    assert isinstance(position, int)
    status = fields.get("status")
    other = "opt-in" if status == "opt-out" else "opt-out"
    return (
        f'status "{status}" conflicts with {quote.item(position)} ("{other}", same contact and'
        " sender), and the dates do not show which is newer."
    )


def _check_duplicate(keys: Keys, state: CrossItemState) -> tuple[Problem, ...]:
    known = _history(keys, state)
    if known is None:
        return ()
    status, history = known
    first = history.duplicate_of(status, keys.moment)
    return () if first is None else (Problem(_DUPLICATE, None, "", (first,)),)


def _describe_duplicate(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    (position,) = problem.args
    assert isinstance(position, int)
    return f"Duplicate of {quote.item(position)} (same contact, sender, status and date)."


CONSENT_OUT_OF_ORDER = Rule(
    name=_OUT_OF_ORDER,
    reason=None,
    severity=Severity.ERROR,
    sequence=_check_order,
    describe=_describe_order,
    kinds=("consents",),
    docs="""
    An older record for a contact and sender follows a newer one with another status.

    Why:
        The last write wins, so the old status would remain. An old opt-in after a newer opt-out
        undoes a STOP.
    Evidence:
        GUIDE: an opt-in overrides an earlier STOP.
    Ours:
        An error, although the API accepts both. Contacts and senders are compared in their E.164
        form, dates as points in time.
    Bad:
        [{"status": "opt-out", "date_of_consent": "2025-06-02T15:30:00Z"},
        {"status": "opt-in", "date_of_consent": "2024-01-01T00:00:00Z"}]
    Good:
        [{"status": "opt-in", "date_of_consent": "2024-01-01T00:00:00Z"},
        {"status": "opt-out", "date_of_consent": "2025-06-02T15:30:00Z"}]
    What to do:
        Sort the file by date, or send only the newest record for each contact and sender.
    """,
)

CONSENT_CONFLICT = Rule(
    name=_CONFLICT,
    reason=None,
    severity=Severity.WARNING,
    sequence=_check_conflict,
    describe=_describe_conflict,
    kinds=("consents",),
    docs="""
    Two records for a contact and sender differ in status, and the dates do not show which is
    newer.

    Why:
        The record that comes later in the file wins, by chance.
    Evidence:
        The last write wins (GUIDE).
    Ours:
        Advice. Rising dates in file order are a history, and valid.
    Bad:
        [{"status": "opt-in", "date_of_consent": "2025-06-02T15:30:00Z"},
        {"status": "opt-out", "date_of_consent": "2025-06-02T15:30:00Z"}]
    Good:
        [{"status": "opt-in", "date_of_consent": "2025-06-02T15:30:00Z"},
        {"status": "opt-out", "date_of_consent": "2025-06-03T09:00:00Z"}]
    What to do:
        Add both dates, or send only the current record. If nobody knows which is current, the
        opt-out is the safe one.
    """,
)

CONSENT_DUPLICATE = Rule(
    name=_DUPLICATE,
    reason=None,
    severity=Severity.WARNING,
    sequence=_check_duplicate,
    describe=_describe_duplicate,
    kinds=("consents",),
    docs="""
    Two records have the same contact, sender, status and date.

    Why:
        The duplicate takes up space in a request, and often shows that a join went wrong.
    Evidence:
        The request is an upsert: the later record replaces the previous one.
    Ours:
        Advice. The source is not compared.
    Bad:
        [{"status": "opt-in"}, {"status": "opt-in"}]
    Good:
        {"status": "opt-in"}
    What to do:
        Remove one of them.
    """,
)
