"""Third-party clients send the published requests and get the published responses.

For the guide's request, no response is published: its third item is rejected, as docs/evidence.md
says.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from consentlint import CONSENTS, CONTACTS, Endpoint
from consentlint.stub import (
    CutAfterUpsert,
    CutBeforeUpsert,
    NotJson,
    Stub,
    TooManyRequests,
    TruncatedBody,
)
from consentlint.stub.server import StubServer

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parents[1] / "fixtures"
NODE_CLIENT = "twilio@6.2.0"


class Exchange(NamedTuple):
    """A published request, and the response to it."""

    endpoint: Endpoint
    profile: str
    items: list[Any]
    response: Any

    @property
    def texts(self) -> list[str]:
        return [json.dumps(item) for item in self.items]


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def published(endpoint: Endpoint, profile: str) -> Exchange:
    folder = f"published/{endpoint.name}"
    items = [json.loads(text) for text in load(f"{folder}/request.json")["Items"]]
    return Exchange(endpoint, profile, items, load(f"{folder}/response.json"))


def guide(profile: str, *reasons: str) -> Exchange:
    items = load("guide/three_items.json")["Items"]
    results = [
        {"correlation_id": item["correlation_id"], "error_code": 0, "error_messages": []}
        for item in items
    ]
    results[2] |= {"error_code": CONSENTS.error_code, "error_messages": list(reasons)}
    return Exchange(CONSENTS, profile, items, {"items": results})


EXCHANGES = {
    "consents, documented": published(CONSENTS, "documented"),
    "consents, lenient": published(CONSENTS, "lenient"),
    "contacts, lenient": published(CONTACTS, "lenient"),
    "guide, documented": guide(
        "documented", "INVALID_CORRELATION_ID", "INVALID_SENDER_ID", "INVALID_CONTACT_ID"
    ),
    "guide, lenient": guide("lenient", "INVALID_CONTACT_ID"),
}
EACH_EXCHANGE = pytest.mark.parametrize("exchange", EXCHANGES.values(), ids=EXCHANGES)

# Whatever proxy the environment sets, the requests must stay on this machine.
pytestmark = pytest.mark.usefixtures("consent_stub_environment")


def objects(endpoint: Endpoint) -> list[Any]:
    return published(endpoint, "documented").items


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def url(stub: Stub) -> Iterator[str]:
    with StubServer(stub) as server:
        yield server.url


def resource(client: Any, endpoint: Endpoint) -> Any:
    v1 = client.accounts.v1
    return v1.bulk_consents if endpoint is CONSENTS else v1.bulk_contacts


class TestPython:
    """The official twilio package."""

    @EACH_EXCHANGE
    def test_published_requests_get_the_published_responses(
        self, request: pytest.FixtureRequest, exchange: Exchange
    ) -> None:
        request.node.add_marker(pytest.mark.consent_stub(profile=exchange.profile))
        client = request.getfixturevalue("consent_stub_client")
        for items in (exchange.texts, exchange.items):
            response = resource(client, exchange.endpoint).create(items=items)
            assert {"items": response.items} == exchange.response

    @pytest.mark.parametrize("wrapper", [tuple, iter], ids=["tuple", "iterator"])
    @pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda e: e.name)
    def test_items_that_are_not_a_list_get_an_explanation(
        self, consent_stub_client: Any, endpoint: Endpoint, wrapper: Any
    ) -> None:
        """The client sends the keys of the first dict."""
        from twilio.base.exceptions import TwilioRestException

        with pytest.raises(TwilioRestException) as caught:
            resource(consent_stub_client, endpoint).create(items=wrapper(objects(endpoint)))
        assert (caught.value.status, caught.value.code) == (400, 20001)
        assert "items= must be a list of dicts" in caught.value.msg

    def test_the_client_decodes_an_error(
        self, consent_stub: Stub, consent_stub_client: Any
    ) -> None:
        from twilio.base.exceptions import TwilioRestException

        consent_stub.fail(TooManyRequests())
        with pytest.raises(TwilioRestException) as caught:
            consent_stub_client.accounts.v1.bulk_consents.create(items=objects(CONSENTS))
        assert (caught.value.status, caught.value.code) == (429, 20429)
        assert caught.value.msg == "Unable to create record: Too many requests"

    @pytest.mark.parametrize(
        ("fault", "error", "stored"),
        [
            (CutBeforeUpsert(), "ConnectionError", 0),
            (CutAfterUpsert(), "ConnectionError", 1),
            (TruncatedBody(), "ChunkedEncodingError", 1),
            (NotJson(), "JSONDecodeError", 1),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_a_closed_connection_raises_an_error(
        self,
        consent_stub: Stub,
        consent_stub_client: Any,
        fault: Any,
        error: str,
        stored: int,
    ) -> None:
        consent_stub.fail(fault)
        create = consent_stub_client.accounts.v1.bulk_consents.create
        with pytest.raises((OSError, ValueError)) as caught:
            create(items=objects(CONSENTS))
        assert caught.type.__name__ == error
        assert len(consent_stub.upserts) == stored


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
class TestCurl:
    """curl, whose exit code says how a connection ended."""

    @staticmethod
    def curl(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["curl", "--silent", "--max-time", "30", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    @staticmethod
    def post(url: str, exchange: Exchange = EXCHANGES["consents, documented"]) -> list[str]:
        items = [
            option for text in exchange.texts for option in ("--data-urlencode", f"Items={text}")
        ]
        return ["--user", "AC0:token", *items, url + exchange.endpoint.path]

    @EACH_EXCHANGE
    def test_published_requests_get_the_published_responses(self, exchange: Exchange) -> None:
        with StubServer(Stub(profile=exchange.profile)) as server:
            result = self.curl("--fail", *self.post(server.url, exchange))
        assert json.loads(result.stdout) == exchange.response

    @pytest.mark.parametrize(
        ("fault", "exit_code", "stored"),
        [(CutBeforeUpsert(), 52, 0), (CutAfterUpsert(), 52, 1), (TruncatedBody(), 18, 1)],
        ids=lambda value: type(value).__name__,
    )
    def test_the_exit_code_says_how_a_connection_ended(
        self, url: str, stub: Stub, fault: Any, exit_code: int, stored: int
    ) -> None:
        """52: an empty reply. 18: less data than Content-Length announced."""
        stub.fail(fault)
        assert self.curl(*self.post(url)).returncode == exit_code
        assert len(stub.upserts) == stored

    def test_the_documented_example_works(self, url: str, stub: Stub) -> None:
        item = json.dumps(objects(CONSENTS)[0])
        options = ["-u", "AC0:token", "--data-urlencode", f"Items={item}"]
        assert self.curl("--fail", *options, f"{url}/v1/Consents/Bulk").returncode == 0
        assert "1 item stored" in self.curl(url).stdout


@pytest.mark.slow
def test_the_node_client_gets_the_published_responses(tmp_path: Path, url: str, stub: Stub) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("Node and npm are not installed")
    flags = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error"]
    install = [npm, "install", *flags, "--fetch-retries=0", NODE_CLIENT]
    installed = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(f"npm cannot install {NODE_CLIENT}: no network or no registry")
    with StubServer(Stub(profile="lenient")) as lenient:
        requests = [
            {
                "url": url if exchange.profile == "documented" else lenient.url,
                "resource": f"bulk{exchange.endpoint.name.capitalize()}",
                "items": items,
            }
            for exchange in EXCHANGES.values()
            for items in (exchange.texts, exchange.items)
        ]
        single = {**requests[0], "items": objects(CONSENTS)[0]}
        script = shutil.copy(HERE / "send_with_node.js", tmp_path)
        command = [node, str(script), json.dumps([*requests, single])]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    *responses, mistake = json.loads(run.stdout)
    assert responses == [exchange.response for exchange in EXCHANGES.values() for _ in range(2)]
    assert (mistake["status"], mistake["code"]) == (400, 20001)
    assert "Items must be an array of objects" in mistake["message"]


@pytest.mark.skipif(not shutil.which("twilio"), reason="the Twilio CLI is not installed")
@EACH_EXCHANGE
def test_the_twilio_cli_gets_the_published_responses(tmp_path: Path, exchange: Exchange) -> None:
    command = ["twilio", f"api:accounts:v1:{exchange.endpoint.name}:bulk:create", "-o", "json"]
    items = [option for text in exchange.texts for option in ("--items", text)]
    with StubServer(Stub(profile=exchange.profile)) as server:
        environment = {
            **os.environ,
            "NODE_OPTIONS": f"--no-warnings --require {HERE / 'redirect_twilio_cli.js'}",
            "STUB_URL": server.url,
            # The CLI keeps its settings in the home directory.
            "HOME": str(tmp_path),
            "TWILIO_AUTH_TOKEN": "0" * 32,
        }
        run = subprocess.run(
            [*command, *items], env=environment, capture_output=True, text=True, check=False
        )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == [exchange.response]
