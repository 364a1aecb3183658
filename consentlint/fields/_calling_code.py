"""What the status of a phone number depends on, for one calling code.

libphonenumber tests only the length of a number and its national prefix. For a number
that starts with "+", this is all it does:

1. The first one, two or three digits that are a calling code are the calling code.
2. Fewer than two digits after it are too short.
3. If the digits after it start with the national prefix, it removes the prefix, or
   replaces it by the transform rule. It keeps the original if the result is too short,
   local only or of an invalid length, or if only the original matches the pattern of
   national numbers.
4. The number of digits that remain gives the status.
"""

from typing import NamedTuple


class CallingCode(NamedTuple):
    """The facts about one calling code. Lengths count the digits after it."""

    lengths: tuple[int, ...]
    """The possible lengths, in ascending order."""
    local_lengths: tuple[int, ...]
    """The lengths of numbers that can be dialed only within their own area."""
    prefix: str | None = None
    """The pattern of the national prefix."""
    transform_rule: str | None = None
    """The template that replaces the prefix if the last group of its pattern matched."""
    national_pattern: str | None = None
    """The pattern of national numbers, if a national number can start with the prefix."""

    @property
    def plain_lengths(self) -> tuple[int, ...]:
        """The possible lengths at which a number is canonical whatever its digits are."""
        if self.prefix is None:
            return self.lengths
        # Without the prefix, a number of the shortest length is too short: it is kept.
        return () if self.transform_rule else self.lengths[:1]

    @property
    def prefixed_lengths(self) -> tuple[int, ...]:
        """The possible lengths at which a number is canonical unless it has a prefix."""
        return self.lengths[len(self.plain_lengths) :]
