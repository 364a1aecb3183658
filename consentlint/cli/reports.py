"""The reports of a run: which ones there are, and how they are written side by side."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import IO, Any, NamedTuple

import click
from click.core import ParameterSource

from consentlint.cli.output import open_output
from consentlint.cli.terminal import is_terminal, line_width, wants_color
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.summary import Summary
from consentlint.model.findings import Finding
from consentlint.reporters import REPORTERS, Format, ReportOptions
from consentlint.text.masking import printable, shown

_HINTS = {
    "GITHUB_ACTIONS": (
        "github",
        "To show these findings as annotations, pass --output-format github.",
    ),
    "GITLAB_CI": (
        "gitlab",
        "To show these findings in the merge request, pass --report gitlab=FILE.",
    ),
}
_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


class Target(NamedTuple):
    """A report to write."""

    format_name: str
    output: str | None
    """The file, None for standard output."""

    @property
    def format(self) -> Format:
        """The format."""
        return REPORTERS[self.format_name]


def _targets(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[Target]:
    targets = []
    for value in values:
        name, _, output = value.partition("=")
        if name not in REPORTERS or not output:
            raise click.BadParameter(
                f'expected FORMAT=FILE, not "{shown(value)}". The formats are'
                f" {', '.join(REPORTERS)}"
            )
        targets.append(Target(name, None if output == "-" else output))
    return targets


report_option = click.option(
    "--report",
    metavar="FORMAT=FILE",
    multiple=True,
    callback=_targets,
    help="Also write a report in this format to this file; - is standard output, instead of"
    " the usual report. Can be repeated.",
)


def usual_format() -> str:
    """Return the format of a report on standard output if no option names one."""
    return "full" if is_terminal(sys.stdout) else "concise"


def targets_of(ctx: click.Context, options: Mapping[str, Any]) -> list[Target]:
    """Return the reports to write, given the values of a command's options.

    The usual report is left out if another one is written to standard output instead, unless its
    format is named in the same command.

    Raises:
        click.UsageError: two of them have the same destination.
    """
    targets: list[Target] = list(options["report"])
    output = None if options["output"] == "-" else options["output"]
    is_named = ctx.get_parameter_source("output_format") is ParameterSource.COMMANDLINE
    is_free = all(target.output is not None for target in targets)
    if output is not None or is_named or is_free:
        usual = usual_format() if output is None else "concise"
        targets.insert(0, Target(options["output_format"] or usual, output))
    used: set[str | None] = set()
    for target in targets:
        destination = None if target.output is None else os.path.realpath(target.output)
        if destination in used:
            name = printable(target.output or "standard output")
            raise click.UsageError(f"two reports would be written to {name}")
        used.add(destination)
    return targets


def report_options_of(
    options: Mapping[str, Any],
    targets: Sequence[Target],
    environment: Mapping[str, str] = os.environ,
) -> ReportOptions:
    """Return what the reports of a run have in common."""
    roots = (environment.get(name, "") for name in _ROOTS)
    hints = (hint for name, hint in _HINTS.items() if environment.get(name))
    used = {target.format_name for target in targets}
    return ReportOptions(
        statistics=options["statistics"],
        quiet=options["quiet"],
        root=next(filter(None, roots), ""),
        hint=next((text for name, text in hints if name not in used), ""),
    )


class Reports:
    """The reports of a run.

    Args:
        targets: where they go, and in which format.
        limit: how many findings to show at most, None for all.
        show_all: True if no report shows only the first findings of a group.
        is_shown: tells whether a finding is reported.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        limit: int | None,
        *,
        show_all: bool,
        is_shown: Callable[[Finding], bool] | None = None,
    ) -> None:
        self.targets = targets
        self._limit = limit
        self._is_shown = is_shown
        kinds = dict.fromkeys(target.format.is_grouped and not show_all for target in targets)
        self._audiences = {grouped: _Audience(Summary(), []) for grouped in kinds}
        self._show_all = show_all

    @property
    def summaries(self) -> list[Summary]:
        """The counts of the run, as the first report and those of its kind say them, and others.

        They differ in how many findings were reported one by one.
        """
        return [audience.summary for audience in self._audiences.values()]

    def open(
        self, stack: ExitStack, options: ReportOptions, color: str, *, to_stderr: bool
    ) -> None:
        """Open the destinations; each file is replaced when the stack is closed without an error.

        Args:
            stack: closes them.
            options: the options of all reports.
            color: the option --color.
            to_stderr: True for standard error instead of standard output.
        """
        for target in self.targets:
            stream = sys.stdout if target.output is None else None
            style = options._replace(color=wants_color(color, stream), width=line_width(stream))
            output = stack.enter_context(open_output(target.output, to_stderr=to_stderr))
            audience = self._audiences[target.format.is_grouped and not self._show_all]
            audience.reports.append(_Report(target.format, audience.summary, style, output))

    def add(self, file: CheckedFile) -> None:
        """Count what was found in a file, and report the findings to show."""
        for is_grouped, (summary, reports) in self._audiences.items():
            summary.add(file)
            if self._is_full(summary):
                continue
            for finding in filter(self._is_shown, file.findings(grouped=is_grouped)):
                if self._is_full(summary):
                    break
                summary.add_finding(finding)
                for report in reports:
                    report.add(finding)

    def _is_full(self, summary: Summary) -> bool:
        return self._limit is not None and summary.shown >= self._limit

    def write(self, texts: Iterable[str]) -> None:
        """Write the same text to all reports."""
        for audience in self._audiences.values():
            for report in audience.reports:
                report.output.writelines(texts)

    def finish(self) -> None:
        """Write what the reports say about the run."""
        for audience in self._audiences.values():
            for report in audience.reports:
                report.finish()


class _Report:
    """One report, whose reporter is given one finding at a time.

    Args:
        format: its format.
        summary: the counts of the run.
        options: the options of the report.
        output: what it is written to.
    """

    def __init__(
        self, format_: Format, summary: Summary, options: ReportOptions, output: IO[str]
    ) -> None:
        self.output = output
        self._waiting: Finding | None = None
        self._is_complete = False
        self._texts = format_(self._findings(), summary, options)

    def _findings(self) -> Iterator[Finding]:
        while not self._is_complete:
            finding, self._waiting = self._waiting, None
            assert finding is not None, "a reporter yields at least once for each finding"
            yield finding

    def add(self, finding: Finding) -> None:
        """Write what comes before the next finding is needed."""
        self._waiting = finding
        while self._waiting is not None:
            self.output.write(next(self._texts))

    def finish(self) -> None:
        """Write the rest."""
        self._is_complete = True
        self.output.writelines(self._texts)


class _Audience(NamedTuple):
    """Reports that show the same findings."""

    summary: Summary
    reports: list[_Report]
