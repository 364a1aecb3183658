"""The fixtures work as documented in a pytest run of their own, and loading them is cheap."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

# pytester unloads the modules that its run imports first. Import all of the package here,
# because a partly unloaded package cannot be imported again.
import consentlint.stub.server

LIBRARIES = ["urllib.request", "requests", "urllib3", "httpx", "aiohttp"]
for library in LIBRARIES:
    with suppress(ImportError):
        import_module(library)

ITEM = """
import contextlib, json, os, threading, time, urllib.request
from base64 import b64encode
from urllib.parse import urlencode
from uuid import uuid4

def item(contact="+14155552671", status="opt-in", **fields):
    return {
        "contact_id": contact,
        "correlation_id": uuid4().hex,
        "sender_id": "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f",
        "status": status,
        "source": "website",
        **fields,
    }

def send(*items):
    # Like the code under test: it reads the environment and knows nothing about the stub.
    account, token = os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"]
    request = urllib.request.Request(
        os.environ["TWILIO_ACCOUNTS_URL"] + "/v1/Consents/Bulk",
        urlencode([("Items", json.dumps(item)) for item in items]).encode(),
        {"Authorization": "Basic " + b64encode(f"{account}:{token}".encode()).decode()},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs tests in this process, with the plugin as the only part of consentlint."""
    pytester.makepyfile(outside=ITEM)

    def run(tests: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(f"from outside import *\nimport pytest\n{tests}")
        return pytester.runpytest_inprocess(
            # Load this checkout's plugin, not one that an entry point names.
            "-p",
            "no:consentlint",
            "-p",
            "consentlint.pytest_plugin",
            "-p",
            "no:cacheprovider",
            # It warns unless it is configured, and only tests of the language server need it.
            "-p",
            "no:asyncio",
            "--strict-markers",
            "-W",
            "error",
            *options,
        )

    return run


def test_the_code_under_test_reaches_the_stub(run: Run) -> None:
    tests = """
    def test_it(consent_stub, consent_stub_url):
        status, response = send(item(), item(status="opt-ou"))
        assert status == 201
        assert [result["error_code"] for result in response["items"]] == [0, 30646]
        assert os.environ["TWILIO_ACCOUNTS_URL"] == consent_stub_url
        consent_stub.assert_opted_in("+14155552671")
    """
    run(indented(tests)).assert_outcomes(passed=1)


def test_each_test_has_its_own_expectations_on_the_shared_server(run: Run) -> None:
    tests = """
    def mail(url):
        with urllib.request.urlopen(url + "/mail", b"", timeout=30) as response:
            return response.read()

    def test_with_an_expectation(consent_stub, consent_stub_server, consent_stub_url):
        consent_stub_server.expect_request("/mail").respond_with_data("queued")
        assert mail(consent_stub_url) == b"queued"
        assert send(item())[0] == 201

    def test_without_one(consent_stub, consent_stub_server, consent_stub_url):
        assert consent_stub_server.log == []
        with pytest.raises(urllib.error.HTTPError, match="404"):
            mail(consent_stub_url)
    """
    run(indented(tests)).assert_outcomes(passed=2)


def test_each_test_has_its_own_stub_on_one_shared_server(run: Run) -> None:
    tests = """
    urls = []

    @pytest.mark.parametrize("turn", range(3))
    def test_it(consent_stub, consent_stub_url, turn):
        urls.append(consent_stub_url)
        assert consent_stub.received == ()
        send(item())
        assert len(consent_stub.upserts) == len(set(urls)) == 1

    def test_without_it(consent_stub_server):
        assert consent_stub_server.stub is None
        assert "TWILIO_ACCOUNT_SID" not in os.environ
    """
    run(indented(tests)).assert_outcomes(passed=4)


def test_requests_are_handled_concurrently(run: Run) -> None:
    tests = """
    from consentlint.stub import Delay

    def test_it(consent_stub):
        consent_stub.fail(Delay(600))

        def send_late():
            # The server closes its connection at the end of the session.
            with contextlib.suppress(OSError):
                send(item())

        late = threading.Thread(target=send_late, daemon=True)
        late.start()
        for _ in range(3000):
            if consent_stub.upserts:
                break
            time.sleep(0.01)
        assert send(item())[0] == 201
        assert late.is_alive()
    """
    run(indented(tests)).assert_outcomes(passed=1)


def test_a_rate_limit_is_tested_without_waiting(run: Run) -> None:
    tests = """
    @pytest.mark.consent_stub(limit=2, now="2026-01-01T00:00:00Z")
    def test_it(consent_stub, consent_stub_clock):
        assert [send(item())[0] for _ in range(3)] == [201, 201, 429]
        consent_stub_clock.advance(60)
        assert send(item())[0] == 201
        assert consent_stub_clock().isoformat() == "2026-01-01T00:01:00+00:00"
    """
    run(indented(tests)).assert_outcomes(passed=1)


def test_a_date_from_the_system_clock_is_not_in_the_future(run: Run) -> None:
    tests = """
    from datetime import UTC, datetime

    def test_it(consent_stub):
        for _ in range(20):
            send(item(date_of_consent=datetime.now(UTC).isoformat()))
        assert len(consent_stub.upserts) == 20
    """
    run(indented(tests)).assert_outcomes(passed=1)


def test_the_closest_marker_sets_an_option(run: Run) -> None:
    tests = """
    from datetime import datetime

    pytestmark = pytest.mark.consent_stub(
        profile="lenient", limit=1, now=datetime(2026, 1, 1)
    )

    class TestAll:
        pytestmark = pytest.mark.consent_stub(limit=3, credentials=("AC1", "sesame"))

        @pytest.mark.consent_stub(limit=2)
        def test_it(self, consent_stub, consent_stub_environment):
            lenient = item(correlation_id="8u344b9a46b33b874b0d41f7776hb72f")
            status, response = send(lenient)
            assert response["items"][0]["error_messages"] == []
            assert consent_stub.received[0].account == "AC1"
            late = item(date_of_consent="2026-01-01T00:00:01Z")
            assert send(late)[1]["items"][0]["error_messages"] == ["INVALID_DATE_OF_CONSENT"]
            assert send(late)[0] == 429
            os.environ["TWILIO_AUTH_TOKEN"] = "other"
            assert send(late)[0] == 401

        @pytest.mark.consent_stub(enabled=False)
        def test_not_enabled(self, consent_stub):
            assert send(item())[0] == 404
    """
    run(indented(tests)).assert_outcomes(passed=2)


@pytest.mark.parametrize("options", ["limt=3", "3", "profile='lenient', x=1"])
def test_an_invalid_marker_is_an_error_that_lists_the_options(run: Run, options: str) -> None:
    result = run(f"@pytest.mark.consent_stub({options})\ndef test_it(consent_stub): ...")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*invalid marker consent_stub: *profile, credentials, limit, enabled, now*"]
    )


def test_the_environment_is_restored_after_the_test(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("TWILIO_EDGE", "sydney"),
        ("TWILIO_REGION", "au1"),
        ("TWILIO_AUTH_TOKEN", "real"),
        ("NO_PROXY", "example.com"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("no_proxy", raising=False)
    tests = """
    def test_with(consent_stub):
        assert "TWILIO_EDGE" not in os.environ and "TWILIO_REGION" not in os.environ
        assert os.environ["TWILIO_AUTH_TOKEN"] != "real"
        assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "example.com,127.0.0.1"

    def test_without():
        assert os.environ["TWILIO_EDGE"], os.environ["TWILIO_REGION"] == ("sydney", "au1")
        assert os.environ["TWILIO_AUTH_TOKEN"] == "real"
        assert os.environ["NO_PROXY"] == "example.com" and "no_proxy" not in os.environ
    """
    run(indented(tests)).assert_outcomes(passed=2)


def test_a_failed_assertion_masks_numbers_and_hides_internal_frames(run: Run) -> None:
    tests = """
    def test_it(consent_stub):
        send(item(status="opt in"))
        consent_stub.assert_opted_in("+14155552671")

    def test_repr(consent_stub):
        send(item())
        assert consent_stub.received == consent_stub.upserts
    """
    result = run(indented(tests), "--show-capture=no", "--tb=short")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["E   AssertionError: no consent of +1415•••••71 was stored: request 1 was rejected with *"]
    )
    result.stdout.no_fnmatch_line("*_assert_status*")


def test_a_failed_assertion_masks_addresses_and_names_a_rejection_once(run: Run) -> None:
    tests = """
    def test_it(consent_stub):
        contact = "ann" + "@example.com"
        for _ in range(9):
            send(item(contact))
        consent_stub.assert_opted_in(contact)
    """
    result = run(indented(tests), "--show-capture=no", "--tb=short")
    result.stdout.no_fnmatch_line("*ann@*")
    result.stdout.fnmatch_lines(["E *no consent of •••@example.com was stored: request 9 was*"])
    result.stdout.no_fnmatch_line("E *request 8*")


def test_the_twilio_client_reaches_the_stub(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("twilio")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    tests = """
    @pytest.mark.filterwarnings("default")
    def test_it(consent_stub, consent_stub_client):
        response = consent_stub_client.accounts.v1.bulk_consents.create(items=[item()])
        assert [result["error_code"] for result in response.items] == [0]
        consent_stub.assert_opted_in("+14155552671")
    """
    run(indented(tests)).assert_outcomes(passed=1)


def test_without_the_twilio_package_the_client_fixture_skips(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "twilio"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_Missing("twilio", "hypothesis"), *sys.meta_path])
    tests = "def test_it(consent_stub_client): ...\ndef test_other(consent_stub): send(item())"
    result = run(tests, "-rs")
    result.assert_outcomes(skipped=1, passed=1)
    result.stdout.fnmatch_lines(["*the twilio package is not installed*"])


class _Missing:
    """Make packages look as if they are not installed."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(name, name=name)


def test_pytest_lists_the_fixtures_and_the_marker(run: Run) -> None:
    result = run("", "--fixtures", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.consent_stub(profile=..., *"])
    result = run("", "--fixtures")
    for name in (
        *("", "_server", "_url", "_clock", "_environment", "_client"),
        *("_class", "_module", "_factory", "_only"),
    ):
        result.stdout.re_match_lines([rf"consent_stub{name}\b.* -- .*pytest_plugin\b.*"])


SHARED = """
@pytest.fixture(scope="module")
def seeded(consent_stub):
    send(item())
    yield consent_stub
    consent_stub.assert_opted_out("+14155552671")
"""


def test_a_fixture_of_a_wider_scope_shares_the_stub(run: Run) -> None:
    tests = """
    def test_first(seeded, consent_stub):
        assert seeded is consent_stub
        consent_stub.assert_opted_in("+14155552671")
        send(item(status="opt-out"))

    def test_second(seeded):
        assert len(seeded.upserts) == 2
    """
    other = """
    from outside import *
    def test_in_another_module(consent_stub):
        assert consent_stub.received == ()
    """
    Path("test_zz_other.py").write_text(indented(other))
    run(SHARED + indented(tests)).assert_outcomes(passed=3)


def test_a_stub_that_a_function_gets_by_name_ends_with_the_test(run: Run) -> None:
    tests = """
    @pytest.mark.parametrize("turn", range(2))
    def test_it(request, turn):
        stub = request.getfixturevalue("consent_stub")
        send(item())
        assert len(stub.upserts) == 1

    def test_after():
        assert "TWILIO_ACCOUNTS_URL" not in os.environ
    """
    run(indented(tests)).assert_outcomes(passed=3)


@pytest.mark.parametrize("scope", ["class", "module"])
def test_the_tests_of_a_scope_share_its_stub(run: Run, scope: str) -> None:
    tests = f"""
    @pytest.mark.usefixtures("consent_stub_{scope}")
    class TestAll:
        def test_first(self, consent_stub):
            send(item())

        def test_second(self, consent_stub):
            assert len(consent_stub.upserts) == 1

    def test_after(consent_stub):
        assert len(consent_stub.upserts) == {int(scope == "module")}
    """
    run(indented(tests)).assert_outcomes(passed=3)


def test_a_marker_that_comes_too_late_for_a_shared_stub_is_an_error(run: Run) -> None:
    tests = """
    def test_first(consent_stub_module): ...

    @pytest.mark.consent_stub(limit=2)
    def test_second(consent_stub_module): ...
    """
    result = run(indented(tests))
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*Put the marker on the class or module instead.*"])


def test_the_factory_serves_other_stubs_at_their_own_urls(run: Run) -> None:
    tests = """
    def test_it(consent_stub, consent_stub_factory, monkeypatch):
        other = consent_stub_factory(limit=1)
        send(item())
        monkeypatch.setenv("TWILIO_ACCOUNTS_URL", other.url)
        assert [send(item())[0] for _ in range(2)] == [201, 429]
        assert len(consent_stub.received) == 1 and len(other.stub.received) == 2
    """
    run(indented(tests)).assert_outcomes(passed=1)


FAILING = """
def test_rejected(consent_stub):
    send(item(), item("+1 415 555 01 23"), item(status="ann@example.com"))
    raise RuntimeError

def test_nothing_arrived(consent_stub):
    raise RuntimeError

def test_without_the_stub():
    raise RuntimeError

def test_many(consent_stub):
    consent_stub.fail(Unavailable(), every=1)
    for _ in range(30):
        send(item())
    raise RuntimeError

def test_teardown(stub_that_is_checked_at_the_end):
    send(item(status="opt-ou"))
"""

CHECKED = """
from consentlint.stub import Unavailable

@pytest.fixture
def stub_that_is_checked_at_the_end(consent_stub):
    yield consent_stub
    consent_stub.assert_opted_in("+14155552671")
"""


@pytest.mark.parametrize("options", [(), ("-n1",)])
def test_the_report_of_a_failing_test_says_what_the_stub_received(
    run: Run, options: tuple[str, ...]
) -> None:
    result = run(CHECKED + FAILING, "--tb=line", "-rA", "--tb=short", *options)
    result.assert_outcomes(failed=4, passed=1, errors=1)
    output = result.stdout.str()
    assert output.count("- consentlint stub -") == 4
    result.stdout.fnmatch_lines(
        [
            "*- consentlint stub -*",
            "1 request received, 1 item stored",
            "  1  POST /v1/Consents/Bulk 201: 1 of 3 items stored, *",
            "     item 1, +1 415 ••• •• 23: INVALID_CONTACT_ID (contact_id *",
            "     item 2, +1415•••••71: INVALID_STATUS (status *",
        ],
        consecutive=False,
    )
    result.stdout.fnmatch_lines(["0 requests received. Is your client pointed *"])
    result.stdout.fnmatch_lines(["... 20 earlier requests", " 21  POST * 503 *"])
    own = [line for line in output.splitlines() if "POST" in line or "item " in line]
    assert not any("4155552671" in line or "ann@" in line or "555 01 23" in line for line in own)


GUARDED = """
import socket

@pytest.fixture(autouse=True)
def guarded(consent_stub_only): ...
"""


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_request_to_the_real_api_fails_the_test_at_once(run: Run, library: str) -> None:
    pytest.importorskip(library)
    url = "https://accounts.twilio.com/v1/Consents/Bulk"
    calls = {
        "urllib.request": f"urllib.request.urlopen({url!r})",
        "requests": f"requests.post({url!r})",
        "urllib3": f"urllib3.PoolManager().request('POST', {url!r})",
        "httpx": f"httpx.post({url!r})",
        "aiohttp": "asyncio.run(send())",
    }
    tests = f"""
    import asyncio, {library}

    async def send():
        async with aiohttp.ClientSession() as session:
            await session.post({url!r})

    @pytest.mark.filterwarnings("ignore")
    def test_it(monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        try:
            {calls[library]}
        except Exception:
            pass
    """
    result = run(GUARDED + indented(tests))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*accounts.twilio.com was stopped*consent_stub_url?*"])


def test_a_stopped_request_that_was_swallowed_is_an_error_without_a_warning(run: Run) -> None:
    tests = """
    def test_it():
        with contextlib.suppress(BaseException):
            socket.getaddrinfo("accounts.twilio.com", 443)
    """
    result = run(GUARDED + indented(tests), "-Werror")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.no_fnmatch_line("*Pluggy*")


def test_a_request_that_a_thread_sends_to_the_real_api_fails_the_test(run: Run) -> None:
    tests = """
    @pytest.mark.filterwarnings("ignore")
    def test_it():
        def send():
            with contextlib.suppress(BaseException):
                socket.getaddrinfo("accounts.sydney.au1.twilio.com", 443)

        thread = threading.Thread(target=send)
        thread.start()
        thread.join()

    def test_after(consent_stub):
        assert send(item())[0] == 201
    """
    result = run(GUARDED + indented(tests))
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*accounts.sydney.au1.twilio.com was stopped*"])


def test_without_pytest_httpserver_the_stub_says_what_to_install(run: Run) -> None:
    tests = """
    import sys

    sys.modules["pytest_httpserver"] = None
    sys.modules.pop("consentlint.stub.server", None)

    def test_it(consent_stub): ...

    def test_other(): ...
    """
    result = run(indented(tests), "-pno:pytest_httpserver")
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(['*Run "pip install pytest-httpserver"*'])


def test_the_url_without_the_stub_says_which_fixture_is_missing(run: Run) -> None:
    tests = """
    def test_it(consent_stub_url):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(consent_stub_url + "/v1/Consents/Bulk", b"")
        with error.value:
            assert "request it with consent_stub_url" in json.load(error.value)["message"]
    """
    run(indented(tests)).assert_outcomes(passed=1)


def test_loading_the_plugin_loads_nothing_else() -> None:
    script = """
import sys, pytest
before = set(sys.modules)
import consentlint.pytest_plugin
print(*sorted(set(sys.modules) - before))
"""
    run = [sys.executable, "-c", script]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert loaded == [
        "consentlint",
        "consentlint._version",
        "consentlint.pytest_plugin",
        "consentlint.pytest_plugin._run",
    ]


FAKE_FILES = """
import sys
import pytest

@pytest.fixture
def fs():
    return "jsonschema" in sys.modules

def test_other():
    assert "jsonschema" not in sys.modules

def test_fake(fs):
    assert fs
"""


def test_jsonschema_is_imported_before_pyfakefs_hides_its_files(tmp_path: Path) -> None:
    file = tmp_path / "test_fake_files.py"
    file.write_text(FAKE_FILES)
    names = ("no:cacheprovider", "no:pytest_fakefs", "no:consentlint", "consentlint.pytest_plugin")
    options = [f"-p{plugin}" for plugin in names]
    run = [sys.executable, "-m", "pytest", *options, str(file)]
    result = subprocess.run(
        run, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment()
    )
    assert result.returncode == 0, result.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(consentlint.__file__).parents[1])}


def indented(text: str) -> str:
    """Return a text without its common indentation."""
    from textwrap import dedent

    return dedent(text)
