"""A connection is kept, rejected or closed as a production server does it."""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from consentlint import CONSENTS, wire
from consentlint.stub import Delay, Stub, connection
from consentlint.stub.responses import CORS_HEADERS
from consentlint.stub.server import StubServer

Consent = Callable[..., dict[str, Any]]

HEAD = (
    f"Authorization: {wire.encode_credentials('AC0', 'token')}\r\nContent-Type: {wire.FORM}\r\n"
).encode()


@pytest.fixture
def stub() -> Stub:
    return Stub(limit=None)


@pytest.fixture
def server(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Iterator[StubServer]:
    monkeypatch.setattr(connection.ConnectionServer, "tick_seconds", 0.05)
    with StubServer(stub) as server:
        yield server


def connect(server: StubServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=30)


def receive(client: socket.socket) -> bytes:
    """Return what the server sends until it closes the connection."""
    response = b""
    while data := client.recv(65_536):
        response += data
    return response


def raw(server: StubServer, request: bytes) -> bytes:
    with connect(server) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return receive(client)


def post(body: bytes, *, target: bytes = b"/v1/Consents/Bulk", framing: bytes = b"") -> bytes:
    framing = framing or b"Content-Length: %d\r\n" % len(body)
    return b"POST %s HTTP/1.1\r\nHost: a\r\n%s%s\r\n%s" % (target, framing, HEAD, body)


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 3\r\nContent-Length: 4\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length : 3\r\n",
    ],
)
def test_what_follows_an_ambiguous_request_is_not_read_as_a_request(
    server: StubServer, stub: Stub, consent: Consent, framing: bytes
) -> None:
    smuggled = post(wire.encode_request([consent()]))
    response = raw(server, post(b"0\r\n\r\n" + smuggled, framing=framing))
    assert response.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close" in response
    assert response.count(b"HTTP/1.1 ") == 1
    # Only the first one is in the log, with the reason.
    (received,) = stub.received
    assert (received.status, received.items) == (400, ())
    assert received.message


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / +14155552671 HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET http://[ HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_an_error_of_the_http_layer_is_a_json_error_and_closes_the_connection(
    server: StubServer, request_: bytes, status: int
) -> None:
    head, _, body = raw(server, request_).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nContent-Type: application/json\r\n" in head
    assert b"\r\nConnection: close" in head
    assert json.loads(body)["status"] == status
    assert b"4155552671" not in body


def test_requests_that_arrive_together_get_their_responses_in_order(
    server: StubServer, consent: Consent
) -> None:
    body = wire.encode_request([consent()])
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    chunked = post(chunks, framing=b"Transfer-Encoding: chunked\r\n")
    last = b"GET /x HTTP/1.0\r\n\r\n"
    response = raw(server, post(body) + post(b"") + chunked + last + post(body))
    statuses = [each[:3] for each in response.split(b"HTTP/1.1 ")[1:]]
    # An HTTP/1.0 connection closes after its response.
    assert statuses == [b"201", b"400", b"201", b"404"]


def test_a_client_reads_why_its_large_body_is_rejected(server: StubServer) -> None:
    client = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    client.request("POST", CONSENTS.path, b"a" * 1_500_000)
    response = client.getresponse()
    assert (response.status, json.loads(response.read())["code"]) == (413, 20413)
    client.close()


def test_an_expected_continue_is_sent_only_for_a_valid_length(
    server: StubServer, consent: Consent
) -> None:
    body = wire.encode_request([consent()])
    expect = b"Expect: 100-continue\r\nContent-Length: %d\r\n"
    with connect(server) as client:
        client.sendall(post(b"", framing=expect % len(body)))
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        assert client.recv(100).startswith(b"HTTP/1.1 201 ")
    with connect(server) as client:
        client.sendall(post(b"", framing=expect % 10_000_000))
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_path_with_two_slashes_is_not_found(
    server: StubServer, stub: Stub, consent: Consent
) -> None:
    body = wire.encode_request([consent()])
    assert b" 404 " in raw(server, post(body, target=b"//v1/Consents/Bulk"))
    assert stub.received[0].path == "//v1/Consents/Bulk"
    assert stub.upserts == ()


def test_a_url_as_target_is_accepted(server: StubServer, stub: Stub, consent: Consent) -> None:
    target = b"http://accounts.twilio.com/v1/Consents/Bulk"
    response = raw(server, post(wire.encode_request([consent()]), target=target))
    assert response.startswith(b"HTTP/1.1 201 ")
    assert len(stub.upserts) == 1


def test_a_browser_may_send_requests(server: StubServer, stub: Stub) -> None:
    preflight = b"OPTIONS /v1/Consents/Bulk HTTP/1.1\r\nOrigin: http://a\r\n\r\n"
    head, _, body = raw(server, preflight).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 204 ")
    assert body == b""
    for response in (head, raw(server, post(b"")), raw(server, b"GET /x HTTP/1.1\r\n\r\n")):
        for name, value in CORS_HEADERS.items():
            assert f"\r\n{name}: {value}".encode() in response
    assert [request.method for request in stub.received] == ["POST", "GET"]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"P",
        b"POST / HTTP/1.1\r\nA: ",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n12345678",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: ",
    ],
)
def test_a_request_that_takes_too_long_is_closed_however_slowly_it_arrives(
    server: StubServer, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS" if not sent else "REQUEST_SECONDS", 0.2)
    with connect(server) as client:
        client.sendall(sent)
        closed = threading.Event()

        def trickle() -> None:
            while sent and not closed.wait(0.02):
                try:
                    client.sendall(b"0" if b"chunked\r\n\r\n" not in sent else b"a: b\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        start = time.monotonic()
        try:
            received = receive(client)
        except ConnectionResetError:
            received = b""
        closed.set()
        thread.join()
    assert time.monotonic() - start < 20
    assert b" 200 " not in received


def test_a_delayed_response_has_no_time_limit(
    server: StubServer, stub: Stub, consent: Consent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.2)
    stub.fail(Delay(1))
    assert raw(server, post(wire.encode_request([consent()]))).startswith(b"HTTP/1.1 201 ")


def test_the_number_of_connections_is_limited(
    server: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MAX_CONNECTIONS", 2)
    get = b"GET / HTTP/1.1\r\n\r\n"
    with connect(server) as first, connect(server) as second:
        for client in (first, second):
            client.sendall(get)
            assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")
        with connect(server) as third, contextlib.suppress(ConnectionResetError):
            assert third.recv(1) == b""
    for _ in range(500):
        # A connection over the limit may be closed before or after the request is sent.
        with contextlib.suppress(OSError):
            if raw(server, get):
                break
        time.sleep(0.01)
    else:
        pytest.fail("closed connections still count")
