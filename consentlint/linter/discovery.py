"""Find the files to check: search directories, and leave out what is ignored or unrelated."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from consentlint.formats import (
    TABLE_SUFFIXES,
    Stream,
    Unreadable,
    binary_format,
    format_of_name,
    open_stream,
    table_kind,
)
from consentlint.linter.gitignore import IgnoredFiles

if TYPE_CHECKING:
    from consentlint.text.ignore_patterns import Pattern

# Besides hidden directories and virtual environments.
_LEFT_OUT = {
    *("node_modules", "site-packages", "__pycache__", "__pypackages__", "CVS", "_darcs"),
    # Of Spark: files that are not complete, and the log of a Delta table, which is JSON.
    *("_temporary", "_spark_metadata", "_delta_log"),
}
_HERE = os.path.join(os.curdir, "")
MAX_HEAD = 1024 * 1024
"""How many bytes are searched for a field of the API."""
_OWN_FIELDS = ("contact_id", "correlation_id", "sender_id", "country_iso_code", "date_of_consent")
# Many files that hold no records have one of these. A zip_code says even less.
_COMMON_FIELDS = ("status", "source")


class Exclude(NamedTuple):
    """Patterns of files to leave out."""

    folder: str
    """The directory that the patterns are relative to."""
    patterns: Sequence["Pattern"]

    def excludes(self, path: str, *, is_directory: bool) -> bool:
        """Tell whether a path is left out, whatever directory it is in."""
        if not self.patterns:
            return False
        from consentlint.text.ignore_patterns import last_match

        found = last_match(self.patterns, self._names(path), is_directory=is_directory)
        return found is not None and not found.is_negated

    def excludes_named(self, path: str) -> bool:
        """Tell whether a file, or a directory that it is in, is left out."""
        from consentlint.text.ignore_patterns import any_match

        return any_match(self.patterns, self._names(path))

    def _names(self, path: str) -> list[str]:
        return os.path.relpath(os.path.abspath(path), self.folder).split(os.sep)


class Search(NamedTuple):
    """How to search for files."""

    exclude: Exclude = Exclude(os.curdir, ())
    """What to leave out of directories."""
    gitignore: bool = False
    """True: leave out what a .gitignore in or above a directory ignores."""
    skip_unrelated: bool = False
    """True: leave out files without fields of the API."""
    force_exclude: bool = False
    """True: leave out excluded and unrelated files even if they are named."""


EVERYTHING = Search()
"""Leaves out only hidden files, environments, caches and installed packages."""


class FoundFiles(NamedTuple):
    """The files to check."""

    names: list[str]
    skipped: list[str]
    """The others, which have no field of the API."""
    empty: list[str]
    """The directories in which nothing was found."""


def find_files(paths: Iterable[str], search: Search) -> FoundFiles:
    """Return the files to check, each file once, in order.

    Args:
        paths: names of files and directories; "-" is standard input.
        search: how to search the directories.
    """
    names: dict[str, str] = {}
    unrelated: dict[str, str] = {}
    empty: list[str] = []
    for path in paths:
        if path == "-":
            names.setdefault(path, path)
            continue
        is_directory = os.path.isdir(path)
        if is_directory:
            found: Sequence[str] = list(files_in(path, search))
            empty += [] if found else [path]
        else:
            is_excluded = search.force_exclude and search.exclude.excludes_named(path)
            found = () if is_excluded else (path,)
        is_skipping = search.skip_unrelated and (is_directory or search.force_exclude)
        for name in found:
            key = os.path.realpath(name)
            if is_skipping and key not in names and is_unrelated(name):
                unrelated.setdefault(key, name)
            else:
                names.setdefault(key, name)
    skipped = [name for key, name in unrelated.items() if key not in names]
    return FoundFiles(list(names.values()), skipped, empty)


def files_in(path: str, search: Search = EVERYTHING) -> Iterator[str]:
    """Yield the files of a directory whose names are those of data, sorted by name.

    Hidden files are left out, and so are environments, caches and installed packages. Links to
    directories are not followed. A directory that cannot be searched is yielded as well, so that it
    is reported.

    Args:
        path: the directory. It is searched even if it is excluded or ignored itself.
        search: what to leave out.
    """
    ignored = IgnoredFiles(path) if search.gitignore else None
    failed: list[str] = []
    for folder, folders, names in os.walk(
        path, onerror=lambda error: failed.append(error.filename)
    ):
        yield from failed
        failed.clear()
        if folder != path and "pyvenv.cfg" in names:
            folders.clear()
            continue
        if ignored is not None:
            ignored.enter(folder, names, is_repository=".git" in folders or ".git" in names)

        def is_wanted(name: str, *, is_directory: bool, folder: str = folder) -> bool:
            entry = os.path.join(folder, name)
            return not (
                name.startswith(".")
                or search.exclude.excludes(entry, is_directory=is_directory)
                or (ignored and ignored.ignores(folder, name, is_directory=is_directory))
            )

        folders[:] = [
            name
            for name in sorted(folders)
            if name not in _LEFT_OUT and is_wanted(name, is_directory=True)
        ]
        for name in sorted(names):
            file = os.path.join(folder, name)
            if not may_hold_records(name) or not is_wanted(name, is_directory=False):
                continue
            # A broken link is reported; a device or a pipe is not a file to check.
            if os.path.isfile(file) or not os.path.exists(file):
                yield file.removeprefix(_HERE)
    yield from failed


def may_hold_records(name: str) -> bool:
    """Tell whether a file may hold records, by its name."""
    # Office programs mark an open file by another one.
    bare = name.lower().removesuffix(".gz")
    is_table = bare.endswith(TABLE_SUFFIXES) and not name.startswith("~$")
    # Hadoop and Spark write such files into a directory.
    is_part = name.startswith("part-") and "." not in name.removesuffix(".gz")
    return is_table or is_part or format_of_name(name) is not None


def is_unrelated(name: str) -> bool:
    """Tell whether a file plainly holds no records (see `has_no_field`).

    A file that is unreadable is not unrelated: it is reported.
    """
    if not os.path.isfile(name):
        return False
    try:
        with open_stream(name) as stream:
            kind = table_kind(stream.head())
            if kind is not None:
                return _is_unrelated_table(stream, kind)
            return has_no_field(stream.read(MAX_HEAD))
    except (Unreadable, OSError):
        return False


def has_no_field(content: bytes) -> bool:
    """Tell whether the beginning of a text file has no field of the API.

    A file that is empty or binary is not unrelated: it is reported.
    """
    head = content[:MAX_HEAD]
    # A spreadsheet may have written it in UTF-16.
    text = head.replace(b"\0", b"").lower()
    if not text.strip() or binary_format(head) is not None:
        return False
    if _about_fields().search(text):
        return True
    names = partial(_names_field, text)
    return not (any(map(names, _OWN_FIELDS)) or all(map(names, _COMMON_FIELDS)))


def _is_unrelated_table(stream: Stream, kind: str) -> bool:
    # Few runs need it.
    from consentlint.formats.table_file import TableFile

    with TableFile(stream, kind, fields=(*_OWN_FIELDS, *_COMMON_FIELDS)) as table:
        columns = table.layout.columns
    return not any(column in _OWN_FIELDS for column in columns)


def _names_field(text: bytes, field: str) -> bool:
    """Tell whether a text in lower case has a field, however its words are joined.

    The name of a rule, such as invalid-contact-id, is not the name of a field.
    """
    first, *_ = words = field.split("_")
    # Most files do not even have the word, and this is faster.
    return first.encode() in text and _field_pattern("[ _-]?".join(words)).search(text) is not None


@cache
def _field_pattern(field: str) -> re.Pattern[bytes]:
    # A form body has %22 for the quotes.
    return re.compile(rf"(?:(?<![\w-])|(?<=%22)){field}(?![\w-])".encode())


@cache
def _about_fields() -> re.Pattern[bytes]:
    """Return the expression for JSON that only names fields: a schema, or a report of ours."""
    return re.compile(
        rb"\"\$schema\"\s*:\s*\"https?://json-schema\.org/|\"(?:openapi|swagger)\"\s*:\s*\""
        rb"|\A\{\"version\": [0-9]+, \"findings\""
    )
