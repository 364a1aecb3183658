"""`consentlint check`: check files."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import click

from consentlint.cli import Command
from consentlint.cli.baseline import baseline_of, baseline_options, write_baseline
from consentlint.cli.files import file_options, files_of, search_of
from consentlint.cli.fixing import Fixing, FixMode, fix_options
from consentlint.cli.options import (
    jobs_option,
    read_options,
    read_options_of,
    report_options,
    rule_options,
    settings_of,
)
from consentlint.cli.output import open_output
from consentlint.cli.per_file_ignores import FileIgnores, per_file_ignores_option
from consentlint.cli.terminal import is_terminal, line_width, wants_color
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.summary import Summary, is_parse_error
from consentlint.model.findings import Finding
from consentlint.model.settings import ReadOptions, Settings
from consentlint.reporters import GROUPED, REPORTERS, ReportOptions
from consentlint.reporters.fixes import fix_lines
from consentlint.rules.selection import Choice, Selection


@click.command("check", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@read_options
@rule_options
@per_file_ignores_option
@baseline_options
@file_options
@jobs_option
@fix_options
@click.option("--exit-zero/--no-exit-zero", help="Exit with code 0 instead of 1.")
@click.option(
    "-o", "--output", metavar="FILE", help="Write the report to this file; - is standard output."
)
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
    output = None if options["output"] == "-" else options["output"]
    found = files_of(paths, search_of(options), output)
    stream = sys.stdout if output is None else None
    output_format = options["output_format"] or ("full" if is_terminal(stream) else "concise")
    settings = settings_of(options, excerpts=output_format == "full")
    linters = Linters(read_options_of(options), settings, options["per_file_ignores"])
    summary = Summary()
    summary.skipped = found.skipped
    summary.baseline = baseline_of(options)
    mode = FixMode.of(options)
    fixing = None if mode is None else Fixing(linters.linter_for, mode, summary)
    findings = check_files(
        linters.check_file if fixing is None else fixing.check_file,
        found.names,
        summary,
        options["max_findings"],
        grouped=output_format in GROUPED and not options["all"],
    )
    style = ReportOptions(
        wants_color(options["color"], stream),
        options["statistics"],
        options["quiet"],
        line_width(stream),
        settings.profile,
    )
    if mode is not None and not mode.report:
        output_format = "concise"
        style = style._replace(statistics=False, quiet=True)
        findings = filter(is_parse_error, findings)
    # Standard output is for the difference, or for what standard input becomes.
    to_stderr = mode is not None and (not mode.write or "-" in found.names)
    with open_output(output, to_stderr=to_stderr) as report:
        for text in REPORTERS[output_format](findings, summary, style):
            report.write(text)
        if style.quiet and not options["quiet"]:
            report.writelines(fix_lines(summary))
    if output is not None or output_format == "jsonl":
        from consentlint.reporters.footer import footer

        # What the report itself says, or has no place for, is not repeated.
        statistics = options["statistics"] and output_format == "jsonl"
        color = wants_color(options["color"], sys.stderr)
        lines = footer(summary, style._replace(color=color, statistics=statistics))
        click.echo("".join(lines), nl=False, err=True, color=color)
    elif output_format == "json" and fixing is not None:
        click.echo("".join(fix_lines(summary)), nl=False, err=True)
    write_baseline(summary.baseline, quiet=options["quiet"])
    status = summary if fixing is None else fixing
    ctx.exit(status.exit_code(exit_zero=options["exit_zero"]))


class Linters:
    """The linter for each file: rules may be skipped in some of them.

    Args:
        options: how to read files.
        settings: how to check their items.
        ignores: the rules to skip in some files.
    """

    def __init__(self, options: ReadOptions, settings: Settings, ignores: FileIgnores) -> None:
        self._options = options
        self._settings = settings
        self._ignores = ignores
        self._linters: dict[Choice, Linter] = {}

    def check_file(self, file: str) -> CheckedFile:
        """Check a file, "-" for standard input."""
        return self.linter_for(file).check_file(file)

    def linter_for(self, file: str) -> Linter:
        """Return the linter for a file, "-" for standard input."""
        ignored = self._ignores.rules_for(self._options.stdin_name if file == "-" else file)
        if ignored not in self._linters:
            rules, muted = self._settings.rules, self._settings.muted
            assert rules is not None
            selection = Selection(rules, muted).without(ignored)
            settings = self._settings._replace(rules=selection.rules, muted=selection.muted)
            self._linters[ignored] = Linter(self._options, settings)
        return self._linters[ignored]


def check_files(
    open_file: Callable[[str], AbstractContextManager[CheckedFile]],
    files: Iterable[str],
    summary: Summary,
    limit: int | None,
    *,
    grouped: bool = False,
) -> Iterator[Finding]:
    """Check files one by one, count everything, and yield the findings to show.

    Args:
        open_file: checks a file, given its name.
        files: their names.
        summary: counts what was checked and found; its baseline hides findings.
        limit: how many findings to yield at most, None for all.
        grouped: True for the first findings of each group only.
    """
    for name in files:
        with open_file(name) as file:
            if summary.baseline is not None:
                summary.baseline.apply(file)
            summary.add(file)
            if limit is not None and summary.shown >= limit:
                continue
            for finding in file.findings(grouped=grouped):
                if limit is not None and summary.shown >= limit:
                    break
                summary.add_finding(finding)
                yield finding
