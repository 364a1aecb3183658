"""`consentlint drift`: in what a captured answer of the API disagrees with the linter."""

import click

from consentlint import wire
from consentlint.cli import Command
from consentlint.cli.check import command as check
from consentlint.fields import iso8601
from consentlint.linter.checker import Terms
from consentlint.linter.files import Reading, check_file
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Profile
from consentlint.model.items import Fault, Item
from consentlint.submit import drift
from consentlint.submit.outputs import Unwritable, write_whole
from consentlint.text.masking import printable

_SHARED = ("kind", "format_name", "profile", "now")


class CouldNot(click.ClickException):
    """The pair cannot be read, or the report not written."""

    exit_code = 2


@click.command("drift", cls=Command, no_args_is_help=True)
@click.argument("request_file", metavar="REQUEST")
@click.argument("response_file", metavar="RESPONSE")
@click.option("-o", "--output", metavar="FILE", help="Write the cases to this file.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    request_file: str,
    response_file: str,
    output: str | None,
    kind: str | None,
    format_name: str | None,
    profile: str,
    now: Moment,
) -> None:
    """Say in what a captured answer of the API disagrees with the linter.

    REQUEST is the file of items that was sent, as `check` reads it, RESPONSE the body that
    came back. The report is JSON, its values masked, fit to be attached to a bug report. Say
    by --now when the request was sent, if a date in it has passed since.

    \b
    Exit code 0: they agree. 1: they do not. 2: one of the files cannot be read.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    reading = Reading(ENDPOINTS[kind] if kind else None, format_name, fast_path=False)
    items = []
    endpoint = None
    for checked in check_file(request_file, reading, Terms(now, rules=frozenset())):
        endpoint = checked.endpoint or endpoint
        if isinstance(checked.event, Item):
            items.append(checked.event.fields)
        elif checked.findings or isinstance(checked.event, Fault):
            said = checked.findings[0]
            raise CouldNot(f"{printable(request_file)}:{said.line or 1}: {said.message}")
    assert endpoint is not None
    try:
        with open(response_file, "rb") as file:
            entries = wire.decode_answer(file.read())
    except OSError as error:
        raise CouldNot(f"{printable(response_file)} cannot be read: {error.strerror}") from None
    except wire.MalformedAnswer as error:
        raise CouldNot(f"{printable(response_file)}: {error}") from None
    cases, missing = drift.of_pair(items, entries, endpoint, Profile(profile), now)
    text = drift.case_file(cases, endpoint, Profile(profile))
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            write_whole(output, [text])
        except Unwritable as error:
            raise CouldNot(str(error)) from None
    words = f"{len(cases)} of {len(items)} items: linter and API disagree"
    if missing:
        words += f"; {missing} have no entry in the answer"
    click.echo(f"{words}.", err=True)
    ctx.exit(1 if cases else 0)


command.params += [parameter for parameter in check.params if parameter.name in _SHARED]
