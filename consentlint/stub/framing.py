"""Find the target and the body of an HTTP request, as strictly as a production server does.

A server that reads an ambiguous request in its own way may read a part of the body as the next
request. So what HTTP/1.1 does not allow is rejected, and the connection is closed.
"""

import re
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from email.message import Message
from io import BufferedIOBase

from consentlint.stub.responses import RejectedRequest

MAX_BODY = 1024 * 1024
"""Bytes of a body. A request with 25 items has less than a hundredth of it."""

_MAX_DIGITS = 20
_MAX_CHUNK_LINE = 256
_MAX_TRAILERS = 8192
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")
_ABSOLUTE = re.compile(r"https?://[^/]*(/.*)?", re.IGNORECASE | re.DOTALL)
_HEADER_DEFECTS = (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)


def target_path(target: str) -> str:
    """Return the path and query of a request target, which may be a whole URL."""
    absolute = _ABSOLUTE.fullmatch(target)
    return (absolute[1] or "/") if absolute else target


def body_length(headers: Message) -> int | None:
    """Return the length of the body in bytes, or None if it is chunked.

    Raises:
        RejectedRequest: The headers are malformed, or do not say where the body ends.
    """
    if any(isinstance(defect, _HEADER_DEFECTS) for defect in headers.defects):
        raise RejectedRequest(400, "A header line is not valid")
    encodings: list[str] = headers.get_all("Transfer-Encoding", [])
    lengths = {length.strip() for length in headers.get_all("Content-Length", [])}
    if encodings and lengths:
        raise RejectedRequest(400, "Content-Length and Transfer-Encoding are both set")
    if encodings:
        if [encoding.strip().lower() for encoding in encodings] != ["chunked"]:
            raise RejectedRequest(400, 'The Transfer-Encoding is not "chunked"')
        return None
    if len(lengths) > 1:
        raise RejectedRequest(400, "Content-Length has two values")
    length = lengths.pop() if lengths else "0"
    if not (length.isascii() and length.isdecimal()):
        raise RejectedRequest(400, "Content-Length is not a number")
    # int() raises an error for thousands of digits.
    if len(length) > _MAX_DIGITS or int(length) > MAX_BODY:
        raise _too_large()
    return int(length)


def read_body(stream: BufferedIOBase, length: int | None) -> bytes:
    """Return the body of a request.

    werkzeug's own decoder of chunks accepts sizes such as `0x1f` and `1_0`, no extensions and
    no trailers, and does not notice that the last chunk is incomplete.

    Args:
        stream: The connection, after the headers.
        length: The length in bytes, or None if the body is chunked.

    Raises:
        RejectedRequest: A chunk is malformed, or the body is too large.
        ConnectionResetError: The client disconnected before the end of the body.
    """
    if length is not None:
        return _read_exactly(stream, length)
    body = bytearray()
    while size := _chunk_size(stream):
        if size > MAX_BODY - len(body):
            raise _too_large()
        body += _read_exactly(stream, size)
        if _read_exactly(stream, 2) != b"\r\n":
            raise _malformed_chunks()
    _skip_trailers(stream)
    return bytes(body)


def _chunk_size(stream: BufferedIOBase) -> int:
    line = _line(stream, _MAX_CHUNK_LINE)
    match = _CHUNK_SIZE.fullmatch(line)
    if match is None:
        raise _malformed_chunks()
    return int(match[1], 16)


def _skip_trailers(stream: BufferedIOBase) -> None:
    left = _MAX_TRAILERS
    while (line := _line(stream, left)) != b"\r\n":
        left -= len(line)
        if left < 2 or not line.endswith(b"\r\n"):
            raise _malformed_chunks()


def _line(stream: BufferedIOBase, limit: int) -> bytes:
    line = stream.readline(limit)
    if not line.endswith(b"\n") and len(line) < limit:
        raise _disconnected()
    return line


def _read_exactly(stream: BufferedIOBase, length: int) -> bytes:
    """Return this number of bytes: a part of a request may be a valid, smaller request."""
    data = stream.read(length)
    if len(data) < length:
        raise _disconnected()
    return data


def _malformed_chunks() -> RejectedRequest:
    return RejectedRequest(400, "The chunked body is not valid")


def _too_large() -> RejectedRequest:
    return RejectedRequest(413, f"The body is larger than {MAX_BODY:,} bytes")


def _disconnected() -> ConnectionResetError:
    return ConnectionResetError("the client disconnected in the middle of a request")
