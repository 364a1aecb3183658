"""The options --baseline and --update-baseline."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from consentlint.cli import CommandError
from consentlint.cli.config import folder_of
from consentlint.text.masking import printable
from consentlint.text.plurals import counted

if TYPE_CHECKING:
    from consentlint.linter.baseline import Baseline

F = TypeVar("F", bound=Callable[..., Any])


def _path(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    folder = os.path.relpath(folder_of(ctx, parameter))
    return value if folder == os.curdir else os.path.join(folder, value)


def baseline_options(function: F) -> F:
    """Add the options to a command."""
    update = click.option(
        "--update-baseline",
        is_flag=True,
        help="Accept all findings of the files that are checked: write them to the baseline.",
    )
    baseline = click.option(
        "--baseline",
        metavar="FILE",
        callback=_path,
        help="Hide the findings that this file allows; report a rule only if a file has more.",
    )
    return baseline(update(function))


def baseline_of(options: dict[str, Any]) -> "Baseline | None":
    """Return the baseline, given the values of a command's options.

    Raises:
        CommandError: it cannot be used.
        click.UsageError: there is none to update.
    """
    path, is_update = options["baseline"], options["update_baseline"]
    if path is None:
        if is_update:
            raise click.UsageError("--update-baseline requires --baseline FILE")
        return None
    from consentlint.linter.baseline import Baseline, BaselineError

    try:
        return Baseline.load(path, is_update=is_update)
    except BaselineError as error:
        raise CommandError(f"the baseline {printable(path)} {error}") from None


def write_baseline(baseline: "Baseline | None", *, quiet: bool) -> None:
    """Write a baseline that is updated, and say so.

    Raises:
        CommandError: it cannot be written.
    """
    if baseline is None or not baseline.is_update:
        return
    path = printable(baseline.path)
    try:
        number = baseline.write()
    except OSError as error:
        raise CommandError(f"cannot write the baseline {path}: {error.strerror}") from None
    if not quiet:
        click.echo(f"Wrote {path}: it allows {counted(number, 'finding')}.", err=True)
