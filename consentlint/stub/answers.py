"""What the stub answers: entries, and refusals of a whole request.

What of it no document says is in the table of docs/stub.md.
"""

from collections.abc import Mapping, Sequence

from consentlint import wire
from consentlint.stub import faults
from consentlint.stub.exchange import Ending, Response

CODES = {
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
"""Twilio's error code for each status."""

_PAGE = b"<html><head><title>Bad gateway</title></head><body>Bad gateway</body></html>\n"


class Refused(Exception):
    """A request is refused as a whole, by this response."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.response = refusal(status, message, headers)


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that refuses a request as a whole."""
    code = CODES[status]
    error = wire.Error(status, code, message, f"{wire.MORE_INFO}{code}")
    return Response(
        status, {"Content-Type": wire.JSON, **(headers or {})}, wire.encode_error(error)
    )


def created(entries: Sequence[wire.Entry]) -> Response:
    """Return the response with what became of each item."""
    return Response(201, {"Content-Type": wire.JSON}, wire.encode_answer(entries))


def instead(fault: faults.Fault) -> Response | None:
    """Return what a fault answers where it lets nothing be stored, None where it does not."""
    match fault:
        case faults.TooManyRequests(retry_after=seconds):
            headers = {} if seconds is None else {"Retry-After": str(seconds)}
            return refusal(429, "Too many requests", headers)
        case faults.ServerError():
            return refusal(500, "Internal server error")
        case faults.Unavailable():
            return refusal(503, "Service unavailable")
        case faults.CutBeforeUpsert():
            return created(())._replace(ending=Ending.CUT)
    return None


def spoiled(
    response: Response, fault: faults.Fault, entries: Sequence[wire.Entry], meant: Sequence[int]
) -> Response:
    """Return what a fault makes of a response, after the items were stored.

    Args:
        response: the response that there would be.
        fault: the fault.
        entries: what the response says.
        meant: the numbers of the items that the fault means.
    """
    match fault:
        case faults.Delay(seconds=seconds):
            return response._replace(delay=seconds)
        case faults.CutAfterUpsert():
            return response._replace(ending=Ending.CUT)
        case faults.TruncatedBody():
            return response._replace(ending=Ending.CUT_IN_BODY)
        case faults.NotJson():
            return response._replace(headers={"Content-Type": "text/html"}, body=_PAGE)
        case faults.MissingEntry():
            missing = meant[-1:]
            return created([said for n, said in enumerate(entries) if n not in missing])
        case faults.OtherOrder():
            return created(entries[::-1])
    return response
