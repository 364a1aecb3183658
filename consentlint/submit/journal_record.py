"""Read what a journal knows about the items of a run."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple, Self

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


class JournalRecord:
    """What a journal knows.

    Args:
        file: the open file.
        clock: the time in seconds since the epoch.
    """

    def __init__(self, file: JournalFile, clock: Callable[[], float]) -> None:
        self.file = file
        self._clock = clock

    def workload(self) -> Workload:
        """Return what is still to be sent."""
        ((items, opt_ins, opt_outs, unknown),) = self.file.read(
            "SELECT count(*), total(status = 'opt-in'), total(status = 'opt-out'),"
            " total(outcome = 'unknown') FROM items WHERE queue <> 'done'"
        )
        ((longest,),) = self.file.read(
            "SELECT max(length) FROM (SELECT count(*) AS length FROM items WHERE queue <> 'done'"
            " GROUP BY pair)"
        )
        requests = max(-(-items // REQUEST_LIMIT), longest or 0)
        return Workload(items, int(opt_ins), int(opt_outs), int(unknown), requests)

    def counts(self) -> Counter[ItemStatus]:
        """Return how many items have each outcome."""
        rows = self.file.read("SELECT outcome, count(*) FROM items GROUP BY outcome")
        return Counter({ItemStatus(outcome): count for outcome, count in rows})

    def entries(self) -> Iterator[JournalEntry]:
        """Yield what is known about each item, in order."""
        for outcome, error_code, reasons, attempts in self.file.read(
            "SELECT outcome, error_code, reasons, attempts FROM items ORDER BY number"
        ):
            yield JournalEntry(ItemStatus(outcome), error_code, tuple(reasons.split()), attempts)

    def rejections(self) -> Iterator[tuple[str, int, int]]:
        """Yield the reasons, the error code, and the number of rejected items."""
        yield from self.file.read(
            "SELECT reasons, error_code, count(*) FROM items WHERE outcome = 'rejected' GROUP BY 1, 2"
        )

    def unsent(self, *outcomes: ItemStatus) -> Iterator[tuple[int, int | None]]:
        """Yield the items with some outcomes, each with the item that supersedes it, if any."""
        names = ", ".join(f"'{outcome}'" for outcome in outcomes)
        yield from self.file.read(
            f"SELECT number, iif(last > number, last, NULL) FROM items LEFT JOIN {_LAST}"  # noqa: S608
            f" USING (pair) WHERE outcome IN ({names}) ORDER BY number"
        )

    def count_missing_opt_outs(self) -> int:
        """Return how many opt-outs are neither stored nor superseded."""
        ((count,),) = self.file.read(
            f"SELECT count(*) FROM items LEFT JOIN {_LAST} USING (pair) WHERE status = 'opt-out'"  # noqa: S608
            " AND outcome NOT IN ('stored', 'superseded') AND NOT (outcome IN ('rejected',"
            " 'skipped', 'held-back') AND coalesce(last, 0) > number)"
        )
        return int(count)

    def first_out_of_order(self) -> int | None:
        """Return an item that would be sent after a later one of its pair, if there is one."""
        ((number,),) = self.file.read(
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
        rows = self.file.read(
            "SELECT correlation_id FROM items WHERE correlation_id <> '' AND failed_at > ?"
            " ORDER BY outcome = 'failed' DESC, failed_at DESC, number LIMIT ?",
            (self._clock() - 86_400, limit),
        )
        return [row[0] for row in rows]

    @property
    def pass_number(self) -> int:
        """1 for the first pass; more if everything was sent again on purpose."""
        return int(self._read_run("pass_number") or 1)

    @property
    def finished_at(self) -> float | None:
        """When every item was done and the user had seen the report; None before that."""
        return self._read_run("finished_at")

    @property
    def is_done(self) -> bool:
        """Whether no item is left that could still be sent."""
        counts = self.counts()
        return not any(counts[outcome] for outcome in _OPEN)

    @property
    def may_have_stored(self) -> bool:
        """Whether the API may have stored an item."""
        rows = self.file.read("SELECT 1 FROM items WHERE unknown_attempts > 0 LIMIT 1")
        return self.pass_number > 1 or bool(list(rows))

    def _read_run(self, column: str) -> float | None:
        ((value,),) = self.file.read(f"SELECT {column} FROM run")  # noqa: S608 - a name of ours
        return value  # type: ignore[no-any-return]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
