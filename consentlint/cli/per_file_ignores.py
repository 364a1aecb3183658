"""The option --per-file-ignores: rules to skip in some files."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from consentlint.cli.config import folder_of
from consentlint.rules.selection import Choice, chosen
from consentlint.text.masking import shown

if TYPE_CHECKING:
    from consentlint.text.ignore_patterns import Pattern


class _Entry(NamedTuple):
    pattern: "Pattern"
    rules: Choice

    def matches(self, names: Sequence[str]) -> bool:
        from consentlint.text.ignore_patterns import any_match

        is_matched = any_match([self.pattern._replace(is_negated=False)], names)
        return is_matched is not self.pattern.is_negated


class FileIgnores(NamedTuple):
    """Which rules to skip in which files."""

    folder: str
    """The directory that the patterns are relative to."""
    entries: tuple[_Entry, ...]

    def rules_for(self, file: str) -> Choice:
        """Return the rules to skip in a file."""
        if not self.entries:
            return frozenset()
        names = os.path.relpath(os.path.abspath(file), self.folder).split(os.sep)
        return frozenset().union(*(each.rules for each in self.entries if each.matches(names)))


def _parsed(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> FileIgnores:
    try:
        return FileIgnores(folder_of(ctx, parameter), tuple(map(_entry, values)))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _entry(value: str) -> _Entry:
    """Parse PATTERN:RULES.

    Raises:
        ValueError: the value has no colon, or a rule is unknown.
    """
    from consentlint.text.ignore_patterns import parse_typed

    # A pattern may have a colon, the name of a rule has none.
    text, colon, rules = value.rpartition(":")
    pattern = parse_typed(text) if colon else None
    if pattern is None:
        raise ValueError(
            f'"{shown(value)}" is not a pattern, a colon and rules, such as old/*:advice'
        )
    return _Entry(pattern, chosen([rules]))


per_file_ignores_option = click.option(
    "--per-file-ignores",
    metavar="PATTERN:RULES",
    multiple=True,
    callback=_parsed,
    help="Skip these rules in the files that match the pattern.",
)
