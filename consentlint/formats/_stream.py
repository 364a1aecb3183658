"""Open a file, unpack it where it is gzipped, and say so where it cannot be read."""

import errno
import io
import os
import stat
import sys
from functools import partial

GZIP_MAGIC = b"\x1f\x8b"
HEAD = 65_536
"""How many bytes are looked at to tell a format."""

# Every item holds an id of its own, 16 bytes of chance that nothing can pack, so a list of
# items does not shrink to a hundredth. What does is an attack, or a disk full of zeros.
_LARGEST_RATIO = 100
_UNSUSPICIOUS = 4 * 1024 * 1024
_PIECE = 8192
_LARGE_PIECE = 1024 * 1024


class Unreadable(Exception):
    """A file cannot be read to its end; the message says why."""


class Stream(io.BufferedReader):
    """The bytes of a file, unpacked, with a look ahead."""

    path: str | None = None
    """The name of a regular file that is not packed, None for all other streams."""
    size: int | None = None
    """How many bytes such a file has."""

    def head(self) -> bytes:
        """Return the first bytes without consuming them, up to `HEAD` of them."""
        return self.peek(HEAD)[:HEAD]


def open_stream(name: str) -> Stream:
    """Return the content of a file, or of standard input for "-".

    Raises:
        Unreadable: it is not there, may not be read, or is a false .gz.
    """
    if name == "-" and sys.stdin is None:
        raise Unreadable("cannot be read: standard input is closed")
    try:
        file = io.FileIO(sys.stdin.fileno() if name == "-" else name, closefd=name != "-")
        stream = Stream(_Filled(file), HEAD)
        packed = stream.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
    except IsADirectoryError:
        raise Unreadable("is a folder, or one that may not be searched") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or type(error).__name__}") from None
    if packed:
        return Stream(_Filled(_Unpacked(stream)), HEAD)
    if name.lower().endswith(".gz"):
        stream.close()
        raise Unreadable("is named .gz, and is not gzipped")
    status = os.fstat(file.fileno())
    if name != "-" and stat.S_ISREG(status.st_mode):
        stream.path, stream.size = name, status.st_size
    return stream


class _Layer(io.RawIOBase):
    """A stream that reads from another one, and closes it."""

    def __init__(self, stream: io.IOBase) -> None:
        self._below = stream

    def readable(self) -> bool:
        """Tell that this can be read from."""
        return True

    def close(self) -> None:
        """Close the stream below, too."""
        self._below.close()
        super().close()


class _Filled(_Layer):
    """A stream that gives as much as is asked for until it ends.

    A pipe and a gzipped file come in pieces, and the first alone does not tell a format.
    """

    def __init__(self, stream: io.RawIOBase) -> None:
        super().__init__(stream)
        self._stream = stream
        self._failure: Exception | None = None

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer, and return how many bytes there were.

        What comes before a failure is handed on; the failure is raised at the next call.
        """
        filled = 0
        view = memoryview(buffer)
        while filled < len(view) and self._failure is None:
            try:
                count = self._stream.readinto(view[filled:])
            except (OSError, Unreadable) as error:
                self._failure = error
                break
            if count is None:
                # Taken for the end, it would make a part of the file pass for the whole.
                self._failure = BlockingIOError(errno.EAGAIN, "it has nothing to read just now")
            elif count == 0:
                break
            else:
                filled += count
        if filled == 0 and self._failure is not None:
            raise self._failure
        return filled

    def readall(self) -> bytes:
        """Return the rest, which else would be read in pieces of some kilobytes."""
        return b"".join(iter(partial(self.read, _LARGE_PIECE), b""))


class _Unpacked(_Layer):
    """The content of a gzipped stream, as long as it is worth its name."""

    def __init__(self, packed: Stream) -> None:
        import gzip
        import zlib

        super().__init__(packed)
        self._packed = _Counted(packed)
        self._content = gzip.GzipFile(fileobj=self._packed, mode="rb")
        self._failures = (EOFError, OSError, zlib.error)
        self._length = 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with unpacked bytes, and return how many there were.

        Raises:
            Unreadable: the stream is cut off or damaged, or unpacks to far too much.
        """
        try:
            content = self._content.read1(len(buffer))
        except self._failures as error:
            words = "is a damaged .gz file: it does not unpack"
            if isinstance(error, EOFError):
                words = "is a .gz file that ends too early: was its download cut off?"
            raise Unreadable(words) from None
        self._length += len(content)
        if self._length > max(_UNSUSPICIOUS, _LARGEST_RATIO * self._packed.count):
            raise Unreadable(
                f"unpacks to more than {_LARGEST_RATIO} times its size, which no list of items"
                " does: it is not read on"
            )
        buffer[: len(content)] = content
        return len(content)


class _Counted(io.RawIOBase):
    """A stream that counts what is read from it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes, and count them.

        In small pieces, so that what is counted has been unpacked, or nearly.
        """
        content = self._stream.read(_PIECE if size < 0 else min(size, _PIECE))
        self.count += len(content)
        return content


def encoding_complaint(head: bytes) -> str | None:
    """Return what is wrong where a file's first bytes show that it is not UTF-8."""
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "is UTF-32 text: write it as UTF-8"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16 text: write it as UTF-8 (spreadsheets call it CSV UTF-8)"
    # Text of ASCII characters in UTF-16 has a zero byte in every second place.
    start = head[:64]
    zeros = start.count(0)
    if zeros >= max(1, len(start) // 3) and len(set(start)) > 2:
        return "looks like UTF-16 text: write it as UTF-8 (spreadsheets call it CSV UTF-8)"
    if zeros:
        return "holds zero bytes: it is no text"
    return None
