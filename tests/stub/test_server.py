"""The server carries out the stub's responses on the wire, for many clients at once."""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import werkzeug
from pyfakefs.fake_filesystem_unittest import Patcher

from consentlint import CONSENTS, wire
from consentlint.stub import (
    CutAfterUpsert,
    CutBeforeUpsert,
    Delay,
    Stub,
    TruncatedBody,
)
from consentlint.stub.framing import MAX_BODY
from consentlint.stub.messages import Request
from consentlint.stub.server import StubServer
from consentlint.stub.status_page import summary_line

Item = dict[str, Any]
Consent = Callable[..., Item]

HEADERS = {"Authorization": wire.encode_credentials("AC0", "token"), "Content-Type": wire.FORM}


@pytest.fixture
def stub() -> Stub:
    return Stub(limit=None)


@pytest.fixture
def server(stub: Stub) -> Iterator[StubServer]:
    with StubServer(stub) as server:
        yield server


@pytest.fixture
def client(server: StubServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    yield connection
    connection.close()


def send(client: http.client.HTTPConnection, *items: Item) -> list[wire.ResponseItem]:
    client.request("POST", CONSENTS.path, wire.encode_request(items), HEADERS)
    response = client.getresponse()
    body = response.read()
    assert response.status == 201
    return wire.decode_response(body)


def raw(server: StubServer, request: bytes) -> bytes:
    """Send raw bytes, and return what the server sends until it closes the connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        response = b""
        while data := connection.recv(65_536):
            response += data
        return response


def test_a_connection_stays_open_for_the_next_request(
    client: http.client.HTTPConnection, consent: Consent
) -> None:
    send(client, consent())
    kept = client.sock
    for path, method in (("/nowhere", "GET"), (CONSENTS.path, "PUT"), ("/", "GET"), ("/", "HEAD")):
        client.request(method, path, b"x" if method == "PUT" else None)
        client.getresponse().read()
    send(client, consent())
    assert client.sock is kept is not None


@pytest.mark.parametrize(("fault", "stored"), [(CutBeforeUpsert(), 0), (CutAfterUpsert(), 1)])
def test_a_closed_connection_gives_no_response(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent, fault: Any, stored: int
) -> None:
    stub.fail(fault)
    with pytest.raises(http.client.RemoteDisconnected):
        send(client, consent())
    assert len(stub.upserts) == stored


def test_a_kept_connection_can_be_closed(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent
) -> None:
    send(client, consent())
    stub.fail(CutAfterUpsert())
    with pytest.raises(http.client.RemoteDisconnected):
        send(client, consent())
    send(client, consent())
    assert len(stub.upserts) == 3


def test_a_truncated_body_is_half_of_the_announced_length(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent
) -> None:
    stub.fail(TruncatedBody())
    with pytest.raises(http.client.IncompleteRead) as caught:
        send(client, consent())
    read, expected = len(caught.value.partial), caught.value.expected or 0
    assert abs(read - expected) <= 1
    assert len(stub.upserts) == 1


def test_a_delayed_response_does_not_block_other_clients(
    client: http.client.HTTPConnection, server: StubServer, stub: Stub, consent: Consent
) -> None:
    """The delayed response arrives only when the server closes, after the others."""
    stub.fail(Delay(3600))
    late: list[wire.ResponseItem] = []
    thread = threading.Thread(target=lambda: late.extend(send(client, consent())))
    thread.start()
    for _ in range(3000):
        if stub.upserts:
            break
        time.sleep(0.01)
    other = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    send(other, consent())
    other.close()
    assert late == []
    server.closing.set()
    thread.join(30)
    assert [item.error_code for item in late] == [0]


@pytest.mark.parametrize("trailer", [b"", b"X-Checksum: 1\r\n"])
def test_a_chunked_body_is_decoded(
    server: StubServer, stub: Stub, consent: Consent, trailer: bytes
) -> None:
    body = wire.encode_request([consent()])
    head = b"POST /v1/Consents/Bulk HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + b"".join(
        f"{name}: {value}\r\n".encode() for name, value in HEADERS.items()
    )
    pieces = [body[:10], body[10:]]
    chunks = b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    response = raw(server, head + b"\r\n" + chunks + b"0\r\n" + trailer + b"\r\n")
    assert response.startswith(b"HTTP/1.1 201 ")
    assert len(stub.upserts) == 1


def test_an_incomplete_request_is_ignored(
    server: StubServer, stub: Stub, consent: Consent, capfd: pytest.CaptureFixture[str]
) -> None:
    """The part that arrived would be a valid, smaller request."""
    whole = wire.encode_request([consent(), consent()])
    part = whole[: whole.index(b"&")]
    length = f"Content-Length: {len(whole)}\r\n"
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    for framing, sent in (
        (length, part),
        ("Transfer-Encoding: chunked\r\n", b"%x\r\n%s" % (len(whole), part)),
    ):
        request = f"POST {CONSENTS.path} HTTP/1.1\r\n{framing}{head}\r\n".encode() + sent
        assert raw(server, request) == b""
    assert (stub.received, stub.upserts) == ((), ())
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("framing", "status"),
    [
        ("Content-Length: x", 400),
        ("Content-Length: -1", 400),
        ("Content-Length: 99999999999", 413),
        (f"Content-Length: {'9' * 5000}", 413),
        ("Transfer-Encoding: chunked\r\n\r\nx", 400),
        ("Transfer-Encoding: chunked\r\n\r\n-1", 400),
        ("Transfer-Encoding: chunked\r\n\r\nfffffffffff", 413),
    ],
)
def test_a_body_without_a_valid_length_is_rejected(
    server: StubServer, framing: str, status: int
) -> None:
    response = raw(server, f"POST {CONSENTS.path} HTTP/1.1\r\n{framing}\r\n\r\n".encode())
    head, _, body = response.partition(b"\r\n\r\n")
    assert json.loads(body)["status"] == status
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in head


@pytest.mark.parametrize("request_line", [b"nonsense", b"GET / HTTP/9.9", b"\x16\x03\x01\x02"])
def test_a_malformed_request_line_ends_only_its_connection(
    server: StubServer, capfd: pytest.CaptureFixture[str], request_line: bytes
) -> None:
    raw(server, request_line + b"\r\n\r\n")
    assert b" 200 " in raw(server, b"GET / HTTP/1.1\r\n\r\n")
    assert capfd.readouterr().err == ""


def test_the_status_page_lists_requests_with_numbers_masked(
    client: http.client.HTTPConnection, consent: Consent
) -> None:
    send(client, consent(), consent("+14"), consent(sender_id="+12025550123"))
    client.request("POST", "/v1/Consents/+14155552671", b"", {"Content-Type": "x"})
    client.getresponse().read()
    client.request("GET", "/")
    response = client.getresponse()
    page = response.read().decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert page.startswith("consentlint stub: 2 requests received, 2 items stored\n")
    assert "2 of 3 items stored, 1 x INVALID_CONTACT_ID" in page
    assert "+1415•••••71 MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f opt-in: stored" in page
    assert "+1202•••••23 opt-in: stored" in page
    assert (
        '+14 MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f opt-in: INVALID_CONTACT_ID (contact_id "+14"'
        in page
    )
    for hidden in ("4155552671", "2025550123", "token"):
        assert hidden not in page


def test_a_request_that_is_too_large_is_in_the_log(
    client: http.client.HTTPConnection, stub: Stub
) -> None:
    client.request("POST", "/v1/Consents/Bulk", b"x" * (MAX_BODY + 1))
    assert client.getresponse().status == 413
    (received,) = stub.received
    assert (received.status, received.path) == (413, "/v1/Consents/Bulk")
    assert "larger than" in received.message


def test_the_log_says_that_a_cut_connection_had_no_response(stub: Stub, consent: Consent) -> None:
    stub.fail(CutBeforeUpsert())
    stub.handle(Request("POST", CONSENTS.path, HEADERS, wire.encode_request([consent()])))
    assert "without a response [CutBeforeUpsert()]" in summary_line(stub.received[0])


def test_the_repr_of_a_request_has_no_credentials_and_no_items(consent: Consent) -> None:
    request = Request("POST", CONSENTS.path, HEADERS, wire.encode_request([consent()]))
    assert repr(request).startswith("<request: POST /v1/Consents/Bulk, ")
    assert "Basic" not in repr(request)
    assert "4155552671" not in repr(request)


def test_the_status_page_is_limited_to_the_last_requests(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent
) -> None:
    for _ in range(203):
        client.request("GET", CONSENTS.path)
        client.getresponse().read()
    client.request("GET", "/")
    assert client.getresponse().read().decode().endswith("... and 3 earlier requests\n")


def test_without_a_stub_the_server_responds_with_503(
    client: http.client.HTTPConnection, server: StubServer
) -> None:
    server.stub = None
    client.request("GET", "/")
    response = client.getresponse()
    assert response.status == json.loads(response.read())["status"] == 503


def test_two_hundred_clients_at_once_all_get_a_response(
    server: StubServer, stub: Stub, consent: Consent
) -> None:
    """Exactly the items with error code 0 are stored, and each client's in its order."""
    numbers = range(200)
    ready = threading.Barrier(len(numbers))

    def work(number: int) -> list[str]:
        stored = []
        client = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        ready.wait(60)
        for turn in range(3):
            contact = f"+1415555{number:04}"
            items = [
                consent(contact, "opt-in" if turn % 2 else "opt-out", source=source)
                for source in ("website", "nowhere", "offline")
            ]
            results = send(client, *items)
            assert [result.correlation_id for result in results] == [
                item["correlation_id"] for item in items
            ]
            stored += [str(result.correlation_id) for result in results if result.error_code == 0]
        client.close()
        return stored

    with ThreadPoolExecutor(len(numbers)) as pool:
        reported = list(pool.map(work, numbers))
    kept = [str(upsert.fields["correlation_id"]) for upsert in stub.upserts]
    assert sorted(kept) == sorted(chain.from_iterable(reported))
    assert len(kept) == 200 * 3 * 2
    position = {correlation_id: index for index, correlation_id in enumerate(kept)}
    for stored in reported:
        positions = [position[correlation_id] for correlation_id in stored]
        assert positions == sorted(positions)
    assert {stub.status(f"+1415555{number:04}", consent()["sender_id"]) for number in numbers} == {
        "opt-out"
    }


def test_closing_the_server_closes_kept_connections(stub: Stub) -> None:
    with StubServer(stub) as server:
        address = urlsplit(server.url)
        kept = socket.create_connection((address.hostname, address.port), timeout=30)
        kept.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert kept.recv(65_536)
    with kept:
        assert kept.recv(1) == b""


def test_the_server_starts_while_a_test_hides_all_files(stub: Stub, consent: Consent) -> None:
    with Patcher(), StubServer(stub) as server:
        client = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        send(client, consent())
        client.close()
    assert len(stub.upserts) == 1


def test_a_stub_can_be_served_over_https(stub: Stub, consent: Consent) -> None:
    certificate = Path(__file__).parents[1] / "submit" / "certificate"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    trust = ssl.create_default_context(cafile=certificate / "certificate.pem")
    trust.check_hostname = False
    with StubServer(stub, ssl_context=context) as server:
        address = urlsplit(server.url)
        assert address.scheme == "https"
        # A client that never begins the handshake does not block the others.
        with socket.create_connection((address.hostname, address.port), timeout=30):
            client = http.client.HTTPSConnection(address.netloc, timeout=30, context=trust)
            send(client, consent())
            stub.fail(CutAfterUpsert())
            with pytest.raises(http.client.RemoteDisconnected):
                send(client, consent())
            client.close()
    assert len(stub.upserts) == 2


def test_an_ipv6_address_is_bracketed_in_the_url(stub: Stub) -> None:
    if not socket.has_ipv6:
        pytest.skip("IPv6 is not available")
    try:
        server = StubServer(stub, host="::1")
    except OSError:
        pytest.skip("IPv6 is not available")
    with server:
        assert server.url == f"http://[::1]:{server.port}"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("localhost", 200),
        ("stub.localhost:80", 200),
        ("stub:8080", 200),
        ("attacker.example", 403),
        ("127.0.0.1.attacker.example:8080", 403),
        ("localhost.attacker.example", 403),
        ("127.0.0.1, attacker.example", 403),
    ],
)
def test_no_web_site_can_read_the_status_page_by_its_own_host_name(
    client: http.client.HTTPConnection, host: str, status: int
) -> None:
    """An attacker can let a name point to this machine, and so make it an address of its site."""
    client.request("GET", "/", headers={"Host": host})
    response = client.getresponse()
    response.read()
    assert response.status == status
    if status == 200:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_test_can_add_expectations_to_the_server(
    client: http.client.HTTPConnection, server: StubServer, stub: Stub, consent: Consent
) -> None:
    server.expect_ordered_request("/mail", method="POST").respond_with_json({"sent": True})
    server.expect_request("/stream").respond_with_response(werkzeug.Response(iter([b"a", b"b"])))
    # The ordered expectation waits, and does not affect the stub.
    send(client, consent())
    for method, path, body in (
        ("POST", "/mail", b'{\n    "sent": true\n}'),
        ("GET", "/stream", b"ab"),
    ):
        client.request(method, path, b"")
        response = client.getresponse()
        assert (response.status, response.read()) == (200, body)
    client.request("POST", "/v1/Consent/Bulk", wire.encode_request([consent()]), HEADERS)
    assert client.getresponse().status == 404
    server.check()
    assert [request.path for request, _ in server.log] == ["/mail", "/stream"]
    assert [request.path for request in stub.received] == [CONSENTS.path, "/v1/Consent/Bulk"]


def test_an_expectation_that_raises_an_error_gets_a_500_and_fails_the_check(
    client: http.client.HTTPConnection, server: StubServer, capfd: pytest.CaptureFixture[str]
) -> None:
    def respond(request: werkzeug.Request) -> werkzeug.Response:
        raise LookupError("no such template")

    server.expect_request("/mail").respond_with_handler(respond)
    client.request("GET", "/mail")
    response = client.getresponse()
    assert (response.status, json.loads(response.read())["status"]) == (500, 500)
    with pytest.raises(LookupError):
        server.check()
    assert "no such template" in capfd.readouterr().err


def test_a_server_can_be_started_again(stub: Stub, consent: Consent) -> None:
    server = StubServer(stub)
    url = server.url
    server.close()
    server.close()
    assert not server.is_running()
    server.start()
    assert server.url == url
    client = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    send(client, consent())
    client.close()
    server.close()


def test_an_error_in_on_request_reaches_the_output_and_the_client(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(request: object) -> None:
        raise LookupError("on_request failed")

    with StubServer(Stub(on_request=fail)) as server:
        assert b"HTTP/1.1 500 " in raw(server, b"GET /x HTTP/1.1\r\n\r\n")
    assert "on_request failed" in capfd.readouterr().err


def test_a_truncated_body_and_a_head_request_leave_no_thread_behind(
    server: StubServer, stub: Stub, consent: Consent
) -> None:
    before = threading.active_count()
    for fault in (CutBeforeUpsert(), CutAfterUpsert(), TruncatedBody()):
        stub.fail(fault)
        client = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        with pytest.raises(http.client.HTTPException):
            send(client, consent())
        client.close()
    for _ in range(500):
        if threading.active_count() <= before:
            return
        time.sleep(0.01)
    pytest.fail("a connection still has a thread")
