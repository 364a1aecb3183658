"""Where a report goes: standard output, a file that is replaced, or a device."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import click

from consentlint.text.atomic_write import atomic_write

STDOUT = "-"
"""The name of standard output."""


@contextmanager
def open_output(
    output: str | None, *, to_stderr: bool = False, newline: str | None = None
) -> Iterator[IO[str]]:
    """Open the output of a report; a file is replaced once the report is complete.

    Args:
        output: the file; None or "-" for standard output.
        to_stderr: True for standard error instead of standard output.
        newline: as for `open`, for a file.
    """
    output = None if output == STDOUT else output
    if output is None and to_stderr and sys.stderr is not None:
        yield sys.stderr
        return
    if output is None:
        if sys.stdout is None:
            raise click.UsageError("standard output is closed. Pass --output FILE")
        # A character that the terminal cannot encode must not end the run.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
        return
    if _is_written_in_place(output):
        # Append: what /dev/stdout leads to may hold more than this report.
        mode = "a" if output.startswith(("/dev/", "/proc/")) else "w"
        with open(output, mode, encoding="utf-8", newline=newline) as file:
            yield file
        return
    # The report must not be more readable than the file that it replaces.
    before = os.stat(output).st_mode & 0o777 if os.path.exists(output) else None
    partial_mode = 0o666 if before is None else 0o600
    with atomic_write(output, mode=partial_mode, final_mode=before, newline=newline) as file:
        yield file


def _is_written_in_place(output: str) -> bool:
    """Tell whether a report is written to a file that must not be replaced.

    A device or a pipe is not a file; a file of another owner, or one that is read-only, stays
    as it is.
    """
    if output.startswith(("/dev/", "/proc/")):
        return True
    if not os.path.exists(output):
        return False
    found = os.stat(output)
    ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return not (stat.S_ISREG(found.st_mode) and ours and os.access(output, os.W_OK))


def is_same_file(output: str, file: str) -> bool:
    """Tell whether a report would overwrite a file, or what is standard input."""
    try:
        checked = os.fstat(sys.stdin.fileno()) if file == "-" else os.stat(file)
        return os.path.samestat(os.stat(output), checked)
    except (OSError, ValueError, AttributeError):
        # One of them does not exist, or standard input is closed.
        return False
