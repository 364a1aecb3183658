"""How a record is written, and one regular expression for all records written like it.

A record is three values that differ in nearly every record (contact, id, date) and the texts
between them: keys, quotes, delimiters, and values of which there are few (sender, status,
source, country, postal code). A pattern matches the former by their form and takes the latter as
a whole, as a *gap*: the matcher looks a gap up among those of clean records. So a record that
matches has the same structure as a clean one, and nothing in it means anything else:

- `contact_id`: numbers that phonenumbers accepts as they are (`possible_pattern`);
- `correlation_id`: 32 characters, of which the matcher tests that they are hexadecimal digits;
- `date_of_consent`: so many characters, which `dates` tests;
- the cell of the mark of `submit`: empty;
- cells of columns that are not fields: any text without quotes, or between quotes.

If a file has its keys in one order here and in another there, the pattern takes as many members
as the record has fields, in any order. If a key is a duplicate, the group of another one is empty.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from consentlint.fast_path.dates import DateLayout
from consentlint.fields.phone_numbers import possible_pattern
from consentlint.model.endpoints import FIELDS, SUPERSEDED_BY
from consentlint.model.items import Item, Member

HIGH_ENTROPY = ("contact_id", "correlation_id", "date_of_consent")

# What comes before and after a value that is written plainly.
_QUOTES = {("", ""), ('"', '"'), ('\\"', '\\"')}
_PLAIN = r"[0-9A-Za-z+:_ -]{1,90}"
_is_plain = re.compile(_PLAIN).fullmatch
_UTF8 = r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
# No control characters, no delimiters, and not longer than the csv module accepts.
_CELL = rf'(?:"(?:[ !#-~]|{_UTF8}){{0,1000}}+"|(?:[ !#-+\--:<-{{}}~]|{_UTF8}){{0,1000}}+)'
_MAX_CELLS = 200


class Layout(NamedTuple):
    """How a record is written. Records of equal layouts differ in their values only."""

    fields: tuple[str, ...]
    """The field of each value; empty for a column of the user's own."""
    texts: tuple[str, ...]
    """The text before each value, and after the last, with the quotes. For any order: before
    the first member, each key with its quotes, and after the last member."""
    date: DateLayout | None
    """How the date of consent is written, None if there is none."""
    comma: str | None
    """What separates the members of an object in any order; None for a fixed order."""


class Record(NamedTuple):
    """A record's layout, and its values of fields that have few."""

    layout: Layout
    words: tuple[str, ...]
    """In the order of the layout."""


class Pattern(NamedTuple):
    """A regular expression for the records of a layout."""

    source: str
    """Matches bytes, without what comes before and after a record."""
    groups: tuple[str, ...]
    """What each group captures: a field, "fraction", "offset" or "gap"."""
    gaps: tuple[tuple[str | int, ...], ...]
    """Of each gap: its texts, and the numbers of words in between."""

    def key(self, words: Sequence[str]) -> bytes | tuple[bytes, ...]:
        """Return what the gaps of a record with these words capture; of one gap, itself."""
        texts = tuple(
            "".join(part if isinstance(part, str) else words[part] for part in gap).encode()
            for gap in self.gaps
        )
        return texts[0] if len(texts) == 1 else texts


def read_record(item: Item, fields: Sequence[str], *, any_order: bool = False) -> Record | None:
    """Return how a record is written, None if it is not written plainly.

    Args:
        item: a clean item with its source.
        fields: the fields of the endpoint.
        any_order: True to read the layout of an object with members in any order.
    """
    source = item.source
    if source is None or item.repeated:
        return None
    if not item.fields.keys() >= set(fields) - {"date_of_consent"}:
        return None
    text = source.text.rstrip("\r\n")
    members = sorted(source.members, key=lambda member: member.start)
    if not members or len(members) > _MAX_CELLS:
        return None
    if any(one.end > other.key_start for one, other in pairwise(members)):
        return None
    if any_order:
        members.sort(key=lambda member: FIELDS.index(member.key) if member.key in FIELDS else -1)
    read = _values(item, text, members, fields)
    if read is None:
        return None
    names, spans, date = read
    arranged = _in_any_order(text, members, spans) if any_order else (_between(text, spans), None)
    # A text that is not ASCII has other offsets in bytes, and "?" replaces characters.
    if arranged is None or not "".join(arranged[0]).isascii() or "?" in "".join(arranged[0]):
        return None
    words = (
        text[slice(*span)]
        for name, span in zip(names, spans, strict=True)
        if name and name not in HIGH_ENTROPY
    )
    return Record(Layout(names, *arranged[:1], date, arranged[1]), tuple(words))


def _values(
    item: Item, text: str, members: Iterable[Member], fields: Sequence[str]
) -> tuple[tuple[str, ...], list[tuple[int, int]], DateLayout | None] | None:
    """Return field and span of each value, and the date's layout; None if one is not plain."""
    names, spans, date = [], [], None
    for member in members:
        start, end = member.start, member.end
        is_cell = member.key_start == start
        if member.key not in fields:
            # In a table it is a column of the user's own. In an object it may be of any form.
            if not is_cell or (member.key in (SUPERSEDED_BY, *FIELDS) and start < end):
                return None
            if member.key not in (SUPERSEDED_BY, *FIELDS):
                names.append("")
                spans.append((start, end))
            continue
        value = item.fields.get(member.key)
        if not isinstance(value, str) or not (member.key in HIGH_ENTROPY or _is_plain(value)):
            return None
        before, found, after = text[start:end].partition(value)
        if not found or (before, after) not in _QUOTES or (not is_cell and not before):
            return None
        if member.key == "date_of_consent":
            date = DateLayout.of(value)
            if date is None:
                return None
        names.append(member.key)
        spans.append((start + len(before), end - len(after)))
    if sorted(filter(None, names)) != sorted(item.fields):
        return None
    return tuple(names), spans, date


def _between(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    edges = [0, *(at for span in spans for at in span), len(text)]
    return tuple(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _in_any_order(
    text: str, members: Sequence[Member], spans: Sequence[tuple[int, int]]
) -> tuple[tuple[str, ...], str] | None:
    """Return the texts of an object in any order, and its comma; None if it has none.

    Each member but the last has the same text after it, and then the quote of another key.
    """
    if any(member.key_start == member.start for member in members):
        return None
    in_order = sorted(members, key=lambda member: member.start)
    before, after = text[: in_order[0].key_start], text[in_order[-1].end :]
    commas = {text[one.end : other.key_start] for one, other in pairwise(in_order)}
    quotes = {text[span[1] : member.end] for member, span in zip(members, spans, strict=True)}
    if len(commas) != 1 or len(quotes) != 1:
        return None
    (comma,), (quote,) = commas, quotes
    if after.startswith(quote):
        return None
    keys = (text[member.key_start : span[0]] for member, span in zip(members, spans, strict=True))
    return (before, *keys, after), comma


def pattern_of(layout: Layout, character: str) -> Pattern:
    """Return the pattern for the records of a layout.

    Args:
        layout: how they are written.
        character: a regular expression for what may be in a record but not after it.
    """
    if layout.comma is not None:
        return _any_order_pattern(layout)
    return _fixed_order_pattern(layout, character)


def _any_order_pattern(layout: Layout) -> Pattern:
    before, *keys, after = map(re.escape, layout.texts)
    groups: list[str] = []
    holes = [_hole(field, layout, groups, strict=True) for field in layout.fields]
    words = [number for number, group in enumerate(group for group in groups if group == "gap")]
    quote = re.escape(layout.texts[1][: layout.texts[1].index('"') + 1])
    # No key is the start of another one, for their closing quotes belong to them.
    members = "|".join(key + hole for key, hole in zip(keys, holes, strict=True))
    comma = re.escape(layout.comma or "")
    more = f"{comma}(?={quote})|(?={after})"
    source = f"{before}(?:(?:{members}){quote}(?:{more})){{{len(keys)}}}{after}"
    return Pattern(source, tuple(groups), tuple((number,) for number in words))


def _fixed_order_pattern(layout: Layout, character: str) -> Pattern:
    """Return the pattern for records in the order of the layout.

    It captures a gap up to the last occurrence of its last character, which is fast. The group
    of a gap that no value of fixed form follows spells the gap out.
    """
    gaps = _gaps(layout)
    captured = [gap for gap, _ in gaps if any(isinstance(part, int) for part in gap)]
    # With several of them, the values between must be matched strictly, so that no line takes long.
    strict = len(captured) > 1
    groups: list[str] = []
    source = ""
    for gap, field in gaps:
        if gap in captured:
            groups.append("gap")
            any_character = "" if field == "" else character
            source += f"({_gap(gap, any_character, is_first=not source)})"
        else:
            source += re.escape("".join(map(str, gap)))
        if field is not None:
            source += _hole(field, layout, groups, strict=strict) if field else _CELL
    # If no record begins at a position, only a literal is fast to search for.
    first = next((part for part in gaps[0][0] if part != ""), 0)
    anchor = "" if isinstance(first, str) else "(?m:^)"
    return Pattern(anchor + source, tuple(groups), tuple(captured))


def _gaps(layout: Layout) -> list[tuple[tuple[str | int, ...], str | None]]:
    """Return each gap, and the field of the value after it: empty for a cell, None at the end."""
    gaps: list[tuple[tuple[str | int, ...], str | None]] = []
    gap: list[str | int] = [layout.texts[0]]
    number = 0
    for field, text in zip(layout.fields, layout.texts[1:], strict=True):
        if field and field not in HIGH_ENTROPY:
            gap += [number, text]
            number += 1
        else:
            if field == "contact_id":
                gap.append("+")
            gaps.append((tuple(gap), field))
            gap = [text]
    gaps.append((tuple(gap), None))
    return gaps


def _gap(gap: Sequence[str | int], any_character: str, *, is_first: bool) -> str:
    """Return a regular expression for the text of a gap, spelled out without `any_character`."""
    end = next((part for part in reversed(gap) if part != ""), 0)
    if not any_character or isinstance(end, int):
        return "".join(re.escape(part) if isinstance(part, str) else f"{_PLAIN}+" for part in gap)
    start = re.escape(str(gap[0])) if is_first else ""
    longest = sum(len(part) if isinstance(part, str) else 90 for part in gap)
    return f"{start}{any_character}{{0,{longest}}}{re.escape(end[end.find('}') :])}"


def _hole(field: str, layout: Layout, groups: list[str], *, strict: bool) -> str:
    """Return a regular expression for the values of a field, and add its groups."""
    if field == "contact_id":
        groups.append(field)
        plus = r"\+" if layout.comma is not None else ""
        return f"{plus}({possible_pattern()})"
    if field == "correlation_id":
        groups.append(field)
        return "([0-9A-Fa-f]{32})" if strict else "(.{32})"
    if field == "date_of_consent":
        assert layout.date is not None
        groups.append(field)
        groups += ["fraction"] * layout.date.has_fraction + ["offset"] * layout.date.has_offset
        return f"({'[0-9T:-]' if strict else '.'}{{{layout.date.width}}}){layout.date.rest}"
    groups.append("gap")
    return f"({_PLAIN}+)"
