"""Which items may go into the next request.

Of each contact and sender only the first unsettled item may be on its way, so two of them
are never in one request nor in flight together, and the later one goes only when the
earlier one is settled. Pure: no clock, no file, no network.
"""

import heapq
from collections import deque
from collections.abc import Iterable

from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.submit.sendable import Sendable


class Plan:
    """Hands out items in the order of the file, as far as that may be.

    Args:
        items: those that are to be sent, in the order of the file.
    """

    def __init__(self, items: Iterable[Sendable]) -> None:
        # Of each pair the items that must wait for an earlier one, by its name; the pairs
        # that have an item on its way, or ready to go, have an entry.
        self._behind: dict[str, deque[Sendable]] = {}
        self._ready: list[Sendable] = []
        self._waiting = 0
        for item in items:
            if item.pair in self._behind:
                self._behind[item.pair].append(item)
                self._waiting += 1
            else:
                self._behind[item.pair] = deque()
                self._ready.append(item)
        heapq.heapify(self._ready)

    @property
    def has_ready(self) -> bool:
        """Whether an item may go now."""
        return bool(self._ready)

    @property
    def is_done(self) -> bool:
        """Whether no item is ready, nor waits for an earlier one."""
        return not self._ready and not self._waiting

    def next_batch(self) -> tuple[Sendable, ...]:
        """Take the items of the next request: all that are ready, 25 at most.

        No two of them share an id, for the answer could not be told apart.
        """
        batch: list[Sendable] = []
        others: list[Sendable] = []
        names: set[str] = set()
        while self._ready and len(batch) < REQUEST_LIMIT:
            item = heapq.heappop(self._ready)
            if item.answered_as in names:
                others.append(item)
            else:
                names.add(item.answered_as)
                batch.append(item)
        for item in others:
            heapq.heappush(self._ready, item)
        return tuple(batch)

    def has_behind(self, item: Sendable) -> bool:
        """Tell whether a later item waits for this one."""
        return bool(self._behind[item.pair])

    def settle(self, item: Sendable) -> None:
        """Let the next item of a contact and sender go: this one is stored, or refused."""
        behind = self._behind[item.pair]
        if behind:
            heapq.heappush(self._ready, behind.popleft())
            self._waiting -= 1
        else:
            del self._behind[item.pair]

    def give_up(self, item: Sendable) -> None:
        """Hold back what waits for an item whose fate is not known."""
        self._waiting -= len(self._behind[item.pair])
        self._behind[item.pair].clear()
