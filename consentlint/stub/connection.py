"""Read the requests of one connection, and write the responses.

werkzeug's handler closes the connection after each response, and so does not have to know where
a request ends. Like the API, this one keeps connections open, because clients fail on a kept
connection in ways of their own.
"""

import math
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError
from io import BytesIO
from ssl import SSLContext
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from consentlint.stub.exchange import shut_down
from consentlint.stub.framing import body_length, read_body
from consentlint.stub.messages import Response
from consentlint.stub.responses import RejectedRequest, error_response

IDLE_SECONDS = 600
"""How long a connection stays open without a request."""
REQUEST_SECONDS = 30
"""How long a client may take to send a request, or to receive the response."""
LINGER_SECONDS = 2
"""How long the rest of a rejected request is read, so that the client reads the response."""
MAX_CONNECTIONS = 1000

_Headers = list[tuple[str, str]]


class ConnectionServer(ThreadedWSGIServer):
    """A server with a thread and a time limit for each connection.

    Args:
        app: The WSGI application.
        listening: A socket that listens on the address of the server.
        on_rejected: Is called with the method and the target of a request that is rejected here.
        ssl_context: The certificate, to serve HTTPS; None for HTTP.
    """

    tick_seconds = 1.0

    def __init__(
        self,
        app: Any,
        listening: socket.socket,
        on_rejected: Callable[[str, str, RejectedRequest], None],
        ssl_context: SSLContext | None = None,
    ) -> None:
        self.on_rejected = on_rejected
        host, port = listening.getsockname()[:2]
        # In its last step, werkzeug reads its own version from a file, which a test may hide.
        with suppress(PackageNotFoundError):
            super().__init__(host, port, app, ConnectionHandler, fd=listening.fileno())
        self._server_version = "consentlint-stub"
        if ssl_context is not None:
            self.ssl_context = ssl_context
            # The handshake waits for the thread of its connection.
            self.socket = ssl_context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self._seconds = 0.0
        self._deadlines: dict[socket.socket, float] = {}
        self._closing = threading.Event()
        threading.Thread(target=self._close_overdue, daemon=True).start()

    def limit_time(self, connection: socket.socket, seconds: float) -> None:
        """Close a connection after this time, unless it gets another limit before."""
        self._deadlines[connection] = self._seconds + seconds

    def close_connections(self) -> None:
        """Close all connections."""
        self._closing.set()
        for connection in list(self._deadlines):
            shut_down(connection)

    def _close_overdue(self) -> None:
        # Count seconds instead of reading a clock, because tests replace the clocks of a process.
        while not self._closing.wait(self.tick_seconds):
            self._seconds += self.tick_seconds
            for connection, deadline in list(self._deadlines.items()):
                if deadline < self._seconds:
                    shut_down(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Handle a connection in a new thread."""
        if len(self._deadlines) >= MAX_CONNECTIONS:
            self.shutdown_request(request)
            return
        self.limit_time(request, IDLE_SECONDS)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._deadlines.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect; report other errors."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class ConnectionHandler(WSGIRequestHandler):
    """Handles the requests of one connection, one after another."""

    server: ConnectionServer
    protocol_version = "HTTP/1.1"
    # Buffer a response, so that it leaves in one piece.
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        """Wait for a request, and respond to it."""
        self.server.limit_time(self.connection, IDLE_SECONDS)
        # Blocks until the first byte arrives, or the client disconnects.
        self.rfile.peek(1)  # type: ignore[attr-defined]
        self.server.limit_time(self.connection, REQUEST_SECONDS)
        super().handle_one_request()

    def handle_expect_100(self) -> bool:
        """Leave it to `run_wsgi`, which first checks the length of the body."""
        return True

    def run_wsgi(self) -> None:
        """Respond to a request whose headers have been read."""
        try:
            environ = self.make_environ()
        except RejectedRequest as rejected:
            self.server.on_rejected(self.command, self.requestline.split()[1], rejected)
            self._reject(rejected.response)
            return
        # A fault may delay the response for longer than any limit.
        self.server.limit_time(self.connection, math.inf)
        head: list[Any] = []
        try:
            chunks: Any = self.server.app(environ, lambda *args: head.extend(args))  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 - a handler of a test may raise anything
            self.server.handle_error(self.connection, self.client_address)
            self._reject(error_response(500, "The stub failed. See the output of its process"))
            return
        self.server.limit_time(self.connection, REQUEST_SECONDS)
        with closing(chunks):
            self._write(head[0], head[1], chunks)

    def make_environ(self) -> dict[str, Any]:
        """Read the body, and return the environment of the WSGI application.

        Raises:
            RejectedRequest: The request is not valid HTTP.
        """
        if self.request_version == "HTTP/0.9":
            raise RejectedRequest(400, "The request line has no HTTP version")
        length = body_length(self.headers)
        if length != 0 and self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        body = read_body(self.rfile, length)
        # http.server merges slashes at the start of the path, which the API doesn't.
        target = self.requestline.split()[1]
        try:
            environ = super().make_environ()
        except ValueError:
            raise RejectedRequest(400, "The request target is not valid") from None
        for name in ("HTTP_TRANSFER_ENCODING", "wsgi.input_terminated"):
            environ.pop(name, None)
        return environ | {
            "REQUEST_URI": target,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }

    def _write(self, status: str, headers: _Headers, chunks: Iterable[bytes]) -> None:
        code = int(status.partition(" ")[0])
        announced = [int(value) for name, value in headers if name.lower() == "content-length"]
        has_body = not (self.command == "HEAD" or code in {204, 304})
        # Without a length, the body ends where the connection does.
        if has_body and not announced:
            self.close_connection = True
        self._write_head(code, headers)
        written = 0
        for chunk in chunks:
            self.wfile.write(chunk)
            self.wfile.flush()
            written += len(chunk)
        self.wfile.flush()
        if has_body and announced != [written]:
            self.close_connection = True

    def _write_head(self, code: int, headers: _Headers) -> None:
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _reject(self, response: Response) -> None:
        """Send a response, and close the connection."""
        self.close_connection = True
        self.request_version = self.protocol_version
        length = ("Content-Length", str(len(response.body)))
        self._write_head(response.status, [*response.headers.items(), length])
        if self.command != "HEAD":
            self.wfile.write(response.body)
        self.wfile.flush()
        # If the rest of the request is not read, the client may not receive the response.
        self.server.limit_time(self.connection, LINGER_SECONDS)
        self.connection.shutdown(socket.SHUT_WR)
        while self.rfile.read1(65_536):
            pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Respond to a malformed request line or header, as the API responds to an error."""
        self._reject(error_response(code, f"Not valid HTTP: {HTTPStatus(code).phrase}"))

    def version_string(self) -> str:
        """Return the Server header."""
        return self.server_version

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: a path may contain personal data."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""
