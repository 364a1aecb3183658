"""The run: what is sent when, and what becomes of it.

One thread decides, records and reads the clock; others only wait for answers. A request
that waits for its next try is an entry in a heap and holds no place in flight: the
libraries for retries (stamina, tenacity) sleep in the thread that sends, which would.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple, Protocol

from consentlint import wire
from consentlint.model.endpoints import Endpoint
from consentlint.submit.answers import Meaning, Outcome, Reply, Settled, meaning_of
from consentlint.submit.journal import Journal, Unusable
from consentlint.submit.plan import Plan
from consentlint.submit.rate import NoState
from consentlint.submit.sendable import Sendable

_GIVEN_UP_IN_A_ROW = 5
_MOST_WAITING = 25


class Waits(NamedTuple):
    """How long is waited; in seconds."""

    first: float = 1.0
    """Before the second try; it doubles with every further one."""
    longest: float = 60.0
    settling: float = 4.0
    """How long the API may still be at work on a request whose answer was lost: its own limit
    is three seconds (GUIDE). Until then no later item of the same contact and sender leaves,
    or the late request could overtake it."""

    def before_try(self, tries: int) -> float:
        """Return how long to wait after so many tries, by chance so that not all come at once."""
        longest = min(self.longest, self.first * 2.0 ** min(tries - 1, 30))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - it keeps no secret


class Batch(NamedTuple):
    """The items of a request, and how often they were tried."""

    items: Sequence[Sendable]
    tries: int


class Lanes(Protocol):
    """What carries requests: several at once."""

    def send(self, request: int, body: bytes) -> None:
        """Let a request leave."""

    def next_reply(self, seconds: float | None) -> tuple[int, Reply] | None:
        """Return the next request that has come back, None after so many seconds.

        It may return None earlier: when the run is to be interrupted.
        """


class Limiter(Protocol):
    """What says when a request may leave."""

    def acquire(self) -> float:
        """Count a request in and return 0, or return how many seconds to wait."""


@dataclass
class Progress:
    """How far the run has come."""

    total: int
    """How many items are to be sent in this run."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    requests: int = 0
    retries: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    """Why requests were sent again."""
    waits_until: float = 0.0
    """No request leaves before: the API has said so."""

    @property
    def settled(self) -> int:
        """How many items are stored or refused."""
        return self.outcomes[Outcome.STORED] + self.outcomes[Outcome.REFUSED]


class Run:
    """Sends what a plan hands out until there is no more.

    Args:
        endpoint: where.
        items: what is to be sent, in the order of the file.
        unsure: numbers of items that left in an earlier run, and were not answered.
        journal: records what leaves and what is answered.
        limiter: says when a request may leave.
        lanes: carries requests.
        max_attempts: how often an item is sent at most.
        now: the time in seconds, which only goes on.
        wall_clock: the time in seconds since the epoch.
        in_flight: how many requests may be on their way at once.
        waits: how long is waited.
        on_progress: is called when something has changed.
    """

    def __init__(  # noqa: PLR0913 - all are named
        self,
        *,
        endpoint: Endpoint,
        items: Sequence[Sendable],
        unsure: Iterable[int],
        journal: Journal,
        limiter: Limiter,
        lanes: Lanes,
        max_attempts: int,
        now: Callable[[], float],
        wall_clock: Callable[[], float],
        in_flight: int,
        waits: Waits,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._endpoint = endpoint
        self._plan = Plan(items)
        self._journal = journal
        self._limiter = limiter
        self._lanes = lanes
        self._max_attempts = max_attempts
        self._now = now
        self._wall_clock = wall_clock
        self._in_flight = in_flight
        self._waits = waits
        self._on_progress = on_progress
        self._sent: dict[int, Batch] = {}
        # What waits, with the time until when, and a number: the first in stays the first.
        self._retries: list[tuple[float, int, Batch]] = []
        self._releases: list[tuple[float, int, Sendable]] = []
        self._counter = count()
        self._unsettled_until = dict.fromkeys(unsure, now() + waits.settling)
        self._rate_wait_until = 0.0
        self._given_up_in_a_row = 0
        self._is_interrupted = False
        self.progress = Progress(len(items))
        self.settled: list[Settled] = []
        """What the API has said in this run."""
        self.stop: wire.Error | None = None
        """Why the run has stopped, None where it has not."""

    def interrupt(self) -> None:
        """Let nothing more leave; answers that are on their way are waited for."""
        self._is_interrupted = True

    @property
    def is_interrupted(self) -> bool:
        """Whether the run was interrupted before its end."""
        return self._is_interrupted

    def go(self) -> None:
        """Send all; returns when all is settled, or nothing more can be done.

        Raises:
            Unusable: an answer cannot be recorded.
        """
        while True:
            self._release()
            try:
                self._send_what_may_leave()
            except (Unusable, NoState) as error:
                # What is on its way may still be answered, and that be recorded.
                self.stop = wire.Error(0, None, str(error), "")
            if not self._sent and (self._is_over or not self._has_more):
                return
            reply = self._lanes.next_reply(self._seconds_to_wait())
            if reply is not None:
                self._take(*reply)
            self._on_progress(self.progress)

    @property
    def _is_over(self) -> bool:
        return self._is_interrupted or self.stop is not None

    @property
    def _has_more(self) -> bool:
        return bool(self._retries or self._releases) or not self._plan.is_done

    def _release(self) -> None:
        """Let later items go whose earlier one has been settled for long enough."""
        while self._releases and self._releases[0][0] <= self._now():
            self._plan.settle(heapq.heappop(self._releases)[2])

    def _send_what_may_leave(self) -> None:
        while not self._is_over and len(self._sent) < self._in_flight:
            now = self._now()
            if now < max(self.progress.waits_until, self._rate_wait_until):
                return
            is_due = bool(self._retries) and self._retries[0][0] <= now
            may_begin = self._plan.has_ready and len(self._retries) < _MOST_WAITING
            if not is_due and not may_begin:
                return
            wait = self._limiter.acquire()
            if wait:
                self._rate_wait_until = now + wait
                return
            if is_due:
                batch = heapq.heappop(self._retries)[2]
                self.progress.retries += 1
            else:
                batch = Batch(self._plan.next_batch(), 0)
            self._send(Batch(batch.items, batch.tries + 1))

    def _send(self, batch: Batch) -> None:
        request = self._journal.leaves(batch.items)
        self._sent[request] = batch
        self.progress.requests += 1
        self._lanes.send(request, wire.encode_request(item.text for item in batch.items))

    def _seconds_to_wait(self) -> float | None:
        """Return when there will be something to do but to wait for an answer."""
        times = [self._releases[0][0]] if self._releases else []
        if not self._is_over and len(self._sent) < self._in_flight:
            blocked = max(self.progress.waits_until, self._rate_wait_until)
            if self._plan.has_ready and len(self._retries) < _MOST_WAITING:
                times.append(blocked)
            if self._retries:
                times.append(max(self._retries[0][0], blocked))
        return max(0.0, min(times) - self._now()) if times else None

    def _take(self, request: int, reply: Reply) -> None:
        batch = self._sent.pop(request)
        meaning = meaning_of(reply, batch.items, self._endpoint, self._wall_clock())
        self._journal.answered(request, reply.status, meaning.settled, meaning.internal)
        now = self._now()
        for verdict in meaning.settled:
            self.settled.append(verdict)
            self.progress.outcomes[verdict.outcome] += 1
            self._settle(verdict.item, now)
        if meaning.settled:
            self._given_up_in_a_row = 0
        if meaning.stop is not None:
            self.stop = self.stop or meaning.stop
        elif meaning.again:
            self._again(Batch(meaning.again, batch.tries), meaning, now)

    def _settle(self, item: Sendable, now: float) -> None:
        until = self._unsettled_until.pop(item.number, 0.0)
        if until > now and self._plan.has_behind(item):
            heapq.heappush(self._releases, (until, next(self._counter), item))
        else:
            self._plan.settle(item)

    def _again(self, batch: Batch, meaning: Meaning, now: float) -> None:
        self.progress.troubles[meaning.trouble] += 1
        if meaning.may_still_work:
            until = now + self._waits.settling
            self._unsettled_until.update({item.number: until for item in batch.items})
        wait = self._waits.before_try(batch.tries)
        if meaning.wait:
            self.progress.waits_until = max(self.progress.waits_until, now + meaning.wait)
            wait += meaning.wait
        if batch.tries < self._max_attempts:
            heapq.heappush(self._retries, (now + wait, next(self._counter), batch))
            return
        self._journal.gave_up(batch.items)
        self.progress.outcomes[Outcome.FAILED] += len(batch.items)
        for item in batch.items:
            self._plan.give_up(item)
        if len(meaning.internal) < len(meaning.again):
            self._given_up_in_a_row += 1
        if self._given_up_in_a_row == _GIVEN_UP_IN_A_ROW:
            words = f"{_GIVEN_UP_IN_A_ROW} requests in a row were given up: {meaning.trouble}"
            self.stop = wire.Error(0, None, words, "")
