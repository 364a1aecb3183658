"""Find and read the configuration: consentlint.toml, or a table in pyproject.toml."""

import os
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click
from click.core import ParameterSource

from consentlint.cli import CommandError
from consentlint.text.masking import printable, shown
from consentlint.text.suggestions import suggest

_FOLDER = "consentlint.folder"
"""The key of the directory of the configuration file in the context of a command."""
SEARCH_START = "consentlint.search_start"
"""The key of the directory that the search for it begins in; not set for the current directory."""
_OWN_FILE = "consentlint.toml"
_SHARED_FILE = "pyproject.toml"
# How a TOML file may begin our table: [tool.consentlint], [tool], tool = {. A file that only
# mentions the name, or depends on the package, does not match.
_OUR_TABLE = rb"""tool["']?[ \t]*(?:\.[ \t]*["']?consentlint|[\]=])"""


class ConfigError(CommandError):
    """A configuration is invalid; the message names the file and the reason."""


def configurable_options() -> dict[str, click.Option]:
    """Return the options that a file can set, by their long names without dashes."""
    # They are those of `check`, of which other commands have only some.
    from consentlint.cli.check import command as check

    return {
        max(option.opts, key=len).removeprefix("--"): option
        for option in check.params
        # What has no --no form is for one run.
        if isinstance(option, click.Option)
        and (option.secondary_opts or not option.is_flag)
        and option.name != "config"
    }


def configure(ctx: click.Context, parameter: click.Parameter, path: str | None) -> None:
    """Use a configuration file for the defaults of a command's options (a click callback)."""
    options = configurable_options()
    try:
        found = find(_search_start(ctx)) if path is None else (path, load(path))
        if found is None:
            return
        path, table = found
        types = {name: type_of(option) for name, option in options.items()}
        settings = checked(path, table, types)
        for name, value in settings.items():
            # Otherwise the message would name an option that nobody has typed.
            options[name].process_value(ctx, value)
    except click.BadParameter as error:
        raise ConfigError(f"{printable(str(path))}: {name}: {error.message}") from None
    ctx.meta[_FOLDER] = os.path.dirname(os.path.abspath(path))
    ctx.default_map = {str(options[name].name): value for name, value in settings.items()}


def folder_of(ctx: click.Context, parameter: click.Parameter) -> str:
    """Return the directory that the paths in the value of an option are relative to."""
    is_configured = ctx.get_parameter_source(str(parameter.name)) is ParameterSource.DEFAULT_MAP
    return str(ctx.meta[_FOLDER]) if is_configured else _current_directory()


def _search_start(ctx: click.Context) -> str:
    """Return the directory that the search for a configuration begins in."""
    start = ctx.meta.get(SEARCH_START)
    return _current_directory() if start is None else str(start)


def _current_directory() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        # It has been removed; its parents are unknown.
        return os.path.sep


def type_of(option: click.Option) -> type:
    """Return the type of value by which a configuration file sets an option."""
    if option.is_flag:
        return bool
    if option.name == "per_file_ignores":
        return dict
    if option.multiple:
        return list
    return int if isinstance(option.type, click.IntRange) else str


def find(folder: str) -> tuple[str, dict[str, Any]] | None:
    """Return the configuration file for a directory, from it or the nearest parent, and its values.

    consentlint.toml takes precedence over a pyproject.toml in the same directory. A pyproject.toml
    without our table is skipped.

    Raises:
        ConfigError: a file cannot be read, or is not valid TOML.
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
    """Return the values in a file, not validated.

    Raises:
        ConfigError: it cannot be read, is not valid TOML, or is a pyproject.toml without our
            table.
    """
    table = _table(path)
    if table is None:
        raise ConfigError(f"{printable(path)} has no table [tool.consentlint]")
    return table


def checked(
    path: str, table: Mapping[str, object], options: Mapping[str, type]
) -> Mapping[str, object]:
    """Return the options in a file, by their long names without dashes.

    Args:
        path: the file, for messages.
        table: its values.
        options: the known options and the type of each: bool, int, str, list (of strings), or dict
            (of strings to lists of strings).

    Raises:
        ConfigError: an unknown option, or a value of the wrong type.
    """
    return {key: _value(path, key, value, options) for key, value in table.items()}


def _value(path: str, key: str, value: object, options: Mapping[str, type]) -> object:
    where = printable(path)
    wanted = options.get(key)
    if wanted is None:
        meant = suggest(key, options)
        hint = f'. Did you mean "{meant}"?' if meant else ""
        if key == "tool":
            hint = f". In {_OWN_FILE}, options are not in a table: remove [tool.consentlint]"
        raise ConfigError(f'{where}: unknown option "{shown(key)}"{hint}')
    if isinstance(value, datetime):
        value = value.isoformat()
    if wanted is dict and isinstance(value, dict) and all(map(_is_strings, value.values())):
        # The same as on the command line.
        return [f"{pattern}:{','.join(_strings(rules))}" for pattern, rules in value.items()]
    if wanted is list and _is_strings(value):
        return _strings(value)
    if type(value) is not wanted or wanted in {list, dict}:
        raise ConfigError(f"{where}: {key} must be {_TYPES[wanted]}")
    return value


def _is_strings(value: object) -> bool:
    is_list = isinstance(value, list) and all(isinstance(word, str) for word in value)
    return is_list or isinstance(value, str)


def _strings(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


_TYPES = {
    bool: "true or false",
    int: "an integer",
    str: "a string",
    list: "a list of strings",
    dict: "a table of patterns, each with a list of rules",
}


def _table(path: str) -> dict[str, Any] | None:
    """Return the options in a file, or None for a pyproject.toml without our table."""
    from consentlint.text.toml_file import TomlError, read_toml

    try:
        document = read_toml(path)
    except TomlError as error:
        raise ConfigError(str(error)) from None
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
    """Tell whether a pyproject.toml may have our table, without parsing it."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return False
    return b"consentlint" in content and re.search(_OUR_TABLE, content) is not None
