"""A stub on a port: the standard library's server, a thread a connection.

A server for tests must be able to do what a proper one never does: close a connection
without an answer, or in the middle of one. And it must do what the API does, and many
servers for tests do not: keep a connection open for the next request, for that is where
clients trip over one that was cut.
"""

import os
import socket
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Self

from consentlint.stub.answers import Refused, refusal
from consentlint.stub.core import Stub
from consentlint.stub.exchange import Ending, Request, Response
from consentlint.stub.page import page

LOOPBACK = "127.0.0.1"
_LARGEST_BODY = 10 * 1024 * 1024
_MOST_DIGITS = 100


class StubServer(ThreadingTCPServer):
    """Serves one stub at a time, in threads of its own, until it is closed.

    Args:
        stub: answers the requests; None to refuse all until `stub` is set.
        host: where to listen.
        port: on which port, 0 for any that is free.

    Raises:
        OSError: it cannot listen there.
    """

    daemon_threads = True
    # Else a test that opens many connections at once finds some refused.
    request_queue_size = 512
    # On Windows it would let two servers share a port.
    allow_reuse_address = os.name != "nt"

    def __init__(
        self,
        stub: Stub | None = None,
        host: str = LOOPBACK,
        port: int = 0,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._open: set[socket.socket] = set()
        self.stub = stub
        self.closing = threading.Event()
        """Set when the server is closed: who waits then stops waiting."""
        super().__init__((host, port), _Handler)
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, such as http://127.0.0.1:8080."""
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def close(self) -> None:
        """Stop, and close all connections."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        for connection in list(self._open):
            _shut(connection)

    def __enter__(self) -> Self:
        """Return the server; it runs already."""
        return self

    def __exit__(self, *args: object) -> None:
        """Close the server."""
        self.close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection, in a thread of its own."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that has gone away, but of all else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Reads the requests of one connection, and writes the responses."""

    server: StubServer
    protocol_version = "HTTP/1.1"
    server_version = "consentlint-stub"
    sys_version = ""
    # A response goes out as one piece.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        stub = self.server.stub
        try:
            body = self._body()
        except Refused as refused:
            self.close_connection = True
            self._send(refused.response)
            return
        if stub is None:
            self._send(refusal(503, "There is no stub at present: no test is using it"))
            return
        if self.path.partition("?")[0] == "/" and self.command in ("GET", "HEAD"):
            text = page(stub).encode()
            self._send(Response(200, {"Content-Type": "text/plain; charset=utf-8"}, text))
            return
        headers = dict(self.headers.items())
        response = stub.handle(Request(self.command, self.path, headers, body))
        self.server.closing.wait(response.delay)
        self._send(response)

    def __getattr__(self, name: str) -> Any:
        """Return what answers a method: all come to the stub, which knows what it may refuse."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: a path may hold anything."""

    def _body(self) -> bytes:
        """Return the body of the request.

        Raises:
            Refused: it has no end, or is too large.
        """
        if self.headers.get("Transfer-Encoding", "").strip().lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length", "0").strip()
        if not (length.isascii() and length.isdecimal()):
            raise Refused(400, "Content-Length is no number")
        # Python reads no number of thousands of digits.
        if len(length) > _MOST_DIGITS or int(length) > _LARGEST_BODY:
            raise Refused(413, f"the body is larger than {_LARGEST_BODY:,} bytes")
        return self._exactly(int(length))

    def _chunks(self) -> bytes:
        body = b""
        while True:
            size = self.rfile.readline(100).partition(b";")[0].strip()
            try:
                length = int(size, 16)
            except ValueError:
                raise Refused(400, "the chunks of the body cannot be read") from None
            if not 0 <= length <= _LARGEST_BODY - len(body):
                raise Refused(413, f"the body is larger than {_LARGEST_BODY:,} bytes")
            body += self._exactly(length)
            if length == 0:
                while self.rfile.readline(65_537).strip():
                    pass
                return body
            self.rfile.readline(3)

    def _exactly(self, length: int) -> bytes:
        """Return so many bytes of the body: a part of it might pass for a smaller request."""
        piece = self.rfile.read(length)
        if len(piece) < length:
            raise ConnectionResetError("the client has gone away in the middle of a request")
        return piece

    def _send(self, response: Response) -> None:
        if response.ending is Ending.CUT:
            self._cut()
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        body = b"" if self.command == "HEAD" else response.body
        if response.ending is Ending.CUT_IN_BODY:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self._cut()
            return
        self.wfile.write(body)
        self.wfile.flush()

    def _cut(self) -> None:
        self.close_connection = True
        _shut(self.connection)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
