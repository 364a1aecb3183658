"""How a report for a CI system names a file."""

import os
from functools import lru_cache

from consentlint.text.masking import printable


@lru_cache(maxsize=64)
def path_in(root: str, file: str | None) -> str:
    """Return the path of a file relative to a directory, with slashes; as it is if it is elsewhere.

    Args:
        root: the directory, empty if there is none.
        file: the file's name.
    """
    name = file or ""
    if root and file and os.path.exists(file):
        relative = os.path.relpath(os.path.realpath(file), os.path.realpath(root))
        if relative.split(os.sep)[0] != os.pardir:
            name = relative
    return printable(os.path.normpath(name).replace(os.sep, "/") if name else name)
