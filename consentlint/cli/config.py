"""Find and read the configuration: consentlint.toml, or a table in pyproject.toml."""

import os
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consentlint.text.masking import printable, shown
from consentlint.text.suggestions import nearest_name

_OWN_FILE = "consentlint.toml"
_SHARED_FILE = "pyproject.toml"
# A table of tools has a part of ours: [tool.consentlint], [tool], tool = {. That a project
# has our name, or depends on us, is not enough.
_OUR_TABLE = rb"""tool["']?[ \t]*(?:\.[ \t]*["']?consentlint|[\]=])"""


class ConfigError(Exception):
    """A configuration cannot be used; the message names the file and says why."""


def find(folder: str) -> tuple[str, dict[str, Any]] | None:
    """Return the file that holds for a folder, its own or the nearest above, and what it sets.

    consentlint.toml wins over a pyproject.toml beside it; a pyproject.toml without our
    table is passed over.

    Raises:
        ConfigError: a file that names us cannot be read, or is no TOML.
    """
    while True:
        own, shared = (os.path.join(folder, name) for name in (_OWN_FILE, _SHARED_FILE))
        if os.path.lexists(own):
            return own, load(own)
        if os.path.isfile(shared) and _names_us(shared):
            table = _table(shared)
            if table is not None:
                return shared, table
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def load(path: str) -> dict[str, Any]:
    """Return what a file sets, unchecked.

    Raises:
        ConfigError: it cannot be read, is no TOML, or a pyproject.toml without our table.
    """
    table = _table(path)
    if table is None:
        raise ConfigError(f"{printable(path)} has no table tool.consentlint")
    return table


def checked(
    path: str, table: Mapping[str, object], options: Mapping[str, type]
) -> Mapping[str, object]:
    """Return the options that a file sets, by their long names without dashes.

    Args:
        path: the file, for messages.
        table: what it sets.
        options: the names that are known, and the type of value that each takes: bool,
            int, str, or list for texts.

    Raises:
        ConfigError: it sets what is no option, or an option to what it does not take.
    """
    return {key: _value(path, key, value, options) for key, value in table.items()}


def _value(path: str, key: str, value: object, options: Mapping[str, type]) -> object:
    where = printable(path)
    wanted = options.get(key)
    if wanted is None:
        nearest = nearest_name(key, options)
        hint = f"; did you mean {nearest}?" if nearest else ""
        raise ConfigError(f"{where}: {shown(key)} is no option{hint}")
    if isinstance(value, datetime):
        value = value.isoformat()
    if wanted is list and isinstance(value, str):
        return [value]
    right = type(value) is wanted
    if wanted is list and right:
        right = all(isinstance(word, str) for word in value)  # type: ignore[attr-defined]
    if not right:
        raise ConfigError(f"{where}: {key} takes {_TYPES[wanted]}")
    return value


_TYPES = {bool: "true or false", int: "a whole number", str: "a text", list: "a list of texts"}


def _table(path: str) -> dict[str, Any] | None:
    """Return the options in a file, None where it is a pyproject.toml without our table."""
    import tomllib

    try:
        with open(path, encoding="utf-8-sig") as file:
            document = tomllib.loads(file.read())
    except OSError as error:
        raise ConfigError(f"{printable(path)} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{printable(path)} is no TOML: {shown(str(error), 200)}") from None
    if os.path.basename(path) != _SHARED_FILE:
        return document
    tools = document.get("tool")
    if not isinstance(tools, dict) or "consentlint" not in tools:
        return None
    table = tools["consentlint"]
    if not isinstance(table, dict):
        raise ConfigError(f"{printable(path)}: tool.consentlint must be a table")
    return table


def _names_us(path: str) -> bool:
    """Tell whether a pyproject.toml may have our table, without the price of parsing it."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return False
    return b"consentlint" in content and re.search(_OUR_TABLE, content) is not None
