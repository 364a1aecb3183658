"""Prove elements of a JSON array, many at a time."""

import re

from consentlint.fast_path.index import Index
from consentlint.fast_path.proof import Known, Prover
from consentlint.formats import Run

# So many characters are looked at: few after a failure, since what comes after one is
# looked at again, more and more as long as all goes well.
_SMALLEST_WINDOW = 4_096
_LARGEST_WINDOW = 262_144
_SPACE = re.compile(r"[ \t\n\r]*")


class ProvenElements:
    """Passes over elements of an array."""

    def __init__(self) -> None:
        self._learned: tuple[Prover, Known, Index] | None = None
        self._window = _SMALLEST_WINDOW

    def learn(self, prover: Prover, known: Known, index: Index) -> None:
        """Take in how items are proven and kept."""
        self._learned = prover, known, index

    def run(self, text: str, start: int, index: int) -> Run:
        """Pass over the elements that begin at an offset and need not be read."""
        if self._learned is None:
            return Run(0, start)
        prover, known, kept_items = self._learned
        at = start
        count = 0
        while True:
            # What is not Latin-1 becomes a question mark, which no pattern takes.
            window = text[at : at + self._window].encode("latin-1", "replace")
            matches = prover.pattern.findall(window)
            rest = matches.pop()[-1] if matches and matches[-1][-1] else b""
            if not matches:
                break
            unproven, rows = prover.rows(matches, known)
            kept = kept_items.add(rows, 0, unproven[0] if unproven else len(matches), index + count)
            count += kept
            if kept < len(matches):
                at += _length(prover, window, kept)
                break
            at += len(window) - len(rest)
            # The window may end inside white space.
            space = _SPACE.match(text, at)
            assert space is not None
            at = space.end()
            self._window = min(2 * self._window, _LARGEST_WINDOW)
        self._window = _SMALLEST_WINDOW
        return Run(count, at)


def _length(prover: Prover, window: bytes, count: int) -> int:
    """Return how long so many matches are together."""
    matches = prover.pattern.finditer(window)
    end = 0
    for _ in range(count):
        end = next(matches).end()
    return end
