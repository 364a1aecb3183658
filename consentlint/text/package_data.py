"""Read the data files of the package."""

import os
import sys
from io import FileIO
from typing import Any


def read_data(*path: str) -> str:
    """Return the text of a data file of the package.

    Args:
        path: the folders and the name, from the package or from the checkout around it.

    Raises:
        FileNotFoundError: the package is incomplete.
    """
    package = os.path.dirname(os.path.dirname(__file__))
    for folder in (package, os.path.dirname(package)):
        content = _content_of(os.path.join(folder, *path))
        if content is not None:
            return content.decode()
    raise FileNotFoundError(f"the data file {'/'.join(path)} of consentlint is missing")


def _content_of(file: str) -> bytes | None:
    # A test that replaces `open` does not replace FileIO, and importlib.resources costs a third of
    # what click costs to import.
    try:
        with FileIO(os.path.abspath(file)) as stream:
            return stream.read()
    except OSError:
        pass
    # The loader of a zip file reads from it, by a path that begins as the module's, perhaps relative.
    loader: Any = sys.modules[__name__].__loader__
    try:
        content: bytes = loader.get_data(file)
    except OSError:
        return None
    return content
