"""From bytes to items: one module a format.

A reader is a function from a stream to events: items, faults, and the header of a
table. It asks before each item whether it may pass it over. `FORMATS` names the readers;
each is imported when the first file needs it.
"""

from collections.abc import Callable, Iterator

from consentlint.formats._skipping import Lines, Passing, Run
from consentlint.formats._stream import HEAD, Stream, Unreadable, encoding_complaint, open_stream
from consentlint.model.items import Event

Reader = Callable[[Stream, Passing], Iterator[Event]]


def _json(stream: Stream, passing: Passing) -> Iterator[Event]:
    from consentlint.formats.json_document import read

    return read(stream, passing)


def _jsonl(stream: Stream, passing: Passing) -> Iterator[Event]:
    from consentlint.formats.json_lines import read

    return read(stream, passing)


def _csv(stream: Stream, passing: Passing) -> Iterator[Event]:
    from consentlint.formats.csv_table import read

    return read(stream, passing)


def _form(stream: Stream, passing: Passing) -> Iterator[Event]:
    from consentlint.formats.form_body import read

    return read(stream, passing)


FORMATS: dict[str, Reader] = {"json": _json, "jsonl": _jsonl, "csv": _csv, "form": _form}

SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".form": "form",
}
"""Which format a file's name tells, without .gz."""


def format_of_name(name: str) -> str | None:
    """Return the format that a file's name tells, None where it tells none."""
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
    "FORMATS",
    "HEAD",
    "SUFFIXES",
    "Lines",
    "Passing",
    "Run",
    "Stream",
    "Unreadable",
    "encoding_complaint",
    "format_of_content",
    "format_of_name",
    "open_stream",
]
