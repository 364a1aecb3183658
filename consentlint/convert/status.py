"""Decide the status of a row by words or by dates."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from consentlint.convert.cells import column_of, matching
from consentlint.convert.mapping import LEAVE_OUT, ColumnMapping, fold
from consentlint.convert.tables import Table
from consentlint.fields.iso8601 import parse, seconds_of_day
from consentlint.text.masking import printable, shown

OPT_IN, OPT_OUT = "opt-in", "opt-out"
_OWN_WORDS = {OPT_IN: OPT_IN, OPT_OUT: OPT_OUT}
_MAX_WORDS = 1_000
_HOUR = 3_600
BLANK = "is blank"


class LeftOut(NamedTuple):
    """Why a row becomes no item."""

    reason: str
    """Without personal data; equal for rows that are alike."""
    column: int | None = None
    shown: str = ""
    """The value, masked; empty if the reason names it or there is none."""
    is_decided: bool = False
    """True if the mapping says so, or there is nothing to send; False if it needs a decision."""


def later(opt_in: str, opt_out: str, has_time: tuple[bool, bool] = (True, True)) -> str | None:
    """Return the status of the later date, empty without dates, None if it cannot be known.

    The opt-in is later only if this is certain: of equal dates, or of dates of the same day of
    which one has no time of its own, that of the opt-out counts.

    Args:
        opt_in: the date of the opt-in, empty if there is none.
        opt_out: that of the opt-out.
        has_time: whether each date has a time of its own. Without one, it may be any moment of its
            day.
    """
    if not (opt_in and opt_out):
        return OPT_IN if opt_in else OPT_OUT if opt_out else ""
    first, second = parse(opt_in), parse(opt_out)
    if first.has_offset != second.has_offset:
        return None
    if all(has_time):
        return OPT_IN if first.moment > second.moment else OPT_OUT
    earliest, latest = first.moment.seconds, second.moment.seconds
    if not has_time[0]:
        earliest -= seconds_of_day(opt_in)
    if not has_time[1]:
        latest += 24 * _HOUR - seconds_of_day(opt_out)
    # A day of 23 or 25 hours, on which clocks are changed, may be one of the two.
    latest += _HOUR if any(has_time) else -_HOUR
    return OPT_IN if earliest >= latest else OPT_OUT


def meanings_in(
    some: Sequence[int], columns: Sequence[str], mapping: ColumnMapping
) -> list[dict[str, str]]:
    """Return what words mean in some columns of a table; words are folded."""
    own: dict[int, Mapping[str, str]] = {}
    for name, words in mapping.column_status.items():
        own |= dict.fromkeys(matching(name, columns), words)
    return [{**_OWN_WORDS, **mapping.status, **own.get(at, {})} for at in some]


class Words:
    """What decides the status by words.

    Args:
        table: the table.
        mapping: its mapping.
    """

    def __init__(self, table: Table, mapping: ColumnMapping) -> None:
        names = mapping.columns.get("status", ())
        found = [column_of([name], table.columns, table.name) for name in names]
        self.columns = [each for each in found if each is not None]
        self._names = [printable(table.columns[each]) for each in self.columns]
        self._meanings = meanings_in(self.columns, table.columns, mapping)
        self._decide = lru_cache(_MAX_WORDS)(self._meaning_of)

    def statuses(self, rows: Sequence[Sequence[str]]) -> list[str | LeftOut]:
        """Return the status of each row: that of the first column with a mapped word."""
        words = [[row[column] for row in rows] for column in self.columns]
        return list(map(self._decide, zip(*words, strict=True)))

    def _meaning_of(self, words: tuple[str, ...]) -> str | LeftOut:
        for at, word in enumerate(words):
            meaning = self._meanings[at].get(fold(word))
            if meaning is not None and meaning != LEAVE_OUT:
                return meaning
        is_decided = all(
            self._meanings[at].get(fold(word)) == LEAVE_OUT for at, word in enumerate(words)
        )
        named = " and ".join(
            f'"{name}" is "{shown(word)}"' if word.strip() else f'"{name}" {BLANK}'
            for name, word in zip(self._names, words, strict=True)
        )
        how = "which means no item" if is_decided else "which no --status maps"
        is_blank = not any(map(str.strip, words))
        hint = (
            "" if is_decided or not is_blank else ". If it means no item, pass --status =leave-out"
        )
        return LeftOut(f"{named}, {how}{hint}", self.columns[0], "", is_decided)
