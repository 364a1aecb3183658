"""Make text from a file safe to show: mask personal data and escape control characters.

Phone numbers and e-mail addresses are personal data, and many people read logs. The
definition of a number is broad on purpose: at least seven digits of any script, with anything
but letters between them, even if JSON, a form or HTML has escaped them. Ids and dates are not
masked, because a report without them is useless. A date counts as one only if a number is
unlikely to look like it, and an id only if it has letters between its digits.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from consentlint.text.ids_and_dates import SHORTEST_NUMBER, ids_and_dates, is_id_or_date

MASK = "•"
"""Shown instead of a digit or a character that is masked."""
_SHOWN_LENGTH = 60


def mask_number(text: str) -> str:
    """Return the text with its digits masked, each at its own width, as one phone number.

    The first four and the last two digits of a number of ten or more digits remain, so that
    a reader can distinguish two numbers: `+1415•••••71`. A shorter number is masked
    completely, and so is one that contains what may be an escape. A text with fewer than
    seven digits holds none.
    """
    if text.isascii() and not _has_escapes(text):
        number = _plain_number().fullmatch(text)
        if number is not None:
            return number[1] + number[2].translate(_MASKS) + number[3]
    decoded, offsets = _decoded(text)
    # What looks like an escape may not be one.
    if max(len(_digits(each, 0, len(each))) for each in (text, decoded)) < SHORTEST_NUMBER:
        return text
    if decoded == text:
        return _with_masks(text, offsets, _hidden(text, 0, len(text)))
    masked = _with_masks(text, offsets, _digits(decoded, 0, len(decoded)))
    return _with_masks(masked, range(len(text) + 1), _digits(masked, 0, len(masked)))


@cache
def _plain_number() -> re.Pattern[str]:
    """Return a pattern for an ASCII text with ten or more digits; its second group is hidden."""
    digit = "(?:[^0-9]*[0-9])"
    return re.compile(f"({digit}{{4}})({digit}{{4,}})({digit}{{2}}[^0-9]*)")


_MASKS = str.maketrans("0123456789", 10 * MASK)


def mask(text: str, *, shortest: int = SHORTEST_NUMBER) -> str:
    """Mask everything in a text that looks like a phone number or an e-mail address.

    Args:
        text: raw or parsed text of a file.
        shortest: the fewest digits that make a number.
    """
    text = mask_emails(text)
    if _is_plainly_fit(text, shortest):
        return text
    return _mask_numbers(text, shortest)


def mask_emails(text: str) -> str:
    """Mask what precedes each @ in a text, at its own width: `••••@example.com`."""
    if "@" not in text and text.isascii() and not _has_escapes(text):
        return text
    decoded, offsets = _decoded(text)
    hidden: list[int] = []
    # A pattern that ends with the @ would take quadratic time for a text without one.
    for word in _word_pattern().finditer(decoded):
        if decoded[word.end() : word.end() + 1] in _AT:
            hidden += range(*word.span())
    return _with_masks(text, offsets, hidden)


_AT = ("@", "\N{FULLWIDTH COMMERCIAL AT}", "\N{SMALL COMMERCIAL AT}")


@cache
def _word_pattern() -> re.Pattern[str]:
    sign = rf"[^\s\"'<>,;:|(){{}}\[\]=&{''.join(_AT)}]"
    # Also in quotes, which may be doubled as in CSV, and with apostrophes: o'brien@example.com.
    quoted = rf'("{{1,2}})[^"\n]{{1,64}}\1(?=[{"".join(_AT)}])'
    return re.compile(f"{quoted}|{sign}+(?:'{sign}+)*")


def _is_plainly_fit(text: str, shortest: int) -> bool:
    """Return whether a quick test shows that a text needs no mask.

    The text is too short, or contains no run of digits that is long enough, or is an id or a
    date as a whole.
    """
    if len(text) < shortest:
        return True
    if text.isascii() and not _has_escapes(text) and not _ascii_number(shortest).search(text):
        return True
    return is_id_or_date(text)


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
    for start, end in [*ids_and_dates(text), (len(text), len(text))]:
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
            kind = "l" if character.isalpha() or character == MASK else "s"
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
        characters[start:end] = MASK * (end - start)
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
    return chr(int(code[1:], 16)) if code[0] in "ux" else code if code == '"' else " "


def printable(text: str) -> str:
    r"""Escape control characters, and name other characters that a terminal does not show.

    A line feed is `\n`, a zero-width space `<U+200B>`, a byte that is not UTF-8 `<0xE9>`.
    """
    return text if _is_visible(text) else "".join(map(_visible, text))


BLANK = frozenset(map(chr, [0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0])).union(
    map(chr, range(0x180B, 0x1810)), map(chr, range(0xFE00, 0xFE10))
)
"""Fillers and variation selectors: nothing is shown for them, but Python calls them printable."""


def _is_visible(text: str) -> bool:
    return text.isprintable() and (text.isascii() or BLANK.isdisjoint(text))


@lru_cache(maxsize=256)
def _visible(character: str) -> str:
    if _is_visible(character):
        return character
    code = ord(character)
    if code < 0xA0:
        return character.encode("unicode_escape").decode()
    # What decoding makes of a byte that is not UTF-8.
    return f"<0x{code - 0xDC00:02X}>" if 0xDC80 <= code <= 0xDCFF else f"<U+{code:04X}>"


def visible(text: str) -> str:
    """Return a text as an excerpt shows it: as `printable`, but a control character is a sign."""
    if _is_visible(text):
        return text
    return "".join(
        chr(0x2400 + ord(character)) if character < " " else _visible(character)
        for character in text
    )


def shown_path(path: str) -> str:
    """Return a file name as a message may show it: the name may contain a phone number.

    A date such as that of `subscribers-20261127.csv` is shown.
    """
    parts = _date_in_name().split(printable(path))
    return "".join(part if at % 2 else mask(part) for at, part in enumerate(parts))


@cache
def _date_in_name() -> re.Pattern[str]:
    """Return a pattern for a date of eight digits that only letters and separators surround."""
    date = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    return re.compile(f"(?:(?<=[A-Za-z][-_. ])|(?<=[A-Za-z/])|^)({date})(?=[-_.]?[A-Za-z])")


def shown(text: str, length: int = _SHOWN_LENGTH) -> str:
    """Return untrusted text as a message may show it: masked, printable and short."""
    # Cut first: the text may be huge.
    return shortened(printable(mask(text[: 4 * length])), length)


def shortened(text: str, length: int = _SHOWN_LENGTH) -> str:
    """Return the text, with an ellipsis instead of its end if it is too long."""
    return text if len(text) <= length else text[: length - 1] + "…"
