"""Decide what a response means for each item of its request, and for the run."""

from collections.abc import Sequence
from typing import NamedTuple

from consentlint import wire
from consentlint.model.findings import Reason
from consentlint.submit.options import ItemStatus
from consentlint.submit.outgoing import OutgoingItem
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
    """The final outcome of one item."""

    item: OutgoingItem
    outcome: ItemStatus
    error_code: int
    reasons: Sequence[str]


class BatchOutcome(NamedTuple):
    """What the response to a request means."""

    results: Sequence[ItemResult] = ()
    """The items with a final outcome."""
    retry: Sequence[OutgoingItem] = ()
    """The items to send again."""
    retry_reason: str = ""
    outcome_unknown: bool = False
    """The API may still be processing the items to send again."""
    is_unprocessed: bool = False
    """The API did not process the request, so it stored none of the items."""
    pause: float = 0.0
    """Seconds to pause all requests (Retry-After)."""
    fatal_error: ApiError | None = None
    """Why the run must stop."""


def interpret(result: HttpResult, batch: Sequence[OutgoingItem], now: float) -> BatchOutcome:
    """Return what a result means for the items of a request.

    Args:
        result: the response, or why there is none.
        batch: the items of the request, each with a correlation id of its own.
        now: the current time, in seconds since the epoch.
    """
    if result.status is None:
        if result.is_permanent:
            error = ApiError(0, None, result.failure, "")
            return BatchOutcome(is_unprocessed=result.is_unsent, fatal_error=error)
        return BatchOutcome(
            retry=batch,
            retry_reason=result.failure,
            outcome_unknown=True,
            is_unprocessed=result.is_unsent,
        )
    if result.status in _PER_ITEM:
        return _from_items(result.body, batch)
    error = wire.decode_error(result.status, result.body)
    # A request that was limited (429) is not processed (E20429).
    is_unprocessed = 300 <= result.status < 500 and result.status not in (408, 425)
    if result.status in _RETRY or result.status >= 500:
        return BatchOutcome(
            retry=batch,
            retry_reason=f"HTTP {result.status}",
            outcome_unknown=not is_unprocessed,
            is_unprocessed=is_unprocessed,
            pause=wire.decode_retry_after(result.retry_after, now),
        )
    return BatchOutcome(is_unprocessed=is_unprocessed, fatal_error=error)


def _from_items(body: bytes, batch: Sequence[OutgoingItem]) -> BatchOutcome:
    try:
        response = decode_response(body)
    except MalformedResponse as error:
        return BatchOutcome(retry=batch, retry_reason=str(error), outcome_unknown=True)
    by_key: dict[str, list[ResponseItem]] = {}
    for response_item in response:
        by_key.setdefault((response_item.correlation_id or "").lower(), []).append(response_item)
    results: list[ItemResult] = []
    retry: list[OutgoingItem] = []
    is_incomplete = False
    for item in batch:
        matches = by_key.get(item.response_key, [])
        result = _final_result(item, matches[0]) if len(matches) == 1 else None
        if result is not None:
            results.append(result)
            continue
        retry.append(item)
        if not matches or Reason.INTERNAL_SERVER_ERROR not in matches[0].error_messages:
            is_incomplete = True
    retry_reason = str(Reason.INTERNAL_SERVER_ERROR) if retry else ""
    if is_incomplete:
        retry_reason = "the response does not cover every item"
    return BatchOutcome(results, retry, retry_reason, outcome_unknown=is_incomplete)


def _final_result(item: OutgoingItem, response_item: ResponseItem) -> ItemResult | None:
    """Return the final result of an item, or None if it must be sent again."""
    reasons = tuple(response_item.error_messages)
    if response_item.error_code == 0:
        # "Stored" with a reason why not contradicts itself.
        return None if reasons else ItemResult(item, ItemStatus.STORED, 0, ())
    if set(reasons) == {Reason.INTERNAL_SERVER_ERROR}:
        return None
    return ItemResult(item, ItemStatus.REJECTED, response_item.error_code, reasons)
