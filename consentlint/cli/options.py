"""Options that several commands share, and what they become."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from consentlint.cli.config import configure
from consentlint.cli.terminal import COLOR_CHOICES
from consentlint.fields.iso8601 import parse_now
from consentlint.formats import FORMATS
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Profile
from consentlint.model.moment import Moment
from consentlint.model.settings import ReadOptions, RepairOptions, Settings
from consentlint.reporters import REPORTERS
from consentlint.rules.selection import GROUPS, chosen, select_rules

F = TypeVar("F", bound=Callable[..., Any])


def _now(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Moment:
    return parsed_now(ctx, parameter, value) or parse_now(None)


def parsed_now(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Moment | None:
    """Return the time that an option sets, None if it is not passed."""
    if value is None:
        return None
    try:
        return parse_now(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _rule_names(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    try:
        chosen(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return values


_KIND = click.option(
    "--kind",
    type=click.Choice(list(ENDPOINTS)),
    help="Kind of records.  [default: detected from keys or columns]",
)
_FORMAT = click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    help="Format of the files.  [default: detected from name or content]",
)
_SHEET = click.option(
    "--sheet", metavar="NAME", help="Sheet of workbooks.  [default: the one with these columns]"
)
_STDIN = click.option(
    "--stdin-filename",
    metavar="NAME",
    help="Name to report for standard input; its suffix sets the format.",
)
_REQUEST = click.option(
    "--request/--no-request",
    help="Each file is one request: report more than 25 items as an error.",
)
_PROFILE = click.option(
    "--profile",
    type=click.Choice([str(profile) for profile in Profile]),
    default=str(Profile.DOCUMENTED),
    show_default=True,
    help="Which to follow if Twilio's documents and examples disagree.",
)
_NOW = click.option(
    "--now",
    metavar="DATE",
    callback=_now,
    help="Reject dates after this date and time.  [default: the current time]",
)
_SELECT = click.option(
    "--select",
    metavar="NAMES",
    multiple=True,
    default=["default"],
    callback=_rule_names,
    help="Run only these rules, separated by commas: names, reason codes, or the groups "
    f"{', '.join(GROUPS)}.  [default: default]",
)
_IGNORE = click.option(
    "--ignore",
    metavar="NAMES",
    multiple=True,
    callback=_rule_names,
    help="Skip these rules, named as in --select.",
)
_JOBS = click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Read a large file in up to N processes.  [default: by its size and content]",
)
_OUTPUT_FORMAT = click.option(
    "--output-format",
    metavar="FORMAT",
    type=click.Choice(list(REPORTERS)),
    help=f"Report format: {', '.join(REPORTERS)}.  [default: full on a terminal, otherwise"
    " concise]",
)
_ALL = click.option(
    "--all/--no-all",
    help="Show every finding in the formats full and concise, not only the first five of a file"
    " that are alike.",
)
_MAX_FINDINGS = click.option(
    "--max-findings",
    metavar="N",
    type=click.IntRange(min=0),
    help="Show at most N findings; all are counted.",
)
_STATISTICS = click.option(
    "--statistics/--no-statistics", help="Add counts of errors and warnings by rule."
)
_QUIET = click.option("-q", "--quiet/--no-quiet", help="Report findings and nothing else.")
_CONFIG = click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=configure,
    help="Read options from this file.  [default: consentlint.toml, or [tool.consentlint] in"
    " pyproject.toml, here or in a parent directory]",
)
_STRICT = click.option("--strict/--no-strict", help="Treat warnings as errors.")
_COLOR = click.option(
    "--color",
    type=click.Choice(COLOR_CHOICES),
    default="auto",
    show_default=True,
    help="Color the output; auto respects NO_COLOR, FORCE_COLOR and TERM=dumb.",
)
_SHOW_VALUES = click.option(
    "--show-values/--no-show-values", help="Show phone numbers and e-mail addresses in full."
)


def shared(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return a decorator that adds options to a command, in this order."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


read_options = shared(_KIND, _FORMAT, _SHEET, _STDIN, _REQUEST)
rule_options = shared(_PROFILE, _NOW, _SELECT, _IGNORE, _STRICT)
jobs_option = _JOBS
report_options = shared(
    _OUTPUT_FORMAT, _ALL, _MAX_FINDINGS, _STATISTICS, _QUIET, _SHOW_VALUES, _COLOR, _CONFIG
)
color_option = _COLOR
profile_option = _PROFILE
kind_options = shared(_KIND, _FORMAT, _SHEET)
verdict_options = shared(_PROFILE, _NOW)


def read_options_of(options: dict[str, Any]) -> ReadOptions:
    """Return how to read files, given the values of a command's options."""
    return ReadOptions(
        ENDPOINTS[options["kind"]] if options.get("kind") else None,
        options.get("format_name"),
        bool(options.get("request")),
        options.get("stdin_filename") or "<stdin>",
        options.get("jobs"),
        options.get("sheet"),
    )


def settings_of(options: dict[str, Any], *, excerpts: bool = False) -> Settings:
    """Return how to check items, given the values of a command's options.

    Raises:
        click.UsageError: the options leave no rule to run.
    """
    try:
        selection = select_rules(options["select"], options["ignore"])
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    return Settings(
        options["now"],
        Profile(options["profile"]),
        selection.rules,
        bool(options.get("strict")),
        bool(options.get("show_values")),
        excerpts=excerpts,
        repair=RepairOptions(*map(options.get, RepairOptions._fields)),
        muted=selection.muted,
    )
