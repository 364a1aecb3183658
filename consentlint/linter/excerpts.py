"""Cut the excerpt that a finding shows from a file, masked and safe for a terminal.

Of an item it shows the value at fault and the fields of the API. Other columns and keys hold names
and addresses: each is an ellipsis, even if values are shown.
"""

import re
from functools import lru_cache

from consentlint.fields.mask import mask_field
from consentlint.fields.outline import HIDDEN, looks_like_header, outline
from consentlint.model.endpoints import FIELDS
from consentlint.model.findings import Excerpt, FileError
from consentlint.model.items import Member, ParseError, Source
from consentlint.text.layout import crop
from consentlint.text.masking import MASK, mask, visible

# How far around an error a text is read; less of it is shown.
_MARGIN = 400
# No terminal is wider.
_WIDTH = 300
_HAS_WORD = re.compile("[^\\W_]")
_NESTED = re.compile(r"\{|\[|%7[Bb]|%5[Bb]")
_QUOTED = re.compile(r'(?s)((?:\\*"|(?:%5[Cc])*%22)?)(.*?)((?:\\*"|(?:%5[Cc])*%22)?)')


def excerpt_of_item(source: Source, start: int, end: int, *, show_values: bool) -> Excerpt:
    """Return the line around a range of an item, masked unless `show_values` is set."""
    text = source.text
    line = _Line(text, start, end)
    at = line.left
    for member in source.members:
        if member.end <= at or member.key_start >= line.right:
            continue
        line.add_outline(at, member.key_start, show_values=show_values)
        line.add_member(member, show_values=show_values)
        at = member.end
    line.add_outline(at, line.right, show_values=show_values)
    return line.excerpt()


def excerpt_of_header(source: Source, start: int, end: int, *, show_values: bool) -> Excerpt:
    """Return the line around a range of a table's header."""
    line = _Line(source.text, start, end)
    line.add_text(show_values=show_values)
    return line.excerpt()


def excerpt_of_error(error: ParseError, *, show_values: bool) -> Excerpt | None:
    """Return the line around a parse error, or None if it has none.

    Its fields are unknown, so its words are hidden, except those of a header.
    """
    if not error.text:
        return None
    line = _Line(error.text, error.offset, error.offset + 1)
    if error.error is FileError.KIND and looks_like_header(error.text):
        line.add_text(show_values=show_values)
    else:
        line.add_outline(line.left, line.right, show_values=show_values)
    return line.excerpt()


class _Line:
    """Collects what is shown of a line, and finds a range of the text in it.

    Args:
        text: the text of the file.
        start: where the range begins.
        end: where it ends.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._range = start, end
        self.left = max(text.rfind("\n", max(0, start - _MARGIN), start) + 1, start - _MARGIN, 0)
        """Where the part of the line that is read begins."""
        limit = min(len(text), min(end, start + _MARGIN) + _MARGIN)
        newline = text.find("\n", start, limit)
        self.right = limit if newline < 0 else newline
        """Where it ends."""
        if newline >= 0 and text[start:newline].endswith("\r"):
            self.right -= 1
        self._is_cut_left = self.left > 0 and text[self.left - 1] != "\n"
        self._is_cut_right = newline < 0 and limit < len(text)
        self._shown = ""
        self._start: int | None = None
        self._end: int | None = None

    def add(self, at: int, end: int, shown: str) -> None:
        """Add what is shown of a part of the text, which begins where the previous one ended.

        Args:
            at: where the part begins.
            end: where it ends.
            shown: what is shown; if it has the length of the part, character by character.
        """
        start, finish = self._range
        if self._start is None and start < end:
            self._start = self._position(start, at, end, shown)
        if self._end is None and finish <= end:
            self._end = self._position(finish, at, end, shown)
        self._shown += visible(shown)

    def _position(self, offset: int, at: int, end: int, shown: str) -> int:
        if len(shown) == end - at:
            shown = shown[: max(0, offset - at)]
        elif offset < end:
            shown = ""
        return len(self._shown) + len(visible(shown))

    def add_text(self, *, show_values: bool) -> None:
        """Add the line as it is, with numbers masked."""
        text = self._text[self.left : self.right]
        self.add(self.left, self.right, text if show_values else mask(text))

    def add_outline(self, at: int, end: int, *, show_values: bool) -> None:
        """Add a part whose fields are unknown, with its words hidden."""
        text = self._text[at:end]
        if not _HAS_WORD.search(text):
            # Most parts are the delimiters between members.
            self.add(at, end, text)
            return
        for piece in outline(text, show_values=show_values):
            self.add(at + piece.start, at + piece.end, piece.shown)

    def add_member(self, member: Member, *, show_values: bool) -> None:
        """Add the part of a key and its value that is on this line."""
        key, at = max(member.key_start, self.left), max(member.start, self.left)
        end = min(member.end, self.right)
        start, _ = self._range
        is_known = member.key in FIELDS
        if is_known or member.key_start <= start < member.start:
            name = self._text[key:at]
            self.add(key, at, name if is_known else mask(name))
            key = at
        value = self._text[at:end]
        is_cut = self._is_cut_right and member.end > self.right and at != start
        if not is_known or is_cut or at > member.start:
            # A part of a number is not masked, because it is too short.
            self.add(key, end, HIDDEN if key < end else "")
        elif is_nested(value):
            self.add_outline(at, end, show_values=show_values)
        else:
            self.add(at, end, value if show_values else masked_literal(value, member.key))

    def excerpt(self) -> Excerpt:
        """Return the line and the range in it."""
        shown = f"{HIDDEN if self._is_cut_left else ''}{self._shown}"
        start = len(shown) if self._start is None else self._start + self._is_cut_left
        end = len(shown) if self._end is None else self._end + self._is_cut_left
        if not self._is_cut_left:
            # Indentation carries no information here.
            indent = min(len(shown) - len(shown.lstrip(" ")), start)
            shown, start, end = shown[indent:], start - indent, end - indent
        shown += HIDDEN if self._is_cut_right else ""
        return Excerpt(*crop(shown, start, max(1, end - start), _WIDTH))


def is_nested(literal: str) -> bool:
    """Tell whether a value, as it is written in the file, is an object or an array."""
    return _NESTED.match(literal) is not None


def parts_of(literal: str) -> tuple[str, str, str]:
    """Return the opening quote of a value as it is written, what it encloses, and the closing one.

    The quotes are empty if it has none.
    """
    match = _QUOTED.fullmatch(literal)
    assert match is not None
    before, value, after = match.groups()
    return before, value, after


# An item with several findings has as many excerpts, and most items have the same sender.
@lru_cache(maxsize=1_024)
def masked_literal(text: str, field: str) -> str:
    """Mask a value as it is written in the file: quoted or not, escaped or not."""
    before, value, after = parts_of(text)
    if before.endswith("%22"):
        # A run without a form body does not need it.
        from urllib.parse import quote_plus, unquote_plus

        plain = unquote_plus(value)
        masked = mask_field(plain, field)
        if masked == plain:
            return text
        return before + quote_plus(masked).replace(quote_plus(MASK), MASK) + after
    return before + mask_field(value, field) + after
