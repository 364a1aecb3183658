"""The command line."""

import gc
import sys

import click

from consentlint._version import __version__
from consentlint.masking import printable

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called: `check` runs in hooks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["check", "explain", "rules", "schema"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        from importlib import import_module

        command: click.Command = import_module(f"consentlint.commands.{cmd_name}").command
        return command


@click.group(cls=_LazyGroup, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="consentlint", message="%(prog)s %(version)s")
def main() -> None:
    """Check consent and contact records before Twilio's bulk APIs refuse them."""


def run() -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        code = main(prog_name="consentlint", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        code = 1
        sys.stdout = None
    except OSError as error:
        # What is read is guarded where it is read, so this is the report.
        where = printable(str(error.filename or "standard output"))
        click.echo(f"Error: the report cannot be written: {where}: {error.strerror}", err=True)
        code = 2
        # Else what is still to be written would fail again at the exit, with a code of its own.
        sys.stdout = None
    # The process ends, and all that it holds goes with it: without this, Python would search
    # all of it for garbage first, which takes longer than judging a request.
    gc.freeze()
    sys.exit(code)
