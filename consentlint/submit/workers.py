"""Send requests in threads, and collect the results in a queue."""

import queue
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from consentlint.submit.client import ApiClient, abort
from consentlint.submit.delivery import Progress
from consentlint.submit.responses import HttpResult

_REQUEST_SECONDS = 60.0
_POLL_SECONDS = 1.0


class ThreadWorkers:
    """Sends each request in a thread of its own.

    The threads do not keep the process alive: an unrecorded response is lost, and its items
    are sent again.

    Args:
        client: sends the requests.
        seconds: the time limit of a request as a whole, however slowly its response arrives.
    """

    def __init__(self, client: ApiClient, seconds: float = _REQUEST_SECONDS) -> None:
        self._client = client
        self._seconds = seconds
        self._count = 0
        self._pending: dict[int, tuple[float, threading.Thread]] = {}
        # The only queue that a signal handler may safely put something into.
        self._results: queue.SimpleQueue[tuple[int, HttpResult] | None] = queue.SimpleQueue()

    def send(self, path: str, body: bytes) -> int:
        """Start to send a request, and return its number."""
        self._count += 1
        thread = threading.Thread(target=self._send, args=(self._count, path, body), daemon=True)
        self._pending[self._count] = time.monotonic() + self._seconds, thread
        thread.start()
        return self._count

    def next_result(self, seconds: float | None) -> tuple[int, HttpResult] | None:
        """Wait for the next result; return None after the given seconds, or earlier."""
        # The caller reports progress; and on some systems a signal does not end the wait,
        # so that Ctrl-C would not be handled.
        timeout = _POLL_SECONDS if seconds is None else min(seconds, _POLL_SECONDS)
        with suppress(queue.Empty):
            if result := self._results.get(timeout=timeout):
                # What arrives after the time limit is ignored: its items may have been sent again.
                return result if self._pending.pop(result[0], None) else None
        for request, (deadline, thread) in self._pending.items():
            if deadline < time.monotonic():
                del self._pending[request]
                abort(thread)
                return request, HttpResult(None, failure="request timed out")
        return None

    def _send(self, request: int, path: str, body: bytes) -> None:
        try:
            result = self._client.send(path, body)
        except BaseException as error:  # noqa: BLE001 - the run would wait forever
            # The message of the error may hold a secret or a phone number.
            failure = f"a bug in consentlint ({type(error).__name__})"
            result = HttpResult(None, failure=failure, is_permanent=True)
        self._results.put((request, result))

    @contextmanager
    def handle_signals(self, progress: Progress) -> Iterator[None]:
        """Let the first Ctrl-C or SIGTERM wait for pending responses, the second quit at once."""

        def interrupt(number: int, frame: object) -> None:
            if progress.is_interrupted:
                raise KeyboardInterrupt
            progress.is_interrupted = True
            # `next_result` must return immediately.
            self._results.put(None)

        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        # A shell starts background processes with a signal ignored.
        handled = [number for number, old in before.items() if old not in (signal.SIG_IGN, None)]
        for number in handled:
            signal.signal(number, interrupt)
        try:
            yield
        finally:
            for number in handled:
                signal.signal(number, before[number])
