"""Build the stub's responses: results for items, errors, and the effects of faults.

docs/stub.md lists the parts of them that no Twilio document specifies.
"""

from collections.abc import Mapping, Sequence

from consentlint import wire
from consentlint.stub import faults
from consentlint.stub.messages import ConnectionAction, Response

ERROR_CODES = {
    400: 20001,
    401: 20003,
    404: 20404,
    405: 20004,
    413: 20413,
    415: 415,
    429: 20429,
    500: 20500,
    503: 20503,
}
"""Twilio's error code for each HTTP status."""

_HTML_PAGE = b"<html><head><title>Bad gateway</title></head><body>Bad gateway</body></html>\n"


class RejectedRequest(Exception):
    """A request is rejected as a whole, with the error response in `response`."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.response = error_response(status, message, headers)


def error_response(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that rejects a request as a whole."""
    code = ERROR_CODES[status]
    error = wire.ApiError(status, code, message, f"{wire.MORE_INFO}{code}")
    return Response(
        status, {"Content-Type": wire.JSON, **(headers or {})}, wire.encode_error(error)
    )


def created_response(items: Sequence[wire.ResponseItem]) -> Response:
    """Return the response with status 201 and the result for each item."""
    return Response(201, {"Content-Type": wire.JSON}, wire.encode_response(items))


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
            return response._replace(headers={"Content-Type": "text/html"}, body=_HTML_PAGE)
        case faults.MissingEntry():
            missing = affected[-1:]
            return created_response(
                [item for index, item in enumerate(items) if index not in missing]
            )
        case faults.OtherOrder():
            return created_response(items[::-1])
    return response
