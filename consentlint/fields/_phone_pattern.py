"""Write what is known of calling codes as one regular expression.

It is a trie of calling codes, whose leaves tell the digits after them. Each branch
begins with a digit or a set of digits, so that `re` passes over it without trying.
What varies in length is possessive: the longest that fits is the only one that can
be followed by something else than a digit, which the caller sees to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from consentlint.fields._phone_metadata import CallingCode

# Of E.164. phonenumbers allows more.
_MOST_DIGITS = 15

_DIGITS = "0123456789"

# What the patterns of prefixes are made of.
_PIECE = re.compile(r"\\d|\[[0-9-]+\]|\(\?:|[0-9()|?*+$]|\{[0-9]+(?:,[0-9]*)?\}")

# How the same is written with no groups, in ASCII, where the end is not that of the text.
_REWRITTEN = {"(": "(?:", "\\d": "[0-9]", "$": "(?![0-9])"}


def pattern(table: Mapping[str, CallingCode]) -> str:
    """Return a regular expression for the numbers that a table of calling codes accepts.

    Args:
        table: as phone_metadata.calling_codes returns it.
    """
    leaves = {code: _national(_MOST_DIGITS - len(code), *row) for code, row in table.items()}
    return _trie({code: leaf for code, leaf in leaves.items() if leaf})


def _trie(leaves: Mapping[str, str]) -> str:
    """Return a regular expression for beginnings, none of which begins another."""
    if "" in leaves:
        return leaves[""]
    below: dict[str, dict[str, str]] = {}
    for digits, leaf in leaves.items():
        below.setdefault(digits[0], {})[digits[1:]] = leaf
    # Digits that the same follows are one branch.
    same: dict[str, str] = {}
    for digit, rest in below.items():
        tail = _trie(rest)
        same[tail] = same.get(tail, "") + digit
    return _any(f"{_set(digits)}{tail}" for tail, digits in same.items())


def _national(room: int, free: Iterable[int], guarded: Iterable[int], prefix: str | None) -> str:
    """Return a regular expression for the digits after a calling code, "" for none.

    Args:
        room: the most digits that there may be.
        free: the lengths at which they stand as they are.
        guarded: the lengths at which they do unless they begin with the prefix.
        prefix: the pattern of the prefix.
    """
    short = [length for length in free if length <= room]
    lengths = sorted([*short, *(length for length in guarded if length <= room)])
    if not lengths:
        return ""
    if prefix is None or lengths == short:
        return _run(lengths, 0)
    pieces = _pieces(prefix)
    starts, empty = _starts(iter(pieces)) if pieces else (set(_DIGITS), True)
    clear = "".join(digit for digit in _DIGITS if digit not in starts)
    # Those that are a prefix by themselves, or cannot be told from none by a lookahead.
    certain = "".join(digit for digit in sorted(starts) if empty or re.match(prefix, digit))
    unclear = "".join(digit for digit in sorted(starts) if digit not in certain)
    branches = []
    if clear:
        branches.append(f"{_set(clear)}{_run(lengths, 1)}")
    # Where numbers are dialled with 0 before them, none begins with it.
    if short and (others := certain.replace("0", "")):
        branches.append(f"{_set(others)}{_run(short, 1)}")
    if unclear:
        rewritten = "".join(_REWRITTEN.get(piece, piece) for piece in pieces)
        branches.append(f"(?!{rewritten}){_set(unclear)}{_run(lengths, 1)}")
    return _any(branches) if branches else ""


def _any(branches: Iterable[str]) -> str:
    """Return a regular expression for any of some."""
    several = tuple(branches)
    return several[0] if len(several) == 1 else f"(?:{'|'.join(several)})"


def _set(digits: str) -> str:
    """Return a regular expression for one of some digits, which are in order."""
    if len(digits) > 2 and digits in _DIGITS:
        return f"[{digits[0]}-{digits[-1]}]"
    return digits if len(digits) == 1 else f"[{digits}]"


def _run(lengths: list[int], before: int) -> str:
    """Return a regular expression for as many digits as some lengths have.

    Args:
        lengths: the lengths, in order.
        before: how many of the digits have been read.
    """
    start = longest = lengths[0]
    for place, length in enumerate(lengths):
        if length > longest + 1:
            return (
                f"{_digits(start - before, longest - before)}(?:{_run(lengths[place:], longest)})?+"
            )
        longest = length
    return _digits(start - before, longest - before)


def _digits(fewest: int, most: int) -> str:
    return f"[0-9]{{{most}}}" if fewest == most else f"[0-9]{{{fewest},{most}}}+"


def _pieces(prefix: str) -> list[str]:
    """Return what the pattern of a prefix is made of, nothing where it is not known."""
    pieces = _PIECE.findall(prefix)
    return pieces if "".join(pieces) == prefix else []


def _starts(pieces: Iterator[str]) -> tuple[set[str], bool]:
    """Return the digits that a pattern can begin with, and whether it can match none.

    Args:
        pieces: the pattern, which is read to the end of its group.
    """
    starts: set[str] = set()
    empty = False
    # Whether what stands before this piece, back to the last "|", can match no digits,
    # and whether what stands before the one that this piece may make optional can.
    here = before = True
    for piece in pieces:
        if piece == ")":
            break
        if piece == "|":
            empty = empty or here
            here = before = True
        elif piece[0] in "?*" or piece.startswith("{0"):
            here = before
        elif piece[0] not in "+{":
            if piece in {"(", "(?:"}:
                begins, none = _starts(pieces)
            else:
                begins, none = {digit for digit in _DIGITS if re.match(piece, digit)}, piece == "$"
            if here:
                starts |= begins
            before, here = here, here and none
    return starts, empty or here
