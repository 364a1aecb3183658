"""What a reader asks before it reads an item: may it be passed over?

Here the answer is no. A fast path gives a better one: it proves, from the bytes alone,
that there is nothing to say of the items that come next.
"""

from typing import NamedTuple

from consentlint.formats._stream import Stream


class Lines:
    """The lines of a stream, for formats that have an item on each line, or mostly so."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def readline(self, longest: int) -> bytes:
        """Return the next line, its first part where it is longer, nothing at the end."""
        return self._stream.readline(longest)

    def pass_items(self, number: int) -> int:
        """Pass over the items that come next and need not be read, each a line of its own.

        Must be asked where a line begins that is the first of its item.

        Args:
            number: the number of the next line.

        Returns:
            How many there were; 0 says that the next line must be read.
        """
        return 0


class Run(NamedTuple):
    """Elements of an array that need not be read."""

    items: int
    end: int
    """Where the element after them begins; there is one."""


class Passing:
    """What may be passed over: nothing."""

    def lines(self, stream: Stream) -> Lines:
        """Return the lines of a stream of which nothing has been read."""
        return Lines(stream)

    def elements(self, text: str, start: int, index: int) -> Run:
        """Pass over elements of an array that need not be read.

        Args:
            text: a JSON document.
            start: where an element of its list of items begins.
            index: the number of that element.
        """
        return Run(0, start)
