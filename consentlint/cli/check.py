"""`consentlint check`: check files."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from consentlint.cli import Command
from consentlint.cli.options import (
    files_of,
    jobs_option,
    read_options,
    read_options_of,
    report_options,
    rule_options,
    settings_of,
)
from consentlint.cli.output import open_output
from consentlint.linter.check import Linter
from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import GROUPED, REPORTERS, ReportOptions


@click.command("check", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@read_options
@rule_options
@jobs_option
@click.option("--exit-zero/--no-exit-zero", help="Exit with code 0 instead of 1.")
@click.option("-o", "--output", metavar="FILE", help="Write the report to this file.")
@report_options
@click.pass_context
def command(ctx: click.Context, /, *, paths: tuple[str, ...], **options: Any) -> None:
    """Report the items that the API would reject, before you send them.

    PATHS are files, directories to search for files, or - for standard input. The formats are
    JSON, JSON Lines, CSV and form bodies, also gzipped.

    \b
    Exit codes:
      0  No errors.
      1  Errors, or warnings with --strict.
      2  Something could not be read or written, or an option is invalid.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    output = options["output"]
    to_terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    output_format = options["output_format"] or ("full" if to_terminal else "concise")
    settings = settings_of(options, excerpts=output_format == "full")
    grouped = output_format in GROUPED and not options["all"]
    linter = Linter(read_options_of(options), settings)
    summary = Summary()
    findings = check_files(
        linter,
        files_of(paths, output),
        summary,
        options["max_findings"],
        grouped=grouped,
    )
    color = to_terminal and not os.environ.get("NO_COLOR")
    style = ReportOptions(color, options["statistics"], options["quiet"], settings.profile)
    with open_output(output) as report:
        for text in REPORTERS[output_format](findings, summary, style):
            report.write(text)
    if output is not None or output_format == "jsonl":
        from consentlint.reporters.footer import footer

        # What the report itself says, or has no place for, is not repeated.
        statistics = options["statistics"] and output_format == "jsonl"
        lines = footer(summary, style._replace(statistics=statistics))
        click.echo("".join(lines), nl=False, err=True)
    ctx.exit(summary.exit_code(exit_zero=options["exit_zero"]))


def check_files(
    linter: Linter,
    files: Iterable[str],
    summary: Summary,
    limit: int | None,
    *,
    grouped: bool = False,
) -> Iterator[Finding]:
    """Check files one by one, count everything, and yield the findings to show.

    Args:
        linter: checks them.
        files: their names.
        summary: counts what was checked and found.
        limit: how many findings to yield at most, None for all.
        grouped: True for the first findings of each group only.
    """
    for name in files:
        with linter.check_file(name) as file:
            summary.add(file)
            if limit is not None and summary.shown >= limit:
                continue
            for finding in file.findings(grouped=grouped):
                if limit is not None and summary.shown >= limit:
                    break
                summary.show(finding)
                yield finding
