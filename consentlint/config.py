"""Find and read the configuration: consentlint.toml, or a table in pyproject.toml."""

import os
from collections.abc import Collection, Mapping

from consentlint.rules import nearest_name

_OWN_FILE = "consentlint.toml"
_SHARED_FILE = "pyproject.toml"


class ConfigError(Exception):
    """A configuration cannot be used; the message names the file and says why."""


def find(folder: str) -> str | None:
    """Return the configuration file that holds for a folder: its own or the nearest above.

    consentlint.toml wins over a pyproject.toml beside it; a pyproject.toml without our
    table is passed over.
    """
    while True:
        own, shared = (os.path.join(folder, name) for name in (_OWN_FILE, _SHARED_FILE))
        if os.path.isfile(own):
            return own
        if os.path.isfile(shared) and _names_us(shared):
            return shared
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def read(path: str, options: Collection[str], flags: Collection[str]) -> Mapping[str, object]:
    """Return the options that a file sets, by their long names without dashes.

    Args:
        path: the file.
        options: the names that are known.
        flags: those of them that are true or false.

    Raises:
        ConfigError: it cannot be read, is no TOML, or sets what is no option.
    """
    import tomllib

    try:
        with open(path, "rb") as file:
            document = tomllib.load(file)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no TOML: {error}") from None
    if os.path.basename(path) == _SHARED_FILE:
        document = document.get("tool", {}).get("consentlint", {})
    for key, value in document.items():
        if key not in options:
            nearest = nearest_name(key, options)
            hint = f"; did you mean {nearest}?" if nearest else ""
            raise ConfigError(f"{path}: {key} is no option{hint}")
        if (key in flags) is not isinstance(value, bool):
            wanted = "true or false" if key in flags else "no true or false"
            raise ConfigError(f"{path}: {key} takes {wanted}")
        if isinstance(value, dict):
            raise ConfigError(f"{path}: {key} is an option, not a table")
    return document


def _names_us(path: str) -> bool:
    """Tell whether a pyproject.toml has our table, without the price of parsing it."""
    try:
        with open(path, "rb") as file:
            return b"tool.consentlint" in file.read()
    except OSError:
        return False
