"""`consentlint stub`: a stub of the API on a port, for programs in any language."""

import errno
import signal
import time
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

import click

from consentlint.cli import Command
from consentlint.model.findings import Profile
from consentlint.stub.clock import Clock
from consentlint.stub.core import Stub
from consentlint.stub.faults import FAULTS, Fault
from consentlint.stub.page import summary
from consentlint.stub.records import Received
from consentlint.stub.server import LOOPBACK, StubServer
from consentlint.text.masking import printable, shown
from consentlint.text.suggestions import suggest

_WHEN = ("requests", "every", "contact")
_MOST = 1_000_000


def _credentials(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, str] | None:
    if value is None:
        return None
    username, _, password = value.partition(":")
    if not (username and password):
        raise click.BadParameter("it must be the account SID, a colon and the auth token")
    return username, password


def _host(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    # To a socket it means any address: a variable that is not set must not let others in.
    if not value:
        raise click.BadParameter("it must not be empty; 0.0.0.0 is every address of this machine")
    return value


def _clock(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Clock:
    clock = Clock()
    if value is None:
        return clock
    try:
        clock.start(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        words = f"{shown(value)} is not a date and time such as 2026-01-31T12:00:00Z"
        raise click.BadParameter(words) from None
    return clock


class _CannotListen(click.ClickException):
    exit_code = 2


class _Ordered(NamedTuple):
    """A fault, and the arguments that say when it strikes."""

    fault: Fault
    when: dict[str, Any]


def _faults(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[_Ordered]:
    """Return what a list of NAME:KEY=VALUE,KEY=VALUE orders."""
    return [_fault(value) for value in values]


def _fault(value: str) -> _Ordered:
    name, _, rest = value.partition(":")
    kind = FAULTS.get(name)
    if kind is None:
        nearest = suggest(name, FAULTS)
        hint = f"did you mean {nearest}?" if nearest else f"there are {', '.join(FAULTS)}"
        raise click.BadParameter(f"{shown(name)} is no fault; {hint}")
    known = [field.name for field in fields(kind)]
    when: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for pair in filter(None, rest.split(",")):
        key, _, text = pair.partition("=")
        if key not in (*_WHEN, *known):
            words = f"{name} has no {shown(key)}, only {', '.join([*_WHEN, *known])}"
            raise click.BadParameter(words)
        if not text:
            raise click.BadParameter(f"{key} needs a value: {key}=...")
        target = when if key in _WHEN else settings
        target[key] = text if key == "contact" else _number(key, text)
    if "items" in settings:
        settings["items"] = (settings["items"],)
    return _Ordered(kind(**settings), when)


def _number(key: str, text: str) -> float:
    kind = float if key == "seconds" else int
    try:
        number = kind(text)
    except ValueError:
        number = -1
    if not 0 <= number < _MOST:
        raise click.BadParameter(f"{key} must be a number, and is {shown(text)}")
    return number


@click.command("stub", cls=Command)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    help="Where to listen; 0 for any port that is free.",
)
@click.option(
    "--host",
    metavar="ADDRESS",
    default=LOOPBACK,
    show_default=True,
    callback=_host,
    help="On which address. Any but the default lets others in.",
)
@click.option(
    "--profile",
    type=click.Choice([str(profile) for profile in Profile]),
    default=str(Profile.DOCUMENTED),
    show_default=True,
    help="Whom to believe where Twilio's documents and their examples disagree.",
)
@click.option(
    "--now",
    "clock",
    metavar="DATE",
    callback=_clock,
    help="Begin as if it were this date and time.  [default: the clock]",
)
@click.option(
    "--credentials",
    metavar="SID:TOKEN",
    envvar="CONSENTLINT_STUB_CREDENTIALS",
    show_envvar=True,
    callback=_credentials,
    help="The only credentials that pass.  [default: any that are not empty]",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="How many requests a minute pass, for each endpoint.",
)
@click.option("--not-enabled", is_flag=True, help="The account is not enabled: answer with 404.")
@click.option(
    "--fault",
    "faults",
    metavar="NAME[:WHEN]",
    multiple=True,
    callback=_faults,
    help=f"What goes wrong: {', '.join(FAULTS)}. It strikes the next request or, after a"
    " colon, requests=N, every=N or contact=+...; delay takes seconds=N.",
)
@click.option("-q", "--quiet", is_flag=True, help="Do not report each request.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    port: int,
    host: str,
    profile: str,
    clock: Clock,
    credentials: tuple[str, str] | None,
    limit: int,
    not_enabled: bool,
    faults: list[_Ordered],
    quiet: bool,
) -> None:
    """Answer as the API does, on a port of this machine, for tests in any language.

    Send requests to /v1/Consents/Bulk and /v1/Contacts/Bulk; / shows what was received,
    phone numbers masked. Nothing is kept once it ends, by Ctrl-C or SIGTERM.

    \b
    Exit code 0: it was stopped. 2: it could not listen there.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    stub = Stub(
        profile=profile,
        credentials=credentials,
        limit=limit,
        enabled=not not_enabled,
        clock=clock,
        on_request=None if quiet else _report,
    )
    for ordered in faults:
        try:
            stub.fail(ordered.fault, **ordered.when)
        except ValueError as error:
            raise click.UsageError(f"--fault: {error}", ctx) from None
    try:
        server = StubServer(stub, host, port)
    except (OSError, UnicodeError) as error:
        raise _CannotListen(_why_not(error, host, port)) from None
    with suppress(KeyboardInterrupt), server:
        for number in (signal.SIGINT, signal.SIGTERM):
            # An exception, for nothing that waits may be set from its own thread: a signal
            # that comes while it begins to wait would find it locked.
            signal.signal(number, signal.default_int_handler)
        click.echo(f"consentlint stub listens on {server.url} (Ctrl-C stops it)")
        while True:
            # Not long: a signal that the system hands to another thread does not end a sleep
            # of this one, which alone can act on it.
            time.sleep(0.2)


def _report(seen: Received) -> None:
    # Who reads it may have gone away; the stub is for others.
    with suppress(OSError):
        click.echo(summary(seen), err=True)


def _why_not(error: OSError | UnicodeError, host: str, port: int) -> str:
    where = f"{printable(host)}, port {port}"
    if not isinstance(error, OSError):
        return f"cannot listen on {where}: there can be no host of that name"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken: choose another --port, or 0 for any that is free"
    return f"cannot listen on {where}: {error.strerror or type(error).__name__}"
