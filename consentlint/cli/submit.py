"""`consentlint submit`: lint files, and send their items."""

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource

from consentlint import wire
from consentlint.cli import Command
from consentlint.cli.files import files_of
from consentlint.cli.options import (
    kind_options,
    read_options_of,
    report_options,
    rule_options,
    settings_of,
    shared,
)
from consentlint.cli.reports import Reports, Target, report_option, report_options_of, targets_of
from consentlint.linter.discovery import EVERYTHING, may_hold_records
from consentlint.linter.summary import Summary
from consentlint.model.settings import Settings
from consentlint.submit.options import SubmitOptions
from consentlint.text.masking import printable, shown_path

if TYPE_CHECKING:
    # It needs the extra.
    from consentlint.submit.reading import Submission

_FLAGS = {
    "--skip-invalid": "Skip invalid items and send the rest. Also holds back valid items, except"
    " opt-outs, that concern the same contact and sender as an invalid one.",
    "--skip-lint": "Send all items, even if the linter finds errors.",
    "--dry-run": "Show what would be sent. Requires no credentials.",
    "--resend-all": "After a finished run, send everything again. An opt-in that is sent again"
    " undoes a later STOP.",
    "-y --yes": "Send without asking for confirmation. Required if standard input is not a"
    " terminal, unless the API is on this machine.",
}
_NUMBERS = {
    "--rate": (100, "Maximum number of requests a minute, including retries."),
    "--max-attempts": (10, "Maximum number of attempts for an item."),
}
_FILES = {
    "--journal": "Where to record requests and responses, to resume from."
    "  [default: next to the first file]",
    "--results": "Write the outcome of every item to this file (.csv, .jsonl or .parquet).",
    "--rejects": "Write the items that the API rejected to this file, in the input format,"
    " unmasked.",
    "--skipped": "Where to write the items that --skip-invalid does not send, unmasked."
    "  [default: next to the first file]",
    "--drift": "Where to write disagreements between API and linter, masked."
    "  [default: next to the journal]",
}
_submit_options = shared(
    *(click.option(*name.split(), is_flag=True, help=text) for name, text in _FLAGS.items()),
    click.option(
        "--base-url",
        metavar="URL",
        envvar="CONSENTLINT_BASE_URL",
        show_envvar=True,
        default=wire.HOST,
        show_default=True,
        help="The API to send to.",
    ),
    *(
        click.option(
            name,
            metavar="N",
            type=click.IntRange(min=1),
            default=default,
            show_default=True,
            help=text,
        )
        for name, (default, text) in _NUMBERS.items()
    ),
    *(click.option(name, metavar="FILE", help=text) for name, text in _FILES.items()),
)


@click.command("submit", cls=Command, no_args_is_help=True)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@_submit_options
@kind_options
@rule_options
@report_option
@report_options
@click.pass_context
def command(ctx: click.Context, /, *, paths: tuple[str, ...], **given: Any) -> None:
    """Lint files and send them to Twilio, safely and resumably.

    All files are linted as one list, in the given order. If there is an error, nothing is
    sent. A journal next to the first file records requests and responses. If the run is
    interrupted, run the same command to resume. The file - is standard input, and requires
    --journal.

    Set the credentials as environment variables: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN,
    or TWILIO_API_KEY and TWILIO_API_SECRET.

    \b
    Exit codes:
      0    all items are stored
      1    some items were rejected or not sent
      2    the run could not start or finish
      130  interrupted
    """  # noqa: D301 - \b is click's mark for text that it must not wrap
    # They need the extra.
    from consentlint.submit.open_journal import spooled
    from consentlint.submit.reading import Submission
    from consentlint.submit.session import Session, dry_run

    if given["skip_lint"] and given["skip_invalid"]:
        raise click.UsageError("Pass either --skip-lint or --skip-invalid, not both.", ctx)
    if "-" in paths and (given["journal"] is None or len(paths) > 1):
        raise click.UsageError(
            "To submit standard input, pass --journal FILE, and no other file. The input is copied"
            " to FILE.input, so that a resumed run can read it again.",
            ctx,
        )
    if given["skip_lint"] and ctx.get_parameter_source("report") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--skip-lint finds nothing to report. Omit --report.", ctx)
    if given["skipped"] is not None and not given["skip_invalid"]:
        raise click.UsageError("--skipped requires --skip-invalid.", ctx)
    if not (given["results"] or ".csv").endswith((".csv", ".jsonl", ".parquet")):
        raise click.UsageError("The name of --results must end in .csv, .jsonl or .parquet.", ctx)
    with spooled(paths, given["journal"]) as readable:
        # A file that is left out might hold an opt-out.
        files = files_of(readable, EVERYTHING).names
        targets = targets_of(ctx, given | {"output": None})
        options = _options_of(files, given, targets)
        _reject_outputs_in(readable, options, targets)
        # An id of a published example must not be sent by mistake.
        given["select"] = (*given["select"], "placeholder")
        settings = settings_of(given, excerpts=any(each.format_name == "full" for each in targets))
        with closing(Submission(files, read_options_of(given), settings)) as submission:
            summary = _report(submission, settings, targets, given)
            if summary.unread:
                _nothing_sent(ctx, "a file could not be read", 2)
            if summary.errors and not (given["skip_lint"] or given["skip_invalid"]):
                _nothing_sent(ctx, "there are errors (pass --skip-invalid to send the rest)", 1)
            if given["dry_run"]:
                click.echo("\n".join(dry_run(submission, options)))
                return
            ctx.exit(Session(submission, options).submit())


def _options_of(
    files: Sequence[str], given: dict[str, Any], targets: Sequence[Target]
) -> SubmitOptions:
    """Return the options of a run.

    Raises:
        click.UsageError: an output file would overwrite another file.
    """
    from consentlint.submit.open_journal import SUFFIX, default_path
    from consentlint.submit.results import default_skipped

    journal = given["journal"] or default_path(files[0])
    words = f"consentlint {printable(shlex.join(sys.argv[1:]))}"
    # The digits of a port or an IP address are not a phone number.
    checked = words.replace(given["base_url"], "")
    derived = {
        "journal": journal,
        "is_default_journal": given["journal"] is None,
        "skipped": (given["skipped"] or default_skipped(files[0]))
        if given["skip_invalid"]
        else None,
        "drift": given["drift"] or f"{journal.removesuffix(SUFFIX)}.drift",
        # A file name with a phone number is not shown.
        "resume_command": words if shown_path(checked) == checked else "run the same command",
    }
    names = SubmitOptions._fields
    options = SubmitOptions(**{name: given[name] for name in names if name in given} | derived)
    used = {os.path.realpath(file): "the input" for file in files}
    for name, path in _outputs(options, targets):
        if path and (other := used.setdefault(os.path.realpath(path), name)) != name:
            raise click.UsageError(f"{name} and {other} are the same file: {shown_path(path)}.")
    return options


def _outputs(options: SubmitOptions, targets: Sequence[Target]) -> Sequence[tuple[str, str | None]]:
    """Return the files that are written, each with the option that names it."""
    paths = [(option, getattr(options, option.removeprefix("--"))) for option in _FILES]
    return [*paths, *(("--report", target.output) for target in targets)]


def _reject_outputs_in(
    paths: Sequence[str], options: SubmitOptions, targets: Sequence[Target]
) -> None:
    """Reject an output that the same command would find as an input the next time.

    Raises:
        click.UsageError: there is one.
    """
    folders = [os.path.join(os.path.realpath(path), "") for path in paths if os.path.isdir(path)]
    for option, path in _outputs(options, targets):
        if (
            path
            and may_hold_records(os.path.basename(path))
            and os.path.realpath(path).startswith(tuple(folders))
        ):
            raise click.UsageError(
                f"{option} is in a directory that is submitted, so a resumed run would read it:"
                f" {shown_path(path)}. Write it elsewhere."
            )


def _report(
    submission: "Submission", settings: Settings, targets: list[Target], given: dict[str, Any]
) -> Summary:
    """Report the findings of the linter, and return the counts."""
    if given["skip_lint"]:
        summary = Summary()
        for file in submission.files:
            summary.add(file)
        if not summary.unread:
            return summary
    reports = Reports(targets, given["max_findings"], show_all=given["all"])
    style = report_options_of(given, targets)._replace(profile=settings.profile)
    with ExitStack() as stack:
        reports.open(stack, style, given["color"], to_stderr=False)
        for file in submission.files:
            reports.add(file)
        reports.finish()
    return reports.summaries[0]


def _nothing_sent(ctx: click.Context, reason: str, code: int) -> NoReturn:
    click.echo(f"Nothing was sent: {reason}.", err=True)
    ctx.exit(code)
