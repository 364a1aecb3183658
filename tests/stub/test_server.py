"""The server does on the wire what the core says, to many clients at once."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import pytest

from consentlint import CONSENTS, wire
from consentlint.stub import (
    CutAfterUpsert,
    CutBeforeUpsert,
    Delay,
    Stub,
    TruncatedBody,
)
from consentlint.stub.server import StubServer

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


def send(client: http.client.HTTPConnection, *items: Item) -> list[wire.Entry]:
    client.request("POST", CONSENTS.path, wire.encode_request(items), HEADERS)
    response = client.getresponse()
    body = response.read()
    assert response.status == 201
    return wire.decode_answer(body)


def raw(server: StubServer, request: bytes) -> bytes:
    """Return what a server sends until it closes the connection, or the client is silent."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
        return answer


def test_a_connection_is_kept_for_the_next_request(
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
def test_a_cut_connection_gives_no_answer(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent, fault: Any, stored: int
) -> None:
    stub.fail(fault)
    with pytest.raises(http.client.RemoteDisconnected):
        send(client, consent())
    assert len(stub.upserts) == stored


def test_a_connection_that_was_kept_can_be_cut(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent
) -> None:
    send(client, consent())
    stub.fail(CutAfterUpsert())
    with pytest.raises(http.client.RemoteDisconnected):
        send(client, consent())
    send(client, consent())
    assert len(stub.upserts) == 3


def test_a_truncated_body_is_half_of_the_one_announced(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent
) -> None:
    stub.fail(TruncatedBody())
    with pytest.raises(http.client.IncompleteRead) as caught:
        send(client, consent())
    read, expected = len(caught.value.partial), caught.value.expected or 0
    assert abs(read - expected) <= 1
    assert len(stub.upserts) == 1


def test_a_late_answer_is_in_nobody_elses_way(
    client: http.client.HTTPConnection, server: StubServer, stub: Stub, consent: Consent
) -> None:
    """The late answer comes only when the server is closed, and the others long before."""
    stub.fail(Delay(3600))
    late: list[wire.Entry] = []
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
    assert [entry.error_code for entry in late] == [0]


@pytest.mark.parametrize("trailer", [b"", b"X-Checksum: 1\r\n"])
def test_a_body_in_chunks_is_read(
    server: StubServer, stub: Stub, consent: Consent, trailer: bytes
) -> None:
    body = wire.encode_request([consent()])
    head = b"POST /v1/Consents/Bulk HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + b"".join(
        f"{name}: {value}\r\n".encode() for name, value in HEADERS.items()
    )
    pieces = [body[:10], body[10:]]
    chunks = b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    answer = raw(server, head + b"\r\n" + chunks + b"0\r\n" + trailer + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert len(stub.upserts) == 1


def test_a_client_that_goes_away_in_its_request_has_sent_nothing(
    server: StubServer, stub: Stub, consent: Consent, capfd: pytest.CaptureFixture[str]
) -> None:
    """What has come so far would be a good, smaller request."""
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
        ("Transfer-Encoding: chunked\r\n\r\n-1", 413),
        ("Transfer-Encoding: chunked\r\n\r\nfffffffffff", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    server: StubServer, framing: str, status: int
) -> None:
    answer = raw(server, f"POST {CONSENTS.path} HTTP/1.1\r\n{framing}\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert json.loads(body)["status"] == status
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in head


@pytest.mark.parametrize("request_line", [b"nonsense", b"GET / HTTP/9.9", b"\x16\x03\x01\x02"])
def test_what_is_no_request_ends_the_connection_and_nothing_else(
    server: StubServer, capfd: pytest.CaptureFixture[str], request_line: bytes
) -> None:
    raw(server, request_line + b"\r\n\r\n")
    assert b" 200 " in raw(server, b"GET / HTTP/1.1\r\n\r\n")
    assert capfd.readouterr().err == ""


def test_the_page_shows_what_was_received_and_no_number(
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
        '+•• MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f opt-in: INVALID_CONTACT_ID (contact_id "+••"'
        in page
    )
    for hidden in ("4155552671", "2025550123", "token"):
        assert hidden not in page


def test_the_page_is_of_bounded_length(
    client: http.client.HTTPConnection, stub: Stub, consent: Consent
) -> None:
    for _ in range(203):
        client.request("GET", CONSENTS.path)
        client.getresponse().read()
    client.request("GET", "/")
    assert client.getresponse().read().decode().endswith("... and 3 before these\n")


def test_without_a_stub_there_is_an_answer(
    client: http.client.HTTPConnection, server: StubServer
) -> None:
    server.stub = None
    client.request("GET", "/")
    response = client.getresponse()
    assert response.status == json.loads(response.read())["status"] == 503


def test_two_hundred_clients_at_once_all_get_an_answer(
    server: StubServer, stub: Stub, consent: Consent
) -> None:
    """The store holds exactly what was answered 0, each client's items in its order."""
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
            entries = send(client, *items)
            assert [entry.correlation_id for entry in entries] == [
                item["correlation_id"] for item in items
            ]
            stored += [str(entry.correlation_id) for entry in entries if entry.error_code == 0]
        client.close()
        return stored

    with ThreadPoolExecutor(len(numbers)) as pool:
        answered = list(pool.map(work, numbers))
    kept = [str(upsert.fields["correlation_id"]) for upsert in stub.upserts]
    assert sorted(kept) == sorted(chain.from_iterable(answered))
    assert len(kept) == 200 * 3 * 2
    place = {correlation_id: number for number, correlation_id in enumerate(kept)}
    for stored in answered:
        places = [place[correlation_id] for correlation_id in stored]
        assert places == sorted(places)
    assert {stub.status(f"+1415555{number:04}", consent()["sender_id"]) for number in numbers} == {
        "opt-out"
    }


def test_a_server_that_is_closed_closes_the_connections_that_it_kept(stub: Stub) -> None:
    with StubServer(stub) as server:
        address = urlsplit(server.url)
        kept = socket.create_connection((address.hostname, address.port), timeout=30)
        kept.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert kept.recv(65_536)
    with kept:
        assert kept.recv(1) == b""


def test_an_address_is_shown_as_it_must_be_written(stub: Stub) -> None:
    if not socket.has_ipv6:
        pytest.skip("there is no IPv6 here")
    try:
        server = StubServer(stub, host="::1")
    except OSError:
        pytest.skip("there is no IPv6 here")
    with server:
        assert server.url == f"http://[::1]:{server.server_address[1]}"
