"""`consentlint check`: check files."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import click

from consentlint.cli import Command
from consentlint.cli.baseline import baseline_of, baseline_options, write_baseline
from consentlint.cli.files import file_options, files_of, search_of, skipped_tables
from consentlint.cli.fixing import Fixing, FixMode, fix_options
from consentlint.cli.options import (
    jobs_option,
    read_options,
    read_options_of,
    report_options,
    rule_options,
    settings_of,
)
from consentlint.cli.per_file_ignores import FileIgnores, per_file_ignores_option
from consentlint.cli.reports import Reports, Target, report_option, report_options_of, targets_of
from consentlint.cli.rows import RowFiles, row_files_of, row_options
from consentlint.cli.terminal import wants_color
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.summary import is_parse_error
from consentlint.model.settings import ReadOptions, Settings
from consentlint.reporters import REPORTERS, ReportOptions
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
@report_option
@row_options
@report_options
@click.pass_context
def command(ctx: click.Context, /, *, paths: tuple[str, ...], **options: Any) -> None:
    """Report the items that the API would reject, before you send them.

    PATHS are files, directories to search for files, or - for standard input. The formats are
    JSON, JSON Lines, CSV and form bodies, also gzipped; with an extra, workbooks, Parquet and
    Arrow files.

    \b
    Exit codes:
      0  No errors, or none left after --fix.
      1  Errors, or warnings with --strict. With --diff, something would be fixed.
      2  Something could not be read or written, or an option is invalid.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    targets = targets_of(ctx, options)
    outputs = [target.output for target in targets if target.output is not None]
    search = search_of(options)
    found = files_of(paths, search, *outputs, *row_files_of(options, outputs))
    mode = FixMode.of(options)
    is_only_fixing = mode is not None and not mode.report
    if is_only_fixing:
        # Only what cannot be read is still reported.
        targets = [Target("concise", targets[0].output)]
    excerpts = any(target.format_name == "full" for target in targets)
    settings = settings_of(options, excerpts=excerpts)
    linters = Linters(read_options_of(options), settings, options["per_file_ignores"])
    reports = Reports(
        targets,
        options["max_findings"],
        show_all=options["all"],
        is_shown=is_parse_error if is_only_fixing else None,
    )
    baseline = baseline_of(options)
    for summary in reports.summaries:
        summary.skipped, summary.baseline = len(found.skipped), baseline
        summary.skipped_tables = skipped_tables(found, search)
    summary = reports.summaries[0]
    fixing = None if mode is None else Fixing(linters.linter_for, mode, reports.summaries)
    open_file = linters.check_file if fixing is None else fixing.check_file
    style = report_options_of(options, targets)._replace(profile=settings.profile)
    if is_only_fixing:
        style = style._replace(statistics=False, quiet=True)
    # Standard output is for the difference, or for what standard input becomes.
    to_stderr = mode is not None and (not mode.write or "-" in found.names)
    rows = RowFiles(options)
    with ExitStack() as row_stack:
        rows.open(row_stack)
        with ExitStack() as stack:
            reports.open(stack, style, options["color"], to_stderr=to_stderr)
            for name in found.names:
                with open_file(name) as file:
                    # The API does not know what a baseline accepts.
                    rows.add(file)
                    if baseline is not None:
                        baseline.apply(file)
                    reports.add(file)
            reports.finish()
            if is_only_fixing and not options["quiet"]:
                reports.write(fix_lines(summary))
        _summarize(reports, style, options, is_fixing=fixing is not None)
        write_baseline(baseline, quiet=options["quiet"])
        rows.finish()
    status = summary if fixing is None else fixing
    ctx.exit(status.exit_code(exit_zero=options["exit_zero"]))


def _summarize(
    reports: Reports, style: ReportOptions, options: Mapping[str, Any], *, is_fixing: bool
) -> None:
    """Write to standard error what no report on standard output says about the run."""
    summary = reports.summaries[0]
    shown = [target.format_name for target in reports.targets if target.output is None]
    if not any(REPORTERS[name].has_counts for name in shown):
        from consentlint.reporters.footer import footer

        # What another report says is not repeated.
        has_statistics = any(target.format.has_counts for target in reports.targets)
        color = wants_color(options["color"], sys.stderr)
        style = style._replace(color=color, statistics=style.statistics and not has_statistics)
        click.echo("".join(footer(summary, style)), nl=False, err=True, color=color)
    elif is_fixing and shown == ["json"]:
        click.echo("".join(fix_lines(summary)), nl=False, err=True)


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
            settings = without_rules(self._settings, ignored)
            self._linters[ignored] = Linter(self._options, settings)
        return self._linters[ignored]


def without_rules(settings: Settings, ignored: Choice) -> Settings:
    """Return how to check the items of a file in which some rules are skipped."""
    assert settings.rules is not None
    selection = Selection(settings.rules, settings.muted).without(ignored)
    return settings._replace(rules=selection.rules, muted=selection.muted)
