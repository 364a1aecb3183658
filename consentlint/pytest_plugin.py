"""pytest fixtures: a local stub of the API, with a fresh state for each test.

pytest imports this module in every run of everyone who has consentlint installed. So it
imports nothing but pytest; each fixture imports what it needs.
"""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from twilio.rest import Client

    from consentlint.stub import Clock, Stub
    from consentlint.stub.server import StubServer

_ACCOUNT = "AC00000000000000000000000000000000"
_TOKEN = "a-token-for-tests"  # noqa: S105 - gives access to nothing
_FAKE_FILES = frozenset({"fs", "fs_class", "fs_module", "fs_session"})
"""The fixtures of pyfakefs."""
_OPTIONS = ("profile", "credentials", "limit", "enabled", "now")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"consent_stub({', '.join(f'{option}=...' for option in _OPTIONS)}):"
        " set the options of the consent_stub fixture for this test",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Import jsonschema before a test hides the data files that it reads."""
    if not _FAKE_FILES.isdisjoint(getattr(item, "fixturenames", ())):
        from consentlint.fields.schemas import validator_class

        validator_class()


@pytest.fixture(scope="session")
def consent_stub_server() -> "Iterator[StubServer]":
    """The server that serves the stub of the current test."""
    from consentlint.stub.server import StubServer

    with StubServer() as server:
        yield server


@pytest.fixture(scope="session")
def consent_stub_url(consent_stub_server: "StubServer") -> str:
    """The stub's base URL, such as http://127.0.0.1:34567, without a trailing slash."""
    return consent_stub_server.url


@pytest.fixture
def consent_stub_clock(request: pytest.FixtureRequest) -> "Clock":
    """The stub's clock, which a test can set and advance.

    It follows the system clock until it is set, so a date that the code under test takes from
    the system clock is never in the future. The marker's `now` and the method `set` stop it.
    """
    from consentlint.stub import Clock

    return Clock(_datetime(_options(request).get("now")))


@pytest.fixture
def consent_stub_environment(
    request: pytest.FixtureRequest, consent_stub_url: str
) -> Iterator[Mapping[str, str]]:
    """The environment variables that point the code under test at the stub.

    Twilio's libraries read `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN`. They do not read
    `TWILIO_ACCOUNTS_URL`, which replaces https://accounts.twilio.com: your code must read it.
    """
    account, token = _options(request).get("credentials") or (_ACCOUNT, _TOKEN)
    variables = {
        "TWILIO_ACCOUNT_SID": account,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_ACCOUNTS_URL": consent_stub_url,
    }
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    for name in ("no_proxy", "NO_PROXY"):
        variables[name] = ",".join(filter(None, [no_proxy, "127.0.0.1"]))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        # Twilio's libraries insert these into the host name of every URL.
        for name in ("TWILIO_EDGE", "TWILIO_REGION"):
            patch.delenv(name, raising=False)
        yield variables


@pytest.fixture
def consent_stub(
    request: pytest.FixtureRequest,
    consent_stub_server: "StubServer",
    consent_stub_clock: "Clock",
    consent_stub_environment: Mapping[str, str],
) -> "Iterator[Stub]":
    """A stub of the API for this test only, with nothing stored.

    The marker `consent_stub` sets its options: profile, credentials, limit, enabled, now.
    """
    from consentlint.stub import Stub

    options = {name: value for name, value in _options(request).items() if name != "now"}
    stub = Stub(clock=consent_stub_clock, **options)
    consent_stub_server.stub = stub
    yield stub
    consent_stub_server.stub = None
    # Its expectations, too, are those of the test.
    consent_stub_server.clear()


@pytest.fixture
def consent_stub_client(
    consent_stub: "Stub", consent_stub_environment: Mapping[str, str]
) -> "Client":
    """The client of the twilio package, pointed at the stub. Skips if it is not installed."""
    rest = pytest.importorskip("twilio.rest", reason="the twilio package is not installed")
    client: Client = rest.Client()
    client.accounts.base_url = consent_stub_environment["TWILIO_ACCOUNTS_URL"]
    return client


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the options that a test's markers set; the closest marker takes precedence."""
    options: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("consent_stub"))):
        unknown = [name for name in marker.kwargs if name not in _OPTIONS]
        if unknown or marker.args:
            problem = f"unknown option {', '.join(unknown)}" if unknown else "positional argument"
            pytest.fail(
                f"invalid marker consent_stub: {problem};"
                f" expected keyword arguments: {', '.join(_OPTIONS)}",
                pytrace=False,
            )
        options |= marker.kwargs
    return options


def _datetime(now: Any) -> Any:
    if now is None:
        return None
    from consentlint.fields.iso8601 import parse_now, to_datetime

    return to_datetime(parse_now(now))
