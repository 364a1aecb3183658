"""`consentlint drift`: compare a captured response of the API with the linter."""

from collections.abc import Mapping
from typing import Any

import click

from consentlint.cli import Command
from consentlint.cli.options import kind_options, read_options_of, verdict_options
from consentlint.cli.output import open_output
from consentlint.linter.read import read_items
from consentlint.model.endpoints import CONSENTS, detect_endpoint
from consentlint.model.findings import Profile
from consentlint.model.items import Item, ParseError
from consentlint.model.settings import ReadOptions
from consentlint.submit.drift import Comparison, linter_reasons
from consentlint.submit.options import SubmitError
from consentlint.submit.responses import entries_by_id
from consentlint.text.masking import printable
from consentlint.text.plurals import counted
from consentlint.wire import MalformedResponse, decode_response


@click.command("drift", cls=Command, no_args_is_help=True)
@click.argument("request_file", metavar="REQUEST")
@click.argument("response_file", metavar="RESPONSE")
@click.option("-o", "--output", metavar="FILE", help="Write the report to this file.")
@kind_options
@verdict_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    request_file: str,
    response_file: str,
    output: str | None,
    **options: Any,
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
    read_options = read_options_of(options)
    profile, now = Profile(options["profile"]), options["now"]
    items = _items(request_file, read_options)
    endpoint = read_options.endpoint or next(filter(None, map(detect_endpoint, items)), CONSENTS)
    try:
        with open(response_file, "rb") as file:
            response = decode_response(file.read())
    except OSError as error:
        raise SubmitError(f"Cannot read {printable(response_file)}: {error.strerror}.") from None
    except MalformedResponse as error:
        raise SubmitError(f"{printable(response_file)}: {error}") from None
    comparison = Comparison()
    entries = entries_by_id(response)
    found = linter_reasons(items, endpoint, profile, now)
    for fields, reasons in zip(items, found, strict=True):
        correlation_id = fields.get("correlation_id")
        key = correlation_id.lower() if isinstance(correlation_id, str) else ""
        if answers := entries.get(key):
            answer = answers.pop(0)
            comparison.add(fields, endpoint, reasons, answer.error_messages, answer.error_code)
    if not comparison.compared:
        raise SubmitError(
            f"{printable(response_file)} answers no item of {printable(request_file)}, so nothing was"
            " compared. Pass the request and the response that belong together."
        )
    with open_output(output) as file:
        file.write(comparison.render(profile))
    count, missing = comparison.total, len(items) - comparison.compared
    message = f"{counted(comparison.compared, 'item')} compared, "
    message += counted(count, "disagreement") if count else "no disagreement"
    if missing:
        message += f"; {counted(missing, 'item')} without an answer in the response"
    click.echo(f"{message}.", err=True)
    ctx.exit(1 if count else 0)


def _items(file: str, read_options: ReadOptions) -> list[Mapping[str, object]]:
    """Return the items of a request.

    Raises:
        SubmitError: the file cannot be read, or has no items.
    """
    items = []
    for found in read_items(file, read_options):
        if isinstance(found, ParseError):
            line = found.location.line if found.location is not None else 1
            raise SubmitError(f"{printable(file)}:{line}: {found.message}")
        if isinstance(found, Item):
            items.append(found.fields)
    if not items:
        raise SubmitError(f"{printable(file)} has no items.")
    return items
