"""Send requests in threads, and collect the results in a queue."""

import queue
import threading

from consentlint.submit.client import ApiClient
from consentlint.submit.responses import HttpResult

_POLL_SECONDS = 1.0


class ThreadWorkers:
    """Sends each request in a thread of its own.

    The threads do not keep the process alive: an unrecorded response is lost, and its items
    are sent again.
    """

    def __init__(self, client: ApiClient) -> None:
        self._client = client
        # The only queue that a signal handler may safely put something into.
        self._results: queue.SimpleQueue[tuple[int, HttpResult] | None] = queue.SimpleQueue()

    def send(self, request: int, body: bytes) -> None:
        """Start to send a request."""
        threading.Thread(target=self._send, args=(request, body), daemon=True).start()

    def next_result(self, seconds: float | None) -> tuple[int, HttpResult] | None:
        """Wait for the next result; return None after the given seconds, or earlier."""
        try:
            # The caller reports progress; and on some systems a signal does not end the wait,
            # so that Ctrl-C would not be handled.
            timeout = _POLL_SECONDS if seconds is None else min(seconds, _POLL_SECONDS)
            return self._results.get(timeout=timeout)
        except queue.Empty:
            return None

    def wake(self) -> None:
        """Let `next_result` return immediately."""
        self._results.put(None)

    def _send(self, request: int, body: bytes) -> None:
        try:
            result = self._client.send(body)
        except BaseException as error:  # noqa: BLE001 - the run would wait forever
            # The message of the error may hold a secret or a phone number.
            failure = f"a bug in consentlint ({type(error).__name__})"
            result = HttpResult(None, failure=failure, is_permanent=True)
        self._results.put((request, result))
