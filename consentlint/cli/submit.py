"""`consentlint submit`: lint files, and send their items."""

import os
import shlex
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import click

from consentlint import wire
from consentlint.cli import Command
from consentlint.cli import check as linting
from consentlint.cli.output import opened
from consentlint.fields import iso8601
from consentlint.linter.checker import Terms
from consentlint.linter.files import Reading
from consentlint.linter.summary import Summary
from consentlint.model.endpoints import ENDPOINTS
from consentlint.model.findings import Finding, Profile
from consentlint.reporters import REPORTERS, Style
from consentlint.submit.journal import Unusable
from consentlint.submit.outputs import Unwritable
from consentlint.submit.progress import Unfailing
from consentlint.submit.rate import NoState
from consentlint.submit.reading import Input, Rejected
from consentlint.text.masking import printable

if TYPE_CHECKING:
    from consentlint.submit.selection import Choices

_SHARED = {
    "kind",
    "format_name",
    "profile",
    "now",
    "select",
    "ignore",
    "strict",
    "output_format",
    "max_findings",
    "statistics",
    "quiet",
    "show_values",
    "config",
}


_JOURNAL = ".submit-journal"


class CouldNot(click.ClickException):
    """Something is in the way, and nothing more was sent."""

    exit_code = 2


def _check_suffix(ctx: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    from consentlint.submit.reports import SUFFIXES

    if path is not None and not path.endswith(SUFFIXES):
        raise click.BadParameter(f"its name must end in {' or '.join(SUFFIXES)}")
    return path


@click.command("submit", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@click.option(
    "--skip-invalid",
    is_flag=True,
    help="Send the rest where items are invalid; each holds back all items of its contact and"
    " sender.",
)
@click.option(
    "--left-out",
    metavar="FILE",
    help="Where to write what --skip-invalid leaves out, numbers in the clear."
    "  [default: beside the first file]",
)
@click.option("--skip-lint", is_flag=True, help="Send whatever the linter says.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent; needs no credentials.")
@click.option(
    "--again",
    is_flag=True,
    help="Send once more what is stored. An opt-in that is sent again undoes a STOP that came"
    " since.",
)
@click.option(
    "--base-url",
    metavar="URL",
    envvar="CONSENTLINT_BASE_URL",
    show_envvar=True,
    default=wire.HOST,
    show_default=True,
    help="Where to send to.",
)
@click.option(
    "--rate",
    metavar="N",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="How many requests a minute the account may send.",
)
@click.option(
    "--max-attempts",
    metavar="N",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How often to send an item that the API fails with.",
)
@click.option(
    "--journal",
    metavar="FILE",
    help="Where to record what is sent and answered.  [default: beside the first file]",
)
@click.option(
    "--results",
    metavar="FILE",
    callback=_check_suffix,
    help="Write what became of each item, as .jsonl or .csv.",
)
@click.option(
    "--rejects",
    metavar="FILE",
    help="Write the refused items as they were read, numbers in the clear.",
)
@click.option(
    "--drift",
    metavar="FILE",
    help="Where to write, masked, in what the API disagrees with the linter."
    "  [default: beside the journal]",
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    skip_invalid: bool,
    left_out: str | None,
    skip_lint: bool,
    dry_run: bool,
    again: bool,
    base_url: str,
    rate: int,
    max_attempts: int,
    journal: str | None,
    results: str | None,
    rejects: str | None,
    drift: str | None,
    kind: str | None,
    format_name: str | None,
    profile: str,
    now: Moment,
    select: frozenset[str],
    ignore: frozenset[str],
    strict: bool,
    output_format: str | None,
    max_findings: int | None,
    statistics: bool,
    quiet: bool,
    show_values: bool,
) -> None:
    """Send the items of files that pass the lint to the API, and lose none.

    All files are judged as one list, in the order in which they are given. With an error
    nothing is sent. A journal beside the first file records what is sent and answered: if
    the run is stopped, the same command goes on where it stopped.

    The credentials are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and
    TWILIO_API_SECRET, in the environment.

    \b
    Exit code 0: all items are stored. 1: some are refused, or were not sent. 2: it could
    not be done. 130: interrupted.
    """  # noqa: D301 - click wants the control character before what it must not wrap
    try:
        from consentlint.submit import dry_run as trial
        from consentlint.submit.client import Misconfigured
        from consentlint.submit.selection import Choices
        from consentlint.submit.session import submit
    except ModuleNotFoundError as error:
        if error.name != "urllib3":
            raise
        raise CouldNot('this needs an extra: pip install "consentlint[submit]"') from None
    if skip_lint and skip_invalid:
        raise click.UsageError("--skip-lint and --skip-invalid exclude each other", ctx)
    if "-" in paths:
        raise click.UsageError(
            "standard input cannot be submitted: a run that was stopped must read it again", ctx
        )
    if (left_out is not None) and not skip_invalid:
        raise click.UsageError("--left-out belongs to --skip-invalid", ctx)
    to_terminal = sys.stdout is not None and sys.stdout.isatty()
    output_format = output_format or ("full" if to_terminal else "concise")
    rules = (select | {"placeholder"}) - ignore
    terms = Terms(now, Profile(profile), rules, strict, show_values, output_format == "full")
    files = linting.files_of(paths, None)
    journal = journal or f"{files[0]}{_JOURNAL}"
    choices = Choices(
        base_url=base_url,
        rate=rate,
        max_attempts=max_attempts,
        profile=terms.profile,
        now=now,
        journal=journal,
        results=results,
        rejects=rejects,
        left_out=(left_out or f"{files[0]}.left-out") if skip_invalid else None,
        drift=drift or f"{journal.removesuffix(_JOURNAL)}.drift",
        skip_lint=skip_lint,
        again=again,
        show_values=show_values,
        quiet=quiet,
        resume="consentlint " + printable(shlex.join(sys.argv[1:])),
    )
    if not rules:
        raise click.UsageError("--select and --ignore leave no rule", ctx)
    reading = Reading(ENDPOINTS[kind] if kind else None, format_name)
    style = Style(
        color=to_terminal and not os.environ.get("NO_COLOR"), statistics=statistics, quiet=quiet
    )
    try:
        _check_names(choices, files)
        given = Input(files, reading)
        summary = Summary()
        report = REPORTERS[output_format]
        found = given.read(terms, summary)
        if skip_lint:
            _drain(found)
        else:
            with opened(None) as output:
                for text in report(linting.limited(found, max_findings, summary), summary, style):
                    output.write(text)
        given.check_unchanged()
        if summary.unread:
            _nothing_sent(ctx, "the files could not be read", 2)
        if summary.errors and not (skip_lint or skip_invalid):
            _nothing_sent(ctx, "there are errors (--skip-invalid sends the rest)", 1)
        if dry_run:
            for line in trial.dry_run(given, choices):
                click.echo(line)
            return
        code = submit(given, choices, Unfailing(sys.stderr))
    except (Rejected, Unusable, Unwritable, NoState, Misconfigured) as error:
        raise CouldNot(str(error)) from None
    ctx.exit(code)


def _drain(findings: Iterator[Finding]) -> None:
    for _ in findings:
        pass


def _nothing_sent(ctx: click.Context, why: str, code: int) -> NoReturn:
    click.echo(f"Nothing was sent: {why}.", err=True)
    ctx.exit(code)


def _check_names(choices: "Choices", files: list[str]) -> None:
    """Make sure that no file would be overwritten by another.

    Raises:
        click.UsageError: one would.
    """
    taken = {os.path.realpath(file): "the input" for file in files}
    for name in ("journal", "results", "rejects", "left_out", "drift"):
        path = getattr(choices, name)
        if path is None:
            continue
        other = taken.setdefault(os.path.realpath(path), f"--{name.replace('_', '-')}")
        if other != f"--{name.replace('_', '-')}":
            words = f"--{name.replace('_', '-')} and {other} are one file: {printable(path)}"
            raise click.UsageError(words)


command.params += [parameter for parameter in linting.command.params if parameter.name in _SHARED]
