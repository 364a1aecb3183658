"""`consentlint check`: judge files."""

import os
import sys
import time
from collections.abc import Iterable, Iterator

import click

from consentlint.cli import Command, config
from consentlint.cli.output import opened
from consentlint.fields import iso8601, schemas
from consentlint.formats import FORMATS
from consentlint.linter.checker import DEFAULT_RULES, Terms
from consentlint.linter.files import Reading, check_file, files_in
from consentlint.linter.summary import Summary
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Finding, Profile, Severity
from consentlint.reporters import REPORTERS, Style
from consentlint.rules import RULES
from consentlint.text.masking import printable, shown
from consentlint.text.suggestions import nearest_name

_GROUPS = {
    "all": frozenset(rule.name for rule in RULES),
    "default": DEFAULT_RULES,
    "errors": frozenset(rule.name for rule in RULES if rule.severity is Severity.ERROR),
    "advice": frozenset(rule.name for rule in RULES if rule.severity is Severity.WARNING),
}
_NAMES = {
    **_GROUPS,
    **{rule.name: frozenset({rule.name}) for rule in RULES},
    **{str(rule.reason): frozenset({rule.name}) for rule in RULES if rule.reason},
}


def _configure(ctx: click.Context, parameter: click.Parameter, path: str | None) -> None:
    """Let a configuration file give the defaults of the options."""
    options = {
        max(option.opts, key=len).removeprefix("--"): option
        for option in command.params
        if isinstance(option, click.Option) and option is not parameter
    }
    try:
        found = config.find(_folder()) if path is None else (path, config.load(path))
        if found is None:
            return
        path, table = found
        types = {name: _type(option) for name, option in options.items()}
        settings = config.checked(path, table, types)
        for name, value in settings.items():
            # Else the message would name an option that nobody has typed.
            options[name].process_value(ctx, value)
    except config.ConfigError as error:
        raise click.UsageError(str(error), ctx) from None
    except click.BadParameter as error:
        raise click.UsageError(f"{printable(str(path))}: {name}: {error.message}", ctx) from None
    ctx.default_map = {str(options[name].name): value for name, value in settings.items()}


def _folder() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        # It has been removed; what is above it cannot be told.
        return os.path.sep


def _type(option: click.Option) -> type:
    """Return the type of value by which a configuration file sets an option."""
    if option.is_flag:
        return bool
    if option.multiple:
        return list
    return int if isinstance(option.type, click.IntRange) else str


def _rule_names(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> frozenset[str]:
    """Return the rules that a list of names, reason codes and groups stands for."""
    chosen: set[str] = set()
    for name in ",".join(values).split(","):
        if not name.strip():
            continue
        # A rule's name is its reason code in lower case.
        rules = _NAMES.get(name.strip()) or _NAMES.get(name.strip().lower().replace("_", "-"))
        if rules is None:
            nearest = nearest_name(name.strip(), _NAMES)
            hint = f"did you mean {nearest}?" if nearest else "see: consentlint rules"
            raise click.BadParameter(f"{shown(name.strip())} is no rule; {hint}")
        chosen |= rules
    return frozenset(chosen)


def _moment(ctx: click.Context, parameter: click.Parameter, value: str | None) -> iso8601.Moment:
    """Return a point in time, the present one where none is given."""
    if value is None:
        return iso8601.from_unix(time.time())
    if not schemas.predicate("date_of_consent")(value):
        words = schemas.complaint("date_of_consent", value)
        raise click.BadParameter(words)
    try:
        return iso8601.read(value).moment
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command("check", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@click.option(
    "--kind",
    type=click.Choice(list(ENDPOINTS)),
    help="What the files hold.  [default: told from their keys or columns]",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    help="How the files are written.  [default: told from their names or content]",
)
@click.option("--stdin-filename", metavar="NAME", help="What to call standard input.")
@click.option(
    "--request/--no-request",
    help="Each file is one request: more than 25 items are an error.",
)
@click.option(
    "--profile",
    type=click.Choice([str(profile) for profile in Profile]),
    default=str(Profile.DOCUMENTED),
    show_default=True,
    help="Whom to believe where Twilio's documents and their examples disagree.",
)
@click.option(
    "--now",
    metavar="DATE",
    callback=_moment,
    help="Judge as if it were this date and time.  [default: the clock]",
)
@click.option(
    "--select",
    metavar="NAMES",
    multiple=True,
    default=["default"],
    callback=_rule_names,
    help="Only these rules: names, reason codes, or one of the groups all, default,"
    " errors, advice.  [default: default]",
)
@click.option(
    "--ignore",
    metavar="NAMES",
    multiple=True,
    callback=_rule_names,
    help="Not these rules, of those selected.",
)
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Use up to N processes for a large file.  [default: what it is worth]",
)
@click.option("--strict/--no-strict", help="Count a warning as an error.")
@click.option("--exit-zero/--no-exit-zero", help="Exit with 0 where there are errors; 2 stays 2.")
@click.option(
    "--output-format",
    type=click.Choice(list(REPORTERS)),
    help="How to report.  [default: full on a terminal, otherwise concise]",
)
@click.option("-o", "--output", metavar="FILE", help="Write the report to this file.")
@click.option(
    "--max-findings",
    metavar="N",
    type=click.IntRange(min=0),
    help="Show no more findings than this; all are counted.",
)
@click.option("--statistics/--no-statistics", help="Add a count of findings by rule.")
@click.option("-q", "--quiet/--no-quiet", help="Report findings and nothing else.")
@click.option(
    "--show-values/--no-show-values",
    help="Show phone numbers as they are. By default they are masked.",
)
@click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_configure,
    help="Read options from this file.  [default: consentlint.toml, or"
    " [tool.consentlint] in pyproject.toml, here or above]",
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    kind: str | None,
    format_name: str | None,
    stdin_filename: str | None,
    request: bool,
    profile: str,
    now: iso8601.Moment,
    select: frozenset[str],
    ignore: frozenset[str],
    jobs: int | None,
    strict: bool,
    exit_zero: bool,
    output_format: str | None,
    output: str | None,
    max_findings: int | None,
    statistics: bool,
    quiet: bool,
    show_values: bool,
) -> None:
    """Say what the API would refuse, and why, before anything is sent.

    PATHS are files, folders to search for files, or - for standard input. JSON, JSON
    Lines, CSV and form bodies are read, also gzipped.

    \b
    Exit code 0: no errors. 1: errors. 2: something could not be read or done.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    to_terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    output_format = output_format or ("full" if to_terminal else "concise")
    rules = select - ignore
    if not rules:
        # An empty variable in a script must not turn the linter off.
        raise click.UsageError("--select and --ignore leave no rule", ctx)
    terms = Terms(
        now,
        Profile(profile),
        rules,
        strict,
        show_values,
        excerpts=output_format == "full",
    )
    reading = Reading(
        ENDPOINTS[kind] if kind else None, format_name, request, stdin_filename or "<stdin>", jobs
    )
    summary = Summary()
    files = files_of(paths, output)
    findings = limited(_checked(files, reading, terms, summary), max_findings, summary)
    color = to_terminal and not os.environ.get("NO_COLOR")
    style = Style(color, statistics, quiet)
    with opened(output) as report:
        for text in REPORTERS[output_format](findings, summary, style):
            report.write(text)
    if output is not None or output_format == "jsonl":
        from consentlint.reporters.closing import closing

        # What the report itself says, or has no place for, need not be said again.
        statistics = statistics and output_format == "jsonl"
        said = closing(summary, style._replace(statistics=statistics))
        click.echo("".join(said), nl=False, err=True)
    ctx.exit(summary.exit_code(exit_zero=exit_zero))


def files_of(paths: Iterable[str], output: str | None) -> list[str]:
    """Return the files that paths stand for, each once.

    Raises:
        click.UsageError: a folder holds none, or the report would overwrite one.
    """
    files: dict[str, str] = {}
    for path in paths:
        found = files_in(path)
        if not found:
            raise click.UsageError(f"the folder {printable(path)} holds no file of a known suffix")
        for file in found:
            files.setdefault(file if file == "-" else os.path.realpath(file), file)
    if output is not None and any(_is_same(output, file) for file in files.values()):
        raise click.UsageError("the report would overwrite a file that is to be checked")
    return list(files.values())


def _is_same(output: str, file: str) -> bool:
    """Tell whether a report would overwrite a file, or what is standard input."""
    try:
        checked = os.fstat(sys.stdin.fileno()) if file == "-" else os.stat(file)
        return os.path.samestat(os.stat(output), checked)
    except (OSError, ValueError, AttributeError):
        # One of them is not there, or standard input is closed.
        return False


def _checked(
    files: Iterable[str], reading: Reading, terms: Terms, summary: Summary
) -> Iterator[Finding]:
    """Yield the findings of all files, counting what is seen."""
    for file in files:
        summary.files += 1
        for checked in check_file(file, reading, terms):
            summary.items += checked.items
            for finding in checked.findings:
                summary.count(finding)
                yield finding


def limited(findings: Iterable[Finding], limit: int | None, summary: Summary) -> Iterator[Finding]:
    """Pass on the first findings; the others are only counted."""
    for finding in findings:
        if limit is None or summary.shown < limit:
            summary.shown += 1
            yield finding
