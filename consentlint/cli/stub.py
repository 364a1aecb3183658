"""`consentlint stub`: serve a stub of the API, for tests in any language."""

import errno
import signal
import time
from contextlib import suppress
from dataclasses import fields
from typing import Any, NamedTuple

import click

from consentlint.cli import Command, CommandError
from consentlint.cli.options import profile_option
from consentlint.fields.iso8601 import parse_now, to_datetime
from consentlint.stub.clock import Clock
from consentlint.stub.faults import FAULTS, Fault
from consentlint.stub.received import ReceivedRequest
from consentlint.stub.status_page import MAX_REQUESTS, summary_line
from consentlint.stub.stub import Stub
from consentlint.text.masking import printable, shown
from consentlint.text.suggestions import suggest

_SCHEDULE_KEYS = ("requests", "every", "contact")
_MAX_NUMBER = 1_000_000


def _credentials(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, str] | None:
    if value is None:
        return None
    username, _, password = value.partition(":")
    if not (username and password):
        raise click.BadParameter("expected the account SID, a colon and the auth token")
    return username, password


def _host(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    # A socket takes "" for all addresses: an unset variable must not open the stub to others.
    if not value:
        raise click.BadParameter("must not be empty; pass 0.0.0.0 to listen on all addresses")
    return value


def _clock(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Clock:
    clock = Clock()
    if value is None:
        return clock
    try:
        clock.start(to_datetime(parse_now(value)))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    except OverflowError:
        raise click.BadParameter(f"{shown(value)} is out of range for a clock") from None
    return clock


class _FaultOption(NamedTuple):
    """The value of one --fault option."""

    fault: Fault
    schedule: dict[str, Any]
    """The arguments of `Stub.fail` that say which requests the fault affects."""


def _faults(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[_FaultOption]:
    return [_parse_fault(value) for value in values]


def _parse_fault(value: str) -> _FaultOption:
    """Parse NAME:KEY=VALUE,KEY=VALUE."""
    name, _, rest = value.partition(":")
    fault_type = FAULTS.get(name)
    if fault_type is None:
        suggestion = suggest(name, FAULTS)
        names = ", ".join(FAULTS)
        hint = f'Did you mean "{suggestion}"?' if suggestion else f"Expected one of: {names}"
        raise click.BadParameter(f'unknown fault "{shown(name)}". {hint}')
    known = [field.name for field in fields(fault_type)]
    schedule: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for pair in filter(None, rest.split(",")):
        key, _, text = pair.partition("=")
        if key not in (*_SCHEDULE_KEYS, *known):
            expected = ", ".join([*_SCHEDULE_KEYS, *known])
            raise click.BadParameter(
                f'unknown key "{shown(key)}" for {name}. Expected one of: {expected}'
            )
        if not text:
            raise click.BadParameter(f"{key} needs a value: {key}=...")
        target = schedule if key in _SCHEDULE_KEYS else settings
        target[key] = text if key == "contact" else _parse_number(key, text)
    if "items" in settings:
        settings["items"] = (settings["items"],)
    return _FaultOption(fault_type(**settings), schedule)


def _parse_number(key: str, text: str) -> float:
    number_type = float if key == "seconds" else int
    try:
        number = number_type(text)
    except ValueError:
        number = -1
    if not 0 <= number < _MAX_NUMBER:
        raise click.BadParameter(f"{key} is {shown(text)}, expected a number from 0")
    return number


@click.command("stub", cls=Command)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    help="Port to listen on; 0 for any free port.",
)
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    callback=_host,
    help="Address to listen on. By default, only this machine can connect.",
)
@profile_option
@click.option(
    "--now",
    "clock",
    metavar="DATE",
    callback=_clock,
    help="Start the stub's clock at this date and time.  [default: now]",
)
@click.option(
    "--credentials",
    metavar="SID:TOKEN",
    envvar="CONSENTLINT_STUB_CREDENTIALS",
    show_envvar=True,
    callback=_credentials,
    help="The only credentials to accept.  [default: any that are not empty]",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Requests a minute to accept for each endpoint.",
)
@click.option(
    "--not-enabled", is_flag=True, help="Act as if the account is not enabled: respond with 404."
)
@click.option(
    "--fault",
    "faults",
    metavar="NAME[:KEY=VALUE,...]",
    multiple=True,
    callback=_faults,
    help=f"Inject a fault: {', '.join(FAULTS)}. It affects the next request. For other requests,"
    " append :requests=N, :every=N or :contact=+...; delay also accepts seconds=N.",
)
@click.option("-q", "--quiet", is_flag=True, help="Do not print a line for each request.")
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
    faults: list[_FaultOption],
    quiet: bool,
) -> None:
    """Run a local fake of the Twilio API.

    Send requests to /v1/Consents/Bulk and /v1/Contacts/Bulk. Open / to see what the stub
    received, with phone numbers masked. Press Ctrl-C or send SIGTERM to stop it; it then
    forgets everything.

    Needs pytest-httpserver, which the extra "stub" installs.

    \b
    Exit code 0: it was stopped. 2: it cannot start.
    """  # noqa: D301 - click needs this control character before a line that it must not wrap
    # It needs the extra.
    from consentlint.stub.server import StubServer

    stub = Stub(
        profile=profile,
        credentials=credentials,
        limit=limit,
        enabled=not not_enabled,
        clock=clock,
        on_request=None if quiet else _report,
        keep=MAX_REQUESTS,
    )
    for option in faults:
        try:
            stub.fail(option.fault, **option.schedule)
        except ValueError as error:
            raise click.UsageError(f"--fault: {error}", ctx) from None
    try:
        server = StubServer(stub, host, port)
    except (OSError, UnicodeError) as error:
        raise CommandError(_listen_error(error, host, port)) from None
    with suppress(KeyboardInterrupt), server:
        for number in (signal.SIGINT, signal.SIGTERM):
            # Raise KeyboardInterrupt instead of setting an event: a signal that arrives while
            # this thread starts to wait for an event finds the event locked.
            signal.signal(number, signal.default_int_handler)
        click.echo(f"consentlint stub listens on {server.url} (press Ctrl-C to stop)")
        while True:
            # Sleep briefly: only this thread handles signals, and a signal that the system
            # delivers to another thread does not interrupt the sleep.
            time.sleep(0.2)


def _report(request: ReceivedRequest) -> None:
    # The stub must keep running after the reader of its output has gone.
    with suppress(OSError):
        click.echo(summary_line(request), err=True)


def _listen_error(error: OSError | UnicodeError, host: str, port: int) -> str:
    address = f"{printable(host)}, port {port}"
    if not isinstance(error, OSError):
        return f"cannot listen on {address}: the host name is not valid"
    if error.errno == errno.EADDRINUSE:
        return f"{address} is in use; pass another --port, or 0 for any free port"
    return f"cannot listen on {address}: {error.strerror or type(error).__name__}"
