"""Write items by date, in memory that does not grow with their number."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from itertools import islice
from typing import IO

from consentlint.convert.writers import Item, Writer
from consentlint.fields.iso8601 import parse
from consentlint.model.endpoints import CONSENTS
from consentlint.model.moment import Moment

_IN_MEMORY = 50_000
_BATCH = 2_000
_STATUS, _DATE = (CONSENTS.fields.index(field) for field in ("status", "date_of_consent"))
_FIRST, _LAST = Moment(-1, ""), Moment(10**12, "")


def _key(item: Item) -> tuple[Moment, bool]:
    """Return what consents are sorted by.

    The last item of a contact and sender wins, so an opt-out without a date comes last, and one with
    the date of an opt-in comes after it.
    """
    is_opt_out = item[_STATUS] == "opt-out"
    if item[_DATE]:
        return parse(item[_DATE]).moment, is_opt_out
    return _LAST if is_opt_out else _FIRST, is_opt_out


class SortingWriter:
    """Writes consents in the order of their dates, once it is closed.

    Args:
        writer: writes them.
        stack: closes the temporary files.
    """

    def __init__(self, writer: Writer, stack: ExitStack) -> None:
        self._writer = writer
        self._stack = stack
        self._waiting: list[Item] = []
        self._runs: list[IO[str]] = []

    def write(self, items: Sequence[Item]) -> None:
        """Keep some items."""
        self._waiting += items
        if len(self._waiting) < _IN_MEMORY:
            return
        run = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 - the stack closes it
        self._stack.enter_context(run)
        self._waiting.sort(key=_key)
        run.writelines(f"{json.dumps(item)}\n" for item in self._waiting)
        self._runs.append(run)
        self._waiting = []

    def close(self) -> None:
        """Write all items."""
        self._waiting.sort(key=_key)
        found = merge(*map(_items, self._runs), iter(self._waiting), key=_key)
        while some := list(islice(found, _BATCH)):
            self._writer.write(some)


def _items(run: IO[str]) -> Iterator[Item]:
    run.seek(0)
    return map(json.loads, run)
