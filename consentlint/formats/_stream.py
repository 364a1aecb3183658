"""Open a file or standard input, and unpack it if it is gzipped."""

import errno
import io
import os
import stat
import sys
from functools import partial

GZIP_MAGIC = b"\x1f\x8b"
HEAD = 65_536
"""How many bytes are inspected to detect a format."""

# Every item has an id of its own, 16 random bytes that do not compress, so a list of items never
# shrinks to a hundredth. What does is an attack, or a disk full of zeros.
_MAX_RATIO = 100
_SMALL_OUTPUT = 4 * 1024 * 1024
_PIECE = 8192
_LARGE_PIECE = 1024 * 1024


class Unreadable(Exception):
    """A file cannot be read to its end; the message completes "the file …"."""


class Stream(io.BufferedReader):
    """The unpacked bytes of a file, with a peek at the first of them."""

    path: str | None = None
    """The name of a regular file that is not gzipped, None for all other streams."""
    size: int | None = None
    """The size of such a file in bytes."""
    is_packed = False
    """Whether it is gzipped."""

    def head(self) -> bytes:
        """Return the first bytes without consuming them, up to `HEAD` of them."""
        return self.peek(HEAD)[:HEAD]


def open_stream(name: str) -> Stream:
    """Open a file, or standard input for "-".

    Raises:
        Unreadable: it does not exist, may not be read, or is not a .gz file despite its name.
    """
    if name == "-" and sys.stdin is None:
        raise Unreadable("cannot be read: standard input is closed")
    try:
        file = io.FileIO(sys.stdin.fileno() if name == "-" else name, closefd=name != "-")
        stream = Stream(_Filled(file), HEAD)
        packed = stream.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
    except IsADirectoryError:
        raise Unreadable("is a directory, or one that cannot be searched") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or type(error).__name__}") from None
    if packed:
        unpacked = Stream(_Filled(_Unpacked(stream)), HEAD)
        unpacked.is_packed = True
        return unpacked
    if name.lower().endswith(".gz"):
        stream.close()
        raise Unreadable("is named .gz but is not gzipped. Rename it")
    status = os.fstat(file.fileno())
    if name != "-" and stat.S_ISREG(status.st_mode):
        stream.path, stream.size = name, status.st_size
    return stream


def open_bytes(content: bytes) -> Stream:
    """Return a stream of bytes that are in memory; they are not unpacked."""
    return Stream(_Filled(io.BytesIO(content)), HEAD)


class _Layer(io.RawIOBase):
    """A stream that reads from another one and closes it."""

    def __init__(self, stream: io.IOBase) -> None:
        self._below = stream

    def readable(self) -> bool:
        """Return True."""
        return True

    def close(self) -> None:
        """Close the stream below as well."""
        self._below.close()
        super().close()


class _Filled(_Layer):
    """A stream that returns as much as is asked for until it ends.

    A pipe and a gzipped file come in pieces, too small to detect a format.
    """

    def __init__(self, stream: io.RawIOBase | io.BytesIO) -> None:
        super().__init__(stream)
        self._stream = stream
        self._failure: Exception | None = None

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer and return how many bytes there were.

        The bytes before a failure are returned; the failure is raised by the next call.
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
                # Treated as the end, it would make a part of the file pass for all of it.
                self._failure = BlockingIOError(errno.EAGAIN, "no data is available now")
            elif count == 0:
                break
            else:
                filled += count
        if filled == 0 and self._failure is not None:
            raise self._failure
        return filled

    def tell(self) -> int:
        """Return how many bytes have been read."""
        return self._stream.tell()

    def readall(self) -> bytes:
        """Return the rest; the default reads it in pieces of a few kilobytes."""
        return b"".join(iter(partial(self.read, _LARGE_PIECE), b""))


class _Unpacked(_Layer):
    """The content of a gzipped stream, while its compression ratio is plausible."""

    def __init__(self, packed: Stream) -> None:
        import gzip
        import zlib

        super().__init__(packed)
        self._packed = _Counted(packed)
        self._content = gzip.GzipFile(fileobj=self._packed, mode="rb")
        self._failures = (EOFError, OSError, zlib.error)
        self._length = 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with unpacked bytes and return how many there were.

        Raises:
            Unreadable: the stream is truncated or damaged, or unpacks to far too much.
        """
        try:
            content = self._content.read1(len(buffer))
        except self._failures as error:
            message = "is a damaged .gz file. Export or download it again"
            if isinstance(error, EOFError):
                message = "is a truncated .gz file. Download it again"
            raise Unreadable(message) from None
        self._length += len(content)
        check_ratio(self._length, self._packed.count)
        buffer[: len(content)] = content
        return len(content)


def check_ratio(unpacked: int, packed: int) -> None:
    """Check that a compressed file is one of items.

    Args:
        unpacked: how many bytes it has unpacked to.
        packed: how many bytes of it that took.

    Raises:
        Unreadable: it unpacks to far too much.
    """
    if unpacked > max(_SMALL_OUTPUT, _MAX_RATIO * packed):
        raise Unreadable(
            f"unpacks to more than {_MAX_RATIO} times its size, which no list of items does."
            " The rest is not read"
        )


class _Counted(io.RawIOBase):
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes and count them.

        It reads small pieces, so that nearly all counted bytes have been unpacked.
        """
        content = self._stream.read(_PIECE if size < 0 else min(size, _PIECE))
        self.count += len(content)
        return content
