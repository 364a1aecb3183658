"""Matches the records of a file, many at a time. Matchers are picklable, for other processes."""

import re
from array import array
from binascii import unhexlify
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import compress, islice, product, repeat
from typing import Any, NamedTuple

from consentlint.fast_path.keys import id_keys, pair_keys, sender_key
from consentlint.fast_path.layout import HIGH_ENTROPY, Layout, pattern_of, read_record
from consentlint.fast_path.table import Columns, Table, places_of
from consentlint.fields import schemas
from consentlint.model.endpoints import Endpoint
from consentlint.model.items import Item
from consentlint.model.settings import Settings

# What is matched at once stays in the processor's cache.
_BLOCK = 131_072
# Of JSON: few after a failure, for what comes after one is looked at again.
_SMALLEST_WINDOW = 4_096
_LARGEST_WINDOW = 131_072
_MAX_GAPS = 65_536
"""So many texts of clean records are remembered."""
_MAX_INDENT = 99
_SPACE = re.compile(r"[ \t\n\r]*")
# What may come before and after a record: a line of JSON may have white space there.
_BEFORE = {"jsonl": b" \t\r", "csv": b""}
_AFTER = {"jsonl": rf"[ \t\r]{{0,{_MAX_INDENT}}}+\n", "csv": r"\r?+\n"}


class Proven(NamedTuple):
    """What is proven of whole lines."""

    count: int  # type: ignore[assignment]  # not the method of a tuple
    """How many lines there are."""
    unproven: list[int]
    """The lines, from 0, that are not proven, in order; an unterminated last line is one."""
    ids: "array[int]"
    """The key of the id in each proven line, in order."""
    pairs: "array[int]"
    """The key of contact and sender, empty if items have no sender."""


class _RecordMatcher:
    """Matches the records of one layout.

    Args:
        layout: how they are written.
        after: a regular expression for what comes after a record.
        endpoint: the kind of items.
        settings: how items are checked.
    """

    _CHARACTER = "."

    def __init__(self, layout: Layout, after: str, endpoint: Endpoint, settings: Settings) -> None:
        self._layout = layout
        self._fields = endpoint.fields
        self._words = tuple(field for field in layout.fields if field and field not in HIGH_ENTROPY)
        self._pattern = pattern_of(layout, self._CHARACTER)
        self._compiled = re.compile((self._pattern.source + after).encode("latin-1"))
        groups = self._pattern.groups
        self._width = len(groups) + 1
        self._gaps = tuple(at for at, name in enumerate(groups, 1) if name == "gap")
        self._columns = {name: at for at, name in enumerate(groups, 1) if name != "gap"}
        self._future = layout.date.future(settings.now) if layout.date else b""
        self._known: dict[bytes | tuple[bytes, ...], int] = {}
        self._words_of_gap: dict[bytes | tuple[bytes, ...], Sequence[str]] = {}
        self._offsets: set[bytes] = set()
        self.take: Callable[[Columns], None] | None = None
        """Is given the values of all records that are proven, in order."""

    def learn(self, item: Item) -> bool:
        """Add what an item shows; return whether that is new.

        Args:
            item: the precise path has found it clean by itself.
        """
        words = self._words_of(item)
        if words is None:
            return False
        is_new = self._remember(words)
        if self._layout.date is not None and self._layout.date.has_offset:
            offset = str(item.fields["date_of_consent"])[-6:].encode()
            is_new = is_new or offset not in self._offsets
            self._offsets.add(offset)
        return is_new

    def probe(self, item: Item, is_clean: Callable[[Mapping[str, object]], bool]) -> None:
        """Add the statuses and sources that are clean with the sender of a clean item.

        Args:
            item: the item.
            is_clean: tells whether there is nothing to report of an item with these fields.
        """
        words = self._words_of(item)
        if words is None or "status" not in self._words:
            return
        for status, source in product(schemas.enumeration("status"), schemas.enumeration("source")):
            fields = {**item.fields, "status": status, "source": source}
            others = [str(fields[field]) for field in self._words]
            if self._pattern.key(others) not in self._known and is_clean(fields):
                self._remember(others)

    def _words_of(self, item: Item) -> tuple[str, ...] | None:
        """Return the words of an item, None if it has another layout."""
        record = read_record(item, self._fields, any_order=self._layout.comma is not None)
        return None if record is None or record.layout != self._layout else record.words

    def _remember(self, words: Sequence[str]) -> bool:
        """Remember the words of a clean record; return whether they are new."""
        key = self._pattern.key(words)
        if key in self._known or len(self._known) >= _MAX_GAPS:
            return False
        sender = dict(zip(self._words, words, strict=True)).get("sender_id")
        self._known[key] = 1 if sender is None else sender_key(sender)
        self._words_of_gap[key] = words
        return True

    def fields_of(self, gap: Any) -> dict[str, str]:
        """Return what a gap of a proven record says: the values of its fields that have few."""
        return dict(zip(self._words, self._words_of_gap[gap], strict=True))

    def _prove(
        self, cells: list[bytes], dropped: Iterable[int] = ()
    ) -> tuple[list[int], "array[int]", "array[int]", dict[str, list[Any]]]:
        """Return which records are not proven, in order, and the keys and values of the others.

        Args:
            cells: what comes before each record, then its groups.
            dropped: records that are not to be proven.
        """
        width = self._width
        columns: dict[str, list[Any]] = {
            name: cells[at::width] for name, at in self._columns.items()
        }
        gaps = [cells[at::width] for at in self._gaps]
        texts: Iterable[Any] = gaps[0] if len(gaps) == 1 else zip(*gaps, strict=True)
        if self.take is not None:
            columns["gap"] = texts = list(texts)
        senders = columns["sender"] = list(map(self._known.get, texts, repeat(0)))
        table = Table(columns, len(senders))
        table.drop(dropped if all(senders) else [*dropped, *places_of(0, senders)])
        if self._layout.comma is not None:
            # As many members as there are fields: if one is missing, another is a duplicate.
            table.drop(row for column in columns.values() for row in places_of(None, column))
        if self._layout.date is not None:
            table.drop(self._layout.date.unproven(columns["date_of_consent"], self._future))
        if "offset" in columns and not self._offsets.issuperset(columns["offset"]):
            offsets = enumerate(columns["offset"])
            table.drop(row for row, offset in offsets if offset not in self._offsets)
        try:
            packed = unhexlify(b"".join(columns["correlation_id"]))
        except ValueError:
            ids = enumerate(columns["correlation_id"])
            table.drop(row for row, each in ids if not _is_hexadecimal(each))
            packed = unhexlify(b"".join(columns["correlation_id"]))
        pairs = array("Q")
        # Who takes the values needs no keys of them.
        if "sender_id" in self._words and self.take is None:
            pairs = pair_keys(columns["contact_id"], columns["sender"])
        return sorted(table.dropped), id_keys(packed), pairs, columns

    def _show(self, columns: Mapping[str, list[Any]], count: int | None = None) -> None:
        """Give the values of proven records to who takes them."""
        if self.take is not None:
            names = ("contact_id", "gap", "date_of_consent", "fraction", "offset")
            self.take(Columns(*(columns.get(name, [])[:count] for name in names)))


class LineMatcher(_RecordMatcher):
    """Matches lines, each of which is a record."""

    def __init__(
        self, layout: Layout, format_name: str, endpoint: Endpoint, settings: Settings
    ) -> None:
        super().__init__(layout, _AFTER[format_name], endpoint, settings)
        self._before = _BEFORE[format_name]

    def match(self, content: bytes) -> Proven:
        """Return what is proven of lines.

        Args:
            content: whole lines, the last one perhaps unterminated.
        """
        proven = Proven(0, [], array("Q"), array("Q"))
        start, end = 0, content.rfind(b"\n") + 1
        while start < end:
            stop = content.rfind(b"\n", start, start + _BLOCK) + 1
            if not stop:
                stop = content.find(b"\n", start) + 1
            proven = self._add(proven, content[start:stop])
            start = stop
        if end < len(content):
            proven.unproven.append(proven.count)
            proven = proven._replace(count=proven.count + 1)
        return proven

    def _add(self, proven: Proven, content: bytes) -> Proven:
        """Return what is proven of more lines, each of them terminated."""
        cells = self._compiled.split(content)
        rest = cells.pop()
        before = cells[:: self._width]
        skipped = {row: before[row] for row in compress(range(len(before)), before)}
        dropped, ids, pairs, columns = self._prove(
            cells, [row for row, text in skipped.items() if self._starts_late(text)]
        )
        self._show(columns)
        count, unproven, ids_before, pairs_before = proven
        ids_before += ids
        pairs_before += pairs
        if rest:
            skipped[len(before)] = rest
        if skipped or dropped:
            later = set(dropped)
            for row in sorted({*skipped, *dropped}):
                # What comes before a record holds lines that do not match.
                lines = skipped.get(row, b"").count(b"\n")
                unproven += range(count + row, count + row + lines)
                count += lines
                if row in later:
                    unproven.append(count + row)
        return proven._replace(count=count + len(before))

    def _starts_late(self, before: bytes) -> bool:
        """Tell whether a record does not begin its line, given what comes before it."""
        indent = before[before.rfind(b"\n") + 1 :]
        return len(indent) > _MAX_INDENT or bool(indent.strip(self._before))


class ElementMatcher(_RecordMatcher):
    """Matches elements of a JSON array."""

    # The next element may follow on the same line, and a record may have several lines.
    _CHARACTER = "[^}]"

    def __init__(self, layout: Layout, endpoint: Endpoint, settings: Settings) -> None:
        super().__init__(layout, r"[ \t\n\r]*+,[ \t\n\r]*+", endpoint, settings)

    def match(self, text: str, start: int) -> "tuple[int, int, array[int], array[int]]":
        """Match the elements that begin at an offset, up to the first that is not proven.

        Args:
            text: a JSON document.
            start: where an element begins.

        Returns:
            How many elements are proven, where the next one begins, and the keys of their ids
            and of their pairs of contact and sender. The last element of an array is not proven.
        """
        count, at, window = 0, start, _SMALLEST_WINDOW
        ids, pairs = array("Q"), array("Q")
        while True:
            # What is not Latin-1 becomes a question mark, which no record has.
            content = text[at : at + window].encode("latin-1", "replace")
            cells = self._compiled.split(content)
            rest = cells.pop()
            before = cells[:: self._width]
            found = next(compress(range(len(before)), before), len(before))
            dropped, new_ids, new_pairs, columns = self._prove(cells[: found * self._width])
            kept = dropped[0] if dropped else found
            self._show(columns, kept)
            ids += new_ids[:kept]
            pairs += new_pairs[:kept]
            count += kept
            if kept < len(before) or not before:
                return count, at + self._length(content, kept), ids, pairs
            # The window may end inside white space.
            space = _SPACE.match(text, at + len(content) - len(rest))
            assert space is not None
            at = space.end()
            window = min(2 * window, _LARGEST_WINDOW)

    def _length(self, content: bytes, count: int) -> int:
        """Return how long so many matches are together."""
        matches = self._compiled.finditer(content)
        return max((match.end() for match in islice(matches, count)), default=0)


def _is_hexadecimal(text: bytes) -> bool:
    with suppress(ValueError):
        return bool(unhexlify(text))
    return False
