"""Write output files, whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from consentlint.submit.options import SubmitError
from consentlint.text.atomic_write import atomic_write
from consentlint.text.masking import mask, printable

PRIVATE = 0o600


@contextmanager
def open_output(path: str, mode: int = 0o666) -> Iterator[IO[str]]:
    """Open a file that replaces another one atomically, once it is complete and on the disk.

    Raises:
        SubmitError: the file cannot be written, and is unchanged.
    """
    try:
        # newline="": line ends are those of the input.
        with atomic_write(path, mode=mode, newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise cannot_write(path, error.strerror or str(error)) from None


def check_writable(path: str) -> None:
    """Verify, before anything is sent, that a file can be written at the end.

    Raises:
        SubmitError: it cannot.
    """
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        # A device must not be replaced by a file.
        raise cannot_write(path, "not a regular file")
    if not os.path.isdir(folder):
        raise cannot_write(path, "its folder does not exist")
    if not os.access(folder, os.W_OK):
        raise cannot_write(path, "its folder is not writable")


def cannot_write(path: str, reason: str) -> SubmitError:
    """Return the error for a file that cannot be written."""
    return SubmitError(f"Cannot write {shown_path(path)}: {reason}.")


def shown_path(path: str) -> str:
    """Return a file name as a message may show it: the name may contain a phone number."""
    return mask(printable(path))
