"""What several records of one contact and sender say together."""

from collections.abc import Sequence

from consentlint.model.findings import Severity
from consentlint.rules._rule import Context, Problem, Record, Rule


def consent_out_of_order(record: Record, context: Context) -> Sequence[Problem]:
    """An older record of a contact and sender comes after a newer one of another status.

    Why:
        The last write wins. The old status would be the one that stays: an old opt-in
        after a newer opt-out undoes a STOP.
    Evidence:
        GUIDE: an opt-in overrides an earlier STOP.
    Ours:
        An error, although the API takes both. Contacts and senders are compared in their
        E.164 form, dates as points in time.
    Bad:
        [{"status": "opt-out", "date_of_consent": "2025-06-02T15:30:00Z"},
        {"status": "opt-in", "date_of_consent": "2024-01-01T00:00:00Z"}]
    Good:
        [{"status": "opt-in", "date_of_consent": "2024-01-01T00:00:00Z"},
        {"status": "opt-out", "date_of_consent": "2025-06-02T15:30:00Z"}]
    What to do:
        Sort the file by date, or send only the newest record of each contact and sender.
    """
    if record.entry is None:
        return ()
    pair, entry = record.entry
    history = context.earlier.history(pair)
    if history is None:
        return ()
    later = history.overtaken_by(entry.status, entry.moment)
    if later is None:
        return ()
    return (
        Problem(
            "date_of_consent",
            f"this {entry.status} is older than the {later.status} of the same contact and"
            f" sender in {context.place(later.number)}, but comes after it, and the last one"
            " wins; sort the records by date",
        ),
    )


def consent_conflict(record: Record, context: Context) -> Sequence[Problem]:
    """Two records of a contact and sender differ in status, and no date says which is later.

    Why:
        The one that comes later in the file wins, by chance.
    Evidence:
        The last write wins (GUIDE).
    Ours:
        Advice. Rising dates in the order of the file are a history, and fine.
    Bad:
        [{"status": "opt-in", "date_of_consent": "2025-06-02T15:30:00Z"},
        {"status": "opt-out", "date_of_consent": "2025-06-02T15:30:00Z"}]
    Good:
        [{"status": "opt-in", "date_of_consent": "2025-06-02T15:30:00Z"},
        {"status": "opt-out", "date_of_consent": "2025-06-03T09:00:00Z"}]
    What to do:
        Give both their dates, or send only the record that holds. Where nobody knows,
        opt-out is the safe one.
    """
    if record.entry is None:
        return ()
    pair, entry = record.entry
    history = context.earlier.history(pair)
    if history is None:
        return ()
    other = history.undecided(entry.status, entry.moment)
    if other is None:
        return ()
    return (
        Problem(
            "status",
            f"status is {entry.status}, and {context.place(other)} says otherwise of the same"
            " contact and sender; the dates do not say which is the later",
        ),
    )


def consent_duplicate(record: Record, context: Context) -> Sequence[Problem]:
    """A contact, sender, status and date stand in the file twice.

    Why:
        It costs a place in a request, and is often the sign of a join gone wrong.
    Evidence:
        It is an upsert: the later record takes the place of the earlier one.
    Ours:
        Advice. The source is not compared.
    Bad:
        [{"status": "opt-in"}, {"status": "opt-in"}]
    Good:
        {"status": "opt-in"}
    What to do:
        Remove one of them.
    """
    if record.entry is None:
        return ()
    pair, entry = record.entry
    history = context.earlier.history(pair)
    if history is None:
        return ()
    first = history.same(entry.status, entry.moment)
    if first is None:
        return ()
    return (
        Problem(
            None,
            f"contact, sender, status and date are those of {context.place(first)}",
        ),
    )


CONSENT_OUT_OF_ORDER = Rule("consent-out-of-order", None, Severity.ERROR, consent_out_of_order)
CONSENT_CONFLICT = Rule("consent-conflict", None, Severity.WARNING, consent_conflict)
CONSENT_DUPLICATE = Rule("consent-duplicate", None, Severity.WARNING, consent_duplicate)
