"""Where a report is written to: standard output, a file that is replaced, or a device."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import click

from consentlint.text.atomic_write import replaced


@contextmanager
def opened(output: str | None) -> Iterator[IO[str]]:
    """Open what the report is written to; a file is replaced when the report is whole."""
    if output is None:
        if sys.stdout is None:
            raise click.UsageError("standard output is closed: say --output FILE")
        # A character that the terminal's encoding lacks must not end the run.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
        return
    if _is_written_in_place(output):
        # Appended to: what /dev/stdout leads to may hold more than this report.
        mode = "a" if output.startswith(("/dev/", "/proc/")) else "w"
        with open(output, mode, encoding="utf-8") as file:
            yield file
        return
    # Nobody may read more of it than of the file whose place it takes.
    before = os.stat(output).st_mode & 0o777 if os.path.exists(output) else None
    with replaced(output, mode=0o666 if before is None else 0o600, final_mode=before) as file:
        yield file


def _is_written_in_place(output: str) -> bool:
    """Tell whether a report is written to a file that must not be replaced by another.

    A device or a pipe is no file; one that belongs to somebody else, or may not be
    written, must stay what it is.
    """
    if output.startswith(("/dev/", "/proc/")):
        return True
    if not os.path.exists(output):
        return False
    found = os.stat(output)
    ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return not (stat.S_ISREG(found.st_mode) and ours and os.access(output, os.W_OK))
