"""Show what was fixed as a unified diff, without personal data.

Each hunk shows the lines of one item, or of the header, that change. Phone numbers are masked.
Columns and keys that are not the API's are an ellipsis, even if values are shown.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consentlint.fields.outline import HIDDEN
from consentlint.linter.excerpts import is_nested, masked_literal, parts_of
from consentlint.linter.fix import FixedFile
from consentlint.model.endpoints import FIELDS
from consentlint.model.items import Source
from consentlint.text.masking import mask, printable, visible

_MAX_VALUE = 400
# In a form body, what separates members is escaped.
_SEPARATORS = re.compile(r"%(?:7[BDbd]|2[0Cc]|0[9ADad])|\W")


class _Line(NamedTuple):
    """A line as it is, and as it is shown."""

    text: str
    shown: str


def diff(fixed: FixedFile, *, show_values: bool) -> Iterator[str]:
    """Yield the lines of a unified diff of a file and its fixed content; none if it is the same.

    Args:
        fixed: the file.
        show_values: True to show phone numbers in full.
    """
    if not fixed.is_changed:
        return
    name = printable(fixed.checked.report.name or "")
    yield f"--- {name}\n"
    yield f"+++ {name}\n"
    if fixed.header is not None:
        line, old, new = fixed.header
        yield from _hunks(_header_lines(old), _header_lines(new), line, line)
    for before, after in zip(fixed.items_before(), fixed.items_after(), strict=True):
        assert before.source is not None
        assert after.source is not None
        yield from _hunks(
            _lines(before.source, show_values=show_values),
            _lines(after.source, show_values=show_values),
            before.source.location.line,
            after.source.location.line,
        )


def _hunks(
    old: Sequence[_Line], new: Sequence[_Line], old_line: int, new_line: int
) -> Iterator[str]:
    """Yield the hunks that lead from one text to another, without context.

    Args:
        old: the lines before.
        new: the lines after.
        old_line: the number of the first line before.
        new_line: the number of the first line after.
    """
    start, end = 0, 0
    if len(old) == len(new):
        for at, (line, other) in enumerate(zip(old, new, strict=True)):
            if line.text != other.text:
                yield from _hunk(old[at : at + 1], new[at : at + 1], old_line + at, new_line + at)
        return
    shortest = min(len(old), len(new))
    while start < shortest and old[start].text == new[start].text:
        start += 1
    while end < shortest - start and old[-1 - end].text == new[-1 - end].text:
        end += 1
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    yield from _hunk(before, after, old_line + start, new_line + start)


def _hunk(
    old: Sequence[_Line], new: Sequence[_Line], old_line: int, new_line: int
) -> Iterator[str]:
    yield f"@@ -{_range(old_line, len(old))} +{_range(new_line, len(new))} @@\n"
    yield from (f"-{line.shown}\n" for line in old)
    yield from (f"+{line.shown}\n" for line in new)


def _range(line: int, count: int) -> str:
    # A range without lines is named by the line before it.
    return f"{line}" if count == 1 else f"{line if count else line - 1},{count}"


def _header_lines(text: str) -> list[_Line]:
    return _split(text, mask(text))


def _lines(source: Source, *, show_values: bool) -> list[_Line]:
    """Return the lines of an item, as they are and as they are shown."""
    text = source.text
    pieces = []
    at = 0
    for member in source.members:
        pieces.append(_between(text[at : member.key_start]))
        if member.key in FIELDS:
            value = text[member.start : member.end]
            pieces += (
                text[member.key_start : member.start],
                _value(value, member.key, show_values=show_values),
            )
        else:
            pieces.append(_hidden(text[member.key_start : member.end]))
        at = member.end
    return _split(text, "".join([*pieces, _between(text[at:])]))


def _split(text: str, shown: str) -> list[_Line]:
    lines, shown_lines = (each.rstrip("\r\n").split("\n") for each in (text, shown))
    return [
        _Line(line, visible(shown_line.rstrip("\r")))
        for line, shown_line in zip(lines, shown_lines, strict=True)
    ]


def _value(text: str, field: str, *, show_values: bool) -> str:
    """Return a value of the API as it is shown."""
    if is_nested(text):
        return _hidden(text)
    if show_values:
        return text
    before, value, after = parts_of(text)
    if len(value) > _MAX_VALUE or "\n" in value:
        return before + _hidden(value) + after
    return masked_literal(text, field)


def _between(text: str) -> str:
    """Return what is between members: delimiters, or cells beyond the last column."""
    return _hidden(text) if _SEPARATORS.sub("", text) else text


def _hidden(text: str) -> str:
    """Return an ellipsis for each line of a text."""
    return "\n".join(HIDDEN for _ in text.split("\n"))
