"""Write a file whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO


@contextmanager
def replaced(
    path: str, *, mode: int = 0o666, final_mode: int | None = None, newline: str | None = None
) -> Iterator[IO[str]]:
    """Open what takes the place of a file once it is written; a link stays a link.

    Args:
        path: the file.
        mode: who may read it while it is written, less what the process's mask takes away.
        final_mode: who may read it then; None for the same.
        newline: as `open` takes it.

    Raises:
        OSError: that is not possible; the file is as it was.
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
