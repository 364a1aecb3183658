"""A request that HTTP/1.1 does not allow is rejected, and hostile bodies cost little."""

import io
import time
from email.message import Message
from http.client import parse_headers

import pytest

from consentlint.stub.framing import MAX_BODY, body_length, read_body, target_path
from consentlint.stub.responses import RejectedRequest


def headers(*lines: str) -> Message:
    return parse_headers(io.BytesIO("".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"))


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        ([], 0),
        (["Content-Length: 12"], 12),
        (["Content-Length: 12", "content-length:  12 "], 12),
        ([f"Content-Length: {MAX_BODY}"], MAX_BODY),
        (["Transfer-Encoding: chunked"], None),
        (["Transfer-Encoding:  Chunked "], None),
        # The parser reports a defect, which is not about the headers.
        (["Content-Type: multipart/form-data", "Content-Length: 3"], 3),
    ],
)
def test_the_headers_say_where_the_body_ends(lines: list[str], length: int | None) -> None:
    assert body_length(headers(*lines)) == length


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5, 5"],
        ["Content-Length: +5"],
        ["Content-Length: 0x5"],
        ["Content-Length: 1_0"],
        ["Content-Length: ٥"],
        ["Content-Length:"],
        ["Content-Length: 5", " 0"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: chunked, chunked"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: identity"],
        ["Transfer-Encoding: gzip"],
        ["Transfer-Encoding: xchunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 5"],
        ["Content-Length: 0", "Transfer-Encoding: chunked"],
        # The header parser stops at such a line, so it would not see the length.
        ["Content-Length : 5"],
        ["nonsense", "Content-Length: 5"],
        [" folded: before the first header", "Content-Length: 5"],
    ],
)
def test_a_body_whose_end_is_ambiguous_is_rejected(lines: list[str]) -> None:
    with pytest.raises(RejectedRequest) as caught:
        body_length(headers(*lines))
    assert caught.value.response.status == 400


@pytest.mark.parametrize(
    ("chunks", "body"),
    [
        (b"0\r\n\r\n", b""),
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"2\r\nhe\r\n0003\r\nllo\r\n000\r\n\r\n", b"hello"),
        (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
        (b'5;name="value"\r\nhello\r\n0;last\r\n\r\n', b"hello"),
        (b"5\r\nhello\r\n0\r\nX-Checksum: 1\r\nX-Other: 2\r\n\r\n", b"hello"),
    ],
)
def test_chunks_are_joined(chunks: bytes, body: bytes) -> None:
    stream = io.BytesIO(chunks + b"the next request")
    assert read_body(stream, None) == body
    assert stream.read() == b"the next request"


@pytest.mark.parametrize(
    "chunks",
    [
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"0_5\r\nhello\r\n0\r\n\r\n",
        b" 5\r\nhello\r\n0\r\n\r\n",
        b"\r\n",
        b";a\r\nhello\r\n0\r\n\r\n",
        b"5\nhello\r\n0\r\n\r\n",
        b"5\rhello\r\n0\r\n\r\n",
        b"5\r\nhello\n0\r\n\r\n",
        b"5\r\nhello!\r\n0\r\n\r\n",
        b"5\r\nhell\r\n0\r\n\r\n",
        b"5;" + b"a" * 1000 + b"\r\nhello\r\n0\r\n\r\n",
        b"0" * 1000 + b"5\r\nhello\r\n0\r\n\r\n",
        b"0\r\n" + b"a: b\r\n" * 10_000 + b"\r\n",
        b"0\r\n" + b"a" * 10_000 + b"\r\n\r\n",
        b"0\r\na: b\n\r\n",
        b"0\r\n\n",
    ],
)
def test_malformed_chunks_are_rejected(chunks: bytes) -> None:
    with pytest.raises(RejectedRequest) as caught:
        read_body(io.BytesIO(chunks), None)
    assert caught.value.response.status == 400


@pytest.mark.parametrize(
    "chunks", [b"", b"5", b"5;a=b", b"5\r\nhell", b"5\r\nhello\r", b"0\r\na: b"]
)
def test_an_incomplete_body_is_a_disconnect(chunks: bytes) -> None:
    with pytest.raises(ConnectionResetError):
        read_body(io.BytesIO(chunks), None)


@pytest.mark.parametrize("chunk", [1, 1000, 2**63])
def test_the_sum_of_all_chunks_is_limited(chunk: int) -> None:
    data = b"%x\r\n%s\r\n" % (chunk, b"a" * min(chunk, 1000))
    with pytest.raises(RejectedRequest) as caught:
        read_body(io.BytesIO(data * (MAX_BODY // min(chunk, 1000) + 1)), None)
    assert caught.value.response.status == 413


def test_reading_many_chunks_takes_linear_time() -> None:
    def seconds(count: int) -> float:
        stream = io.BytesIO(b"1\r\na\r\n" * count + b"0\r\n\r\n")
        start = time.process_time()
        assert len(read_body(stream, None)) == count
        return time.process_time() - start

    few = min(seconds(20_000) for _ in range(3))
    assert seconds(200_000) < 30 * few


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/v1/Consents/Bulk", "/v1/Consents/Bulk"),
        ("//v1/Consents/Bulk", "//v1/Consents/Bulk"),
        ("http://accounts.twilio.com/v1/Consents/Bulk?a=b", "/v1/Consents/Bulk?a=b"),
        ("HTTPS://127.0.0.1:8080//v1", "//v1"),
        ("http://127.0.0.1", "/"),
        ("accounts.twilio.com:443", "accounts.twilio.com:443"),
        ("*", "*"),
    ],
)
def test_a_target_may_be_a_path_or_a_url(target: str, path: str) -> None:
    assert target_path(target) == path
