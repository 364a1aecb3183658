"""The bytes of a file, readable in parts and more than once."""

import io
import os
from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, Self

from consentlint.formats._batch import Load
from consentlint.formats._encoding import table_kind
from consentlint.formats._stream import HEAD, Stream, Unreadable, open_bytes, open_stream
from consentlint.model.endpoints import FIELDS, SUPERSEDED_BY

if TYPE_CHECKING:
    from consentlint.formats.table_file import TableLayout

BOM = b"\xef\xbb\xbf"

MAX_LINE = 32 * 1024 * 1024
"""In bytes; longer than any format accepts."""

_COPY_BYTES = 1024 * 1024
# A larger pipe or .gz is copied to a temporary file.
_MAX_IN_MEMORY = 8 * 1024 * 1024
# A cell in quotes is shorter.
_MAX_QUOTED = 128 * 1024
_CHANGED = "has changed while it was read. Check it again"


class Content:
    """The unpacked bytes of a file, as text.

    A regular file is read in place. Standard input, a pipe and a .gz file are copied to memory,
    or to a temporary file without a name, because their parts are read more than once. So are the
    rows of a workbook, a Parquet or an Arrow file, as JSON Lines.

    Args:
        source: the file's name, "-" for standard input; or its unpacked bytes, as an editor has them,
            which are text.
        sheet: the name of the sheet of a workbook; None for the only one, or the only one with
            several of the fields.

    Raises:
        Unreadable: it does not exist, may not be read, or is not a .gz file despite its name; or
            it is a table that cannot be read.
    """

    def __init__(self, source: str | bytes, sheet: str | None = None) -> None:
        stream = open_bytes(source) if isinstance(source, bytes) else open_stream(source)
        self.failure: Exception | None = None
        """Why a copied file could not be read to its end."""
        self._original = stream.path
        self.is_packed = stream.is_packed
        """Whether it is gzipped."""
        self.table: TableLayout | None = None
        """Where the cells are if it is a workbook, a Parquet or an Arrow file: line N of the content
        has row N."""
        try:
            self.head = stream.head()
        except (Unreadable, OSError) as error:
            self.head, self.failure = b"", error
        kind = None if isinstance(source, bytes) else table_kind(self.head)
        self.path = stream.path if kind is None else None
        """The name of a regular file that is text, which other processes can open; None for others."""
        self._file: IO[bytes]
        if kind is not None:
            self._stamp = self._read_stamp(self._original)
            self._file = self._copy_table(stream, kind, sheet)
            self._file.seek(0)
            self.head = self._file.read(HEAD)
        elif stream.path is not None:
            self._file = _reopen(stream)
            self._stamp = self._read_stamp(self._file.fileno())
        else:
            self._file = self._copy(stream)
            self._stamp = self._read_stamp(None)
        self.size: int = self._stamp[0] if self.path else self._file.seek(0, io.SEEK_END)
        """In bytes."""
        self.start = len(BOM) if self.head.startswith(BOM) else 0
        """Where the text begins, after a byte order mark."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def fits_in_head(self) -> bool:
        """Whether all of it is in `head`."""
        return self.size <= HEAD

    def load(self, start: int, end: int) -> bytes:
        """Return the bytes between two offsets.

        Raises:
            Unreadable: the file has changed.
            OSError: it cannot be read.
        """
        if self.size <= len(self.head):
            return self.head[start:end]
        self._file.seek(start)
        content = self._file.read(end - start)
        if len(content) != end - start:
            raise Unreadable(_CHANGED)
        return content

    @property
    def loader(self) -> Load:
        """What loads a range; picklable if other processes can open the file."""
        return self.load if self.path is None else partial(load_range, self.path)

    def check_unchanged(self) -> None:
        """Check that a regular file is still the one that was opened.

        Raises:
            Unreadable: it has changed, or another file has its name.
            OSError: it does not exist any more, or may not be read.
        """
        if self._read_stamp(self._original) != self._stamp:
            raise Unreadable(_CHANGED)

    def ranges(self, start: int, size: int, quote: bytes = b"") -> Iterator[tuple[int, int]]:
        """Yield the offsets of parts that are whole lines, each about `size` bytes.

        The last line may lack its end. A line that is longer than any format accepts is cut,
        and nothing comes after it.

        Args:
            start: where the first part begins.
            size: the least size of a part but the last.
            quote: what opens and closes texts that may hold line breaks; a part has an even
                number of them if the line that makes it so is near.
        """
        while start < self.size:
            end = min(start + size, self.size)
            while end < self.size:
                self._file.seek(end - 1)
                line = self._file.readline(_COPY_BYTES)
                end = min(end - 1 + len(line), self.size)
                if line.endswith(b"\n") or not line:
                    break
                if end - start > MAX_LINE:
                    yield start, end
                    return
            if quote:
                end = self._after_quote(start, end, quote)
            yield start, end
            start = end

    def _after_quote(self, start: int, end: int, quote: bytes) -> int:
        """Return the end of the line that closes a quote, or `end` if none is open."""
        if self.load(start, end).count(quote) % 2 == 0:
            return end
        after = end
        while after < min(self.size, end + _MAX_QUOTED):
            self._file.seek(after)
            line = self._file.readline(_MAX_QUOTED)
            after += len(line)
            if line.count(quote) % 2:
                return after if line.endswith(b"\n") or after >= self.size else end
            if not line:
                break
        return end

    def _copy(self, stream: Stream) -> IO[bytes]:
        """Return a copy of a stream that can be read again."""
        if len(self.head) < HEAD:
            # What could not be unpacked, or read, is reported after what could.
            try:
                with stream:
                    return io.BytesIO(stream.read())
            except (Unreadable, OSError) as error:
                self.failure = error
            return io.BytesIO(self.head)
        with stream:
            return self._spooled(iter(partial(stream.read1, _COPY_BYTES), b""))

    def _copy_table(self, stream: Stream, kind: str, sheet: str | None) -> IO[bytes]:
        """Return the fields of each row of a table, on the line that has its number."""
        # Few runs need it.
        from consentlint.formats.table_file import TableFile

        fields = (*FIELDS, SUPERSEDED_BY)
        with stream, TableFile(stream, kind, sheet=sheet, fields=fields) as table:
            self.table = table.layout
            return self._spooled(table.pieces())

    def _spooled(self, pieces: Iterator[bytes]) -> IO[bytes]:
        """Return a copy of pieces, up to one that cannot be read."""
        import tempfile

        copy: IO[bytes] = tempfile.SpooledTemporaryFile(_MAX_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        try:
            for piece in pieces:
                copy.write(piece)
        except (Unreadable, OSError) as error:
            self.failure = error
        return copy

    @staticmethod
    def _read_stamp(file: str | int | None) -> tuple[int, int, int]:
        if file is None:
            return (0, 0, 0)
        status = os.stat(file)
        return (status.st_size, status.st_mtime_ns, status.st_ino)


def _reopen(stream: Stream) -> IO[bytes]:
    assert stream.path is not None
    with stream:
        return open(stream.path, "rb")


def load_range(path: str, start: int, end: int) -> bytes:
    """Return the bytes between two offsets of a regular file, in any process.

    Raises:
        Unreadable: the file has changed.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        file.seek(start)
        content = file.read(end - start)
    if len(content) != end - start:
        raise Unreadable(_CHANGED)
    return content
