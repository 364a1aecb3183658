"""How one file is checked, as `check` would check it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from consentlint.model.settings import ReadOptions, Settings

if TYPE_CHECKING:
    from consentlint.linter.baseline import Baseline


class Setup(NamedTuple):
    """The options that apply to a file."""

    options: ReadOptions
    settings: Settings
    baseline: "Baseline | None" = None
    """What hides some of the findings, if anything does."""


class SetupError(Exception):
    """The options of a file cannot be used; the message says why."""


FindSetup = Callable[[str], Setup | None]
"""Returns how to check a file, given its path; None if it is excluded.

It raises `SetupError` if its configuration is invalid."""
