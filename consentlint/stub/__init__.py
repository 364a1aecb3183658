"""A stub of the API, for tests of programs that call it.

    >>> from consentlint import wire
    >>> from consentlint.stub import Request, Stub
    >>> stub = Stub()
    >>> item = {
    ...     "contact_id": "+14155552671",
    ...     "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
    ...     "sender_id": "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f",
    ...     "status": "opt-out",
    ...     "source": "website",
    ... }
    >>> headers = {
    ...     "authorization": wire.encode_credentials("AC0", "token"),
    ...     "content-type": wire.FORM,
    ... }
    >>> body = wire.encode_request([item])
    >>> stub.handle(Request("POST", "/v1/Consents/Bulk", headers, body)).status
    201
    >>> stub.assert_opted_out("+14155552671")

To serve a stub over HTTP, use `consentlint.stub.server`; in pytest, the fixtures of
`consentlint.pytest_plugin`, or `mount` to serve it on a server that the test already has. They
need pytest-httpserver; the rest needs no extra package. docs/stub.md describes how the stub behaves, and which parts of
that behavior no Twilio document specifies.
"""

from consentlint.stub.clock import Clock
from consentlint.stub.faults import (
    CutAfterUpsert,
    CutBeforeUpsert,
    Delay,
    Fault,
    InternalServerError,
    MissingEntry,
    NotJson,
    OtherOrder,
    ServerError,
    TooManyRequests,
    TruncatedBody,
    Unavailable,
)
from consentlint.stub.messages import ConnectionAction, Request, Response
from consentlint.stub.mounting import mount
from consentlint.stub.received import ReceivedRequest, Upsert
from consentlint.stub.stub import Stub

__all__ = [
    "Clock",
    "ConnectionAction",
    "CutAfterUpsert",
    "CutBeforeUpsert",
    "Delay",
    "Fault",
    "InternalServerError",
    "MissingEntry",
    "NotJson",
    "OtherOrder",
    "ReceivedRequest",
    "Request",
    "Response",
    "ServerError",
    "Stub",
    "TooManyRequests",
    "TruncatedBody",
    "Unavailable",
    "Upsert",
    "mount",
]
