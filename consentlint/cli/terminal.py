"""What an output can show: colors, and how wide its lines are."""

import os
import sys
from collections.abc import Mapping
from typing import IO, NamedTuple

from consentlint.text.layout import PROSE_WIDTH, fill, paint

COLOR_CHOICES = ("auto", "always", "never")

_FORCES = ("FORCE_COLOR", "CLICOLOR_FORCE")
_NARROWEST = 40
_NO_TERMINAL = 100


def wants_color(
    choice: str, output: IO[str] | None, environment: Mapping[str, str] = os.environ
) -> bool:
    """Return whether to color an output.

    The option takes precedence, then NO_COLOR, then FORCE_COLOR and CLICOLOR_FORCE, then
    whether the output is a terminal that has colors.

    Args:
        choice: the option, one of `COLOR_CHOICES`.
        output: a stream, None for a file.
        environment: the environment variables.
    """
    if choice != "auto":
        return choice == "always"
    if output is None or environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "") not in ("", "0") for name in _FORCES):
        return True
    return is_terminal(output) and environment.get("TERM") != "dumb"


def is_terminal(output: IO[str] | None) -> bool:
    """Return whether a stream leads to a terminal; None is a stream that is closed."""
    return output is not None and output.isatty()


def line_width(output: IO[str] | None) -> int:
    """Return how many columns a line of an output has.

    Only a terminal has a width of its own, so that what is written to a file or to a log does
    not depend on where the command runs.
    """
    if not is_terminal(output):
        return _NO_TERMINAL
    # It loads modules that a run without a terminal does not need.
    import shutil

    return max(_NARROWEST, shutil.get_terminal_size().columns)


class Style(NamedTuple):
    """How a command writes text to standard output."""

    color: bool
    width: int
    """Columns of a paragraph."""

    @classmethod
    def of(cls, color: str) -> "Style":
        """Return the style, given the option --color."""
        width = min(PROSE_WIDTH, line_width(sys.stdout))
        return cls(wants_color(color, sys.stdout), width)

    def paint(self, text: str, style: str) -> str:
        """Return a text in a style of `layout.paint`."""
        return paint(text, style, self.color)

    def fill(self, text: str, indent: str = "  ", hanging: str | None = None) -> str:
        """Return a paragraph as `layout.fill` does."""
        return fill(text, self.width, indent, hanging)
