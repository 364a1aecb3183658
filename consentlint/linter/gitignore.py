"""What the .gitignore files of directories ignore."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from consentlint.text.ignore_patterns import Pattern

_GITIGNORE = ".gitignore"
_MAX_GITIGNORE = 256 * 1024


class _Level(NamedTuple):
    """The patterns of one .gitignore."""

    folder: str
    patterns: list["Pattern"]


class IgnoredFiles:
    """What the .gitignore files in and above a directory ignore.

    Those above it count up to the root of its git repository. .git/info/exclude and the
    configuration of git are not read.
    """

    def __init__(self, path: str) -> None:
        above = root = os.path.abspath(path)
        levels: list[_Level] = []
        while not os.path.exists(os.path.join(above, ".git")):
            above, below = os.path.dirname(above), above
            if above == below:
                # It is in no repository.
                levels.clear()
                break
            levels += _read_level(above)
        self._levels = {os.path.dirname(root): levels[::-1]}

    def enter(self, folder: str, names: Sequence[str], *, is_repository: bool) -> None:
        """Read the .gitignore of a directory, after that of its parent.

        Args:
            folder: the directory.
            names: the files in it.
            is_repository: whether it is the root of a git repository.
        """
        place = os.path.abspath(folder)
        above = () if is_repository else self._levels[os.path.dirname(place)]
        own = _read_level(place) if _GITIGNORE in names else ()
        self._levels[place] = [*above, *own]

    def ignores(self, folder: str, name: str, *, is_directory: bool) -> bool:
        """Tell whether an entry of a directory is ignored; the last pattern that matches decides."""
        from consentlint.text.ignore_patterns import last_match

        place = os.path.abspath(folder)
        for level in reversed(self._levels[place]):
            names = os.path.relpath(os.path.join(place, name), level.folder).split(os.sep)
            found = last_match(level.patterns, names, is_directory=is_directory)
            if found is not None:
                return not found.is_negated
        return False


def _read_level(folder: str) -> list[_Level]:
    """Return the patterns of the .gitignore of a directory, if it has one."""
    file = os.path.join(folder, _GITIGNORE)
    if not os.path.isfile(file):
        return []
    from consentlint.text.ignore_patterns import parse_patterns

    try:
        with open(file, encoding="utf-8-sig", errors="surrogateescape", newline="\n") as lines:
            return [_Level(folder, parse_patterns(lines.read(_MAX_GITIGNORE).split("\n")))]
    except OSError:
        return []
