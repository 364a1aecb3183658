"""Build the stub's responses: results for items, errors, and the effects of faults.

docs/stub.md lists the parts of them that no Twilio document specifies.
"""

from collections.abc import Mapping, Sequence

from consentlint import wire
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Reason
from consentlint.stub import faults
from consentlint.stub.messages import ConnectionAction, Response
from consentlint.stub.received import ReceivedRequest

ERROR_CODES = {
    400: 20001,
    401: 20003,
    403: 20403,
    404: 20404,
    405: 20004,
    413: 20413,
    415: 415,
    429: 20429,
    500: 20500,
    503: 20503,
}
"""Twilio's error code for each HTTP status; for others, the code of 400."""

CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": f"{wire.METHOD}, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Authorization",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "Retry-After",
}
"""The headers that REF names for a response of the API. A browser needs them."""

_HTML_PAGE = b"<html><head><title>Bad gateway</title></head><body>Bad gateway</body></html>\n"


class RejectedRequest(Exception):
    """A request is rejected as a whole, with the error response in `response`."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.response = error_response(status, message, headers)


def error_response(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that rejects a request as a whole."""
    code = ERROR_CODES.get(status, ERROR_CODES[400])
    error = wire.ApiError(status, code, message, f"{wire.MORE_INFO}{code}")
    all_headers = {**CORS_HEADERS, "Content-Type": wire.JSON, **(headers or {})}
    return Response(status, all_headers, wire.encode_error(error))


def preflight_response() -> Response:
    """Return the response to a browser that asks whether it may send a request."""
    return Response(204, CORS_HEADERS, b"")


def item_results(
    endpoint: Endpoint, received: ReceivedRequest, failing: Sequence[int] = ()
) -> list[wire.ResponseItem]:
    """Return the result for each item. The valid items are stored, except the failing ones."""
    results = []
    for index, item in enumerate(received.items):
        findings = received.findings_of(index)
        reasons = list(dict.fromkeys(str(finding.reason) for finding in findings))
        if not reasons and index in failing:
            reasons = [str(Reason.INTERNAL_SERVER_ERROR)]
        correlation_id = item.get("correlation_id")
        results.append(
            wire.ResponseItem(
                correlation_id if isinstance(correlation_id, str) else None,
                endpoint.error_code if reasons else 0,
                reasons,
            )
        )
    return results


def created_response(items: Sequence[wire.ResponseItem]) -> Response:
    """Return the response with status 201 and the result for each item."""
    headers = {**CORS_HEADERS, "Content-Type": wire.JSON}
    return Response(201, headers, wire.encode_response(items))


def response_of_fault(fault: faults.Fault) -> Response | None:
    """Return the response of a fault that stores nothing; None for any other fault."""
    match fault:
        case faults.TooManyRequests(retry_after=seconds):
            headers = {} if seconds is None else {"Retry-After": str(seconds)}
            return error_response(429, "Too many requests", headers)
        case faults.ServerError():
            return error_response(500, "Internal server error")
        case faults.Unavailable():
            return error_response(503, "Service unavailable")
        case faults.CutBeforeUpsert():
            return created_response(())._replace(connection=ConnectionAction.CLOSE_WITHOUT_RESPONSE)
    return None


def alter_response(
    response: Response,
    fault: faults.Fault,
    items: Sequence[wire.ResponseItem],
    affected: Sequence[int],
) -> Response:
    """Return a response as a fault alters it, after the items were stored.

    Args:
        response: The response without the fault.
        fault: The fault.
        items: The items of the response.
        affected: The indexes of the items that the fault affects.
    """
    match fault:
        case faults.Delay(seconds=seconds):
            return response._replace(delay=seconds)
        case faults.CutAfterUpsert():
            return response._replace(connection=ConnectionAction.CLOSE_WITHOUT_RESPONSE)
        case faults.TruncatedBody():
            return response._replace(connection=ConnectionAction.CLOSE_IN_BODY)
        case faults.NotJson():
            return response._replace(
                headers={**CORS_HEADERS, "Content-Type": "text/html"}, body=_HTML_PAGE
            )
        case faults.MissingEntry():
            missing = affected[-1:]
            return created_response(
                [item for index, item in enumerate(items) if index not in missing]
            )
        case faults.OtherOrder():
            return created_response(items[::-1])
    return response
