"""Split the rows of a file into those with an error and the others, as they are written in it.

A row is a record of a table or a line, an element of a JSON array, or a value of a form body.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, cast

from consentlint.formats import Content, LineOffsets, LinePart, first_line_of, split_lines
from consentlint.formats.form_body import KEY
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport, PartReport
from consentlint.linter.record_counts import error_codes, severity_of
from consentlint.model.findings import Severity


class RowsError(Exception):
    """The rows of a file cannot be split; the message completes "the file …"."""


class Frame(NamedTuple):
    """What is around rows in a file."""

    before: bytes
    between: bytes
    after: bytes


class Row(NamedTuple):
    """A row of a file."""

    content: bytes
    """Its bytes in the file; those of a line have its end."""
    has_error: bool


class Rows:
    """The rows of one file that was checked.

    Args:
        report: what was found in the file.
        engine: the checks of its items.
        content: its bytes.
        strict: True if warnings count as errors.
    """

    def __init__(
        self, report: FileReport, engine: Engine, content: Content, *, strict: bool
    ) -> None:
        self._report = report
        self._content = content
        self._codes = error_codes(engine, strict=strict)
        columns = (found.problem for found in report.column_problems)
        # An error of the header is one of every row.
        self._has_column_error = any(
            severity_of(problem, strict=strict) is Severity.ERROR for problem in columns
        )

    def frame(self) -> Frame:
        """Return what is around the rows of the file."""
        part = self._report.parts[0].part
        if self._report.has_lines:
            return Frame(self._content.load(0, cast("LinePart", part).start), b"", b"")
        if self._report.format == "form":
            return Frame(b"", b"&", b"\n")
        key = getattr(part, "pointer", "").removeprefix("/")
        if key:
            return Frame(f'{{"{key}": [\n'.encode(), b",\n", b"\n]}\n")
        return Frame(b"[\n", b",\n", b"\n]\n")

    def read(self) -> Iterator[Row]:
        """Yield the rows in order.

        Raises:
            RowsError: the bytes of a row are unknown.
            Unreadable: the file has changed.
            OSError: it cannot be read.
        """
        parts = self._report.parts
        has_lines = self._report.has_lines
        for number, part in enumerate(parts):
            if has_lines:
                following = parts[number + 1].part if number + 1 < len(parts) else None
                end = self._content.size if following is None else cast("LinePart", following).start
                contents = _lines(part, self._content, end)
            else:
                prefix = f"{KEY}=" if self._report.format == "form" else ""
                contents = (
                    f"{prefix}{text}".encode("utf-8", "surrogateescape") for text in _texts(part)
                )
            invalid = self._invalid_rows(part)
            for row, content in enumerate(contents):
                yield Row(content, row in invalid or self._has_column_error)

    def _invalid_rows(self, part: PartReport) -> set[int]:
        return part.rows_with(self._codes).union(
            row for row, error in part.errors if error.item is not None
        )


def _lines(part: PartReport, content: Content, end: int) -> Iterator[bytes]:
    """Yield the records of a part of a file that is read by lines.

    Args:
        part: the part.
        content: the file.
        end: where the next part begins.
    """
    lines_of = cast("LinePart", part.part)
    text = content.load(lines_of.start, end)
    offsets = LineOffsets(split_lines(text))
    first = lines_of.first_line
    starts = [
        offsets.of(first_line_of(lines_of, row, part.layout) - first) for row in range(part.items)
    ]
    for start, stop in pairwise([*starts, len(text)]):
        record = text[start:stop].rstrip(b"\r\n")
        # Blank lines belong to no record.
        newline, _, _ = text[start + len(record) : stop].partition(b"\n")
        size = len(record) + len(newline) + 1
        yield text[start : min(start + size, stop)]


def _texts(part: PartReport) -> Iterator[str]:
    """Yield the texts of the items of a part of a file that is read as a whole."""
    errors = {row: error for row, error in part.errors if error.item is not None}
    good = part.good_rows()
    items = part.read(good)
    for row in range(part.items):
        if row not in errors:
            item = next(items)
            assert item.source is not None
            yield item.source.text
        elif errors[row].text:
            yield errors[row].text
        else:
            raise RowsError("has a record that is not text")
