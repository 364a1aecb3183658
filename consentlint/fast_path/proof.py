"""Prove of many items at once that each is clean by itself, and pack what they say."""

import re
from array import array
from binascii import unhexlify
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import chain, compress
from operator import add
from typing import NamedTuple

from consentlint.fast_path.date_layout import DateLayout
from consentlint.fast_path.index import Rows
from consentlint.fields.schemas import enumeration


class Known(NamedTuple):
    """Values of which the precise path has said that they do no harm."""

    senders: dict[bytes, int]
    """Senders, and the number that says so of a pair."""
    offsets: dict[bytes, int]
    """Offsets from UTC, and the number of each."""
    postal_codes: set[tuple[bytes, bytes]]
    """Countries with their postal codes."""


class Prover(NamedTuple):
    """What it takes to prove items of one file, to be handed to another process as well."""

    pattern: re.Pattern[bytes]
    """Matches a record, or captures nothing."""
    groups: tuple[str, ...]
    date: DateLayout | None
    past: bytes
    """The text before which a date of the layout lies in the past."""
    words: frozenset[tuple[bytes, bytes]] | None
    """For a pattern that takes the fields in any order: the pairs of status and source of
    which there is nothing to say."""

    def rows(self, matches: list[tuple[bytes, ...]], known: Known) -> tuple[list[int], Rows]:
        """Return which matches prove nothing, and what the others say.

        Args:
            matches: what the pattern has found, one after the other.
            known: values that do no harm.
        """
        # To slice one list takes half of what zip(*matches) takes.
        cells = list(chain.from_iterable(matches))
        width = len(matches[0]) if matches else 1
        unmatched = _places_of(b"", cells[self.groups.index("correlation_id") :: width])
        for row in reversed(unmatched):
            del cells[row * width : (row + 1) * width]
        columns: dict[str, list[bytes]] = {
            name: cells[at::width] for at, name in enumerate(self.groups)
        }
        doubtful = self._doubtful(columns, known)
        if not doubtful:
            return unmatched, self._packed(columns, known)
        proven = [row not in doubtful for row in range(len(columns["correlation_id"]))]
        columns = {name: list(compress(column, proven)) for name, column in columns.items()}
        matched = bytearray(b"\1") * len(matches)
        for row in unmatched:
            matched[row] = 0
        rows = list(compress(range(len(matches)), matched))
        return sorted([*unmatched, *(rows[row] for row in doubtful)]), self._packed(columns, known)

    def _doubtful(self, columns: Mapping[str, Sequence[bytes]], known: Known) -> set[int]:
        """Return those of the records that match that prove nothing all the same."""
        unproven: set[int] = set()
        if self.words is not None:
            # As many members as there are fields: where one is missing, another stands twice.
            for column in columns.values():
                unproven.update(_places_of(b"", column))
            if "status" in columns:
                words = list(zip(columns["status"], columns["source"], strict=True))
                if not self.words.issuperset(words):
                    unproven.update(r for r, pair in enumerate(words) if pair not in self.words)
        if "sender_id" in columns:
            senders = columns["sender_id"]
            if not known.senders.keys() >= set(senders):
                unproven.update(r for r, value in enumerate(senders) if value not in known.senders)
        if "date_of_consent" in columns:
            dates = columns["date_of_consent"]
            if max(dates, default=b"") >= self.past:
                unproven.update(row for row, value in enumerate(dates) if value >= self.past)
        if "offset" in columns:
            offsets = columns["offset"]
            if not known.offsets.keys() >= set(offsets):
                unproven.update(r for r, value in enumerate(offsets) if value not in known.offsets)
        if "zip_code" in columns:
            codes = list(zip(columns["country_iso_code"], columns["zip_code"], strict=True))
            if not known.postal_codes.issuperset(codes):
                unproven.update(r for r, c in enumerate(codes) if c not in known.postal_codes)
        return unproven

    def _packed(self, columns: Mapping[str, Sequence[bytes]], known: Known) -> Rows:
        ids = unhexlify(b"".join(columns["correlation_id"]))
        count = len(ids) // 16
        pairs, statuses, dates, offsets = array("Q"), bytes(count), b"", b""
        if "sender_id" in columns:
            contacts = map(int, columns["contact_id"])
            senders = map(known.senders.__getitem__, columns["sender_id"])
            # By way of a list, for an array grows item by item.
            pairs = array("Q", list(map(add, contacts, senders)))
        if "status" in columns:
            statuses = bytes(map(_STATUSES.__getitem__, columns["status"]))
        if self.date is not None:
            dates = self.date.packed(b"".join(columns["date_of_consent"]))
        if "offset" in columns:
            offsets = bytes(map(known.offsets.__getitem__, columns["offset"]))
        return Rows(ids, pairs, statuses, dates, offsets)


def _places_of(value: bytes, column: Sequence[bytes]) -> list[int]:
    """Return where a value stands in a column."""
    places: list[int] = []
    with suppress(ValueError):
        while True:
            places.append(column.index(value, places[-1] + 1 if places else 0))
    return places


_STATUSES = {word.encode(): number for number, word in enumerate(enumeration("status"))}
