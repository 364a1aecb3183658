"""Read the data files of the package."""

import os
import sys
from typing import Any


def read_data(*path: str) -> str:
    """Return the text of a data file of the package.

    Args:
        path: the folders and the name, from the package or from the checkout around it.

    Raises:
        FileNotFoundError: the package is incomplete.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # The loader reads from a zip file as well, and a test that replaces `open` does not replace
    # it. importlib.resources costs a third of what click costs to import.
    loader: Any = sys.modules[__name__].__loader__
    for folder in (package, os.path.dirname(package)):
        try:
            content: bytes = loader.get_data(os.path.join(folder, *path))
        except OSError:
            continue
        return content.decode()
    raise FileNotFoundError(f"the data file {'/'.join(path)} of consentlint is missing")
