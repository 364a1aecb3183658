"""Read the items of a file without checking them."""

from collections.abc import Iterator
from heapq import merge

from consentlint.formats import MAX_ERRORS, Content, Parsed, Part, Unreadable, too_many_errors
from consentlint.linter.detect import detect_format, unreadable
from consentlint.linter.file_scan import open_whole
from consentlint.linter.line_scan import Base, LineScan, moved
from consentlint.model.items import Header, Item, ParseError
from consentlint.model.settings import ReadOptions


def read_items(name: str, options: ReadOptions) -> Iterator[Header | Item | ParseError]:
    """Yield the header of a table, and the items and parse errors of a file, in order.

    Args:
        name: the file's name, "-" for standard input.
        options: how to read it; the kind of items is not detected.
    """
    try:
        with Content(name, options.sheet) as content:
            shown = options.stdin_name if name == "-" else name
            format_name = detect_format(content, shown, options.format)
            if isinstance(format_name, ParseError):
                yield format_name
            else:
                yield from _limited(read_content(content, format_name, options))
            if content.failure is not None:
                yield unreadable(content.failure)
    except (Unreadable, OSError) as error:
        yield unreadable(error)


def read_content(
    content: Content, format_name: str, options: ReadOptions
) -> Iterator[Header | Item | ParseError]:
    """Yield the header of a table, and the items and parse errors of a file, in order."""
    if format_name in ("csv", "jsonl"):
        yield from _read_lines(LineScan(content, format_name, options.endpoint))
        return
    first = 0
    for part, parsed in open_whole(content, format_name, lambda: None):
        yield from _contents(part, parsed, first, Base(0, 0))
        first += parsed.items


def _limited(found: Iterator[Header | Item | ParseError]) -> Iterator[Header | Item | ParseError]:
    """Yield what was found up to the last parse error that is read."""
    errors = 0
    for each in found:
        yield each
        if isinstance(each, ParseError):
            errors += 1
            if errors == MAX_ERRORS:
                yield too_many_errors(each)
                return


def _read_lines(scan: LineScan) -> Iterator[Header | Item | ParseError]:
    yield from scan.errors
    if scan.header is not None:
        yield scan.header
    if scan.errors or scan.is_empty:
        return
    first = 0
    while (part := next(scan.parts(), None)) is not None:
        parsed = part.parse(None, is_last=scan.is_last(part))
        part, base = scan.take(part, parsed)
        yield from _contents(part, parsed, first, base)
        first += parsed.items
        if parsed.is_fatal:
            return


def _contents(part: Part, parsed: Parsed, first: int, base: Base) -> Iterator[Item | ParseError]:
    """Yield the contents of a part with numbers and locations that count from the file."""
    items: Iterator[tuple[int, Item | ParseError]] = zip(
        parsed.rows, part.items(parsed.rows, parsed.layout), strict=True
    )
    for _, found in merge(items, parsed.errors, key=lambda pair: pair[0]):
        if isinstance(found, ParseError):
            yield moved(found, first, base)
        else:
            found.index += first
            yield found
