"""Say in words what a journal knows: what is to be sent, and what became of it."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consentlint.model.endpoints import REQUEST_LIMIT, Endpoint
from consentlint.submit.journal import Journal
from consentlint.submit.options import LABELS, ItemStatus, SubmitOptions
from consentlint.submit.rate_limit import MINUTE
from consentlint.text.masking import printable, shown_path
from consentlint.text.plurals import counted

LAST = (
    "(SELECT pair, max(number) AS last FROM items WHERE outcome NOT IN"
    " ('rejected', 'skipped', 'held-back', 'superseded') GROUP BY pair)"
)
"""The last item of each pair that is stored, or will still be sent: it supersedes others."""
_MISSING_OPT_OUTS = f"""
SELECT count(*) FROM items LEFT JOIN {LAST} USING (pair)
WHERE status = 'opt-out' AND outcome NOT IN ('stored', 'superseded')
AND NOT (outcome IN ('rejected', 'skipped', 'held-back') AND coalesce(last, 0) > number)
"""  # noqa: S608 - no values are in it


class Workload(NamedTuple):
    """What is still to be sent."""

    items: int
    opt_ins: int
    opt_outs: int
    unknown: int
    """How many of the items were sent without a recorded response."""
    requests: int
    """At least so many, without retries."""

    @classmethod
    def of(cls, journal: Journal) -> "Workload":
        """Return what is still to be sent, according to a journal that was prepared."""
        ((items, opt_ins, opt_outs, unknown, longest),) = journal.read(
            "SELECT count(*), count(*) FILTER (WHERE status = 'opt-in'),"
            " count(*) FILTER (WHERE status = 'opt-out'),"
            " count(*) FILTER (WHERE outcome = 'unknown'),"
            " (SELECT max(length) FROM (SELECT count(*) AS length FROM items"
            " WHERE due IS NOT NULL GROUP BY pair)) FROM items WHERE due IS NOT NULL"
        )
        requests = max(-(-items // REQUEST_LIMIT), longest or 0)
        return cls(items, opt_ins, opt_outs, unknown, requests)

    def describe(self, rate: int, target: str = "") -> str:
        """Return the numbers of items and requests, and how long they take, in words.

        Args:
            rate: the maximum number of requests a minute.
            target: where they are sent, as a part of the sentence.
        """
        text = counted(self.items, "item")
        if self.opt_ins or self.opt_outs:
            text += f" ({counted(self.opt_ins, 'opt-in')}, {counted(self.opt_outs, 'opt-out')})"
        seconds = max(0, self.requests - 1) // rate * MINUTE
        time = f"this takes at least {duration(seconds)}" if seconds else "less than a minute"
        return (
            f"{text} in {counted(self.requests, 'request')}{target} (at"
            f" {counted(rate, 'request')} a minute, {time})"
        )


def exclusions(journal: Journal) -> Iterator[str]:
    """Yield a line about the items that are not sent, if there are any."""
    counts = journal.counts()
    skipped, held_back = counts[ItemStatus.SKIPPED], counts[ItemStatus.HELD_BACK]
    text = f"Skipping {counted(skipped, 'invalid item')}"
    if held_back:
        text += (
            f", and holding back {counted(held_back, 'valid item')} (an invalid item may"
            " concern the same contact and sender)"
        )
    if skipped or held_back:
        yield f"{text}."


def resumption(journal: Journal, options: SubmitOptions, workload: Workload) -> Iterator[str]:
    """Yield what an earlier run has done."""
    path = shown_path(journal.path)
    if journal.path != os.path.realpath(options.journal):
        yield f"These files have a journal already: {path}."
    counts = journal.counts()
    done = counts[ItemStatus.STORED] + counts[ItemStatus.REJECTED]
    parts = [f"{counted(done, 'item')} already done, not sent again"] if done else []
    if workload.unknown:
        parts.append(f"{counted(workload.unknown, 'item')} with unknown result, sent again")
    yield f"Resuming {path}: {'; '.join(parts) or 'no item is stored yet'}."


def outcomes(journal: Journal) -> Iterator[str]:
    """Yield the lines of the summary."""
    counts = journal.counts()
    labels = {each: LABELS.get(each, each.replace("-", " ")) for each in ItemStatus}
    parts = [f"{counts[each]:,} {label}" for each, label in labels.items() if counts[each]]
    yield f"{counted(counts.total(), 'item')}: {', '.join(parts) or 'none'}."
    reasons: Counter[str] = Counter()
    for words, error_code, count in journal.read(
        "SELECT reasons, error_code, count(*) FROM items WHERE outcome = 'rejected' GROUP BY 1, 2"
    ):
        for reason in words.split() or [f"error {error_code}"]:
            reasons[reason] += count
    for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {count:,} x {printable(reason)}"
    ((opt_outs,),) = journal.read(_MISSING_OPT_OUTS)
    if opt_outs:
        verb = "is" if opt_outs == 1 else "are"
        yield (
            f"{counted(opt_outs, 'opt-out')} {verb} not stored yet. Until that is done, people who"
            " sent STOP may still get messages."
        )


def failures(journal: Journal, endpoints: Sequence[Endpoint]) -> Iterator[str]:
    """Yield what to send to Twilio Support about items that failed, if there are any."""
    ids = ids_for_support(journal) if journal.counts()[ItemStatus.FAILED] else []
    if ids:
        codes = " or ".join(str(endpoint.error_code) for endpoint in endpoints)
        yield (
            f"To report this to Twilio Support (error {codes}), send these correlation ids within 24"
            f" hours: {', '.join(ids)}"
        )


def ids_for_support(journal: Journal) -> list[str]:
    """Return correlation ids of the last 24 hours that the API failed to store, five at most.

    Items that failed after the last attempt come first. Items whose request never reached
    the API are omitted.
    """
    rows = journal.read(
        "SELECT correlation_id FROM items WHERE correlation_id <> '' AND failed_at > ?"
        " ORDER BY outcome = 'failed' DESC, failed_at DESC, number LIMIT 5",
        (journal.clock() - 86_400,),
    )
    return [correlation_id for (correlation_id,) in rows]


def out_of_order(journal: Journal) -> list[int]:
    """Return the first item that would be sent after a later one of its pair, if there is one."""
    rows = journal.read(
        "SELECT number FROM items JOIN (SELECT pair, max(number) AS last FROM items WHERE"
        " outcome IN ('stored', 'rejected') GROUP BY pair) USING (pair)"
        " WHERE due IS NOT NULL AND number < last ORDER BY number LIMIT 1"
    )
    return [number for (number,) in rows]


def duration(seconds: float) -> str:
    """Return a duration in words."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes / 24 / 60:,.1f} days"
