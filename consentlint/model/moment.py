"""A point in time."""

from typing import NamedTuple


class Moment(NamedTuple):
    """A point in time; moments compare chronologically.

    Seconds count from 0001-01-01T00:00Z. `datetime` is not used: it has neither leap seconds
    nor fractions finer than a microsecond.
    """

    seconds: int
    fraction: str
    """Digits after the decimal sign, without trailing zeros."""
