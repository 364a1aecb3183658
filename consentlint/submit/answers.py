"""What an answer means for each item of its request, and for the run."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import NamedTuple

from consentlint import wire
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Reason
from consentlint.submit.sendable import Sendable

_ANSWERED = (200, 201)
_AGAIN = (408, 425, 429)
_LONGEST_WAIT = 3600


class Outcome(StrEnum):
    """What has become of an item."""

    STORED = "stored"
    REFUSED = "refused"
    FAILED = "failed"
    """Given up after the last try: nobody knows whether it is stored."""


SETTLED = (Outcome.STORED, Outcome.REFUSED)
"""What the API has said for good."""


class Reply(NamedTuple):
    """What came back for a request: an answer, or why there is none."""

    status: int | None
    """The HTTP status, None where there was no answer."""
    body: bytes = b""
    retry_after: str | None = None
    """The header."""
    failure: str = ""
    """Why there was no answer, in our own words."""
    is_hopeless: bool = False
    """True: another try would fail as well."""


class Settled(NamedTuple):
    """What an answer says of one item, for good."""

    item: Sendable
    outcome: Outcome
    error_code: int
    reasons: Sequence[str]


class Meaning(NamedTuple):
    """What a reply means."""

    settled: Sequence[Settled] = ()
    again: Sequence[Sendable] = ()
    """What must be sent again."""
    internal: Sequence[Sendable] = ()
    """Those of them that the API answered with INTERNAL_SERVER_ERROR."""
    trouble: str = ""
    """Why there is something to be sent again."""
    may_still_work: bool = False
    """True: the API may still be at work on what must be sent again."""
    wait: float = 0.0
    """How many seconds no request may leave, for the API has said so."""
    stop: wire.Error | None = None
    """Why the run must stop."""


def meaning_of(reply: Reply, batch: Sequence[Sendable], endpoint: Endpoint, now: float) -> Meaning:
    """Return what a reply means for the items of a request.

    Args:
        reply: what came back.
        batch: the items, no two with the same id.
        endpoint: where they were sent.
        now: the present time, in seconds since the epoch.
    """
    if reply.status is None:
        if reply.is_hopeless:
            return Meaning(stop=wire.Error(0, None, reply.failure, ""))
        return Meaning(again=batch, trouble=reply.failure, may_still_work=True)
    if reply.status in _ANSWERED:
        return _of_entries(reply.body, batch, endpoint)
    error = wire.decode_error(reply.status, reply.body)
    if reply.status in _AGAIN or reply.status >= 500:
        return Meaning(
            again=batch,
            trouble=f"HTTP {reply.status}",
            # Such a request was not processed (E20429).
            may_still_work=reply.status != 429,
            wait=_seconds(reply.retry_after, now),
        )
    return Meaning(stop=error)


def _of_entries(body: bytes, batch: Sequence[Sendable], endpoint: Endpoint) -> Meaning:
    try:
        entries = wire.decode_answer(body)
    except wire.MalformedAnswer as error:
        return Meaning(again=batch, trouble=str(error), may_still_work=True)
    said: dict[str, list[wire.Entry]] = {}
    for entry in entries:
        said.setdefault((entry.correlation_id or "").lower(), []).append(entry)
    settled: list[Settled] = []
    again: list[Sendable] = []
    internal: list[Sendable] = []
    for item in batch:
        about = said.get(item.answered_as, [])
        verdict = _verdict(item, about[0], endpoint) if len(about) == 1 else None
        if verdict is not None:
            settled.append(verdict)
            continue
        again.append(item)
        if about and Reason.INTERNAL_SERVER_ERROR in about[0].error_messages:
            internal.append(item)
    trouble = ""
    if len(internal) < len(again):
        trouble = "the answer does not cover the request"
    elif internal:
        trouble = Reason.INTERNAL_SERVER_ERROR
    return Meaning(settled, again, internal, trouble, may_still_work=len(internal) < len(again))


def _verdict(item: Sendable, entry: wire.Entry, endpoint: Endpoint) -> Settled | None:
    """Return what an entry says for good, None where the item must be sent again."""
    reasons = tuple(entry.error_messages)
    if entry.error_code == 0:
        # An entry that says stored, and why not, says nothing.
        return None if reasons else Settled(item, Outcome.STORED, 0, ())
    if set(reasons) == {Reason.INTERNAL_SERVER_ERROR}:
        return None
    return Settled(item, Outcome.REFUSED, entry.error_code, reasons)


def _seconds(header: str | None, now: float) -> float:
    """Return what a header Retry-After asks for, 0 where it asks for nothing that can be read."""
    text = (header or "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return min(float(text), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    until = (moment - datetime.fromtimestamp(now, UTC)).total_seconds()
    return min(max(0.0, until), _LONGEST_WAIT)
