"""Serve a stub over HTTP, with one thread for each connection.

A test server must do what a production server never does: close a connection without a
response, or in the middle of one. Like the API, it also keeps connections open between
requests, because clients fail on a kept connection in ways of their own.
"""

import os
import socket
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Self

from consentlint.stub.messages import ConnectionAction, Request, Response
from consentlint.stub.responses import RejectedRequest, error_response
from consentlint.stub.status_page import status_page
from consentlint.stub.stub import Stub

LOOPBACK = "127.0.0.1"
_MAX_BODY = 10 * 1024 * 1024
_MAX_DIGITS = 100


class StubServer(ThreadingTCPServer):
    """A server for one stub at a time. It runs in threads of its own until it is closed.

    Args:
        stub: The stub; None to reject all requests until `stub` is set.
        host: The address to listen on.
        port: The port to listen on; 0 for any free port.

    Raises:
        OSError: The server cannot listen on this address and port.
    """

    daemon_threads = True
    # With the default, a test that opens many connections at once loses some of them.
    request_queue_size = 512
    # On Windows, this option would let two servers share a port.
    allow_reuse_address = os.name != "nt"

    def __init__(
        self,
        stub: Stub | None = None,
        host: str = LOOPBACK,
        port: int = 0,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._connections: set[socket.socket] = set()
        self.stub = stub
        self.closing = threading.Event()
        """Set when the server closes, to end all delays."""
        super().__init__((host, port), _Handler)
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The base URL, such as http://127.0.0.1:8080."""
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def close(self) -> None:
        """Stop the server and close all connections."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        for connection in list(self._connections):
            _shut_down(connection)

    def __enter__(self) -> Self:
        """Return the server, which already runs."""
        return self

    def __exit__(self, *args: object) -> None:
        """Close the server."""
        self.close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Handle a connection in a new thread."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect; report other errors."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Reads the requests of one connection and writes the responses."""

    server: StubServer
    protocol_version = "HTTP/1.1"
    server_version = "consentlint-stub"
    sys_version = ""
    # Buffer a response, so that it leaves in one piece.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _respond(self) -> None:
        stub = self.server.stub
        try:
            body = self._body()
        except RejectedRequest as rejected:
            self.close_connection = True
            self._send(rejected.response)
            return
        if stub is None:
            self._send(error_response(503, "No running test uses the consent_stub fixture"))
            return
        if self.path.partition("?")[0] == "/" and self.command in ("GET", "HEAD"):
            text = status_page(stub).encode()
            self._send(Response(200, {"Content-Type": "text/plain; charset=utf-8"}, text))
            return
        headers = dict(self.headers.items())
        response = stub.handle(Request(self.command, self.path, headers, body))
        self.server.closing.wait(response.delay)
        self._send(response)

    def __getattr__(self, name: str) -> Any:
        """Return the handler of any HTTP method: the stub rejects the unsupported ones."""
        if name.startswith("do_"):
            return self._respond
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing: a path may contain personal data."""

    def _body(self) -> bytes:
        """Return the body of the request.

        Raises:
            RejectedRequest: The length is not valid, or the body is too large.
        """
        if self.headers.get("Transfer-Encoding", "").strip().lower() == "chunked":
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0").strip()
        if not (length.isascii() and length.isdecimal()):
            raise RejectedRequest(400, "Content-Length is not a number")
        # int() raises an error for thousands of digits.
        if len(length) > _MAX_DIGITS or int(length) > _MAX_BODY:
            raise RejectedRequest(413, f"The body is larger than {_MAX_BODY:,} bytes")
        return self._read_exactly(int(length))

    def _read_chunks(self) -> bytes:
        body = b""
        while True:
            size = self.rfile.readline(100).partition(b";")[0].strip()
            try:
                length = int(size, 16)
            except ValueError:
                raise RejectedRequest(400, "The chunked body is not valid") from None
            if not 0 <= length <= _MAX_BODY - len(body):
                raise RejectedRequest(413, f"The body is larger than {_MAX_BODY:,} bytes")
            body += self._read_exactly(length)
            if length == 0:
                while self.rfile.readline(65_537).strip():
                    pass
                return body
            self.rfile.readline(3)

    def _read_exactly(self, length: int) -> bytes:
        """Return this number of bytes of the body.

        A shorter body is an error: a part of a request may be a valid, smaller request.

        Raises:
            ConnectionResetError: The client disconnected before it sent all of them.
        """
        data = self.rfile.read(length)
        if len(data) < length:
            raise ConnectionResetError("the client disconnected in the middle of a request")
        return data

    def _send(self, response: Response) -> None:
        if response.connection is ConnectionAction.CLOSE_WITHOUT_RESPONSE:
            self._disconnect()
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        body = b"" if self.command == "HEAD" else response.body
        if response.connection is ConnectionAction.CLOSE_IN_BODY:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self._disconnect()
            return
        self.wfile.write(body)
        self.wfile.flush()

    def _disconnect(self) -> None:
        self.close_connection = True
        _shut_down(self.connection)


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
