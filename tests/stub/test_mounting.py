"""A stub on the `httpserver` fixture of a user's own tests, with their own expectations."""

import textwrap

import pytest

# pytester unloads the modules that its run imports first. Import all of the package here,
# because a partly unloaded package cannot be imported again.
import consentlint.stub.server  # noqa: F401

HELPERS = """
import http.client, json, socket, threading, time, urllib.error, urllib.request
from base64 import b64encode
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from consentlint.stub import *

def item(contact="+14155552671", status="opt-out"):
    return {
        "contact_id": contact,
        "correlation_id": uuid4().hex,
        "sender_id": "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f",
        "status": status,
        "source": "website",
    }

def send(url, *items, path="/v1/Consents/Bulk", method="POST", timeout=30):
    request = urllib.request.Request(
        url + path,
        urlencode([("Items", json.dumps(item)) for item in items]).encode(),
        {"Authorization": "Basic " + b64encode(b"AC0:token").decode()},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()

class Shop:
    \"\"\"The code under test: it sends an e-mail and records the consent.\"\"\"

    def __init__(self, url):
        self.url = url

    def unsubscribe(self, contact):
        data = json.dumps({"to": "support"}).encode()
        with urllib.request.urlopen(self.url + "/mail/send", data, timeout=30) as response:
            assert json.load(response) == {"queued": 1}
        for _ in range(3):
            if send(self.url, item(contact))[0] == 201:
                return
        raise RuntimeError("not recorded")

@pytest.fixture
def url(httpserver):
    return httpserver.url_for("").rstrip("/")

@pytest.fixture
def stub(httpserver):
    stub = Stub()
    mount(httpserver, stub)
    return stub
"""


def run(pytester: pytest.Pytester, tests: str, passed: int) -> None:
    pytester.makeconftest("from helpers import stub, url")
    pytester.makepyfile(helpers=HELPERS)
    pytester.makepyfile("from helpers import *\n" + textwrap.dedent(tests))
    result = pytester.runpytest_subprocess("-p", "no:consentlint", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=passed)


def test_a_repository_uses_the_stub_with_its_own_expectations(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        """
        def test_a_stop_is_recorded_and_confirmed(httpserver, stub, url):
            mail = httpserver.expect_oneshot_request("/mail/send", method="POST")
            mail.respond_with_json({"queued": 1})
            Shop(url).unsubscribe("+14155552671")
            stub.assert_opted_out("+14155552671")
            httpserver.check()

        def test_an_outage_is_retried(httpserver, stub, url):
            httpserver.expect_request("/mail/send").respond_with_json({"queued": 1})
            stub.fail(Unavailable(), requests=2)
            Shop(url).unsubscribe("+14155552671")
            assert [request.status for request in stub.received] == [503, 503, 201]
            httpserver.check()

        def test_each_test_has_its_own_stub(httpserver, url):
            assert send(url, item())[0] == 500

        def test_an_expectation_of_the_test_comes_first(httpserver, stub, url):
            httpserver.expect_oneshot_request("/v1/Consents/Bulk").respond_with_json({"mine": 1})
            assert send(url, item()) == (200, {"mine": 1})
            assert send(url, item())[0] == 201
            assert len(stub.received) == 1

        def test_both_endpoints_and_all_methods_are_answered(httpserver, stub, url):
            assert send(url, {**item(), "country_iso_code": "US"}, path="/v1/Contacts/Bulk")[0] == 201
            assert send(url, method="GET")[0] == 405
            preflight = urllib.request.Request(url + "/v1/Consents/Bulk", method="OPTIONS")
            with urllib.request.urlopen(preflight, timeout=30) as response:
                assert response.status == 204
                assert response.headers["Access-Control-Allow-Origin"] == "*"
            httpserver.check()
        """,
        passed=5,
    )


def test_all_faults_work_on_the_server_of_a_test(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        """
        @pytest.mark.parametrize(
            ("fault", "error", "stored"),
            [
                (CutBeforeUpsert(), http.client.RemoteDisconnected, 0),
                (CutAfterUpsert(), http.client.RemoteDisconnected, 1),
                (TruncatedBody(), http.client.IncompleteRead, 1),
                (NotJson(), json.JSONDecodeError, 1),
            ],
        )
        def test_a_connection_is_cut(httpserver, stub, url, fault, error, stored):
            stub.fail(fault)
            with pytest.raises(error):
                send(url, item())
            assert len(stub.upserts) == stored
            assert send(url, item())[0] == 201
            httpserver.check()

        @pytest.mark.parametrize("fault", [TooManyRequests(), ServerError(), Unavailable()])
        def test_a_response_is_an_error(httpserver, stub, url, fault):
            stub.fail(fault)
            assert send(url, item())[0] in (429, 500, 503)
            assert stub.upserts == ()
            httpserver.check()

        @pytest.mark.parametrize("fault", [InternalServerError(), MissingEntry(), OtherOrder()])
        def test_a_response_is_altered(httpserver, stub, url, fault):
            stub.fail(fault)
            plain = send(url, item(), item("+14155552672"))[1]
            assert len(plain["items"]) == (1 if fault == MissingEntry() else 2)
            httpserver.check()

        def test_a_delay_ends_when_its_client_disconnects(httpserver, stub, url):
            stub.fail(Delay(3600))
            with pytest.raises(OSError):
                send(url, item(), timeout=0.5)
            assert send(url, item())[0] == 201
            assert len(stub.upserts) == 2
        """,
        passed=11,
    )


def test_the_documented_limits_of_a_server_that_is_not_our_own(pytester: pytest.Pytester) -> None:
    """docs/stub.md lists them."""
    run(
        pytester,
        """
        def test_the_connection_closes_after_each_response(httpserver, stub, url):
            client = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
            client.request("POST", "/v1/Consents/Bulk")
            assert client.getresponse().headers["Connection"] == "close"
            client.close()

        def test_an_ordered_expectation_that_waits_fails_the_stub(httpserver, stub, url):
            httpserver.expect_ordered_request("/mail/send").respond_with_data("")
            assert send(url, item())[0] == 500
            assert stub.received == ()

        def test_the_check_shows_the_body_of_a_mistyped_path(httpserver, stub, url):
            assert send(url, item(), path="/v1/Consent/Bulk")[0] == 500
            with pytest.raises(AssertionError, match="14155552671"):
                httpserver.check()
            assert stub.received == ()

        def test_the_log_keeps_bodies(httpserver, stub, url):
            send(url, item())
            assert b"14155552671" in httpserver.log[0][0].data
        """,
        passed=4,
    )
