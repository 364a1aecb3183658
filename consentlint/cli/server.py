"""`consentlint server`: a language server, for editors."""

import os
import sys

import click

from consentlint.cli import Command, CommandError
from consentlint.cli.baseline import baseline_of
from consentlint.cli.check import command as check
from consentlint.cli.check import without_rules
from consentlint.cli.config import SEARCH_START
from consentlint.cli.files import search_of
from consentlint.cli.options import read_options_of, settings_of
from consentlint.lsp.setup import Setup, SetupError
from consentlint.text.masking import printable


@click.command("server", cls=Command)
def command() -> None:
    """Check files while you edit them: a language server.

    Your editor starts it, and talks to it over standard input and output. It reports what check
    would report for the text in the editor, with the options of the nearest consentlint.toml, or
    of [tool.consentlint] in pyproject.toml. See docs/editors.md.

    Needs pygls, which the extra "lsp" installs.

    \b
    Exit code 0: the editor has ended it, or is gone. 2: it cannot start.
    """  # noqa: D301 - click needs this control character before a line that it must not wrap
    from consentlint.lsp.server import serve

    if sys.stdin is None or sys.stdout is None:
        raise CommandError("standard input or output is closed, so no editor can be served")
    if sys.stdin.isatty():
        click.echo("consentlint server waits for an editor. See docs/editors.md.", err=True)
    serve(find_setup)


def find_setup(path: str) -> Setup | None:
    """Return how `check --force-exclude` would check a file, None if it is excluded.

    The search for a configuration begins in the directory of the file, not in the current one.

    Args:
        path: the absolute path of the file; it need not exist.

    Raises:
        SetupError: the configuration is invalid.
    """
    above = click.Context(check)
    above.meta[SEARCH_START] = os.path.dirname(path)
    try:
        with check.make_context("check", ["--", path], above) as context:
            options = context.params
            if search_of(options).exclude.excludes_named(path):
                return None
            settings = settings_of(options)
            ignored = options["per_file_ignores"].rules_for(path)
            return Setup(
                read_options_of(options), without_rules(settings, ignored), baseline_of(options)
            )
    except click.ClickException as error:
        raise SetupError(printable(error.format_message())) from None
