"""Fix files: repair what can be repaired, and check again what remains."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import IO, Protocol, Self

from consentlint.formats import Content
from consentlint.linter.check import Linter
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.fix_log import FixLog
from consentlint.linter.fix_pass import (
    FileEdit,
    FixPass,
    HeaderChange,
    can_be_fixed,
    key_renames,
)
from consentlint.linter.read import read_content
from consentlint.model.items import Item
from consentlint.model.settings import ReadOptions
from consentlint.text.atomic_write import atomic_write_bytes

# A repaired value may show another problem: renamed columns can be read, and two ids that differed
# in their hyphens are the same.
_MAX_PASSES = 5
_COPY_BYTES = 1024 * 1024


class NotWritten(Exception):
    """A file cannot be replaced by its fixed content; the message completes "the file …"."""


class FixedFile:
    """A file, its fixed content, and what remains to be reported.

    Close it, or use it as a context manager.

    Args:
        linter: checks the file.
        name: its name, "-" for standard input.
        unsafe: True to apply repairs that assume something.
        show_values: True: the log shows phone numbers in full.
        content: its bytes if they are not those of the file; nothing can be written then.
    """

    def __init__(
        self,
        linter: Linter,
        name: str,
        *,
        unsafe: bool,
        show_values: bool = False,
        content: bytes | None = None,
    ) -> None:
        self._name = name
        self._linter = linter
        self._unsafe = unsafe
        self._stamp = None if content is not None else _stamp(name)
        self._folder: TemporaryDirectory[str] | None = None
        self.failure: NotWritten | None = None
        """Why there is no fixed content, None if nothing failed."""
        self._is_original_closed = False
        self.log = FixLog(show_values=show_values)
        """What was fixed."""
        self.unsafe_fixable = 0
        """How many of the remaining problems only an unsafe fix removes."""
        self.original = linter.check_file(name, content)
        """The file as it is."""
        self.base = self.original
        """The file with the columns renamed that prevented its rows from being read."""
        self.checked = self.original
        """The fixed content, checked."""
        self.header: HeaderChange | None = None
        """What became of the header of a table, None if it is the same."""
        try:
            table = self.original.report.table
            if table is not None:
                self.failure = NotWritten(table.not_written)
            elif can_be_fixed(self.original):
                self._fix_or_discard()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and remove its fixed content."""
        for checked in (self.original, self.base, self.checked):
            checked.close()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def is_changed(self) -> bool:
        """Whether anything was fixed."""
        return self.checked is not self.original

    def write(self) -> None:
        """Replace the file by its fixed content, atomically; its mode stays the same.

        Raises:
            NotWritten: it cannot be replaced, and is unchanged.
        """
        if not self.is_changed:
            return
        if self._stamp is None or not stat.S_ISREG(self._stamp.st_mode):
            raise NotWritten("is not a regular file")
        if not os.access(self._name, os.W_OK):
            raise NotWritten("is read-only")
        mode = stat.S_IMODE(self._stamp.st_mode)
        # Windows does not replace a file that is open.
        self.original.close()
        self._is_original_closed = True
        try:
            with atomic_write_bytes(self._name, mode=0o600, final_mode=mode) as file:
                self.write_to(file)
                file.flush()
                os.fsync(file.fileno())
                _keep_owner(file, self._stamp)
                if not _is_same(self._stamp, _stamp(self._name)):
                    raise NotWritten("has changed while it was fixed. Run the command again")
        except OSError as error:
            raise NotWritten(f"cannot be written: {error.strerror}") from None

    def write_to(self, file: IO[bytes]) -> None:
        """Write the fixed content, gzipped if the file is.

        Nothing is written if the file cannot be read to its end: the part would pass for all of it.
        """
        content, original = self.checked.content, self.original.content
        if content is None or original is None or original.failure is not None:
            return
        if not original.is_packed:
            _copy(content, 0, content.size, file)
            return
        import gzip

        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            _copy(content, 0, content.size, packed)

    def items_before(self) -> Iterator[Item]:
        """Yield the items that were changed, as they were before."""
        content = self.original.content
        if content is None or not key_renames(self.original.report):
            yield from self._changed(self.base)
            return
        for item in read_content(content, self.original.report.format, ReadOptions()):
            if isinstance(item, Item) and self.log.is_touched(item.index):
                yield item

    def items_after(self) -> Iterator[Item]:
        """Yield the same items after all changes."""
        yield from self._changed(self.checked)

    def _changed(self, checked: CheckedFile) -> Iterator[Item]:
        for part in checked.report.parts:
            rows = [row for row in part.good_rows() if self.log.is_touched(part.first_item + row)]
            if rows:
                yield from part.read(rows)

    def discard(self) -> None:
        """Discard the fixed content, so that the file is reported as it is."""
        for checked in (self.base, self.checked):
            if checked is not self.original:
                checked.close()
        if self._is_original_closed:
            self.original = self._linter.check_file(self._name)
        self.base = self.checked = self.original
        self.header, self.log = None, self.log.cleared()

    def _fix_or_discard(self) -> None:
        """Fix the file unless it changes meanwhile, or the fixed content cannot be kept."""
        try:
            self._fix()
        except Exception as error:
            if self.original.discard_if_changed():
                # What is read from a file that changed may be anything.
                self.discard()
                return
            if not isinstance(error, OSError):
                raise
            self.discard()
            self.failure = NotWritten(f"cannot be fixed: {error.strerror}")

    def _fix(self) -> None:
        for number in range(_MAX_PASSES):
            log = self.log.copy()
            fixing = FixPass(self.checked, log, unsafe=self._unsafe)
            edits = fixing.edits()
            first = next(edits, None)
            self.unsafe_fixable = fixing.unsafe_fixable
            if first is None:
                return
            if self._folder is None:
                self._folder = TemporaryDirectory(prefix="consentlint-")
            path = os.path.join(self._folder.name, str(number))
            assert self.checked.content is not None
            with open(path, "xb") as file:
                _write_edited(self.checked.content, first, edits, file)
            following = self._linter.check_file(self._name, path)
            if not _is_better(self.checked, following):
                following.close()
                return
            self._take(following)
            self.log = log
            self._add_header(fixing.header)

    def _add_header(self, change: HeaderChange | None) -> None:
        if change is not None and self.header is not None:
            change = change._replace(before=self.header.before)
        self.header = change or self.header

    def _take(self, following: CheckedFile) -> None:
        """Go on with the content after a pass."""
        previous = self.checked
        self.checked = following
        if not self.base.report.parts:
            if self.base is not self.original:
                self.base.close()
            self.base = following
        elif previous not in (self.original, self.base):
            previous.close()


def _is_better(before: CheckedFile, after: CheckedFile) -> bool:
    """Tell whether no item was lost, and nothing that could be read before cannot be read now."""
    if not before.report.parts:
        # The columns must be plainly those of records now.
        header = after.report.header
        if header is not None and "contact_id" not in header.columns:
            return False
        if after.report.endpoint is None:
            return False
        return len(after.report.errors) <= len(before.report.errors)
    return after.report.items == before.report.items and _errors(after) <= _errors(before)


def _errors(checked: CheckedFile) -> int:
    parts = checked.report.parts
    return len(checked.report.errors) + sum(len(part.errors) for part in parts)


class _Writer(Protocol):
    def write(self, content: bytes, /) -> object:
        """Write bytes."""


def _write_edited(
    content: Content, first: FileEdit, edits: Iterator[FileEdit], file: _Writer
) -> None:
    """Write content with edits, which are in order."""
    at = 0
    edit: FileEdit | None = first
    while edit is not None:
        if edit.offset < at:
            raise AssertionError("two edits overlap")
        _copy(content, at, edit.offset, file)
        file.write(edit.content)
        at = edit.end_offset
        edit = next(edits, None)
    _copy(content, at, content.size, file)


def _copy(content: Content, start: int, end: int, file: _Writer) -> None:
    for at in range(start, end, _COPY_BYTES):
        file.write(content.load(at, min(end, at + _COPY_BYTES)))


def _stamp(name: str) -> os.stat_result | None:
    try:
        return None if name == "-" else os.stat(name)
    except OSError:
        return None


def _is_same(before: os.stat_result, after: os.stat_result | None) -> bool:
    return after is not None and (
        (before.st_size, before.st_mtime_ns, before.st_ino)
        == (after.st_size, after.st_mtime_ns, after.st_ino)
    )


def _keep_owner(file: IO[bytes], stamp: os.stat_result) -> None:
    """Give a file its previous owner and group, as far as that is allowed."""
    if hasattr(os, "fchown"):
        with suppress(OSError):
            os.fchown(file.fileno(), stamp.st_uid, stamp.st_gid)
