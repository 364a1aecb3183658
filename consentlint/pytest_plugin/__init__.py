"""pytest fixtures: a local stub of the API, with a fresh state for each test.

pytest imports this module in every run of everyone who has consentlint installed. So it
imports nothing but pytest; each fixture imports what it needs.

The fixtures have the scope of the session, so that fixtures of any scope can request them. But
they end with each test, unless a fixture of a wider scope that requested them still lives.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from consentlint.pytest_plugin._run import Run

if TYPE_CHECKING:
    from twilio.rest import Client

    from consentlint.stub import Clock, Stub
    from consentlint.stub.server import StubServer

_ACCOUNT = "AC00000000000000000000000000000000"
_TOKEN = "a-token-for-tests"  # noqa: S105 - gives access to nothing
_FAKE_FILES = frozenset({"fs", "fs_class", "fs_module", "fs_session"})
"""The fixtures of pyfakefs."""
_OPTIONS = ("profile", "credentials", "limit", "enabled", "now")

_RENEWED = frozenset(
    {
        "consent_stub",
        "consent_stub_client",
        "consent_stub_clock",
        "consent_stub_environment",
        "consent_stub_factory",
        "consent_stub_only",
    }
)
"""The fixtures that end with each test, unless a fixture of a wider scope requested them."""

_RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.stash[_RUN] = Run()
    config.addinivalue_line(
        "markers",
        f"consent_stub({', '.join(f'{option}=...' for option in _OPTIONS)}):"
        " set the options of the consent_stub fixture for this test",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note the test, and import jsonschema before it hides the data files that it reads."""
    run = item.config.stash[_RUN]
    run.start(item)
    names = getattr(item, "fixturenames", ())
    if not _FAKE_FILES.isdisjoint(names):
        from consentlint.fields.schemas import validator_class

        validator_class()
    if run.stubs and "consent_stub" in names and _options(item) != run.options:
        pytest.fail(
            "The marker consent_stub has no effect here: a fixture of a wider scope shares the"
            " stub with earlier tests. Put the marker on the class or module instead.",
            pytrace=False,
        )


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> None:
    """Note that a fixture of ours is set up, or is held by a fixture of a wider scope."""
    if fixturedef.argname in _RENEWED:
        request.config.stash[_RUN].fixtures.append((fixturedef, request))
    elif fixturedef.scope != "function" and not _RENEWED.isdisjoint(fixturedef.argnames):
        run = request.config.stash[_RUN]
        run.holders += 1
        # Runs after the fixture's own teardown, because it is added before.
        request.addfinalizer(run.release)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """End our fixtures after all other fixtures that end with this test."""
    outcome: Any = yield
    try:
        item.config.stash[_RUN].end()
    except BaseException as error:
        # A newer pluggy warns of a wrapper that raises, and an older one lets it do nothing else.
        if not hasattr(outcome, "force_exception"):
            raise
        if outcome.excinfo is None:
            outcome.force_exception(error)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add what the stub received to the report of a test that fails."""
    outcome: Any = yield
    report = outcome.get_result()
    run = item.config.stash[_RUN]
    if not report.failed:
        return
    run.has_failed = True
    if run.stubs or run.guard:
        from consentlint.pytest_plugin._report import sections

        uses = "consent_stub" in getattr(item, "fixturenames", ()) or not run.holders
        urls = [server.url for server in run.servers]
        report.sections += sections(run.stubs if uses else [], urls, run.guard)


@pytest.fixture(scope="session")
def consent_stub_server() -> "Iterator[StubServer]":
    """The server that serves the stub of the current test."""
    with _server_class()() as server:
        yield server


@pytest.fixture(scope="session")
def consent_stub_url(consent_stub_server: "StubServer") -> str:
    """The stub's base URL, such as http://127.0.0.1:34567, without a trailing slash."""
    return consent_stub_server.url


@pytest.fixture(scope="session")
def consent_stub_clock(request: pytest.FixtureRequest) -> "Clock":
    """The stub's clock, which a test can set and advance.

    It follows the system clock until it is set, so a date that the code under test takes from
    the system clock is never in the future. The marker's `now` and the method `set` stop it.
    """
    from consentlint.stub import Clock

    return Clock(_datetime(_options_of(request).get("now")))


@pytest.fixture(scope="session")
def consent_stub_environment(
    request: pytest.FixtureRequest, consent_stub_url: str
) -> Iterator[Mapping[str, str]]:
    """The environment variables that point the code under test at the stub.

    Twilio's libraries read `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN`. They do not read
    `TWILIO_ACCOUNTS_URL`, which replaces https://accounts.twilio.com: your code must read it.
    """
    account, token = _options_of(request).get("credentials") or (_ACCOUNT, _TOKEN)
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


@pytest.fixture(scope="session")
def consent_stub(
    request: pytest.FixtureRequest,
    consent_stub_server: "StubServer",
    consent_stub_clock: "Clock",
    consent_stub_environment: Mapping[str, str],
) -> "Iterator[Stub]":
    """A stub of the API with nothing stored, for this test only.

    If a fixture of a wider scope requests it, it lives as long as that fixture.
    The marker `consent_stub` sets its options: profile, credentials, limit, enabled, now.
    """
    from consentlint.stub import Stub

    run = request.config.stash[_RUN]
    run.options = _options_of(request)
    options = {name: value for name, value in run.options.items() if name != "now"}
    stub = Stub(clock=consent_stub_clock, **options)
    consent_stub_server.stub = stub
    run.servers.append(consent_stub_server)
    run.stubs.append(stub)
    yield stub
    consent_stub_server.stub = None
    # Its expectations, too, are those of the test.
    consent_stub_server.clear()


@pytest.fixture(scope="session")
def consent_stub_client(
    consent_stub: "Stub", consent_stub_environment: Mapping[str, str]
) -> "Client":
    """The client of the twilio package, pointed at the stub. Skips if it is not installed."""
    rest = pytest.importorskip("twilio.rest", reason="the twilio package is not installed")
    client: Client = rest.Client()
    client.accounts.base_url = consent_stub_environment["TWILIO_ACCOUNTS_URL"]
    return client


@pytest.fixture(scope="class")
def consent_stub_class(consent_stub: "Stub") -> "Stub":
    """A stub that the tests of a class share."""
    return consent_stub


@pytest.fixture(scope="module")
def consent_stub_module(consent_stub: "Stub") -> "Stub":
    """A stub that the tests of a module share."""
    return consent_stub


@pytest.fixture(scope="session")
def consent_stub_factory(request: pytest.FixtureRequest) -> "Iterator[Callable[..., StubServer]]":
    """A function that serves another stub, at a URL of its own.

    Its arguments are those of `consentlint.stub.Stub`. The server that it returns has `stub` and
    `url`, and is closed when the fixture ends.
    """
    from contextlib import ExitStack

    from consentlint.stub import Stub

    run = request.config.stash[_RUN]
    with ExitStack() as servers:

        def serve(**options: Any) -> "StubServer":
            stub = Stub(**options)
            server = servers.enter_context(_server_class()(stub))
            run.servers.append(server)
            run.stubs.append(stub)
            return server

        yield serve


@pytest.fixture(scope="session")
def consent_stub_only(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stops requests to accounts.twilio.com: they fail the test at once.

    It applies to this process only, and not to a proxy that the code itself configures.
    """
    from consentlint.pytest_plugin._guard import Guard

    run = request.config.stash[_RUN]
    with Guard() as guard:
        run.guard = guard
        yield
    if guard.attempts and not run.has_failed:
        pytest.fail(guard.attempts[0], pytrace=False)


def _server_class() -> "type[StubServer]":
    try:
        from consentlint.stub.server import StubServer
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in {"pytest_httpserver", "werkzeug"}:
            raise
        pytest.fail(
            'consent_stub needs pytest-httpserver. Run "pip install pytest-httpserver", or install'
            ' consentlint with the extra "pytest".',
            pytrace=False,
        )
    return StubServer


def _options_of(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the options of the test that is set up."""
    item = request.config.stash[_RUN].item
    return _options(item) if item else {}


def _options(item: pytest.Item) -> dict[str, Any]:
    """Return the options that a test's markers set; the closest marker takes precedence."""
    options: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("consent_stub"))):
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
