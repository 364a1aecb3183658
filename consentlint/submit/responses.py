"""Decide what a response means for each item of its request, and for the run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consentlint import wire
from consentlint.model.findings import Reason
from consentlint.submit.options import ItemStatus
from consentlint.submit.reading import InputItem
from consentlint.wire import ApiError, MalformedResponse, ResponseItem, decode_response

_PER_ITEM = (200, 201)
_RETRY = (408, 425, 429)


class HttpResult(NamedTuple):
    """The response to a request, or why there is none."""

    status: int | None
    """The HTTP status, or None if there was no response."""
    body: bytes = b""
    retry_after: str | None = None
    """The Retry-After header."""
    failure: str = ""
    """Why there was no response."""
    is_unsent: bool = False
    """No connection was made, so the API has not seen the request."""
    is_permanent: bool = False
    """Another attempt would fail too."""


class ItemResult(NamedTuple):
    """What became of one item."""

    outcome: ItemStatus
    error_code: int = 0
    reasons: Sequence[str] = ()
    attempts: int = 1
    """The number of requests that contained the item."""


class BatchOutcome(NamedTuple):
    """What the response to a request means."""

    results: Mapping[int, ItemResult] = {}
    """The final outcomes, by the numbers of the items. The other items are sent again, unless the
    run must stop."""
    failure: str = ""
    """Why items are sent again; empty if none are."""
    is_unprocessed: bool = False
    """The API did not process the request, so it stored none of the items."""
    is_answered: bool = False
    """The API looked at the items, so that its support may find them."""
    pause: float = 0.0
    """Seconds to pause all requests (Retry-After)."""
    fatal_error: ApiError | None = None
    """Why the run must stop."""


def interpret(result: HttpResult, batch: Sequence[InputItem], now: float) -> BatchOutcome:
    """Return what a result means for the items of a request.

    Args:
        result: the response, or why there is none.
        batch: the items of the request, each with a correlation id of its own.
        now: the current time, in seconds since the epoch.
    """
    status = result.status
    if status is None:
        if result.is_permanent:
            error = ApiError(0, None, result.failure, "")
            return BatchOutcome(is_unprocessed=result.is_unsent, fatal_error=error)
        return BatchOutcome(failure=result.failure, is_unprocessed=result.is_unsent)
    if status in _PER_ITEM:
        return _from_items(result.body, batch)
    # A request that was limited (429) is not processed (E20429).
    is_unprocessed = 300 <= status < 500 and status not in (408, 425)
    if status in _RETRY or status >= 500:
        return BatchOutcome(
            failure=f"HTTP {status}",
            is_unprocessed=is_unprocessed,
            is_answered=not is_unprocessed,
            pause=wire.decode_retry_after(result.retry_after, now),
        )
    error = wire.decode_error(status, result.body)
    return BatchOutcome(is_unprocessed=is_unprocessed, fatal_error=error)


def entries_by_id(response: Iterable[ResponseItem]) -> dict[str, list[ResponseItem]]:
    """Return the entries of a response by their ids, in lower case."""
    entries: dict[str, list[ResponseItem]] = {}
    for entry in response:
        entries.setdefault((entry.correlation_id or "").lower(), []).append(entry)
    return entries


def _from_items(body: bytes, batch: Sequence[InputItem]) -> BatchOutcome:
    try:
        entries = entries_by_id(decode_response(body))
    except MalformedResponse as error:
        return BatchOutcome(failure=str(error), is_answered=True)
    results: dict[int, ItemResult] = {}
    failure = ""
    for item in batch:
        matches = entries.get(item.correlation_id.lower(), [])
        result = _final_result(matches[0]) if len(matches) == 1 else None
        if result is not None:
            results[item.number] = result
        elif not matches or Reason.INTERNAL_SERVER_ERROR not in matches[0].error_messages:
            failure = "the response does not cover every item"
        else:
            failure = failure or str(Reason.INTERNAL_SERVER_ERROR)
    return BatchOutcome(results, failure, is_answered=True)


def _final_result(entry: ResponseItem) -> ItemResult | None:
    """Return the final result of an item, or None if it must be sent again."""
    reasons = tuple(entry.error_messages)
    if entry.error_code == 0:
        # "Stored" with a reason why not contradicts itself.
        return None if reasons else ItemResult(ItemStatus.STORED)
    if set(reasons) == {Reason.INTERNAL_SERVER_ERROR}:
        return None
    return ItemResult(ItemStatus.REJECTED, entry.error_code, reasons)
