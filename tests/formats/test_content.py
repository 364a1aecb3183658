"""The bytes of a file: read in parts that are whole lines, and more than once."""

import gzip
import io
import os
import pickle
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint.formats import HEAD, Content, Unreadable, _content

BOM = b"\xef\xbb\xbf"
CONTENTS = st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\n", b"\r\n", b'"', b'"\n"', BOM])).map(
    b"".join
)


@contextmanager
def opened(content: bytes, way: str = "plain") -> Iterator[Content]:
    """Open some content as a file, packed or not, or as standard input."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder, "items.gz" if way == "packed" else "items")
        path.write_bytes(gzip.compress(content) if way == "packed" else content)
        if way != "standard input":
            with Content(str(path)) as file:
                yield file
            return
        with path.open() as stdin:
            patch.setattr(sys, "stdin", stdin)
            with Content("-") as file:
                yield file


WAYS = ["plain", "packed", "standard input"]
ways = pytest.mark.parametrize("way", WAYS)


@settings(deadline=None, max_examples=60)
@given(CONTENTS, st.integers(1, 40), st.sampled_from([b"", b'"']))
@ways
def test_ranges_are_whole_lines_and_leave_nothing_out(
    way: str, content: bytes, size: int, quote: bytes
) -> None:
    with opened(content, way) as file:
        ranges = list(file.ranges(file.start, size, quote))
        parts = [file.load(start, end) for start, end in ranges]
        assert BOM * bool(file.start) + b"".join(parts) == content
        assert all(part.endswith(b"\n") for part in parts[:-1])
        assert all(len(part) >= size for part in parts[:-1])
        if not quote:
            # No line more than its size needs.
            assert all(part.rfind(b"\n", 0, -1) < size for part in parts)
        # It can be read again, in any order.
        assert [file.load(*each) for each in reversed(ranges)] == parts[::-1]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from([b"a", b"\n", b'"a\nb"', b'""'])).map(b"".join), st.integers(1, 9))
def test_a_range_does_not_end_inside_quotes(content: bytes, size: int) -> None:
    with opened(content) as file:
        for start, end in file.ranges(0, size, b'"'):
            assert content[start:end].count(b'"') % 2 == 0


def test_a_quote_that_is_not_closed_soon_does_not_make_a_range_long() -> None:
    lines = b"x\n" * 400_000
    with opened(b'"' + lines) as file:
        assert next(file.ranges(0, 10, b'"')) == (0, 11)


@ways
def test_a_byte_order_mark_is_not_part_of_the_text(way: str) -> None:
    with opened(BOM + b"x\n", way) as file:
        assert file.start == 3
        assert list(file.ranges(file.start, 1)) == [(3, 5)]
    with opened(b"\n" + BOM, way) as file:
        assert file.start == 0


@ways
def test_an_empty_file_has_no_ranges(way: str) -> None:
    for content in (b"", BOM):
        with opened(content, way) as file:
            assert list(file.ranges(file.start, 10)) == []


@ways
@pytest.mark.parametrize("size", [HEAD - 1, HEAD, HEAD + 1, 3 * HEAD])
def test_the_head_is_the_start_and_the_rest_is_there_too(way: str, size: int) -> None:
    content = os.urandom(size // 2).hex().ljust(size, "x").encode()
    with opened(content, way) as file:
        assert file.head == content[:HEAD]
        assert file.size == size
        assert file.fits_in_head == (size <= HEAD)
        assert file.load(0, size) == content
        assert file.load(size - 5, size) == content[-5:]
        file.check_unchanged()


def test_a_line_that_is_too_long_is_cut_and_ends_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_content, "MAX_LINE", 1_000)
    monkeypatch.setattr(_content, "_COPY_BYTES", 100)
    with opened(b"a\n" * 10 + b"x" * 5_000 + b"\nb\n") as file:
        *whole, last = file.ranges(0, 4)
        assert whole == [(at, at + 4) for at in range(0, 20, 4)]
        assert 1_000 < last[1] - last[0] < 1_200


def test_other_processes_can_load_a_regular_file() -> None:
    with opened(b"abcdef") as file:
        load = pickle.loads(pickle.dumps(file.loader))
        assert load(1, 4) == b"bcd"
        with pytest.raises(Unreadable, match="changed"):
            load(4, 9)


def test_a_long_pipe_is_copied_to_a_file_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"".join(b"%07d\n" % number for number in range(1_200_000))
    reading_end, writing_end = os.pipe()

    def write() -> None:
        with os.fdopen(writing_end, "wb") as pipe:
            pipe.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reading_end) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        with Content("-") as file:
            assert file.path is None
            assert not isinstance(file._file, io.BytesIO)
            assert b"".join(file.load(*each) for each in file.ranges(0, 1 << 20)) == content
    writer.join()


@pytest.mark.parametrize("count", [100, 100_000])
def test_what_comes_before_the_cut_of_a_truncated_file_is_read(tmp_path: Path, count: int) -> None:
    content = b"".join(os.urandom(8).hex().encode() + b"\n" for _ in range(count))
    packed = gzip.compress(content, 1)
    path = tmp_path / "items.gz"
    path.write_bytes(packed[: len(packed) // 2])
    with Content(str(path)) as file:
        assert "truncated" in str(file.failure)
        assert len(content) // 4 < file.size < len(content)
        assert file.load(0, file.size) == content[: file.size]


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "items"
    path.write_bytes(b"x\n" * HEAD)
    with Content(str(path)) as file:
        file.check_unchanged()
        path.write_bytes(b"x\n")
        with pytest.raises(Unreadable, match="changed"):
            file.check_unchanged()
        with pytest.raises(Unreadable, match="changed"):
            file.load(0, 2 * HEAD)
        path.unlink()
        with pytest.raises(OSError, match="items"):
            file.check_unchanged()
