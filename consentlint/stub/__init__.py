"""A stub of the API, to test programs that call it.

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

`consentlint.stub.server` puts it on a port; in pytest the fixtures of
`consentlint.pytest_plugin` do. docs/stub.md tells what it answers, and what of that no
document says.
"""

from consentlint.stub.clock import Clock
from consentlint.stub.core import Stub
from consentlint.stub.exchange import Ending, Request, Response
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
from consentlint.stub.records import Received, Upsert

__all__ = [
    "Clock",
    "CutAfterUpsert",
    "CutBeforeUpsert",
    "Delay",
    "Ending",
    "Fault",
    "InternalServerError",
    "MissingEntry",
    "NotJson",
    "OtherOrder",
    "Received",
    "Request",
    "Response",
    "ServerError",
    "Stub",
    "TooManyRequests",
    "TruncatedBody",
    "Unavailable",
    "Upsert",
]
