"""Translate between the requests and responses of werkzeug and those of the stub."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

import werkzeug

from consentlint.stub.framing import target_path
from consentlint.stub.messages import ConnectionAction, Request, Response
from consentlint.stub.stub import Stub


class _Response(werkzeug.Response):
    # Otherwise, a response without a body has a type.
    default_mimetype = None


def handle(
    stub: Stub, request: werkzeug.Request, wait: Callable[[float], object]
) -> werkzeug.Response:
    """Return a stub's response to a request.

    Args:
        stub: The stub.
        request: The request, from one of werkzeug's own servers.
        wait: Waits for a number of seconds, for a response that is delayed.
    """
    path = target_path(request.environ["REQUEST_URI"])
    headers = dict(request.headers.items())
    response = stub.handle(Request(request.method, path, headers, request.get_data()))
    if response.delay:
        wait(response.delay)
    return to_werkzeug(response, request.environ["werkzeug.socket"])


def to_werkzeug(response: Response, connection: socket.socket) -> werkzeug.Response:
    """Return a response for werkzeug, which closes the connection where the response does."""
    headers = {**response.headers, "Content-Length": str(len(response.body))}
    body: bytes | Iterator[bytes] = response.body
    if response.connection is ConnectionAction.CLOSE_WITHOUT_RESPONSE:
        body = _cut(b"", connection)
    elif response.connection is ConnectionAction.CLOSE_IN_BODY:
        body = _cut(response.body[: len(response.body) // 2], connection)
    return _Response(body, response.status, headers)


def _cut(body: bytes, connection: socket.socket) -> Iterator[bytes]:
    if body:
        yield body
    shut_down(connection)


def shut_down(connection: socket.socket) -> None:
    """Close a connection in both directions. What is read or sent later in a thread fails."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
