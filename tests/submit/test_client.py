"""The client: what leaves, to whom, and what is told of what came back."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import urllib3

from consentlint import CONSENTS, wire
from consentlint.stub import CutAfterUpsert, Delay, NotJson, Stub, TruncatedBody
from consentlint.stub.server import StubServer
from consentlint.submit.client import (
    Address,
    Client,
    Credentials,
    Misconfigured,
    checked_address,
    credentials_from_environment,
)

CERTIFICATE = Path(__file__).parent / "certificate" / "certificate.pem"
CREDENTIALS = Credentials("AC0", "sesame", "TWILIO_AUTH_TOKEN")
VARIABLES = (
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_API_KEY",
    "TWILIO_API_SECRET",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    *(f"{name}_{what}" for name in ("http", "https", "all", "no") for what in ("proxy",)),
    *(f"{name}_PROXY" for name in ("HTTP", "HTTPS", "ALL", "NO")),
)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def client_of(url: str, read_seconds: float = 30) -> Client:
    return Client(checked_address(url), CONSENTS.path, CREDENTIALS, read_seconds)


@contextmanager
def raw_server(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Answers every connection alike, and keeps what it was sent."""
    seen: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    seen.append(connection.recv(65_536))
                    connection.sendall(answer)
                    # Closed with something unread, it would cut off its own answer.
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65_536):
                        pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}", seen
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("environment", "username", "variable"),
    [
        ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t"}, "AC1", "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "t"}, "SK1", "TWILIO_API_SECRET"),
    ],
)
def test_credentials_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], username: str, variable: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = credentials_from_environment()
    assert (found.username, found.variable) == (username, variable)
    assert found.header == wire.encode_credentials(username, "t")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN is not set"),
        ({"TWILIO_API_SECRET": "sesame"}, "TWILIO_API_KEY is not set"),
        ({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "sesame\n"}, "TOKEN holds white space"),
        ({"TWILIO_ACCOUNT_SID": "AC:1", "TWILIO_AUTH_TOKEN": "sesame"}, "SID has a colon"),
    ],
)
def test_credentials_that_cannot_be_are_said_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=words) as caught:
        credentials_from_environment()
    assert "sesame" not in str(caught.value)


def test_credentials_are_shown_nowhere() -> None:
    assert "sesame" not in f"{CREDENTIALS!r} {CREDENTIALS!s} {vars(Client)}"
    echoed = f"bad token sesame in {CREDENTIALS.header}"
    assert CREDENTIALS.without_secret(echoed) == "bad token ••• in Basic •••"
    with pytest.raises(TypeError):
        CREDENTIALS.__reduce__()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://accounts.twilio.com", Address("https://accounts.twilio.com", False)),
        ("https://proxy.example/twilio/", Address("https://proxy.example/twilio", False)),
        ("http://127.0.0.1:8080", Address("http://127.0.0.1:8080", True)),
        ("http://[::1]:8080/", Address("http://[::1]:8080", True)),
        ("http://localhost:1", Address("http://localhost:1", True)),
    ],
)
def test_good_addresses(url: str, address: Address) -> None:
    assert checked_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://accounts.twilio.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0:8080",
        "ftp://127.0.0.1",
        "accounts.twilio.com",
        "",
        "https://",
        "https://AC0:sesame@accounts.twilio.com",
        "https://accounts.twilio.com?a=sesame",
        "https://accounts.twilio.com/#",
        "https://accounts.twilio.com:port",
        "https://accounts.twilio.com/\n",
        "https://[::1",
    ],
)
def test_bad_addresses(url: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        checked_address(url)
    assert "sesame" not in str(caught.value)


def test_a_connection_is_used_again() -> None:
    stub = Stub()
    with StubServer(stub) as server:
        client = client_of(server.url)
        for _ in range(3):
            reply = client.send(wire.encode_request([{}]))
            assert reply.status == 201
        (key,) = client._pool.pools.keys()
        pool = client._pool.pools[key]
        assert (pool.num_connections, pool.num_requests) == (1, 3)
        client.close()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (CutAfterUpsert(), "the connection was lost"),
        (TruncatedBody(), "the connection was lost"),
        (Delay(60), "the answer did not come in time"),
    ],
)
def test_what_goes_wrong_is_said_in_words_of_our_own(fault: object, words: str) -> None:
    stub = Stub()
    stub.fail(fault)  # type: ignore[arg-type]
    with StubServer(stub) as server:
        client = client_of(server.url, 0.3)
        reply = client.send(wire.encode_request([{}]))
        assert (reply.status, reply.failure, reply.is_hopeless) == (None, words, False)
        assert client.send(wire.encode_request([{}])).status == 201
        server.closing.set()
        client.close()


def test_a_port_that_nobody_listens_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert client_of(f"http://127.0.0.1:{port}").send(b"").failure == "there was no connection"


def test_what_is_no_answer_is_handed_on_as_it_is() -> None:
    stub = Stub()
    stub.fail(NotJson())
    with StubServer(stub) as server:
        client = client_of(server.url)
        assert client.send(wire.encode_request([{}])).body.startswith(b"<html>")
        client.close()


def test_a_redirect_is_not_followed() -> None:
    with raw_server(b"") as (other, seen_by_other):
        answer = f"HTTP/1.1 307 Moved\r\nLocation: http://{other}/\r\nContent-Length: 0\r\n\r\n"
        with raw_server(answer.encode()) as (first, seen):
            assert client_of(f"http://{first}").send(b"x").status == 307
    assert len(seen) == 1
    assert seen_by_other == []


def test_an_answer_without_end_is_not_read() -> None:
    answer = b"HTTP/1.1 201 Created\r\nContent-Length: 9999999\r\n\r\n" + b" " * 2_000_000
    with raw_server(answer) as (first, _):
        reply = client_of(f"http://{first}").send(b"x")
    assert (reply.status, reply.failure) == (None, "the answer is longer than any of the API")


def test_what_is_no_http_at_all() -> None:
    with raw_server(b"\x16\x03 nonsense\r\n\r\n") as (first, _):
        assert client_of(f"http://{first}").send(b"x").failure == "the connection was lost"


def test_a_proxy_is_used_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n") as (proxy, seen):
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://me:open-sesame@{proxy}")
        with raw_server(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n") as (here, _):
            assert client_of(f"http://{here}").send(b"x").status == 404
        assert seen == []
        reply = client_of("https://accounts.example").send(b"x")
        assert reply.failure == "the proxy cannot be used"
        assert seen[0].startswith(b"CONNECT accounts.example:443")
        # The proxy must not see the credentials of the API.
        assert CREDENTIALS.header.encode() not in seen[0]
        monkeypatch.setenv("no_proxy", "accounts.example")
        assert not isinstance(client_of("https://accounts.example")._pool, urllib3.ProxyManager)


@pytest.fixture
def encrypted() -> Iterator[tuple[str, Stub]]:
    """A stub behind TLS, with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE.with_name("both.pem"))
    stub = Stub()
    with StubServer(stub) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server.url.replace("http://", "https://"), stub


def test_a_certificate_must_be_trusted(
    encrypted: tuple[str, Stub], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, stub = encrypted
    reply = client_of(url).send(wire.encode_request([{}]))
    assert reply.is_hopeless
    assert "certificate of the server is not trusted" in reply.failure
    assert not stub.received
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    client = client_of(url)
    assert client.send(wire.encode_request([{}])).status == 201
    client.close()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    with pytest.raises(Misconfigured, match="REQUESTS_CA_BUNDLE"):
        client_of(url)
