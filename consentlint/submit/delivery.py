"""Send the items: when each request leaves, and what happens after its response.

One thread decides, records and reads the clock; the workers only wait for responses. A
request that waits for its next attempt is an entry in a heap and occupies no worker. Retry
libraries such as stamina and tenacity sleep in the sending thread, which would occupy one.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple, Protocol

from consentlint import wire
from consentlint.submit.batches import BatchQueue
from consentlint.submit.journal import Journal
from consentlint.submit.options import JournalError, RateLimitError
from consentlint.submit.outgoing import OutgoingItem
from consentlint.submit.responses import BatchOutcome, HttpResult, ItemStatus, interpret
from consentlint.text.plurals import counted
from consentlint.wire import ApiError

_MAX_FAILURES_IN_A_ROW = 5
_MAX_WAITING_RETRIES = 25


class RetryTiming(NamedTuple):
    """How long to wait, in seconds."""

    initial: float = 1.0
    """Before the second attempt; it doubles with every further one."""
    maximum: float = 60.0
    grace_period: float = 4.0
    """How long the API may still process a request whose response was lost; its own limit is
    three seconds (GUIDE). Until then, no later item of the same contact and sender leaves,
    because the API could store the lost request after it."""

    def backoff(self, attempt: int) -> float:
        """Return how long to wait after `attempt` attempts, with jitter."""
        longest = min(self.maximum, self.initial * 2.0 ** min(attempt - 1, 30))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - not used for secrets


class Batch(NamedTuple):
    """The items of a request, and how many attempts were made."""

    items: Sequence[OutgoingItem]
    attempts: int


class Workers(Protocol):
    """Sends several requests at once."""

    def send(self, request: int, body: bytes) -> None:
        """Start to send a request."""

    def next_result(self, seconds: float | None) -> tuple[int, HttpResult] | None:
        """Wait for the next result; return None after the given seconds, or earlier."""


class Limiter(Protocol):
    """Decides when a request may leave."""

    def acquire(self) -> float:
        """Count one request and return 0, or return the seconds to wait."""


@dataclass
class Progress:
    """The progress of a run."""

    total: int
    """The number of items to send in this run."""
    outcomes: Counter[ItemStatus] = field(default_factory=Counter)
    requests: int = 0
    retries: int = 0
    retry_reasons: Counter[str] = field(default_factory=Counter)
    current_problem: str = ""
    """Why the last request failed; empty if it succeeded."""
    paused_until: float = 0.0
    """The time until which the API has asked for no requests."""
    in_flight: int = 0
    is_interrupted: bool = False

    @property
    def done(self) -> int:
        """The number of items that are stored or rejected."""
        return self.outcomes[ItemStatus.STORED] + self.outcomes[ItemStatus.REJECTED]


class Delivery:
    """Sends items until all are done, or nothing more can be done.

    Args:
        items: the items to send, in file order.
        unknown: the numbers of items that an earlier run sent without a recorded response.
        journal: records requests and responses.
        limiter: decides when a request may leave.
        workers: send requests.
        max_attempts: the maximum number of attempts for an item.
        now: a monotonic clock, in seconds.
        wall_clock: the time in seconds since the epoch.
        max_in_flight: the maximum number of requests in flight.
        timing: how long to wait.
        on_progress: is called when something has changed.
    """

    def __init__(  # noqa: PLR0913 - all are named
        self,
        *,
        items: Sequence[OutgoingItem],
        unknown: Iterable[int],
        journal: Journal,
        limiter: Limiter,
        workers: Workers,
        max_attempts: int,
        now: Callable[[], float],
        wall_clock: Callable[[], float],
        max_in_flight: int,
        timing: RetryTiming,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._queue = BatchQueue(items)
        self._journal = journal
        self._limiter = limiter
        self._workers = workers
        self._max_attempts = max_attempts
        self._now = now
        self._wall_clock = wall_clock
        self._max_in_flight = max_in_flight
        self._timing = timing
        self._on_progress = on_progress
        self._in_flight: dict[int, Batch] = {}
        # What waits, with the time until when, and a number that keeps the order of arrival.
        self._retries: list[tuple[float, int, Batch]] = []
        self._releases: list[tuple[float, int, OutgoingItem]] = []
        self._counter = count()
        self._unknown_until = dict.fromkeys(unknown, now() + timing.grace_period)
        self._limited_until = 0.0
        self._failures_in_a_row = 0
        self._is_interrupted = False
        self.progress = Progress(len(items))
        self.fatal_error: ApiError | None = None
        """Why the run stopped early, or None."""

    def interrupt(self) -> None:
        """Send no further requests, but wait for the responses to those in flight."""
        self._is_interrupted = True

    @property
    def is_interrupted(self) -> bool:
        """Whether `interrupt` was called."""
        return self._is_interrupted

    def run(self) -> None:
        """Send all items.

        Raises:
            JournalError: a response cannot be recorded.
        """
        while True:
            self._release()
            try:
                self._send_ready()
            except (JournalError, RateLimitError) as error:
                # The responses to requests in flight may still arrive and be recorded.
                self.fatal_error = ApiError(0, None, str(error), "")
            if not self._in_flight and (self._is_stopping or not self._has_more):
                return
            result = self._workers.next_result(self._seconds_to_wait())
            if result is not None:
                self._process(*result)
            self.progress.in_flight = len(self._in_flight)
            self.progress.is_interrupted = self._is_interrupted
            self._on_progress(self.progress)

    @property
    def _is_stopping(self) -> bool:
        return self._is_interrupted or self.fatal_error is not None

    @property
    def _has_more(self) -> bool:
        return bool(self._retries or self._releases) or not self._queue.is_done

    def _release(self) -> None:
        """Complete the items whose grace period is over, so that later ones may leave."""
        while self._releases and self._releases[0][0] <= self._now():
            self._queue.complete(heapq.heappop(self._releases)[2])

    def _send_ready(self) -> None:
        while not self._is_stopping and len(self._in_flight) < self._max_in_flight:
            now = self._now()
            if now < max(self.progress.paused_until, self._limited_until):
                return
            is_retry_due = bool(self._retries) and self._retries[0][0] <= now
            may_start = self._queue.has_ready and len(self._retries) < _MAX_WAITING_RETRIES
            if not is_retry_due and not may_start:
                return
            wait = self._limiter.acquire()
            if wait:
                self._limited_until = now + wait
                return
            if is_retry_due:
                batch = heapq.heappop(self._retries)[2]
                self.progress.retries += 1
            else:
                batch = Batch(self._queue.next_batch(), 0)
            self._send(Batch(batch.items, batch.attempts + 1))

    def _send(self, batch: Batch) -> None:
        request = self._journal.record_request(batch.items)
        self._in_flight[request] = batch
        self.progress.requests += 1
        self._workers.send(request, wire.encode_request(item.text for item in batch.items))

    def _seconds_to_wait(self) -> float | None:
        """Return the seconds until the next action; None if only a response can cause one."""
        times = [self._releases[0][0]] if self._releases else []
        if not self._is_stopping and len(self._in_flight) < self._max_in_flight:
            blocked_until = max(self.progress.paused_until, self._limited_until)
            if self._queue.has_ready and len(self._retries) < _MAX_WAITING_RETRIES:
                times.append(blocked_until)
            if self._retries:
                times.append(max(self._retries[0][0], blocked_until))
        return max(0.0, min(times) - self._now()) if times else None

    def _process(self, request: int, result: HttpResult) -> None:
        batch = self._in_flight.pop(request)
        outcome = interpret(result, batch.items, self._wall_clock())
        self._journal.record_response(request, result.status, outcome)
        now = self._now()
        for item_result in outcome.results:
            self.progress.outcomes[item_result.outcome] += 1
            self._complete(item_result.item, now)
        if outcome.results:
            self._failures_in_a_row = 0
        self.progress.current_problem = outcome.retry_reason
        if outcome.fatal_error is not None:
            self.fatal_error = self.fatal_error or outcome.fatal_error
        elif outcome.retry:
            self._retry(Batch(outcome.retry, batch.attempts), outcome, now)

    def _complete(self, item: OutgoingItem, now: float) -> None:
        until = self._unknown_until.pop(item.number, 0.0)
        if until > now and self._queue.has_waiting(item):
            heapq.heappush(self._releases, (until, next(self._counter), item))
        else:
            self._queue.complete(item)

    def _retry(self, batch: Batch, outcome: BatchOutcome, now: float) -> None:
        self.progress.retry_reasons[outcome.retry_reason] += 1
        if outcome.outcome_unknown:
            until = now + self._timing.grace_period
            self._unknown_until.update({item.number: until for item in batch.items})
        wait = self._timing.backoff(batch.attempts)
        if outcome.pause:
            self.progress.paused_until = max(self.progress.paused_until, now + outcome.pause)
            wait += outcome.pause
        if batch.attempts < self._max_attempts:
            heapq.heappush(self._retries, (now + wait, next(self._counter), batch))
            return
        self._journal.record_failures(batch.items)
        self.progress.outcomes[ItemStatus.FAILED] += len(batch.items)
        for item in batch.items:
            self._queue.fail(item)
        if len(outcome.internal_errors) < len(outcome.retry):
            self._failures_in_a_row += 1
        if self._failures_in_a_row == _MAX_FAILURES_IN_A_ROW:
            message = (
                f"{_MAX_FAILURES_IN_A_ROW} requests in a row failed after"
                f" {counted(batch.attempts, 'attempt')}: {outcome.retry_reason}"
            )
            self.fatal_error = ApiError(0, None, message, "")
