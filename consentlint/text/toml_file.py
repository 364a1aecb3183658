"""Read a TOML file."""

from typing import Any

from consentlint.text.masking import printable, shown


class TomlError(Exception):
    """A TOML file cannot be read; the message names it and the reason, without a period."""


def read_toml(path: str) -> dict[str, Any]:
    """Return the document in a TOML file.

    Raises:
        TomlError: it cannot be read, or is not valid TOML.
    """
    import tomllib

    try:
        with open(path, encoding="utf-8-sig") as file:
            return tomllib.loads(file.read())
    except OSError as error:
        raise TomlError(f"{printable(path)} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise TomlError(f"{printable(path)} is not valid TOML: {shown(str(error), 200)}") from None
