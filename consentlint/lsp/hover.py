"""What an editor shows about the field below the pointer: its description, from the schema."""

import re
from collections.abc import Iterable, Iterator

from lsprotocol.types import Hover, MarkupContent, MarkupKind, Position

from consentlint.fields import schemas
from consentlint.formats import HEAD, Content, format_of_content, format_of_name
from consentlint.formats.csv_header import CsvFile
from consentlint.linter.read import read_content
from consentlint.lsp.positions import Positions, encode
from consentlint.model.endpoints import FIELDS
from consentlint.model.items import Item, Source
from consentlint.model.settings import ReadOptions
from consentlint.rules import RULES_BY_NAME
from consentlint.rules.docs import docs_of
from consentlint.rules.sources import spell_out

# A key and its value; the quotes are escaped in an item that is JSON text in a string.
_MEMBER = re.compile(
    rb'(\\*")(%s)\1\s*:\s*(?:\1(?:(?!\1).){0,500}\1|[^,\]}\s"]{0,500})' % "|".join(FIELDS).encode()
)
# A key and its value are shorter.
_WINDOW = 2_000


def hover(
    path: str, text: str, options: ReadOptions, encoding: str | None, position: Position
) -> Hover | None:
    """Return the description of the field at a position, None if there is none.

    Args:
        path: the path of the file.
        text: its text in the editor.
        options: how it is read.
        encoding: the encoding that positions count in.
        position: where the pointer is.
    """
    content = encode(text)
    positions = Positions(content, encoding)
    at = positions.offset(position)
    format_name = options.format or format_of_name(path) or format_of_content(content[:HEAD])
    if format_name == "csv":
        spans = _cells(content, positions.line(position.line))
    else:
        spans = _members(content, at)
    for field, start, end in spans:
        if start <= at <= end and field in FIELDS:
            shown = MarkupContent(MarkupKind.Markdown, "\n\n".join(_description(field)))
            return Hover(shown, positions.range(start, end))
    return None


def explain(rules: Iterable[str]) -> str:
    """Return what the documentation says about rules, as Markdown."""
    pages = ((name, docs_of(RULES_BY_NAME[name])) for name in dict.fromkeys(rules))
    return "\n\n".join(
        f"**{name}**: {page.summary} {spell_out(page.what_to_do)}" for name, page in pages
    )


Span = tuple[str, int, int]
"""A field, and the offsets of its first byte and of the byte after its last."""


def _members(content: bytes, at: int) -> Iterator[Span]:
    """Yield the members near an offset of a JSON text."""
    for match in _MEMBER.finditer(content, max(0, at - _WINDOW), at + _WINDOW):
        yield match[2].decode(), match.start(), match.end()


def _cells(content: bytes, line: tuple[int, int]) -> Iterator[Span]:
    """Yield the cells of a line of a table."""
    with Content(content) as file:
        header = CsvFile(file).header
    if header is None:
        return
    start, end = line
    source = header.source
    columns = encode(source.text)
    if start < source.location.offset + len(columns):
        yield from _spans(source, source.location.offset)
        return
    # A record with a line break in a cell is read wrongly, which only shows another field.
    with Content(columns + content[start:end]) as row:
        for item in read_content(row, "csv", ReadOptions()):
            if isinstance(item, Item) and item.source is not None:
                yield from _spans(item.source, start)


def _spans(source: Source, start: int) -> Iterator[Span]:
    for member in source.members:
        begin, end = (
            start + len(encode(source.text[:index])) for index in (member.start, member.end)
        )
        yield member.key, begin, end


def _description(field: str) -> Iterator[str]:
    """Yield the paragraphs about a field."""
    schema = schemas.load("fields")["$defs"][field]
    yield f"**{schema['title']}** (`{field}`)"
    yield schema["description"]
    descriptions = schemas.load("editor")["keywords"].get(field, {}).get("enumDescriptions", ())
    if descriptions:
        pairs = zip(schema["enum"], descriptions, strict=True)
        yield "\n".join(f"- `{value}`: {description}" for value, description in pairs)
    for example in schema.get("examples", ()):
        yield f"Example: `{example}`"
