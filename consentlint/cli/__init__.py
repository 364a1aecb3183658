"""The command line: one module for each command.

A command parses its options, calls the linter or another room, and turns the result into output and
an exit code. A module is imported when its command is called, because `check` runs in hooks. The
room must not decide anything about an item, so that programs get the same findings.
"""

import os
from typing import Any

import click

from consentlint._version import __version__
from consentlint.text.masking import printable
from consentlint.text.suggestions import suggest

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _show_help(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


def _show_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"consentlint {__version__}", color=ctx.color)
        ctx.exit()


_HELP = click.Option(
    ["-h", "--help"],
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_help,
    help="Show this message and exit.",
)


class CommandError(click.ClickException):
    """A command cannot run, although its options are valid."""

    exit_code = 2


_EXTRAS = {
    "jinja2": ("Jinja2", "report"),
    "lsprotocol": ("pygls", "lsp"),
    "platformdirs": ("platformdirs", "submit"),
    "pyarrow": ("pyarrow", "parquet"),
    "pygal": ("pygal", "report"),
    "pygls": ("pygls", "lsp"),
    "pytest_httpserver": ("pytest-httpserver", "stub"),
    "urllib3": ("urllib3", "submit"),
    "werkzeug": ("pytest-httpserver", "stub"),
}
"""By the module that an extra installs: the package, and the extra."""


class Command(click.Command):
    """A command with a help option like click's.

    Click's own options look up translations in every run, and import locale for that.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Raises:
            CommandError: it needs the package of an extra, which is not installed.
        """
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            package, extra = _EXTRAS.get(str(error.name).partition(".")[0], ("", ""))
            if not package:
                raise
            raise CommandError(
                f'{package} is not installed. Run "pip install {package}", or install consentlint'
                f' with the extra "{extra}".'
            ) from None

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Return the option -h, --help."""
        return _HELP


class _LazyGroup(Command, click.Group):
    """A group that imports a command when it is called, because `check` runs in hooks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [
            "check",
            "completion",
            "convert",
            "drift",
            "explain",
            "generate",
            "report",
            "rules",
            "schema",
            "server",
            "stub",
            "submit",
        ]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        from importlib import import_module

        command: click.Command = import_module(f"consentlint.cli.{cmd_name}").command
        if ctx.resilient_parsing:
            # A shell completes a line.
            from consentlint.cli.completion import complete_values

            return complete_values(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments begin with.

        Raises:
            click.UsageError: there is none; the message suggests what to run instead.
        """
        name = args[0]
        if name not in self.list_commands(ctx) and not ctx.resilient_parsing:
            ctx.fail(f'No such command "{printable(name)}".{self._hint(ctx, name)}')
        return super().resolve_command(ctx, args)

    def _hint(self, ctx: click.Context, name: str) -> str:
        if name == "-" or os.path.exists(name) or os.path.splitext(name)[1]:
            from shlex import quote

            return f" Did you mean: consentlint check {printable(quote(name))}?"
        meant = suggest(name, self.list_commands(ctx))
        return f' Did you mean "{meant}"?' if meant else ""


@click.group(cls=_LazyGroup, context_settings=_SETTINGS)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Check consent and contact records before Twilio's bulk APIs reject them."""
