"""`consentlint report`: a page about files of records, for a compliance officer."""

import json
from typing import Any

import click

from consentlint.cli import Command, CommandError
from consentlint.cli.files import file_options, files_of, search_of
from consentlint.cli.options import (
    jobs_option,
    read_options,
    read_options_of,
    rule_options,
    settings_of,
)
from consentlint.cli.output import open_output
from consentlint.formats import Unreadable
from consentlint.linter.detect import unreadable
from consentlint.text.masking import printable


@click.command("report", cls=Command, no_args_is_help=True)
@click.argument("paths", metavar="PATHS...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help='Write the report to this file: .html (needs the extra "report"), or .json for the same data.',
)
@read_options
@rule_options
@file_options
@jobs_option
def command(paths: tuple[str, ...], output: str, **options: Any) -> None:
    """Write a report about files of records, for a compliance officer.

    The report says what was checked, what the API would reject, in which state the records leave
    each contact, and where the evidence is weak. Phone numbers are masked. The page needs no network.

    PATHS are files, or directories to search for files.

    \b
    Exit codes:
      0  The report is written, whatever it says.
      2  Something could not be read or written, or an option is invalid.
    """  # noqa: D301 - \b is click's mark for text that it must not wrap
    suffix = output.lower().rpartition(".")[2]
    if suffix not in ("html", "htm", "json"):
        raise click.UsageError(f'"{printable(output)}" is not a name that ends in .html or .json.')
    if "-" in paths:
        raise click.UsageError("Standard input cannot be read twice. Pass a file.")
    found = files_of(paths, search_of(options), output)
    from consentlint.report.data import collect

    render = _as_json
    if suffix != "json":
        # It needs the extra. If that is missing, the user must not wait for the check.
        from consentlint.report.page import render as as_page

        render = as_page
    try:
        data = collect(list(found.names), read_options_of(options), settings_of(options))
    except (Unreadable, OSError) as error:
        raise CommandError(f"{unreadable(error).message} The report is not written.") from None
    try:
        with open_output(output) as file:
            file.write(render(data))
    except OSError as error:
        raise CommandError(f"cannot write {printable(output)}: {error.strerror}") from None
    verdict = data["verdict"]
    result = f"the API would reject {verdict['rejected']:,} of {verdict['records']:,} records"
    if not verdict["records"]:
        result = "no record could be checked"
    click.echo(f"Wrote {printable(output)}: {result}.", err=True)
    if verdict["incomplete_files"]:
        raise CommandError("not every file could be read completely; see consentlint check")


def _as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2) + "\n"
