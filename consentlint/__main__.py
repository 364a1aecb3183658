"""The process of the command line: the script `consentlint`, and `python -m consentlint`."""

import gc
import sys


def run() -> None:
    """Run the command line and leave the process with its exit code."""
    # Nothing of what is loaded to start is garbage before the end. Python would search all of
    # it several times while it is loaded, and at the exit, longer than it takes to judge a
    # request.
    gc.disable()
    import click

    from consentlint.cli import main
    from consentlint.text.masking import printable

    gc.freeze()
    gc.enable()
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
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run()
