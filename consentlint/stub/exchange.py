"""A request and its response, as values: the stub's core knows no socket."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple


class Request(NamedTuple):
    """A request, whole."""

    method: str
    path: str
    """As it stands in the request line; what follows a question mark does not count."""
    headers: Mapping[str, str]
    body: bytes


class Ending(Enum):
    """What is to be done to the connection with a response."""

    WHOLE = auto()
    """The response is sent, and the connection left to the client."""
    CUT = auto()
    """The connection is closed, and nothing is sent."""
    CUT_IN_BODY = auto()
    """The head and half of the body are sent, and the connection is closed."""


class Response(NamedTuple):
    """What is answered, and how."""

    status: int
    headers: Mapping[str, str]
    """Without Content-Length, which is that of the body."""
    body: bytes
    ending: Ending = Ending.WHOLE
    delay: float = 0.0
    """How many seconds the answer is held back, on a real clock."""
