"""Requests in flight: a thread for each, and a queue for what comes back."""

import queue
import threading

from consentlint.submit.answers import Reply
from consentlint.submit.client import Client

_MOMENT = 1.0


class ThreadLanes:
    """Sends each request in a thread of its own.

    The threads do not keep the process alive: an answer that nobody waits for any more was
    not recorded, and is had again by sending its items again.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        # Of all queues the one that a signal handler may put something into.
        self._replies: queue.SimpleQueue[tuple[int, Reply] | None] = queue.SimpleQueue()

    def send(self, request: int, body: bytes) -> None:
        """Let a request leave."""
        threading.Thread(target=self._carry, args=(request, body), daemon=True).start()

    def next_reply(self, seconds: float | None) -> tuple[int, Reply] | None:
        """Return the next request that has come back, None after so many seconds at the latest."""
        try:
            # Not longer than a moment: there may be progress to be told, and where signals do
            # not end the wait, Ctrl-C must be heard.
            return self._replies.get(timeout=_MOMENT if seconds is None else min(seconds, _MOMENT))
        except queue.Empty:
            return None

    def wake(self) -> None:
        """Let `next_reply` return at once."""
        self._replies.put(None)

    def _carry(self, request: int, body: bytes) -> None:
        try:
            reply = self._client.send(body)
        except BaseException as error:  # noqa: BLE001 - the run would wait for it for ever
            # Its words are not known to hold nothing that must not be shown.
            words = f"a fault of this program ({type(error).__name__})"
            reply = Reply(None, failure=words, is_hopeless=True)
        self._replies.put((request, reply))
