"""`consentlint drift`: compare a captured response of the API with the linter."""

import click

from consentlint.cli import Command
from consentlint.cli.check import command as check
from consentlint.fields import iso8601
from consentlint.linter.checker import Terms
from consentlint.linter.files import Reading, check_file
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Profile
from consentlint.model.items import Fault as ParseError
from consentlint.model.items import Item
from consentlint.submit import drift
from consentlint.submit.options import InputError
from consentlint.submit.wording import counted
from consentlint.submit.write_back import write_file
from consentlint.text.masking import printable
from consentlint.wire import MalformedAnswer as MalformedResponse
from consentlint.wire import decode_answer as decode_response

_SHARED = ("kind", "format_name", "profile", "now")


@click.command("drift", cls=Command, no_args_is_help=True)
@click.argument("request_file", metavar="REQUEST")
@click.argument("response_file", metavar="RESPONSE")
@click.option("-o", "--output", metavar="FILE", help="Write the report to this file.")
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
    now: iso8601.Moment,
) -> None:
    """Compare a captured API response with the linter's findings.

    REQUEST is the file of items that was sent, in any format that `check` reads. RESPONSE is
    the body of the response. The report is JSON with masked values, so you can attach it to a
    bug report. If a date was still in the future when the request was sent, pass the time
    of the request as --now.

    \b
    Exit codes:
      0  no disagreement
      1  API and linter disagree
      2  the files cannot be read or compared
    """  # noqa: D301 - \b is click's mark for text that it must not wrap
    reading = Reading(ENDPOINTS[kind] if kind else None, format_name, fast_path=False)
    items = []
    endpoint = None
    for checked in check_file(request_file, reading, Terms(now, rules=frozenset())):
        endpoint = checked.endpoint or endpoint
        if isinstance(checked.event, Item):
            items.append(checked.event.fields)
        elif checked.findings or isinstance(checked.event, ParseError):
            finding = checked.findings[0]
            raise InputError(f"{printable(request_file)}:{finding.line or 1}: {finding.message}")
    assert endpoint is not None
    try:
        with open(response_file, "rb") as file:
            response = decode_response(file.read())
    except OSError as error:
        raise InputError(f"Cannot read {printable(response_file)}: {error.strerror}.") from None
    except MalformedResponse as error:
        raise InputError(f"{printable(response_file)}: {error}") from None
    comparison = drift.compare_response(items, response, endpoint, Profile(profile), now)
    if not comparison.compared:
        raise InputError(
            f"{printable(response_file)} has no entry for any item of {printable(request_file)}."
            " Pass the request and the response that belong together."
        )
    text = drift.render_cases(comparison.cases, endpoint, Profile(profile))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, [text])
    count = len(comparison.cases)
    message = f"{counted(comparison.compared, 'item')} compared, "
    message += counted(count, "disagreement") if count else "no disagreement"
    if comparison.missing:
        message += f"; {counted(comparison.missing, 'item')} missing from the response"
    click.echo(f"{message}.", err=True)
    ctx.exit(1 if comparison.cases else 0)


command.params += [parameter for parameter in check.params if parameter.name in _SHARED]
