"""Write output files, whole or not at all."""

import os
from collections.abc import Iterable, Iterator
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
        raise cannot_write(path, error) from None


def write_file(path: str, parts: Iterable[str], *, mode: int = 0o666) -> None:
    """Replace a file atomically; see `open_output`."""
    with open_output(path, mode) as file:
        file.writelines(parts)


def check_writable(path: str) -> None:
    """Verify, before anything is sent, that a file can be written at the end.

    Raises:
        SubmitError: it cannot.
    """
    folder = os.path.dirname(os.path.realpath(path))
    reason = ""
    if os.path.exists(path) and not os.path.isfile(path):
        # A device must not be replaced by a file.
        reason = "not a regular file"
    elif not os.path.isdir(folder):
        reason = "its folder does not exist"
    elif not os.access(folder, os.W_OK):
        reason = "its folder is not writable"
    if reason:
        raise cannot_write(path, OSError(None, reason))


def cannot_write(path: str, error: OSError) -> SubmitError:
    """Return the error for a file that cannot be written."""
    return SubmitError(f"Cannot write {shown_path(path)}: {error.strerror or error}.")


def shown_path(path: str) -> str:
    """Return a file name as a message may show it: the name may contain a phone number."""
    return mask(printable(path))
