"""Requests and responses as values, independent of any socket."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from consentlint.text.masking import shown


class Request(NamedTuple):
    """A complete request."""

    method: str
    path: str
    """The path of the request line. A query string is ignored."""
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        """Return a summary that is safe to show in test output: without headers and body."""
        return f"<request: {shown(self.method)} {shown(self.path)}, {len(self.body):,} bytes>"


class ConnectionAction(Enum):
    """What the server does to the connection."""

    KEEP_OPEN = auto()
    """Send the whole response and leave the connection open."""
    CLOSE_WITHOUT_RESPONSE = auto()
    """Close the connection without sending anything."""
    CLOSE_IN_BODY = auto()
    """Send the headers and half of the body, then close the connection."""


class Response(NamedTuple):
    """A response, and how the server sends it."""

    status: int
    headers: Mapping[str, str]
    """Without Content-Length: the server adds it."""
    body: bytes
    connection: ConnectionAction = ConnectionAction.KEEP_OPEN
    delay: float = 0.0
    """Seconds of real time to wait before the response is sent."""
