"""Decide which items may go into the next request.

Of each contact and sender, only the first unfinished item may be in flight. Two of them are
never in one request nor in flight together, and the later one leaves only after the earlier
one is stored or rejected. This module is pure: no clock, no file, no network.
"""

import heapq
from collections import deque
from collections.abc import Iterable

from consentlint.model.endpoints import REQUEST_LIMIT
from consentlint.submit.outgoing import OutgoingItem


class BatchQueue:
    """A queue of items that keeps the order of each ordering key.

    Args:
        items: the items to send, in file order.
    """

    def __init__(self, items: Iterable[OutgoingItem]) -> None:
        # For each ordering key with an item in flight or ready: the items that wait for it.
        self._waiting: dict[str, deque[OutgoingItem]] = {}
        self._ready: list[OutgoingItem] = []
        self._waiting_count = 0
        for item in items:
            if item.ordering_key in self._waiting:
                self._waiting[item.ordering_key].append(item)
                self._waiting_count += 1
            else:
                self._waiting[item.ordering_key] = deque()
                self._ready.append(item)
        heapq.heapify(self._ready)

    @property
    def has_ready(self) -> bool:
        """Whether an item may be sent now."""
        return bool(self._ready)

    @property
    def is_done(self) -> bool:
        """Whether no item is ready or waiting."""
        return not self._ready and not self._waiting_count

    def next_batch(self) -> tuple[OutgoingItem, ...]:
        """Remove and return the items of the next request: all that are ready, at most 25.

        No two of them share a correlation id, because the response could not tell them apart.
        """
        batch: list[OutgoingItem] = []
        postponed: list[OutgoingItem] = []
        keys: set[str] = set()
        while self._ready and len(batch) < REQUEST_LIMIT:
            item = heapq.heappop(self._ready)
            if item.response_key in keys:
                postponed.append(item)
            else:
                keys.add(item.response_key)
                batch.append(item)
        for item in postponed:
            heapq.heappush(self._ready, item)
        return tuple(batch)

    def has_waiting(self, item: OutgoingItem) -> bool:
        """Return whether a later item waits for this one."""
        return bool(self._waiting[item.ordering_key])

    def complete(self, item: OutgoingItem) -> None:
        """Mark an item as stored or rejected, so that the next of its key may be sent."""
        waiting = self._waiting[item.ordering_key]
        if waiting:
            heapq.heappush(self._ready, waiting.popleft())
            self._waiting_count -= 1
        else:
            del self._waiting[item.ordering_key]

    def fail(self, item: OutgoingItem) -> None:
        """Drop the items that wait for an item whose outcome is unknown."""
        self._waiting_count -= len(self._waiting[item.ordering_key])
        self._waiting[item.ordering_key].clear()
