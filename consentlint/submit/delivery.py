"""Send the items: when each request leaves, and what happens after its response.

One thread decides, records and reads the clock; the workers only wait for responses. What
waits for a retry is a row of the journal and occupies no worker. Retry libraries such as stamina
and tenacity sleep in the sending thread, which would occupy one.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from consentlint import wire
from consentlint.model.findings import Reason
from consentlint.submit.journal import Journal, Retry
from consentlint.submit.options import MAX_IN_FLIGHT, ItemStatus, SubmitError
from consentlint.submit.outgoing import OutgoingItem
from consentlint.submit.responses import HttpResult, interpret
from consentlint.text.plurals import counted
from consentlint.wire import ApiError

_MAX_FAILURES_IN_A_ROW = 5


GRACE_SECONDS = 4.0
"""How long the API may still process a request whose response was lost; its own limit is three
seconds (GUIDE). Until then, no later item of the same contact and sender leaves, because the API
could store the lost request after it."""
_LONGEST_BACKOFF = 60.0


class Workers(Protocol):
    """Sends several requests at once."""

    def send(self, path: str, body: bytes) -> int:
        """Start to send a request, and return its number."""

    def next_result(self, seconds: float | None) -> tuple[int, HttpResult] | None:
        """Wait for the next result; return None after the given seconds, or earlier."""


@dataclass
class Progress:
    """The progress of a run."""

    total: int
    """The number of items to send in this run."""
    outcomes: Counter[ItemStatus] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """How many requests have failed for each reason."""
    current_problem: str = ""
    """Why the last request failed; empty if it succeeded."""
    next_attempt: float = 0.0
    """When the request that failed last is sent again."""
    paused_until: float = 0.0
    """The time until which the API has asked for no requests."""
    in_flight: int = 0
    is_interrupted: bool = False

    @property
    def done(self) -> int:
        """The number of items that are stored or rejected."""
        return self.outcomes[ItemStatus.STORED] + self.outcomes[ItemStatus.REJECTED]


@dataclass(kw_only=True)
class Delivery:
    """Sends items until all are done, or nothing more can be done."""

    journal: Journal
    """The queue, which was prepared."""
    read: Callable[[Sequence[int]], Sequence[OutgoingItem]]
    """Returns items, given their numbers."""
    acquire: Mapping[str, Callable[[], float]]
    """By the path of an endpoint: counts one request and returns 0, or the seconds to wait."""
    workers: Workers
    max_attempts: int
    """The maximum number of attempts for an item."""
    now: Callable[[], float]
    """A monotonic clock, in seconds."""
    on_progress: Callable[[Progress], None]
    """Is called when something has changed."""
    progress: Progress = field(init=False)
    fatal_error: ApiError | None = field(init=False, default=None)
    """Why the run stopped early, or None."""

    def __post_init__(self) -> None:
        self.progress = Progress(self.journal.workload().items)
        self._in_flight: dict[int, Sequence[OutgoingItem]] = {}
        self._limited_until = 0.0
        self._failures_in_a_row = 0
        self._error: SubmitError | None = None

    def run(self) -> None:
        """Send all items.

        Raises:
            SubmitError: an item cannot be read, or a request or response cannot be recorded.
        """
        while True:
            try:
                self._send_ready()
            except SubmitError as error:
                # The responses to requests in flight may still arrive and be recorded.
                self._error = error
            if not self._in_flight and (self._is_stopping or self.journal.next_time() is None):
                break
            result = self.workers.next_result(self._seconds_to_wait())
            if result is not None:
                self._process(*result)
            self.progress.in_flight = len(self._in_flight)
            self.on_progress(self.progress)
        if self._error is not None:
            raise self._error

    @property
    def _is_stopping(self) -> bool:
        stopped_early = self.fatal_error is not None or self._error is not None
        return self.progress.is_interrupted or stopped_early

    @property
    def _blocked_until(self) -> float:
        return max(self.progress.paused_until, self._limited_until)

    def _send_ready(self) -> None:
        while not self._is_stopping and len(self._in_flight) < MAX_IN_FLIGHT:
            now = self.now()
            numbers = self.journal.take(now) if now >= self._blocked_until else []
            if not numbers:
                return
            found = self.read(numbers)
            path = found[0].endpoint.path
            by_key: dict[str, OutgoingItem] = {}
            for item in found:
                if item.endpoint.path == path:
                    # The response could not tell two items with one id apart.
                    by_key.setdefault(item.response_key, item)
            items = list(by_key.values())
            wait = self.acquire[path]()
            if wait:
                self._limited_until = now + wait
                return
            self.journal.record_request(items)
            body = wire.encode_request(item.text for item in items)
            self._in_flight[self.workers.send(path, body)] = items

    def _seconds_to_wait(self) -> float | None:
        """Return the seconds until the next action; None if only a response can cause one."""
        if self._is_stopping or len(self._in_flight) == MAX_IN_FLIGHT:
            return None
        time = self.journal.next_time()
        return None if time is None else max(0.0, max(time, self._blocked_until) - self.now())

    def _process(self, request: int, result: HttpResult) -> None:
        items = self._in_flight.pop(request)
        outcome = interpret(result, items, self.journal.clock())
        now = self.now()
        wait = _backoff(self.journal.tries(items[0])) + outcome.pause
        retry = Retry(now, now + wait, now + GRACE_SECONDS, self.max_attempts)
        failed = self.journal.record_response(items, result.status, outcome, retry)
        progress = self.progress
        progress.outcomes.update(item_result.outcome for item_result in outcome.results)
        progress.current_problem = outcome.retry_reason
        if outcome.results:
            self._failures_in_a_row = 0
        self.fatal_error = self.fatal_error or outcome.fatal_error
        if not outcome.retry:
            return
        progress.failures[outcome.retry_reason] += 1
        progress.next_attempt = 0.0 if failed else retry.at
        if outcome.pause:
            progress.paused_until = max(progress.paused_until, now + outcome.pause)
        if failed and outcome.retry_reason != Reason.INTERNAL_SERVER_ERROR:
            self._failures_in_a_row += 1
        if self._failures_in_a_row == _MAX_FAILURES_IN_A_ROW:
            message = (
                f"{_MAX_FAILURES_IN_A_ROW} requests in a row failed after"
                f" {counted(self.max_attempts, 'attempt')}: {outcome.retry_reason}"
            )
            self.fatal_error = ApiError(0, None, message, "")


def _backoff(attempt: int) -> float:
    """Return how long to wait after `attempt` attempts: a second, doubled each time, with jitter."""
    longest = min(_LONGEST_BACKOFF, 2.0 ** min(attempt - 1, 30))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - not used for secrets
