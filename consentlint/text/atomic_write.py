"""Write a file whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO


@contextmanager
def atomic_write(
    path: str, *, mode: int = 0o666, final_mode: int | None = None, newline: str | None = None
) -> Iterator[IO[str]]:
    """Open a file that replaces another one once it is complete; a link stays a link.

    Args:
        path: the file to replace.
        mode: its permissions while it is written, less the process's umask.
        final_mode: its permissions afterwards, None for the same.
        newline: as for `open`.

    Raises:
        OSError: it cannot be written; the old file is unchanged.
    """
    target = os.path.realpath(path)
    partial = f"{target}.{os.getpid()}.partial"
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "w", encoding="utf-8", newline=newline) as file:
            yield file
        if final_mode is not None:
            os.chmod(partial, final_mode)
        os.replace(partial, target)
    finally:
        with suppress(OSError):
            os.unlink(partial)
