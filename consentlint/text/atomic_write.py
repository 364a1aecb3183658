"""Write a file whole or not at all."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO


@contextmanager
def atomic_write(
    path: str, *, mode: int = 0o666, final_mode: int | None = None, newline: str | None = None
) -> Iterator[IO[str]]:
    """Open a text file that replaces another one once it is on the disk; a link stays a link.

    Args:
        path: the file to replace.
        mode: its permissions while it is written, less the process's umask.
        final_mode: its permissions afterwards, None for the same.
        newline: as for `open`.

    Raises:
        OSError: it cannot be written; the old file is unchanged. The error names it.
    """
    with atomic_write_bytes(path, mode=mode, final_mode=final_mode) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline=newline)
        try:
            yield text
        finally:
            text.detach()


@contextmanager
def atomic_write_bytes(
    path: str, *, mode: int = 0o666, final_mode: int | None = None
) -> Iterator[IO[bytes]]:
    """Open a binary file that replaces another one; see `atomic_write`."""
    target = os.path.realpath(path)
    partial = f"{target}.{os.getpid()}.partial"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(partial, flags, mode)
        with open(descriptor, "wb") as file:
            yield file
            if not file.closed:
                file.flush()
                os.fsync(descriptor)
        if final_mode is not None:
            os.chmod(partial, final_mode)
        os.replace(partial, target)
    except OSError as error:
        # It names the partial file, or none.
        error.filename = path
        raise
    finally:
        with suppress(OSError):
            os.unlink(partial)
