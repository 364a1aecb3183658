"""`consentlint submit`: lint files, and send their items."""

import os
import shlex
import sys
from collections.abc import Iterator
from typing import NoReturn

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
from consentlint.submit.options import SubmitError, SubmitOptions
from consentlint.submit.progress import BestEffortStream
from consentlint.submit.submission import Submission
from consentlint.text.masking import printable

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
_JOURNAL_SUFFIX = ".submit-journal"


def _check_suffix(ctx: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    from consentlint.submit.results import SUFFIXES

    if path is not None and not path.endswith(SUFFIXES):
        raise click.BadParameter(f"The file name must end in {' or '.join(SUFFIXES)}.")
    return path


@click.command("submit", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@click.option(
    "--skip-invalid",
    is_flag=True,
    help="Skip invalid items and send the rest. Also holds back valid items that concern the same"
    " contact and sender as an invalid one.",
)
@click.option(
    "--skipped",
    metavar="FILE",
    help="Where to write the items that --skip-invalid does not send, unmasked."
    "  [default: next to the first file]",
)
@click.option("--skip-lint", is_flag=True, help="Send all items, even if the linter finds errors.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent. Requires no credentials.")
@click.option(
    "--resend-all",
    is_flag=True,
    help="After a finished run, send everything again. An opt-in that is sent again undoes a"
    " later STOP.",
)
@click.option(
    "--base-url",
    metavar="URL",
    envvar="CONSENTLINT_BASE_URL",
    show_envvar=True,
    default=wire.HOST,
    show_default=True,
    help="The API to send to.",
)
@click.option(
    "--rate",
    metavar="N",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Maximum number of requests a minute, including retries.",
)
@click.option(
    "--max-attempts",
    metavar="N",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Maximum number of attempts for an item.",
)
@click.option(
    "--journal",
    metavar="FILE",
    help="Where to record requests and responses, to resume from."
    "  [default: next to the first file]",
)
@click.option(
    "--results",
    metavar="FILE",
    callback=_check_suffix,
    help="Write the outcome of every item to this file (.jsonl or .csv).",
)
@click.option(
    "--rejects",
    metavar="FILE",
    help="Write the items that the API rejected to this file, in the input format, unmasked.",
)
@click.option(
    "--drift",
    metavar="FILE",
    help="Where to write disagreements between API and linter, masked."
    "  [default: next to the journal]",
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    skip_invalid: bool,
    skipped: str | None,
    skip_lint: bool,
    dry_run: bool,
    resend_all: bool,
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
    now: iso8601.Moment,
    select: frozenset[str],
    ignore: frozenset[str],
    strict: bool,
    output_format: str | None,
    max_findings: int | None,
    statistics: bool,
    quiet: bool,
    show_values: bool,
) -> None:
    """Lint files and send them to Twilio, safely and resumably.

    All files are linted as one list, in the given order. If there is an error, nothing is
    sent. A journal next to the first file records requests and responses. If the run is
    interrupted, run the same command to resume.

    Set the credentials as environment variables: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN,
    or TWILIO_API_KEY and TWILIO_API_SECRET.

    \b
    Exit codes:
      0    all items are stored
      1    some items were rejected or not sent
      2    the run could not start or finish
      130  interrupted
    """  # noqa: D301 - \b is click's mark for text that it must not wrap
    try:
        from consentlint.submit import dry_run as dry_runs
        from consentlint.submit.session import submit
    except ModuleNotFoundError as error:
        if error.name != "urllib3":
            raise
        raise SubmitError(
            'urllib3 is not installed. Run: pip install "consentlint[submit]"'
        ) from None
    if skip_lint and skip_invalid:
        raise click.UsageError("Pass either --skip-lint or --skip-invalid, not both.", ctx)
    if "-" in paths:
        raise click.UsageError(
            "Standard input cannot be submitted, because a resumed run must read it again. Pass a"
            " file.",
            ctx,
        )
    if skipped is not None and not skip_invalid:
        raise click.UsageError("--skipped requires --skip-invalid.", ctx)
    to_terminal = sys.stdout is not None and sys.stdout.isatty()
    output_format = output_format or ("full" if to_terminal else "concise")
    rules = (select | {"placeholder"}) - ignore
    terms = Terms(now, Profile(profile), rules, strict, show_values, output_format == "full")
    files = linting.files_of(paths, None)
    journal = journal or f"{files[0]}{_JOURNAL_SUFFIX}"
    options = SubmitOptions(
        base_url=base_url,
        rate=rate,
        max_attempts=max_attempts,
        profile=terms.profile,
        now=now,
        journal=journal,
        results=results,
        rejects=rejects,
        skipped=(skipped or f"{files[0]}.skipped") if skip_invalid else None,
        drift=drift or f"{journal.removesuffix(_JOURNAL_SUFFIX)}.drift",
        skip_lint=skip_lint,
        resend_all=resend_all,
        show_values=show_values,
        quiet=quiet,
        resume_command="consentlint " + printable(shlex.join(sys.argv[1:])),
    )
    if not rules:
        raise click.UsageError("--select and --ignore leave no rule to run.", ctx)
    reading = Reading(ENDPOINTS[kind] if kind else None, format_name)
    style = Style(
        color=to_terminal and not os.environ.get("NO_COLOR"), statistics=statistics, quiet=quiet
    )
    _check_names(options, files)
    submission = Submission(files, reading)
    summary = Summary()
    render = REPORTERS[output_format]
    findings = submission.read(terms, summary)
    if skip_lint:
        _exhaust(findings)
    else:
        with opened(None) as output:
            for text in render(linting.limited(findings, max_findings, summary), summary, style):
                output.write(text)
    submission.check_unchanged()
    if summary.unread:
        _nothing_sent(ctx, "a file could not be read", 2)
    if summary.errors and not (skip_lint or skip_invalid):
        _nothing_sent(ctx, "there are errors (pass --skip-invalid to send the rest)", 1)
    if dry_run:
        for line in dry_runs.dry_run(submission, options):
            click.echo(line)
        return
    ctx.exit(submit(submission, options, BestEffortStream(sys.stderr)))


def _exhaust(findings: Iterator[Finding]) -> None:
    for _ in findings:
        pass


def _nothing_sent(ctx: click.Context, reason: str, code: int) -> NoReturn:
    click.echo(f"Nothing was sent: {reason}.", err=True)
    ctx.exit(code)


def _check_names(options: SubmitOptions, files: list[str]) -> None:
    """Verify that no output file would overwrite another file.

    Raises:
        click.UsageError: one would.
    """
    used = {os.path.realpath(file): "the input" for file in files}
    for name in ("journal", "results", "rejects", "skipped", "drift"):
        path = getattr(options, name)
        if path is None:
            continue
        other = used.setdefault(os.path.realpath(path), f"--{name}")
        if other != f"--{name}":
            raise click.UsageError(f"--{name} and {other} are the same file: {printable(path)}.")


command.params += [parameter for parameter in linting.command.params if parameter.name in _SHARED]
