"""Serve a stub over HTTP, on a server of pytest-httpserver.

A test can add its own expectations to the server. A request that none of them matches is a
request to the stub.
"""

import os
import re
import socket
import threading
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any, Self

import werkzeug
from pytest_httpserver import HTTPServer
from werkzeug.datastructures import Headers

from consentlint.stub.connection import ConnectionServer
from consentlint.stub.exchange import handle, to_werkzeug
from consentlint.stub.framing import target_path
from consentlint.stub.messages import Response
from consentlint.stub.responses import RejectedRequest, error_response
from consentlint.stub.status_page import status_page
from consentlint.stub.stub import Stub

LOOPBACK = "127.0.0.1"

# With the default, a test that opens many connections at once loses some of them.
_BACKLOG = 512
_PORT = re.compile(r":[0-9]*$")


class StubServer(HTTPServer):
    """A server for one stub at a time. It runs in threads of its own until it is closed.

    Args:
        stub: The stub; None to reject all requests until `stub` is set.
        host: The address to listen on.
        port: The port to listen on; 0 for any free port.
        ssl_context: The certificate, to serve HTTPS; None for HTTP.

    Raises:
        OSError: The server cannot listen on this address and port.
    """

    def __init__(
        self,
        stub: Stub | None = None,
        host: str = LOOPBACK,
        port: int = 0,
        *,
        ssl_context: SSLContext | None = None,
    ) -> None:
        super().__init__(host, port, ssl_context, threaded=True)
        self.stub = stub
        self.closing = threading.Event()
        """Set when the server closes, to end all delays."""
        self.start()

    @property
    def url(self) -> str:
        """The base URL, such as http://127.0.0.1:8080."""
        return self.url_for("/").removesuffix("/")

    def start(self) -> None:
        """Start the server. A new one already runs."""
        app: Any = werkzeug.Request.application(self.application)
        with _listen(self.host, self.port) as listening:
            self.host, self.port = listening.getsockname()[:2]
            self.server = ConnectionServer(app, listening, self._note_rejected, self.ssl_context)
        self.closing.clear()
        self.server_thread = threading.Thread(target=self.thread_target, daemon=True)
        self.server_thread.start()

    def thread_target(self) -> None:
        """Serve until the server is stopped."""
        assert self.server is not None
        self.server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stop the server and close all connections."""
        server = self.server
        self.closing.set()
        super().stop()
        assert isinstance(server, ConnectionServer)
        server.close_connections()

    def close(self) -> None:
        """Stop the server and close all connections, unless it is stopped already."""
        if self.is_running():
            self.stop()

    def application(self, request: werkzeug.Request) -> werkzeug.Response:
        """Respond to a request: as a test expects it, or else as the stub does.

        Only requests that a test expects are logged here. The stub has a log of its own.
        """
        expected = [*self.ordered_handlers, *self.oneshot_handlers, *self.handlers]
        if any(handler.matcher.match(request) for handler in expected):
            return super().application(request)
        connection = request.environ["werkzeug.socket"]
        if self.stub is None:
            message = "No running test uses consent_stub: request it with consent_stub_url"
            return to_werkzeug(error_response(503, message), connection)
        path = target_path(request.environ["REQUEST_URI"]).partition("?")[0]
        if path == "/" and request.method in {"GET", "HEAD"}:
            return to_werkzeug(self._status_page(self.stub, request.headers), connection)
        return handle(self.stub, request, self.closing.wait)

    def _note_rejected(self, method: str, target: str, rejected: RejectedRequest) -> None:
        if self.stub is not None:
            self.stub.note_rejected(method, target_path(target), rejected)

    def _status_page(self, stub: Stub, headers: Headers) -> Response:
        host = _PORT.sub("", headers.get("Host", ""))
        if not (host == self.host or _is_own_name(host)):
            message = f"The status page is shown at {self.url}/ only"
            return error_response(403, message)
        response_headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(200, response_headers, status_page(stub).encode())

    def __enter__(self) -> Self:
        """Return the server, which already runs."""
        return self

    def __exit__(self, *args: object) -> None:
        """Close the server."""
        self.close()


def _is_own_name(host: str) -> bool:
    """Return whether a host name cannot be one that a web site on the internet uses.

    Such a web site can let its name point to this machine, and then read what the server sends.
    """
    if "." not in host or host.endswith(".localhost"):
        return ":" not in host or host.startswith("[")
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address and port.

    werkzeug ends the process if it cannot listen.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # On Windows, this option would let two servers share a port.
        if os.name != "nt":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening
