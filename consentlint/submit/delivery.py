"""Send the items: when each request leaves, and what happens after its response.

One thread decides, records and reads the clock; the workers only wait for responses. What
waits for a retry is a row of the journal and occupies no worker. Retry libraries such as stamina
and tenacity sleep in the sending thread, which would occupy one.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from consentlint import wire
from consentlint.model.findings import Reason
from consentlint.submit.journal import Journal
from consentlint.submit.options import ItemStatus, SubmitError
from consentlint.submit.reading import InputItem
from consentlint.submit.responses import HttpResult, interpret
from consentlint.text.plurals import counted
from consentlint.wire import ApiError

MAX_IN_FLIGHT = 5
"""The number of requests in flight at the same time."""
_MAX_FAILURES_IN_A_ROW = 5
_GRACE_SECONDS = 4.0
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
    read: Callable[[Sequence[int]], Iterable[InputItem]]
    """Returns items, given their numbers."""
    acquire: Callable[[str], float]
    """Counts a request to a path of the API and returns 0, or returns the seconds to wait."""
    workers: Workers
    max_attempts: int
    """The maximum number of attempts for an item."""
    now: Callable[[], float]
    """A monotonic clock, in seconds."""
    progress: Progress
    on_progress: Callable[[Progress], None]
    """Is called when something has changed."""
    fatal_error: ApiError | None = field(init=False, default=None)
    """Why the run stopped early, or None."""

    def __post_init__(self) -> None:
        self._in_flight: dict[int, tuple[Sequence[InputItem], int]] = {}
        self._failures_in_a_row = 0
        self._error: SubmitError | None = None

    def run(self) -> None:
        """Send all items.

        Raises:
            SubmitError: an item cannot be read, or a request or response cannot be recorded.
        """
        while True:
            seconds = None
            try:
                seconds = self._send_ready()
            except SubmitError as error:
                # The responses to requests in flight may still arrive and be recorded.
                self._error = error
            if seconds is None and not self._in_flight:
                break
            result = self.workers.next_result(seconds)
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

    def _send_ready(self) -> float | None:
        """Send what may leave.

        Returns:
            The seconds until more may leave; None if only a response can let more leave.
        """
        while not self._is_stopping and len(self._in_flight) < MAX_IN_FLIGHT:
            now = self.now()
            queued = self.journal.next_batch(now)
            if not queued:
                break
            wait = max(queued[0].due, self.progress.paused_until) - now
            if wait > 0:
                return wait
            found = list(self.read([number for number, *_ in queued]))
            path = found[0].endpoint.path
            by_id: dict[str, InputItem] = {}
            for item in found:
                if item.endpoint.path == path:
                    # The response could not tell two items with one id apart.
                    by_id.setdefault(item.correlation_id.lower(), item)
            items = list(by_id.values())
            if wait := self.acquire(path):
                return wait
            self.journal.record_request(items)
            body = wire.encode_request(item.text for item in items)
            # All of them were in the same requests before.
            self._in_flight[self.workers.send(path, body)] = items, queued[0].tries + 1
        return None

    def _process(self, request: int, result: HttpResult) -> None:
        items, attempt = self._in_flight.pop(request)
        outcome = interpret(result, items, self.journal.clock())
        now = self.now()
        is_last = attempt >= self.max_attempts
        retry_at = now + _backoff(attempt) + outcome.pause
        self.journal.record_response(
            items, outcome, None if is_last else retry_at, now + _GRACE_SECONDS
        )
        progress = self.progress
        progress.outcomes.update(each.outcome for each in outcome.results.values())
        progress.current_problem = outcome.failure
        if outcome.results:
            self._failures_in_a_row = 0
        self.fatal_error = self.fatal_error or outcome.fatal_error
        if not outcome.failure:
            return
        progress.failures[outcome.failure] += 1
        progress.next_attempt = 0.0 if is_last else retry_at
        progress.paused_until = max(progress.paused_until, now + outcome.pause)
        if is_last and outcome.failure != Reason.INTERNAL_SERVER_ERROR:
            self._failures_in_a_row += 1
        if self._failures_in_a_row == _MAX_FAILURES_IN_A_ROW:
            message = (
                f"{_MAX_FAILURES_IN_A_ROW} requests in a row failed after"
                f" {counted(self.max_attempts, 'attempt')}: {outcome.failure}"
            )
            self.fatal_error = ApiError(0, None, message, "")


def _backoff(attempt: int) -> float:
    """Return how long to wait after `attempt` attempts: a second, doubled each time, with jitter."""
    longest = min(_LONGEST_BACKOFF, 2.0 ** min(attempt - 1, 30))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - not used for secrets
