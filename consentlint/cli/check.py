"""`consentlint check`: check files."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import click

from consentlint.cli import Command
from consentlint.cli.fixing import Fixing, FixMode, fix_options
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
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.summary import Summary, is_parse_error
from consentlint.model.findings import Finding
from consentlint.reporters import REPORTERS, ReportOptions
from consentlint.reporters.fixes import fix_lines


@click.command("check", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@read_options
@rule_options
@jobs_option
@fix_options
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
      0  No errors, or none left after --fix.
      1  Errors, or warnings with --strict. With --diff, something would be fixed.
      2  Something could not be read or written, or an option is invalid.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    output = options["output"]
    to_terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    output_format = options["output_format"] or ("full" if to_terminal else "concise")
    settings = settings_of(options, excerpts=output_format == "full")
    linter = Linter(read_options_of(options), settings)
    summary = Summary()
    files = files_of(paths, output)
    mode = FixMode.of(options)
    fixing = None if mode is None else Fixing(linter, mode, summary)
    open_file = linter.check_file if fixing is None else fixing.check_file
    findings = check_files(open_file, files, summary, options["max_findings"])
    color = to_terminal and not os.environ.get("NO_COLOR")
    style = ReportOptions(color, options["statistics"], options["quiet"])
    if mode is not None and not mode.report:
        output_format = "concise"
        style = style._replace(statistics=False, quiet=True)
        findings = filter(is_parse_error, findings)
    # Standard output is for the difference, or for what standard input becomes.
    to_stderr = mode is not None and (not mode.write or "-" in files)
    with open_output(output, to_stderr=to_stderr) as report:
        for text in REPORTERS[output_format](findings, summary, style):
            report.write(text)
        if style.quiet and not options["quiet"]:
            report.writelines(fix_lines(summary))
    if output is not None or output_format == "jsonl":
        from consentlint.reporters.footer import footer

        # What the report itself says, or has no place for, is not repeated.
        statistics = options["statistics"] and output_format == "jsonl"
        lines = footer(summary, style._replace(statistics=statistics))
        click.echo("".join(lines), nl=False, err=True)
    elif output_format == "json" and fixing is not None:
        click.echo("".join(fix_lines(summary)), nl=False, err=True)
    status = summary if fixing is None else fixing
    ctx.exit(status.exit_code(exit_zero=options["exit_zero"]))


def check_files(
    open_file: Callable[[str], AbstractContextManager[CheckedFile]],
    files: Iterable[str],
    summary: Summary,
    limit: int | None,
) -> Iterator[Finding]:
    """Check files one by one, count everything, and yield the findings to show.

    Args:
        open_file: checks a file, given its name.
        files: their names.
        summary: counts what was checked and found.
        limit: how many findings to yield at most, None for all.
    """
    for name in files:
        with open_file(name) as file:
            summary.add(file)
            if limit is not None and summary.shown >= limit:
                continue
            for finding in file.findings():
                if limit is not None and summary.shown >= limit:
                    break
                summary.add_finding(finding)
                yield finding
