"""File formats: from bytes to batches of items, with locations.

Each module reads one format: it parses the parts of a file, and finds the items of a part again to
locate their values. `FORMATS` lists the formats. The room must not know a rule, a report, or whether
a value is valid; what it cannot parse becomes a `ParseError`.
"""

from consentlint.formats._batch import (
    EXTRA_CELL,
    NOTHING_PROVEN,
    REPEATED_HEADER,
    STRAY_QUOTE,
    Batch,
    ColumnBatch,
    LinePart,
    Parsed,
    Part,
    Proven,
    Remark,
    RowBatch,
    repeated_keys,
)
from consentlint.formats._content import Content
from consentlint.formats._decode import MAX_ERRORS, decode, too_many_errors
from consentlint.formats._encoding import (
    CONVERT,
    TABLE_SUFFIXES,
    binary_format,
    encoding_error,
    table_kind,
)
from consentlint.formats._lines import LineOffsets, first_line_of, line_offset, split_lines
from consentlint.formats._stream import HEAD, Stream, Unreadable, open_stream

FORMATS = ("json", "jsonl", "csv", "form")

SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".form": "form",
}
"""The format for each file name suffix, without .gz."""


def format_of_name(name: str) -> str | None:
    """Return the format that a file name shows, or None."""
    name = name.lower().removesuffix(".gz")
    for suffix, format_name in SUFFIXES.items():
        if name.endswith(suffix):
            return format_name
    return None


def format_of_content(head: bytes) -> str:
    """Return the format that the first bytes of a file look most like."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"Items", b"items")) and b"=" in start[:32]:
        return "form"
    if start.startswith(b"["):
        return "json"
    if start.startswith((b"{", b'"{')):
        first, _, rest = start.partition(b"\n")
        return "jsonl" if rest.strip() and _is_json(first) else "json"
    return "csv"


def _is_json(line: bytes) -> bool:
    import json

    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


__all__ = [
    "CONVERT",
    "EXTRA_CELL",
    "FORMATS",
    "HEAD",
    "MAX_ERRORS",
    "NOTHING_PROVEN",
    "REPEATED_HEADER",
    "STRAY_QUOTE",
    "SUFFIXES",
    "TABLE_SUFFIXES",
    "Batch",
    "ColumnBatch",
    "Content",
    "LineOffsets",
    "LinePart",
    "Parsed",
    "Part",
    "Proven",
    "Remark",
    "RowBatch",
    "Stream",
    "Unreadable",
    "binary_format",
    "decode",
    "encoding_error",
    "first_line_of",
    "format_of_content",
    "format_of_name",
    "line_offset",
    "open_stream",
    "repeated_keys",
    "split_lines",
    "table_kind",
    "too_many_errors",
]
