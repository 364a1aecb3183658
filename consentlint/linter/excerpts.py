"""Cut the excerpt that a finding shows from a file, masked and safe for a terminal."""

import re

from consentlint.fields.mask import mask_field
from consentlint.model.findings import Excerpt
from consentlint.model.items import ParseError, Source
from consentlint.text.masking import mask, printable_in_place

# How far around an error a text is searched for numbers; less of it is shown.
_MARGIN = 400
_BEFORE = 50
_WIDTH = 100
_SPAN = 60
_AFTER = 10


def excerpt_of_item(source: Source, start: int, end: int, *, show_values: bool) -> Excerpt:
    """Return the line around a span of an item, masked unless `show_values` is set.

    Phone numbers in fields of their own are masked at any length.
    """
    text = source.text
    if show_values:
        return _cut(text, start, end)
    left, right = max(0, start - _MARGIN), min(end, start + _MARGIN) + _MARGIN
    parts = [text[:left]]
    at = left
    for member in source.members:
        if member.key in ("contact_id", "sender_id") and member.start < right and member.end > at:
            start_in_window = max(member.start, at)
            number = text[start_in_window : min(member.end, right)]
            parts += [mask(text[at:start_in_window]), _mask_literal(number, member.key)]
            at = start_in_window + len(number)
    parts.append(mask(text[at : max(at, right)]))
    return _cut("".join(parts), start, end)


def excerpt_of_error(error: ParseError, *, show_values: bool) -> Excerpt | None:
    """Return the line around a parse error, or None if it has none.

    Its fields are unknown, so three digits count as a phone number.
    """
    if not error.text:
        return None
    left = max(0, error.offset - _MARGIN)
    shown = error.text[left : error.offset + _MARGIN]
    if not show_values:
        shown = mask(shown, shortest=3)
    return _cut(shown, error.offset - left, error.offset - left + 1)


def _mask_literal(text: str, field: str) -> str:
    """Mask a value as it is written in the file: quoted or not, escaped or not."""
    match = re.match(r'(?:\\*"|(?:%5[Cc])*%22)?', text)
    assert match is not None
    return match[0] + mask_field(text[match.end() :], field)


def _cut(text: str, start: int, end: int) -> Excerpt:
    """Return the part of a line around a span, short enough for a terminal."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    if line_end < 0:
        line_end = len(text)
    left = max(line_start, start - _BEFORE)
    right = min(line_end, max(left + _WIDTH, min(end, start + _SPAN) + _AFTER))
    shown = printable_in_place(text[left:right].rstrip("\r"))
    before = "…" if left > line_start else ""
    after = "…" if right < line_end else ""
    length = max(1, min(end, right) - start)
    if left == line_start:
        # Indentation carries no information here.
        stripped = shown.lstrip(" ")
        left += len(shown) - len(stripped)
        shown = stripped
    return Excerpt(before + shown + after, len(before) + max(0, start - left), length)
