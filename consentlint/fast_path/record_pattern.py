"""One regular expression for a whole record, made from a clean record's own text.

The text stands in the pattern as it is: keys, their order, white space, quotes,
delimiters. Only where a value stood there is a hole, and a hole takes nothing but
characters that mean themselves in every format. So whatever matches is read as the same
structure with other values, and each of those is one that its field may have:

- `contact_id`: numbers that phonenumbers takes as they stand (`possible_pattern`);
- `correlation_id`: the schema's own pattern;
- `status` and `source`: the schema's words, in pairs that the precise path finds clean;
- `date_of_consent`: days of the calendar from 1993 on, in the layout of the first record;
  whether it lies in the future is asked of all dates of a block at once;
- `sender_id`, `country_iso_code`, `zip_code`: anything that could be one. Few are different,
  so the precise path is asked of each that is new;
- the cell of `submit`'s mark: nothing;
- cells of other columns that are no fields: any text that needs no quotes, or stands in them.

Where a file has its keys in one order here and in another there, the pattern takes as many
members as a record has fields, in any order. A member that stands twice is then one that
another has no place for: the group of that other captures nothing.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from consentlint.fast_path.date_layout import OFFSET, DateLayout
from consentlint.fields import schemas
from consentlint.fields.phone_numbers import possible_pattern
from consentlint.model.items import Item, Member
from consentlint.rules import OVERTAKEN

# What stands before and after a value, where it is written out plainly.
_QUOTES = {("", ""), ('"', '"'), ('\\"', '\\"')}
_UTF8 = r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
# No control characters, none of the delimiters, and not so long that csv would not take it.
_CELL = rf'(?:"(?:[ !#-~]|{_UTF8}){{0,1000}}+"|(?:[ !#-+\--:<-~]|{_UTF8}){{0,1000}}+)'
_MOST_CELLS = 200


class RecordPattern(NamedTuple):
    """The pattern of a clean record, and what its groups hold."""

    source: str
    """A regular expression for bytes, without what stands round the record."""
    groups: tuple[str, ...]
    """The fields that its groups capture, an empty name for a group of no use."""
    date: DateLayout | None
    """How the date of consent is written, None where there is none."""
    any_order: bool
    """True: each group must be looked at, whether it captures something, and the words of
    status and source as well, whether they go together."""


def pattern_of(
    item: Item,
    fields: Sequence[str],
    clean_words: Collection[tuple[str, str]],
    *,
    any_order: bool = False,
) -> RecordPattern | None:
    """Return the pattern of a record, None where it is not written plainly.

    Args:
        item: a clean item, with its source.
        fields: the fields that the endpoint names.
        clean_words: the pairs of status and source of which there is nothing to say.
        any_order: True for a pattern that takes the members of an object in any order.
    """
    source = item.source
    if source is None or item.repeated:
        return None
    if not item.fields.keys() >= set(fields) - {"date_of_consent"}:
        return None
    text = source.text
    members = sorted(source.members, key=lambda member: member.start)
    if len(members) > _MOST_CELLS:
        return None
    if any(earlier.end > later.key_start for earlier, later in pairwise(members)):
        return None
    holes = _Holes(clean_words, any_order=any_order)
    values: list[str] = []
    for member in members:
        hole = _hole(text, member, item, fields, holes)
        if hole is None:
            return None
        values.append(hole)
    # What stands before each value, and after the last.
    between = [
        text[start:end]
        for start, end in pairwise(
            [0, *(at for m in members for at in (m.start, m.end)), len(text)]
        )
    ][::2]
    if not "".join(between).isascii():
        return None
    pattern: str | None
    if any_order:
        pattern = _in_any_order(text, members, values)
    else:
        pattern = re.escape(between[0]) + "".join(
            value + re.escape(after) for value, after in zip(values, between[1:], strict=True)
        )
    if pattern is None:
        return None
    return RecordPattern(pattern, tuple(holes.groups), holes.date, any_order)


def _in_any_order(text: str, members: Sequence[Member], values: Sequence[str]) -> str | None:
    """Return a pattern for the members of an object in any order, None where it has none.

    Each but the last has the same text after it, and then the quote of another key. No key
    is the start of another one, for their closing quotes belong to them.
    """
    if any(member.key_start == member.start for member in members):
        return None
    before, after = text[: members[0].key_start], text[members[-1].end :]
    commas = {text[one.end : other.key_start] for one, other in pairwise(members)}
    quote = text[members[0].key_start]
    if len(commas) != 1 or after.startswith(quote):
        return None
    (comma,) = commas
    any_member = "|".join(
        re.escape(text[member.key_start : member.start]) + value
        for member, value in zip(members, values, strict=True)
    )
    more = f"{re.escape(comma)}(?={re.escape(quote)})|(?={re.escape(after)})"
    return f"{re.escape(before)}(?:(?:{any_member})(?:{more})){{{len(members)}}}{re.escape(after)}"


def _hole(
    text: str, member: Member, item: Item, fields: Sequence[str], holes: "_Holes"
) -> str | None:
    """Return the pattern for a value, with its quotes; None where it is not written plainly."""
    raw = text[member.start : member.end]
    if member.key == OVERTAKEN:
        # Marked items are not judged, nor counted: a pattern takes those without the mark.
        return None if raw else ""
    if member.key not in fields:
        # In a table it is a column of the user's own. Elsewhere it may be of any shape.
        return _CELL if member.key_start == member.start else None
    value = item.fields.get(member.key)
    if not isinstance(value, str) or not value:
        return None
    before, found, after = raw.partition(value)
    if not found or (before, after) not in _QUOTES:
        return None
    hole = holes.of(member.key, value)
    return None if hole is None else re.escape(before) + hole + re.escape(after)


class _Holes:
    """Makes the holes of one pattern, and keeps in mind which groups they have."""

    def __init__(self, clean_words: Collection[tuple[str, str]], *, any_order: bool) -> None:
        self._any_order = any_order
        self.groups: list[str] = []
        self.date: DateLayout | None = None
        self._told: dict[str, dict[str, int]] = {}
        self._clean_words = clean_words

    def of(self, field: str, value: str) -> str | None:
        """Return the pattern of a field's values, None where the value at hand does not fit."""
        if field == "contact_id":
            return rf"\+{self._captured(field, possible_pattern())}"
        if field == "correlation_id":
            return self._captured(
                field, _unanchored(schemas.load("fields")["$defs"][field]["pattern"])
            )
        if field == "date_of_consent":
            self.date = DateLayout.of(value)
            return None if self.date is None else self._date(self.date)
        if field in ("status", "source"):
            return self._word(field)
        return self._captured(field, _SHAPES[field])

    def _date(self, layout: DateLayout) -> str:
        hole = self._captured("date_of_consent", layout.pattern)
        return hole + (self._captured("offset", OFFSET) if layout.has_offset else "Z")

    def _captured(self, name: str, pattern: str) -> str:
        self.groups.append(name)
        return f"({pattern})"

    def _word(self, field: str) -> str:
        """Return the pattern of the words of status or source.

        Of the one that comes first each word but the last is a group, by which the second
        is told which words may follow.
        """
        own = schemas.enumeration(field)
        if self._any_order:
            return self._captured(field, "|".join(map(re.escape, own)))
        other = "source" if field == "status" else "status"
        if other not in self._told:
            opening = self._opening(field)
            numbers = {}
            words = []
            for word in own[:-1]:
                self.groups.append("")
                numbers[word] = len(self.groups)
                words.append(f"({re.escape(word)})")
            self._told[field] = numbers
            return opening + "|".join([*words, re.escape(own[-1])]) + ")"
        opening = self._opening(field)
        *others, last = schemas.enumeration(other)
        pattern = self._fitting(field, last)
        for word in reversed(others):
            fitting = self._fitting(field, word)
            pattern = f"(?({self._told[other][word]}){fitting}|{pattern})"
        return f"{opening}{pattern})"

    def _opening(self, field: str) -> str:
        if field != "status":
            return "(?:"
        self.groups.append(field)
        return "("

    def _fitting(self, field: str, partner: str) -> str:
        """Return the words of a field that are clean beside a word of the other one."""
        words = [
            re.escape(word)
            for word in schemas.enumeration(field)
            if ((word, partner) if field == "status" else (partner, word)) in self._clean_words
        ]
        return f"(?:{'|'.join(words)})" if words else "(?!)"


_SHAPES = {
    "sender_id": r"[0-9A-Za-z+:_-]{3,80}",
    "country_iso_code": "[A-Z]{2}",
    "zip_code": "[0-9A-Za-z](?:[0-9A-Za-z -]{0,18}[0-9A-Za-z])?",
}


def _unanchored(pattern: str) -> str:
    """Return what a pattern of the schemas demands of a whole value."""
    start, end = "^", "$(?!\\n)"
    assert pattern.startswith(start), pattern
    assert pattern.endswith(end), pattern
    return pattern[len(start) : -len(end)]
