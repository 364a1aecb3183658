"""Make text from a file safe to show: mask phone numbers and escape control characters.

Phone numbers are personal data, and many people read logs. The definition of a number is
broad on purpose: at least seven digits of any script, with anything but letters between
them, even if JSON, a form or HTML has escaped them. Ids and dates are not masked, because a
report without them is useless. A date counts as one only if a number is unlikely to look
like it.
"""

import re
from collections.abc import Sequence
from functools import cache

SHORTEST_NUMBER = 7
"""The fewest digits that are masked as a number."""

_MASK = "•"
_SHOWN_LENGTH = 60


def mask_number(text: str) -> str:
    """Return the text with its digits masked, each at its own width, as one phone number.

    The first four and the last two digits of a number of ten or more digits remain, so that
    a reader can distinguish two numbers: `+1415•••••71`. A shorter number is masked
    completely, and so is one that contains what may be an escape.
    """
    decoded, offsets = _decoded(text)
    if decoded == text:
        return _with_masks(text, offsets, _hidden(text, 0, len(text)))
    masked = _with_masks(text, offsets, _digits(decoded, 0, len(decoded)))
    return _with_masks(masked, range(len(text) + 1), _digits(masked, 0, len(masked)))


def mask(text: str, *, shortest: int = SHORTEST_NUMBER) -> str:
    """Mask everything in a text that looks like a phone number.

    Args:
        text: raw or parsed text of a file.
        shortest: the fewest digits that make a number.
    """
    if _is_plainly_fit(text, shortest):
        return text
    return _mask_numbers(text, shortest)


def _is_plainly_fit(text: str, shortest: int) -> bool:
    """Return whether a quick test shows that a text needs no mask.

    The text is too short, or contains no run of digits that is long enough, or is an id or a
    date as a whole.
    """
    if len(text) < shortest:
        return True
    if text.isascii() and not _has_escapes(text) and not _ascii_number(shortest).search(text):
        return True
    kept = _kept_pattern().match(text)
    if kept is None or kept.end() < len(text):
        return False
    # The date is the whole text, so it is not part of a number.
    return not (kept["id"] and _holds_number(text))


@cache
def _ascii_number(shortest: int) -> re.Pattern[str]:
    """Return what `_number_pattern` is for the characters of an ASCII text itself."""
    return re.compile(rf"[0-9](?:[^0-9A-Za-z]{{0,20}}[0-9]){{{shortest - 1}}}")


def _has_escapes(text: str) -> bool:
    """Return whether a text contains a character that begins an escape."""
    return "\\" in text or "%" in text or "&" in text


def _mask_numbers(text: str, shortest: int) -> str:
    decoded, offsets = _decoded(text)
    masked = _with_masks(text, offsets, _numbers(decoded, shortest))
    if decoded == text or re.search("%22(?:%3A|%2C|%7D|[:,}])", text):
        return masked
    # What looks like an escape may not be one: in 63%3213 the percent sign is a separator.
    # In a line of a form it is an escape; this text is not such a line.
    return _with_masks(masked, range(len(text) + 1), _numbers(masked, shortest))


def _numbers(text: str, shortest: int) -> list[int]:
    """Return the offsets of the digits to mask, except those of ids and dates."""
    # Letters and masks separate numbers; other characters between digits do not.
    kinds = text.translate(_KINDS)
    if kinds.count("d") < shortest:
        return []
    hidden: list[int] = []
    at = 0
    for start, end in [*_kept(text), (len(text), len(text))]:
        for number in _number_pattern(shortest).finditer(kinds, at, start):
            hidden += _hidden(text, *number.span())
        at = end
    return hidden


@cache
def _number_pattern(shortest: int) -> re.Pattern[str]:
    return re.compile(rf"d(?:s{{0,20}}d){{{shortest - 1},}}")


class _Kinds(dict[int, str]):
    """Maps a character to d for a digit of any script, l for a letter or a mask, s otherwise."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isdigit():
            kind = "d"
        else:
            kind = "l" if character.isalpha() or character == _MASK else "s"
        self[code] = kind
        return kind


_KINDS = _Kinds()


def _hidden(text: str, start: int, end: int) -> list[int]:
    """Return the offsets of the digits of a number to mask."""
    places = _digits(text, start, end)
    return places[4:-2] if len(places) >= 10 else places


def _digits(text: str, start: int, end: int) -> list[int]:
    return [at for at, sign in enumerate(text[start:end], start) if sign.isdigit()]


def _with_masks(text: str, offsets: Sequence[int], hidden: list[int]) -> str:
    """Mask the source text of some decoded characters."""
    if not hidden:
        return text
    characters = list(text)
    for at in hidden:
        start, end = offsets[at], offsets[at + 1]
        characters[start:end] = _MASK * (end - start)
    return "".join(characters)


_ESCAPE = (
    r"\\{1,8}(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[bfnrt/\"])"
    r"|(?:%(?:25){0,3}[0-9A-Fa-f]{2})+"
    r"|&(?:#[0-9]{1,6}|#[Xx][0-9A-Fa-f]{1,5}|nbsp);"
)
_DEPTH = 3


def _decoded(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with its escapes decoded, nested ones too, and a map of offsets.

    The map gives, for each decoded character and for the end, the offset in the source text.
    """
    offsets: Sequence[int] = range(len(text) + 1)
    for _ in range(_DEPTH):
        if not _has_escapes(text):
            break
        pieces: list[str] = []
        moved: list[int] = []
        at = 0
        for escape in re.finditer(_ESCAPE, text):
            pieces.append(text[at : escape.start()])
            moved += offsets[at : escape.start()]
            characters = _unescaped(escape[0])
            pieces += characters
            # The start of each character within such an escape is an estimate.
            width = len(escape[0]) // max(1, len(characters))
            moved += [offsets[escape.start() + index * width] for index in range(len(characters))]
            at = escape.end()
        if at == 0:
            break
        pieces.append(text[at:])
        moved += offsets[at:]
        text, offsets = "".join(pieces), moved
    return text, offsets


def _unescaped(escape: str) -> str:
    """Decode an escape, or a run of percent escapes."""
    if escape.startswith("%"):
        codes = re.sub("%(?:25)*", "", escape)
        return bytes.fromhex(codes).decode("utf-8", "replace")
    if escape.startswith("&"):
        code = escape[2:-1]
        if not escape.startswith("&#"):
            return " "
        return chr(int(code[1:], 16) if code[0] in "Xx" else int(code))
    code = escape.lstrip("\\")
    return chr(int(code[1:], 16)) if code[0] in "ux" else " "


_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01]?[0-9]|2[0-4]):[0-6][0-9](?::[0-6][0-9](?:[.,][0-9]+)?)?"
_OFFSET = r"(?: ?(?:[AaPp]\.?[Mm]\.?|UTC|GMT|[Zz]|[+-][0-2][0-9]:?(?:[0-5][0-9])?))?"
# 32 hexadecimal digits, alone, after the two letters of a SID, or with a UUID's hyphens.
_ID = r"(?:[A-Za-z]{2})?[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_DATE = (
    rf"{_YEAR}-{_MONTH}-{_DAY}(?:[Tt ]{_CLOCK}{_OFFSET})?"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-4])(?:[0-5][0-9]){{1,2}}Z?"
    rf"|{_DAY}/{_DAY}/{_YEAR}(?: {_CLOCK}{_OFFSET})?"
    rf"|{_DAY}\.{_MONTH}\.{_YEAR}(?: {_CLOCK})?"
)
# What people write where a date belongs; elsewhere it could be a number.
_WRITTEN_DATE = (
    rf"{_YEAR}([-/. ]){_MONTH}\1{_DAY}(?:[Tt_ ]+{_CLOCK}{_OFFSET})?"
    rf"|{_DAY}([-/. ]){_DAY}\2{_YEAR}(?:,? +{_CLOCK}{_OFFSET})?"
    rf"|(?:[A-Za-z]{{3,9}},? )?{_DAY}[ -][A-Za-z]{{3,9}}[ -]{_YEAR}(?: {_CLOCK}{_OFFSET})?"
)


def looks_like_date(text: str) -> bool:
    """Return whether the value of a date field is a date in any common notation."""
    return _written_date_pattern().fullmatch(text) is not None


@cache
def _written_date_pattern() -> re.Pattern[str]:
    return re.compile(_WRITTEN_DATE)


@cache
def _kept_pattern() -> re.Pattern[str]:
    # Compiled when the first finding needs it: a clean run has none.
    return re.compile(rf"(?<![0-9A-Za-z])(?:(?P<id>{_ID})|{_DATE})(?![0-9A-Za-z])")


def _kept(text: str) -> list[tuple[int, int]]:
    """Return the spans of the ids and dates that are not part of a number."""
    return [
        kept.span()
        for kept in _kept_pattern().finditer(text)
        if not (_holds_number(kept["id"]) if kept["id"] else _is_within_number(text, kept))
    ]


def _holds_number(identifier: str) -> bool:
    """Return whether an id is a phone number padded with zeros."""
    digits = identifier.replace("-", "")
    return "00000000" in digits and digits.isdecimal() and len(digits.strip("0")) >= SHORTEST_NUMBER


def _is_within_number(text: str, date: re.Match[str]) -> bool:
    """Return whether digits or a plus precede or follow a date in the same value."""
    before = text[max(0, date.start() - 8) : date.start()]
    after = text[date.end() : date.end() + 4]
    return bool(
        re.search(r"[0-9+(][^\w\"',;\t\n]*$", before)
        or re.match(r"[^\w\"',;\t\n]{1,3}[0-9]", after)
    )


def printable(text: str) -> str:
    """Escape every character that could control a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def printable_in_place(text: str) -> str:
    """Replace each unprintable character by a visible one; the length does not change."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else chr(0x2400 + ord(character))
        if ord(character) < 0x20
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def shown(text: str, length: int = _SHOWN_LENGTH) -> str:
    """Return untrusted text as a message may show it: masked, printable and short."""
    # Cut first: the text may be huge.
    return shortened(printable(mask(text[: 4 * length])), length)


def shortened(text: str, length: int = _SHOWN_LENGTH) -> str:
    """Return the text, with an ellipsis instead of its end if it is too long."""
    return text if len(text) <= length else text[: length - 1] + "…"
