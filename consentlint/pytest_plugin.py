"""Fixtures for pytest: a stub of the API on a port, afresh for each test.

pytest imports this module in every run of whoever has consentlint installed, so it imports
nothing but pytest: the rest is imported where a test asks for it.
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
_TOKEN = "a-token-for-tests"  # noqa: S105 - it opens nothing
_OPTIONS = ("profile", "credentials", "limit", "enabled", "now")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        f"consent_stub({', '.join(f'{option}=...' for option in _OPTIONS)}):"
        " options of the stub in this test",
    )


@pytest.fixture(scope="session")
def consent_stub_server() -> "Iterator[StubServer]":
    """The server that all stubs of a session stand on."""
    from consentlint.stub.server import StubServer

    with StubServer() as server:
        yield server


@pytest.fixture(scope="session")
def consent_stub_url(consent_stub_server: "StubServer") -> str:
    """Where the stub listens, such as http://127.0.0.1:34567: no slash at the end."""
    return consent_stub_server.url


@pytest.fixture
def consent_stub_clock(request: pytest.FixtureRequest) -> "Clock":
    """The clock of the stub, which a test can set and move.

    It runs with the machine's, so that a date which the code under test takes from there is
    not in the future. It stands still once it is set, by the marker's `now` or by `set`.
    """
    from consentlint.stub import Clock

    return Clock(_moment(_options(request).get("now")))


@pytest.fixture
def consent_stub_environment(
    request: pytest.FixtureRequest, consent_stub_url: str
) -> Iterator[Mapping[str, str]]:
    """The environment variables that lead the code under test to the stub.

    `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN` are those that Twilio's libraries read.
    `TWILIO_ACCOUNTS_URL`, in the place of https://accounts.twilio.com, is ours.
    """
    account, token = _options(request).get("credentials") or (_ACCOUNT, _TOKEN)
    variables = {
        "TWILIO_ACCOUNT_SID": account,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_ACCOUNTS_URL": consent_stub_url,
    }
    past_proxies = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    for name in ("no_proxy", "NO_PROXY"):
        variables[name] = ",".join(filter(None, [past_proxies, "127.0.0.1"]))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        # Twilio's libraries would put them into the name of the host.
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
    """A stub of its own for this test, on the server, with nothing stored.

    The marker `consent_stub` gives it options: profile, credentials, limit, enabled, now.
    """
    from consentlint.stub import Stub

    options = {name: value for name, value in _options(request).items() if name != "now"}
    stub = Stub(clock=consent_stub_clock, **options)
    consent_stub_server.stub = stub
    yield stub
    consent_stub_server.stub = None


@pytest.fixture
def consent_stub_client(
    consent_stub: "Stub", consent_stub_environment: Mapping[str, str]
) -> "Client":
    """The client of the package twilio, pointed at the stub; skips where it is not installed."""
    rest = pytest.importorskip("twilio.rest", reason="the package twilio is not installed")
    client: Client = rest.Client()
    client.accounts.base_url = consent_stub_environment["TWILIO_ACCOUNTS_URL"]
    return client


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what the markers of a test say, those nearest to it last and so the strongest."""
    options: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("consent_stub"))):
        unknown = [name for name in marker.kwargs if name not in _OPTIONS]
        if unknown or marker.args:
            pytest.fail(
                f"the marker consent_stub takes {', '.join(_OPTIONS)}, each by its name;"
                f" not {', '.join(unknown) or 'values alone'}",
                pytrace=False,
            )
        options |= marker.kwargs
    return options


def _moment(now: Any) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(now) if isinstance(now, str) else now
