"""Write items by date, in memory that does not grow with their number."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import IO

from consentlint.convert.writers import Item, Writer
from consentlint.fields.iso8601 import parse, seconds_of_day, to_datetime
from consentlint.model.endpoints import CONSENTS
from consentlint.model.moment import Moment
from consentlint.model.settings import RepairOptions

_IN_MEMORY = 50_000
_BATCH = 2_000
_STATUS, _DATE = (CONSENTS.fields.index(field) for field in ("status", "date_of_consent"))
_FIRST, _LAST = Moment(-1, ""), Moment(10**12, "")
_DAY = 86_400
_AFTER_DIGITS = "~"


class _Order:
    """The order of consents.

    The last item of a contact and sender wins. So an opt-in counts as written at the first moment
    that its date may mean, and an opt-out at the last, and of equal moments, the opt-out comes last.

    Args:
        repair: what was assumed about dates. A time that may have been assumed may be any of its day.
    """

    def __init__(self, repair: RepairOptions) -> None:
        self._zone = None
        if repair.timezone is not None:
            from zoneinfo import ZoneInfo

            self._zone = ZoneInfo(repair.timezone)
        # Programs write midnight for dates without a time.
        self._assumed = {0}
        if repair.time_of_day is not None:
            self._assumed.add(seconds_of_day(f"2000-01-01T{repair.time_of_day}"))
        self._moment = lru_cache(maxsize=4_096)(self._moment_of)

    def key(self, item: Item) -> tuple[Moment, bool]:
        """Return what an item is sorted by."""
        is_opt_out = item[_STATUS] == "opt-out"
        if item[_DATE]:
            return self._moment(item[_DATE], is_opt_out), is_opt_out
        return _LAST if is_opt_out else _FIRST, is_opt_out

    def _moment_of(self, date: str, is_opt_out: bool) -> Moment:
        moment, second = parse(date).moment, seconds_of_day(date)
        if second not in self._assumed:
            return moment
        start = moment.seconds - second
        end = start + _DAY
        if self._zone is not None:
            # Only near the years 1 and 9999.
            with suppress(OverflowError):
                local = to_datetime(moment).astimezone(self._zone)
                midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
                # If clocks are changed on the day, its start or its end has another offset.
                start += _offset(local) - _offset(midnight)
                end += _offset(local) - _offset(midnight + timedelta(days=1))
        return Moment(end - 1, _AFTER_DIGITS) if is_opt_out else Moment(start, "")


class SortingWriter:
    """Writes consents in the order of their dates, once it is closed.

    Args:
        writer: writes them.
        stack: closes the temporary files.
        repair: what was assumed about dates.
    """

    def __init__(self, writer: Writer, stack: ExitStack, repair: RepairOptions) -> None:
        self._writer = writer
        self._key = _Order(repair).key
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
        self._waiting.sort(key=self._key)
        run.writelines(f"{json.dumps(item)}\n" for item in self._waiting)
        self._runs.append(run)
        self._waiting = []

    def close(self) -> None:
        """Write all items."""
        self._waiting.sort(key=self._key)
        found = merge(*map(_items, self._runs), iter(self._waiting), key=self._key)
        while some := list(islice(found, _BATCH)):
            self._writer.write(some)


def _offset(local: datetime) -> int:
    return int((local.utcoffset() or timedelta(0)).total_seconds())


def _items(run: IO[str]) -> Iterator[Item]:
    run.seek(0)
    return map(json.loads, run)
