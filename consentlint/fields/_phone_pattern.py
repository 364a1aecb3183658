"""Write the facts about calling codes as one regular expression.

It is a trie of calling codes. Its leaves describe the digits after a calling code. Each
branch starts with a digit or a set of digits, so that `re` skips it without a trial.
Quantifiers are possessive: only the longest match can precede a character that is not
a digit, and the caller requires such a character.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from consentlint.fields._calling_code import CallingCode

# The limit of E.164. phonenumbers allows more.
_MOST_DIGITS = 15

_DIGITS = "0123456789"

# The pieces of the patterns in the metadata.
_PIECE = re.compile(r"\\d|\[[0-9-]+\]|\(\?:|[0-9()|?*+$]|\{[0-9]+(?:,[0-9]*)?\}")

# The same piece without a group, in ASCII, and for a number that does not end the text.
_REWRITTEN = {"(": "(?:", "\\d": "[0-9]", "$": "(?![0-9])"}


def pattern(table: Mapping[str, CallingCode | None]) -> str:
    """Return a regular expression for numbers that are possible and canonical.

    Args:
        table: The facts by calling code. Numbers of a code without facts never match.
    """
    leaves = {code: _national(_MOST_DIGITS - len(code), facts) for code, facts in table.items()}
    return _trie({code: leaf for code, leaf in leaves.items() if leaf})


def first_digits(pattern: str) -> set[str]:
    """Return the digits that a match of a pattern, and the text after it, can start with."""
    pieces = _pieces(pattern)
    starts, empty = _starts(iter(pieces)) if pieces else (set(_DIGITS), True)
    return set(_DIGITS) if empty else starts


def _trie(leaves: Mapping[str, str]) -> str:
    """Return a regular expression for leaves by their digits; no key starts another."""
    if "" in leaves:
        return leaves[""]
    below: dict[str, dict[str, str]] = {}
    for digits, leaf in leaves.items():
        below.setdefault(digits[0], {})[digits[1:]] = leaf
    # Digits with the same tail share a branch.
    same: dict[str, str] = {}
    for digit, rest in below.items():
        tail = _trie(rest)
        same[tail] = same.get(tail, "") + digit
    return _any(f"{_set(digits)}{tail}" for tail, digits in same.items())


def _national(room: int, facts: CallingCode | None) -> str:
    """Return a regular expression for the digits after a calling code, "" for none.

    Args:
        room: The maximum number of digits.
        facts: The facts about the calling code.
    """
    if facts is None:
        return ""
    prefix = facts.prefix
    short = [length for length in facts.plain_lengths if length <= room]
    lengths = [length for length in facts.lengths if length <= room]
    if not lengths:
        return ""
    if prefix is None or lengths == short:
        return _run(lengths, 0)
    pieces = _pieces(prefix)
    starts, empty = _starts(iter(pieces)) if pieces else (set(_DIGITS), True)
    clear = "".join(digit for digit in _DIGITS if digit not in starts)
    # A lookahead is useless if the digit alone is a prefix or the prefix can be empty.
    certain = "".join(digit for digit in sorted(starts) if empty or re.match(prefix, digit))
    unclear = "".join(digit for digit in sorted(starts) if digit not in certain)
    branches = []
    if clear:
        branches.append(f"{_set(clear)}{_run(lengths, 1)}")
    # If the prefix is 0, no national number starts with 0.
    if short and (others := certain.replace("0", "")):
        branches.append(f"{_set(others)}{_run(short, 1)}")
    if unclear:
        rewritten = "".join(_REWRITTEN.get(piece, piece) for piece in pieces)
        branches.append(f"(?!{rewritten}){_set(unclear)}{_run(lengths, 1)}")
    return _any(branches) if branches else ""


def _any(branches: Iterable[str]) -> str:
    """Return a regular expression for the alternatives."""
    several = tuple(branches)
    return several[0] if len(several) == 1 else f"(?:{'|'.join(several)})"


def _set(digits: str) -> str:
    """Return a regular expression for one of the digits, which are in ascending order."""
    if len(digits) > 2 and digits in _DIGITS:
        return f"[{digits[0]}-{digits[-1]}]"
    return digits if len(digits) == 1 else f"[{digits}]"


def _run(lengths: list[int], before: int) -> str:
    """Return a regular expression for digits of the given lengths.

    Args:
        lengths: The lengths in ascending order.
        before: The number of digits that the expression before it matches.
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
    """Return the pieces of a pattern, none if it has a piece of another kind."""
    pieces = _PIECE.findall(prefix)
    return pieces if "".join(pieces) == prefix else []


def _starts(pieces: Iterator[str]) -> tuple[set[str], bool]:
    """Return the digits that a pattern can start with, and whether it can match "".

    Args:
        pieces: The pieces of the pattern, consumed up to the end of the group.
    """
    starts: set[str] = set()
    empty = False
    # Whether the pieces since the last "|" can match "": all of them, and all but the
    # last, which a quantifier can make optional.
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
