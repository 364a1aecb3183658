"""Cut from a file what a finding shows of it, and make that fit to be shown."""

import re

from consentlint.model.findings import Excerpt
from consentlint.model.items import Fault, Source
from consentlint.rules import mask_in_field
from consentlint.text.masking import mask, printable_in_place

# How far round a fault a text is searched for numbers; less of it is shown.
_MARGIN = 400
_BEFORE = 50
_WIDTH = 100
_SPAN = 60
_AFTER = 10


def of_item(source: Source, start: int, end: int, *, show_values: bool) -> Excerpt:
    """Return the line round a span of an item, masked unless values are to be shown.

    Numbers in fields of their own are masked however short they are.
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


def of_fault(fault: Fault, *, show_values: bool) -> Excerpt | None:
    """Return the line round a fault, None where it has none.

    Fields cannot be told in it, so three digits are a number.
    """
    if not fault.text:
        return None
    left = max(0, fault.offset - _MARGIN)
    shown = fault.text[left : fault.offset + _MARGIN]
    if not show_values:
        shown = mask(shown, shortest=3)
    return _cut(shown, fault.offset - left, fault.offset - left + 1)


def _mask_literal(text: str, field: str) -> str:
    """Mask a value as it is written in the file, in quotes or not, escaped or not."""
    match = re.match(r'(?:\\*"|(?:%5[Cc])*%22)?', text)
    assert match is not None
    return match[0] + mask_in_field(text[match.end() :], field)


def _cut(text: str, start: int, end: int) -> Excerpt:
    """Return the part of a line round a span, short enough for a terminal."""
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
        # Indentation says nothing here.
        stripped = shown.lstrip(" ")
        left += len(shown) - len(stripped)
        shown = stripped
    return Excerpt(before + shown + after, len(before) + max(0, start - left), length)
