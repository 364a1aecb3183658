"""Third-party clients send the published requests and get the published responses."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
PAIRS = [(CONSENTS, "documented"), (CONSENTS, "lenient"), (CONTACTS, "lenient")]
EACH_PAIR = pytest.mark.parametrize(
    ("endpoint", "profile"), PAIRS, ids=lambda value: getattr(value, "name", value)
)

# Whatever proxy the environment sets, the requests must stay on this machine.
pytestmark = pytest.mark.usefixtures("consent_stub_environment")


def published(endpoint: Endpoint, name: str) -> Any:
    file = FIXTURES / "published" / endpoint.name / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def objects(endpoint: Endpoint) -> list[Any]:
    return [json.loads(text) for text in published(endpoint, "request")["Items"]]


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

    @EACH_PAIR
    def test_published_requests_get_the_published_responses(
        self, request: pytest.FixtureRequest, endpoint: Endpoint, profile: str
    ) -> None:
        request.node.add_marker(pytest.mark.consent_stub(profile=profile))
        client = request.getfixturevalue("consent_stub_client")
        texts = published(endpoint, "request")["Items"]
        for items in (texts, objects(endpoint)):
            response = resource(client, endpoint).create(items=items)
            assert {"items": response.items} == published(endpoint, "response")

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
    def post(url: str, endpoint: Endpoint = CONSENTS) -> list[str]:
        texts = published(endpoint, "request")["Items"]
        items = [option for text in texts for option in ("--data-urlencode", f"Items={text}")]
        return ["--user", "AC0:token", *items, url + endpoint.path]

    @EACH_PAIR
    def test_published_requests_get_the_published_responses(
        self, endpoint: Endpoint, profile: str
    ) -> None:
        with StubServer(Stub(profile=profile)) as server:
            result = self.curl("--fail", *self.post(server.url, endpoint))
        assert json.loads(result.stdout) == published(endpoint, "response")

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
                "url": url if profile == "documented" else lenient.url,
                "resource": f"bulk{endpoint.name.capitalize()}",
                "items": items,
            }
            for endpoint, profile in PAIRS
            for items in (published(endpoint, "request")["Items"], objects(endpoint))
        ]
        single = {**requests[0], "items": objects(CONSENTS)[0]}
        script = shutil.copy(HERE / "send_with_node.js", tmp_path)
        command = [node, str(script), json.dumps([*requests, single])]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    *responses, mistake = json.loads(run.stdout)
    assert responses == [published(endpoint, "response") for endpoint, _ in PAIRS for _ in range(2)]
    assert (mistake["status"], mistake["code"]) == (400, 20001)
    assert "Items must be an array of objects" in mistake["message"]
