"""`consentlint stub` prints its URL, handles requests, and stops on a signal."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from consentlint import CONSENTS, wire
from consentlint.cli import main

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


class Running(NamedTuple):
    process: subprocess.Popen[str]
    url: str

    def post(self, body: bytes, password: str = "token") -> tuple[int, bytes]:
        client = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        credentials = wire.encode_credentials("AC0", password)
        headers = {"Authorization": credentials, "Content-Type": wire.FORM}
        client.request("POST", CONSENTS.path, body, headers)
        response = client.getresponse()
        result = response.status, response.read()
        client.close()
        return result

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        output, report = self.process.communicate(timeout=30)
        return self.process.returncode, output, report


@contextmanager
def started(*options: str, **environment: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "consentlint", "stub", "--port", "0", *options]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            match = re.fullmatch(r"consentlint stub listens on (http://\S+) \(.*\)\n", line)
            assert match, line
            yield Running(process, match[1])
        finally:
            process.kill()


@pytest.fixture(scope="module")
def body() -> bytes:
    file = FIXTURES / "published" / "consents" / "request.json"
    return wire.encode_request(json.loads(file.read_text(encoding="utf-8"))["Items"])


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_reports_each_request_and_stops_on_a_signal(body: bytes, number: int) -> None:
    with started() as stub:
        status, response = stub.post(body)
        published = FIXTURES / "published" / "consents" / "response.json"
        assert status == 201
        assert json.loads(response) == json.loads(published.read_text(encoding="utf-8"))
        code, output, report = stub.stop(number)
    assert (code, output) == (0, "")
    assert report == (
        "POST /v1/Consents/Bulk 201: 1 of 2 items stored,"
        " 1 x INVALID_CONTACT_ID, 1 x INVALID_DATE_OF_CONSENT\n"
    )


@POSIX
def test_it_stops_while_a_response_is_delayed_and_a_connection_is_open(body: bytes) -> None:
    with started("--fault", "delay:seconds=600", "--quiet") as stub:
        address = urlsplit(stub.url)
        with socket.create_connection((address.hostname, address.port), timeout=30) as waiting:
            credentials = wire.encode_credentials("AC0", "token")
            waiting.sendall(
                f"POST {CONSENTS.path} HTTP/1.1\r\nAuthorization: {credentials}\r\n"
                f"Content-Type: {wire.FORM}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            assert stub.stop() == (0, "", "")


@POSIX
def test_the_options_configure_the_stub(body: bytes) -> None:
    options = ["--limit", "3", "--credentials", "AC0:token", "--now", "2025-03-01T00:00:00Z"]
    faults = ["--fault", "unavailable", "--fault", "missing-entry:contact=+19999999999,item=0"]
    with started(*options, *faults, "--profile", "lenient") as stub:
        assert stub.post(body, "wrong")[0] == 401
        assert stub.post(body)[0] == 503
        results = wire.decode_response(stub.post(body)[1])
        assert [list(item.error_messages) for item in results] == [
            # With --now, 2025-03-25 is in the future.
            ["INVALID_CONTACT_ID", "INVALID_DATE_OF_CONSENT"]
        ]
        assert [stub.post(body)[0] for _ in range(2)] == [201, 429]
        _, _, report = stub.stop()
    assert "9999999" not in report
    assert "wrong" not in report


@POSIX
def test_credentials_can_come_from_the_environment(body: bytes) -> None:
    with started("--quiet", CONSENTLINT_STUB_CREDENTIALS="AC0:sesame") as stub:
        assert [stub.post(body, password)[0] for password in ("token", "sesame")] == [401, 201]
        assert stub.stop() == (0, "", "")


@POSIX
def test_an_account_that_is_not_enabled_gets_404(body: bytes) -> None:
    with started("--not-enabled") as stub:
        assert stub.post(body)[0] == 404


@POSIX
def test_it_keeps_running_if_stderr_is_closed(body: bytes) -> None:
    with started() as stub:
        assert stub.process.stderr is not None
        stub.process.stderr.close()
        assert [stub.post(body)[0] for _ in range(2)] == [201, 201]
        stub.process.stderr = None
        assert stub.stop()[0] == 0


def test_a_port_in_use_is_a_one_line_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        result = CliRunner().invoke(main, ["stub", "--port", str(port)])
    assert result.exit_code == 2
    assert result.output == (
        f"Error: 127.0.0.1, port {port} is in use; pass another --port, or 0 for any free port\n"
    )


def test_a_missing_extra_is_a_one_line_error() -> None:
    # Python raises ModuleNotFoundError for a module that is None in sys.modules.
    code = (
        "import sys; sys.modules['pytest_httpserver'] = None; from consentlint.__main__ import run;"
        " sys.argv[1:] = ['stub']; run()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        'Error: pytest-httpserver is not installed. Run "pip install pytest-httpserver", or install'
        ' consentlint with the extra "stub".\n'
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fault", "delai"], 'Did you mean "delay"?'),
        (["--fault", "zzz"], 'unknown fault "zzz". Expected one of: internal-server-error, '),
        (["--fault", "delay:limit=1"], "Expected one of: requests, every, contact, seconds"),
        (["--fault", "delay:every=x"], "every is x, expected a number"),
        (["--fault", "delay:seconds=inf"], "seconds is inf, expected a number"),
        (["--fault", "delay:contact="], "contact needs a value"),
        (["--fault", "delay:every=0"], "every must be at least 1"),
        (["--fault", "delay:every=1,requests=1"], "not both"),
        (["--credentials", "sesame"], "a colon"),
        (["--now", "tomorrow"], "is not an ISO 8601 date"),
        (["--now", "0001-01-01T00:00:00+05:00"], "out of range"),
        (["--limit", "0"], "x>=1"),
        (["--host", ""], "must not be empty"),
        (["--host", "a..b"], "cannot listen on a..b, port 8080: "),
        (["--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1, port 0: "),
    ],
)
def test_an_invalid_option_is_an_error_that_says_what_is_expected(
    options: list[str], message: str
) -> None:
    result = CliRunner().invoke(main, ["stub", *options], terminal_width=200)
    assert result.exit_code == 2
    assert message in result.output
    assert "sesame" not in result.output


@pytest.mark.parametrize("fault", ["{}", "delay:{}=1", "delay:every={}", "delay:seconds={}x"])
def test_no_message_shows_a_number(fault: str) -> None:
    options = ["stub", "--fault", fault.format("+14155552671")]
    result = CliRunner().invoke(main, options, terminal_width=200)
    assert result.exit_code == 2
    assert "4155552671" not in result.output
