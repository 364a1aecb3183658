"""The HTTP client: credentials, addresses, connections, and the description of failures."""

import socket
import ssl
import threading
import time
import zlib
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
    ApiClient,
    Credentials,
    credentials_from_environment,
    parse_base_url,
)
from consentlint.submit.options import SubmitError
from consentlint.submit.responses import HttpResult
from consentlint.submit.workers import ThreadWorkers

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


def client_of(url: str, read_seconds: float = 30) -> ApiClient:
    return ApiClient(parse_base_url(url), CREDENTIALS, read_seconds)


@contextmanager
def raw_server(response: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Sends the same response to every connection, and records what it received."""
    seen: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    seen.append(connection.recv(65_536))
                    connection.sendall(response)
                    # A socket that is closed with unread data cuts off its own response.
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
    ("environment", "message"),
    [
        ({}, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_ACCOUNT_SID is set but TWILIO_AUTH_TOKEN is not"),
        ({"TWILIO_API_SECRET": "sesame"}, "TWILIO_API_SECRET is set but TWILIO_API_KEY is not"),
        (
            {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "sesame\n"},
            "TOKEN contains white space",
        ),
        ({"TWILIO_ACCOUNT_SID": "AC:1", "TWILIO_AUTH_TOKEN": "sesame"}, "SID contains a colon"),
    ],
)
def test_an_error_about_credentials_does_not_show_them(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], message: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SubmitError, match=message) as caught:
        credentials_from_environment()
    assert "sesame" not in str(caught.value)


def test_no_representation_shows_the_secret() -> None:
    assert "sesame" not in f"{CREDENTIALS!r} {CREDENTIALS!s} {vars(ApiClient)}"
    text = f"bad token sesame in {CREDENTIALS.header}"
    assert CREDENTIALS.redact(text) == "bad token ••• in Basic •••"
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
def test_valid_base_urls(url: str, address: Address) -> None:
    assert parse_base_url(url) == address


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
def test_invalid_base_urls(url: str) -> None:
    with pytest.raises(SubmitError) as caught:
        parse_base_url(url)
    assert "sesame" not in str(caught.value)


def test_a_connection_is_reused() -> None:
    stub = Stub()
    with StubServer(stub) as server:
        client = client_of(server.url)
        for _ in range(3):
            result = client.send(CONSENTS.path, wire.encode_request([{}]))
            assert result.status == 201
        (key,) = client._pool.pools.keys()
        pool = client._pool.pools[key]
        assert (pool.num_connections, pool.num_requests) == (1, 3)
        client.close()


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (CutAfterUpsert(), "connection lost"),
        (TruncatedBody(), "connection lost"),
        (Delay(60), "request timed out"),
    ],
)
def test_a_failure_is_described_without_the_text_of_the_library(
    fault: object, failure: str
) -> None:
    stub = Stub()
    stub.fail(fault)  # type: ignore[arg-type]
    with StubServer(stub) as server:
        client = client_of(server.url, 0.3)
        result = client.send(CONSENTS.path, wire.encode_request([{}]))
        assert (result.status, result.failure, result.is_permanent) == (None, failure, False)
        assert client.send(CONSENTS.path, wire.encode_request([{}])).status == 201
        server.closing.set()
        client.close()


def test_a_connection_to_a_closed_port_fails() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    result = client_of(f"http://127.0.0.1:{port}").send(CONSENTS.path, b"")
    assert (result.failure, result.is_unsent) == ("no connection", True)


def test_a_body_that_is_not_json_is_returned_unchanged() -> None:
    stub = Stub()
    stub.fail(NotJson())
    with StubServer(stub) as server:
        client = client_of(server.url)
        assert client.send(CONSENTS.path, wire.encode_request([{}])).body.startswith(b"<html>")
        client.close()


def test_a_redirect_is_not_followed() -> None:
    with raw_server(b"") as (other, seen_by_other):
        response = f"HTTP/1.1 307 Moved\r\nLocation: http://{other}/\r\nContent-Length: 0\r\n\r\n"
        with raw_server(response.encode()) as (first, seen):
            assert client_of(f"http://{first}").send(CONSENTS.path, b"x").status == 307
    assert len(seen) == 1
    assert seen_by_other == []


def test_an_endless_response_is_not_read() -> None:
    response = b"HTTP/1.1 201 Created\r\nContent-Length: 9999999\r\n\r\n" + b" " * 2_000_000
    with raw_server(response) as (first, _):
        result = client_of(f"http://{first}").send(CONSENTS.path, b"x")
    assert (result.status, result.failure) == (None, "response too long")


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 201 Created\r\nContent-Length: 999\r\n\r\n"])
def test_a_request_has_a_time_limit_however_slowly_its_response_arrives(start: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connections = []

        def serve() -> None:
            connection, _ = listening.accept()
            connections.append(connection)
            with suppress(OSError):
                connection.sendall(start)
                while True:
                    connection.sendall(b"H")
                    time.sleep(0.02)

        threading.Thread(target=serve, daemon=True).start()
        workers = ThreadWorkers(client_of(f"http://127.0.0.1:{listening.getsockname()[1]}"), 0.5)
        request = workers.send(CONSENTS.path, b"x")
        ((_, thread),) = workers._pending.values()
        started = time.monotonic()
        while (result := workers.next_result(0.1)) is None:
            assert time.monotonic() - started < 5
        assert result == (request, HttpResult(None, failure="request timed out"))
        # Its connection is cut, so that its thread ends, and what it returns is ignored.
        thread.join(5)
        assert not thread.is_alive()
        assert workers.next_result(0.1) is None
        connections[0].close()


def test_a_compressed_response_is_not_unpacked() -> None:
    content = zlib.compress(b" " * 100_000_000)
    headers = f"Content-Encoding: deflate\r\nContent-Length: {len(content)}\r\n\r\n"
    with raw_server(b"HTTP/1.1 201 Created\r\n" + headers.encode() + content) as (first, seen):
        assert client_of(f"http://{first}").send(CONSENTS.path, b"x").body == content
    assert b"Accept-Encoding: identity" in seen[0]


def test_a_response_that_is_not_http_is_a_lost_connection() -> None:
    with raw_server(b"\x16\x03 nonsense\r\n\r\n") as (first, _):
        assert client_of(f"http://{first}").send(CONSENTS.path, b"x").failure == "connection lost"


def test_a_proxy_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n") as (proxy, seen):
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://me:open-sesame@{proxy}")
        with raw_server(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n") as (here, _):
            assert client_of(f"http://{here}").send(CONSENTS.path, b"x").status == 404
        assert seen == []
        result = client_of("https://accounts.example").send(CONSENTS.path, b"x")
        assert result.failure == "proxy failed"
        assert seen[0].startswith(b"CONNECT accounts.example:443")
        # The proxy must not see the credentials of the API.
        assert CREDENTIALS.header.encode() not in seen[0]
        monkeypatch.setenv("no_proxy", "accounts.example")
        assert not isinstance(client_of("https://accounts.example")._pool, urllib3.ProxyManager)


@pytest.fixture
def encrypted() -> Iterator[tuple[str, Stub]]:
    """A stub behind TLS, with a certificate that is not trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE.with_name("both.pem"))
    stub = Stub()
    with StubServer(stub, ssl_context=context) as server:
        yield server.url, stub


def test_a_certificate_must_be_trusted(
    encrypted: tuple[str, Stub], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, stub = encrypted
    result = client_of(url).send(CONSENTS.path, wire.encode_request([{}]))
    assert result.is_permanent
    assert result.is_unsent
    assert "certificate is not trusted" in result.failure
    assert not stub.received
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    client = client_of(url)
    assert client.send(CONSENTS.path, wire.encode_request([{}])).status == 201
    client.close()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    with pytest.raises(SubmitError, match="REQUESTS_CA_BUNDLE"):
        client_of(url)
