"""`consentlint check`: check files."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from consentlint.cli import Command
from consentlint.cli.config import configure
from consentlint.cli.options import (
    files_of,
    read_options,
    read_options_of,
    rule_options,
    settings_of,
    show_values_option,
)
from consentlint.cli.output import open_output
from consentlint.linter.check import Linter
from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import REPORTERS, ReportOptions


@click.command("check", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@read_options
@rule_options
@click.option("--exit-zero/--no-exit-zero", help="Exit 0 even if there are errors (but not for 2).")
@click.option(
    "--output-format",
    type=click.Choice(list(REPORTERS)),
    help="Report format.  [default: full on a terminal, otherwise concise]",
)
@click.option("-o", "--output", metavar="FILE", help="Write the report to this file.")
@click.option(
    "--max-findings",
    metavar="N",
    type=click.IntRange(min=0),
    help="Show at most N findings; all are counted.",
)
@click.option("--statistics/--no-statistics", help="Add a count of findings by rule.")
@click.option("-q", "--quiet/--no-quiet", help="Report findings and nothing else.")
@show_values_option
@click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=configure,
    help="Read options from this file.  [default: consentlint.toml, or [tool.consentlint] in"
    " pyproject.toml, here or in a parent directory]",
)
@click.pass_context
def command(ctx: click.Context, *, paths: tuple[str, ...], **options: Any) -> None:
    """Report the items that the API would reject, before you send them.

    PATHS are files, directories to search for files, or - for standard input. The formats are
    JSON, JSON Lines, CSV and form bodies, also gzipped.

    \b
    Exit code 0: no errors. 1: errors. 2: something could not be read or done.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    output = options["output"]
    to_terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    output_format = options["output_format"] or ("full" if to_terminal else "concise")
    settings = settings_of(options, excerpts=output_format == "full")
    linter = Linter(read_options_of(options), settings)
    summary = Summary()
    findings = check_files(linter, files_of(paths, output), summary, options["max_findings"])
    color = to_terminal and not os.environ.get("NO_COLOR")
    report_options = ReportOptions(color, options["statistics"], options["quiet"])
    with open_output(output) as report:
        for text in REPORTERS[output_format](findings, summary, report_options):
            report.write(text)
    if output is not None or output_format == "jsonl":
        from consentlint.reporters.footer import footer

        # What the report itself says, or has no place for, is not repeated.
        statistics = options["statistics"] and output_format == "jsonl"
        lines = footer(summary, report_options._replace(statistics=statistics))
        click.echo("".join(lines), nl=False, err=True)
    ctx.exit(summary.exit_code(exit_zero=options["exit_zero"]))


def check_files(
    linter: Linter, files: Iterable[str], summary: Summary, limit: int | None
) -> Iterator[Finding]:
    """Check files one by one, count everything, and yield the findings to show.

    Args:
        linter: checks them.
        files: their names.
        summary: counts what was checked and found.
        limit: how many findings to yield at most, None for all.
    """
    for name in files:
        with linter.check_file(name) as file:
            summary.add(file)
            if limit is not None and summary.shown >= limit:
                continue
            for finding in file.findings():
                if limit is not None and summary.shown >= limit:
                    break
                summary.shown += 1
                yield finding
