"""Put the name of a file into the command that a message proposes."""

import os

from consentlint.formats import CONVERT
from consentlint.text.masking import shown_path

_FILE = " FILE > "


def with_file_name(message: str, name: str | None) -> str:
    """Return a message whose command has the name of the file, so that a user can copy it.

    Args:
        message: the message of a parse error; its command has FILE for the name.
        name: the file, None if there is none. Standard input, and a name that cannot be shown as
            it is, stay FILE.
    """
    before, found, after = message.partition(_FILE)
    is_convert = message.removesuffix(".").endswith(CONVERT)
    if not (found or is_convert):
        return message
    if name is None or name[:1] == "<" or shown_path(name) != name:
        return message
    from shlex import quote

    if is_convert:
        return f"{message.removesuffix('.').removesuffix('FILE')}{quote(name)}"
    output, *rest = after.split(" ", 1)
    # The shell would empty the file before the command reads it.
    if output == os.path.basename(name):
        stem, suffix = os.path.splitext(output)
        output = f"{stem}-2{suffix}"
    return " ".join([f"{before} {quote(name)} > {output}", *rest])
