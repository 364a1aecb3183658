"""The process of the command line: the script `consentlint`, and `python -m consentlint`."""

import gc
import os
import sys


def run() -> None:
    """Run the command line and leave the process with its exit code."""
    # Nothing that is loaded at the start is garbage before the end. Searching it while it is
    # loaded, and at the exit, takes longer than checking a request.
    gc.disable()
    try:
        import click

        if "_CONSENTLINT_COMPLETE" in os.environ:
            # It adds a shell to those that click knows.
            import consentlint.cli.completion  # noqa: F401
        from consentlint.cli import main
        from consentlint.text.masking import shown_path
    except KeyboardInterrupt:
        sys.exit(130)
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
        # Errors of reading are handled where files are read, so this is the report.
        where = shown_path(str(error.filename or "standard output"))
        click.echo(f"Error: cannot write the report to {where}: {error.strerror}", err=True)
        code = 2
        # Otherwise the rest of the output would fail again at the exit, with another exit code.
        sys.stdout = None
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run()
