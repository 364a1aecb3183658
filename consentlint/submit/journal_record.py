"""Read what a journal knows about the items of a run."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.submit.journal_file import JournalFile
from consentlint.submit.options import ItemStatus

_OPEN = (ItemStatus.FAILED, ItemStatus.UNKNOWN, ItemStatus.NOT_STORED, ItemStatus.NOT_SENT)
_LAST = (
    "(SELECT pair, max(number) AS last FROM items WHERE outcome NOT IN"
    " ('rejected', 'skipped', 'held-back', 'superseded') GROUP BY pair)"
)
"""The last item of each pair that is stored, or will still be sent: it supersedes others."""


class JournalEntry(NamedTuple):
    """What the journal knows about an item."""

    outcome: ItemStatus
    error_code: int
    reasons: tuple[str, ...]
    attempts: int
    """The number of requests that contained the item."""


class Workload(NamedTuple):
    """What is still to be sent."""

    items: int
    opt_ins: int
    opt_outs: int
    unknown: int
    """How many of the items were sent without a recorded response."""
    requests: int
    """At least so many, without retries."""


class JournalRecord(JournalFile):
    """What a journal knows."""

    def workload(self) -> Workload:
        """Return what is still to be sent."""
        ((items, opt_ins, opt_outs, unknown),) = self.read(
            "SELECT count(*), total(status = 'opt-in'), total(status = 'opt-out'),"
            " total(outcome = 'unknown') FROM items WHERE queue <> 'done'"
        )
        ((longest,),) = self.read(
            "SELECT max(length) FROM (SELECT count(*) AS length FROM items WHERE queue <> 'done'"
            " GROUP BY pair)"
        )
        requests = max(-(-items // REQUEST_LIMIT), longest or 0)
        return Workload(items, int(opt_ins), int(opt_outs), int(unknown), requests)

    def counts(self) -> Counter[ItemStatus]:
        """Return how many items have each outcome."""
        rows = self.read("SELECT outcome, count(*) FROM items GROUP BY outcome")
        return Counter({ItemStatus(outcome): count for outcome, count in rows})

    def entries(self) -> Iterator[JournalEntry]:
        """Yield what is known about each item, in order."""
        for outcome, error_code, reasons, attempts in self.read(
            "SELECT outcome, error_code, reasons, attempts FROM items ORDER BY number"
        ):
            yield JournalEntry(ItemStatus(outcome), error_code, tuple(reasons.split()), attempts)

    def rejections(self) -> Iterator[tuple[str, int, int]]:
        """Yield the reasons, the error code, and the number of rejected items."""
        yield from self.read(
            "SELECT reasons, error_code, count(*) FROM items WHERE outcome = 'rejected' GROUP BY 1, 2"
        )

    def unsent(self, *outcomes: ItemStatus) -> Iterator[tuple[int, int | None]]:
        """Yield the items with some outcomes, each with the item that supersedes it, if any."""
        names = ", ".join(f"'{outcome}'" for outcome in outcomes)
        yield from self.read(
            f"SELECT number, iif(last > number, last, NULL) FROM items LEFT JOIN {_LAST}"  # noqa: S608
            f" USING (pair) WHERE outcome IN ({names}) ORDER BY number"
        )

    def count_missing_opt_outs(self) -> int:
        """Return how many opt-outs are neither stored nor superseded."""
        ((count,),) = self.read(
            f"SELECT count(*) FROM items LEFT JOIN {_LAST} USING (pair) WHERE status = 'opt-out'"  # noqa: S608
            " AND outcome NOT IN ('stored', 'superseded') AND NOT (outcome IN ('rejected',"
            " 'skipped', 'held-back') AND coalesce(last, 0) > number)"
        )
        return int(count)

    def first_out_of_order(self) -> int | None:
        """Return an item that would be sent after a later one of its pair, if there is one."""
        ((number,),) = self.read(
            "SELECT min(number) FROM items JOIN (SELECT pair, max(number) AS last FROM items WHERE"
            " outcome IN ('stored', 'rejected') GROUP BY pair) USING (pair)"
            " WHERE queue <> 'done' AND number < last"
        )
        return number  # type: ignore[no-any-return]

    def ids_for_support(self, limit: int = 5) -> list[str]:
        """Return correlation ids of the last 24 hours that the API failed to store.

        Items that failed after the last attempt come first. Items whose request never reached
        the API are omitted.
        """
        rows = self.read(
            "SELECT correlation_id FROM items WHERE correlation_id <> '' AND failed_at > ?"
            " ORDER BY outcome = 'failed' DESC, failed_at DESC, number LIMIT ?",
            (self.clock() - 86_400, limit),
        )
        return [row[0] for row in rows]

    @property
    def finished_at(self) -> float | None:
        """When every item was done and the user had seen the report; None before that."""
        ((value,),) = self.read("SELECT finished_at FROM run")
        return value  # type: ignore[no-any-return]

    @property
    def is_done(self) -> bool:
        """Whether no item is left that could still be sent."""
        counts = self.counts()
        return not any(counts[outcome] for outcome in _OPEN)

    @property
    def may_have_stored(self) -> bool:
        """Whether the API may have stored an item."""
        rows = self.read("SELECT 1 FROM items WHERE unknown_attempts > 0 LIMIT 1")
        return bool(list(rows))
