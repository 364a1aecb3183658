"""Options that choose the files to check, and the files that they choose."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from consentlint.cli import CommandError
from consentlint.cli.config import folder_of
from consentlint.cli.output import is_same_file
from consentlint.formats import CONVERT, SUFFIXES, TABLE_SUFFIXES, format_of_name
from consentlint.linter.discovery import (
    EVERYTHING,
    Exclude,
    FoundFiles,
    Search,
    files_in,
    find_files,
)
from consentlint.text.masking import printable, shown
from consentlint.text.plurals import counted

F = TypeVar("F", bound=Callable[..., Any])


def _exclude(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> Exclude:
    if not values:
        return EVERYTHING.exclude
    from consentlint.text.ignore_patterns import parse_typed

    patterns = []
    for line in filter(None, map(str.strip, ",".join(values).split(","))):
        pattern = parse_typed(line)
        if pattern is None:
            raise click.BadParameter(f'"{shown(line)}" is not a pattern of .gitignore')
        patterns.append(pattern)
    return Exclude(folder_of(ctx, parameter), patterns)


def file_options(function: F) -> F:
    """Add the options that choose files to a command."""
    for option in (
        click.option(
            "--force-exclude/--no-force-exclude",
            help="Skip a file without fields of the API, or that --exclude matches, even if you"
            " name it.",
        ),
        click.option(
            "--respect-gitignore/--no-respect-gitignore",
            default=True,
            help="Skip what a .gitignore ignores when searching directories.  [default: yes]",
        ),
        click.option(
            "--exclude",
            metavar="PATTERNS",
            multiple=True,
            callback=_exclude,
            help="Skip files that match these patterns, separated by commas, when searching"
            " directories. The syntax is that of .gitignore.",
        ),
    ):
        function = option(function)
    return function


def search_of(options: dict[str, Any]) -> Search:
    """Return how to search for files, given the values of a command's options."""
    return Search(
        options["exclude"],
        gitignore=options["respect_gitignore"],
        skip_unrelated=True,
        force_exclude=options["force_exclude"],
    )


def files_of(paths: Sequence[str], search: Search, *outputs: str) -> FoundFiles:
    """Expand paths to files, each file once.

    Args:
        paths: names of files and directories.
        search: how to search the directories.
        outputs: the files that are written.

    Raises:
        CommandError: a directory has none.
        click.UsageError: the report would overwrite one.
    """
    found = find_files(paths, search)
    for folder in found.empty:
        raise CommandError(_no_files(folder, search))
    if not found.names and not search.force_exclude:
        # Nothing is checked, so nothing is proven.
        tables = skipped_tables(found, search)
        such = f", such as {printable(tables[0])}" if tables else ""
        raise CommandError(
            f"skipped {counted(len(found.skipped), 'file')} without fields of the API{such}, and no"
            f" other is in {printable(', '.join(paths))}. To check a file anyway, name it."
            + (f" {CONVERT}" if tables else "")
        )
    if any(is_same_file(output, file) for output in outputs for file in found.names):
        raise click.UsageError("the report would overwrite a file that is checked")
    return found


def skipped_tables(found: FoundFiles, search: Search) -> list[str]:
    """Return the skipped tables that the user may have meant: none if most files are checked.

    A hook is given the names of all files, and skips most of them.
    """
    if search.force_exclude or len(found.skipped) < len(found.names):
        return []
    return [
        name
        for name in found.skipped
        if format_of_name(name) == "csv" or name.lower().endswith(TABLE_SUFFIXES)
    ]


def _no_files(folder: str, search: Search) -> str:
    """Return what to say if nothing was found in a directory."""
    suffixes, name = ", ".join((*SUFFIXES, *TABLE_SUFFIXES)), printable(folder)
    if any(files_in(folder, search._replace(gitignore=False))):
        return (
            f"a .gitignore ignores all {suffixes} files in {name}. To check them, pass"
            " --no-respect-gitignore."
        )
    if any(files_in(folder)):
        return f"all {suffixes} files in {name} are excluded. To check a file anyway, name it."
    return f"no {suffixes} files in {name}"
