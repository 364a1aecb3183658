"""Look at an export before it is converted: what it has, and what the user must decide."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from consentlint.convert.cells import matching
from consentlint.convert.mapping import (
    DATES,
    PRESETS,
    ColumnMapping,
    Document,
    fold,
    load_preset,
    missing_options,
)
from consentlint.convert.recognize import first_rows, recognize
from consentlint.convert.status import meanings_in
from consentlint.convert.tables import Table, TableOptions, header_elsewhere, open_table
from consentlint.convert.values import date_of_cell
from consentlint.fields.mask import mask_field
from consentlint.formats.cells import UNCALCULATED
from consentlint.rules.repairs import is_rounded
from consentlint.text.masking import MASK, mask, printable, shortened, shown

_SAMPLES = 3
_SAMPLE_LENGTH = 24
_MAX_WORDS = 1_000
# A column with so few words, each so often, has categories rather than names of people.
_MAX_CATEGORIES = 12
_MIN_REPEATS = 5
_SLASHED = re.compile(r"\s*([0-9]{1,2})[-/.]([0-9]{1,2})[-/.][0-9]{2,4}\b")
_HAS_TIME = re.compile(r"[0-9]:[0-9]{2}|[0-9][Tt][0-9]")
# Unix times, and serial numbers of dates in a file that has no epoch.
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_HAS_OFFSET = re.compile(r"(?:[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})\s*$")

NATIONAL = "without a country code"
_CALCULATE = "formulas without a value: open the workbook in a spreadsheet program, and save it"
_ROUNDED = "rounded by a spreadsheet: export again with the column formatted as text"


class Column(NamedTuple):
    """A column of an export."""

    name: str
    samples: tuple[str, ...]
    """Its first values, masked."""
    use: str
    """What it is read as, and why; empty if it is not used."""


class Dates(NamedTuple):
    """The forms of the dates in a column."""

    column: str
    forms: Counter[str]
    """How often each form occurs: digits are written as 9."""
    day_first: int
    """How many dates prove that the day comes first."""
    month_first: int
    """How many prove that the month does."""
    without_time: int
    without_offset: int


class Words(NamedTuple):
    """The words in a column that may hold the status."""

    column: str
    counts: Counter[str]
    mapped: dict[str, str]
    """What the mapping makes of some of them; words are folded."""


class Inspection(NamedTuple):
    """What is known about an export."""

    name: str
    rows: int
    columns: tuple[Column, ...]
    document: Document
    """The mapping that would be used."""
    mapping: ColumnMapping
    """The same, resolved."""
    hints: dict[str, str]
    """The target that each of some columns may mean."""
    rivals: dict[str, tuple[str, ...]]
    """The columns for a target of which one must be chosen."""
    presets: tuple[str, ...]
    """The presets that the columns fit."""
    words: tuple[Words, ...]
    dates: tuple[Dates, ...]
    numbers: Counter[str]
    """How many phone numbers need something, by what is wrong with them."""
    missing: tuple[str, ...]
    """What no export says and the user must add, as options."""
    header_hint: str = ""
    """Where the header seems to be, if it is in another row."""

    @property
    def without_code(self) -> int:
        """How many numbers have no country code, if the mapping does not say how to read them."""
        mapping = self.mapping
        is_decided = mapping.repair.region or mapping.lost_plus or "region" in mapping.columns
        return 0 if is_decided else self.numbers[NATIONAL]


class _Counted:
    """The values of a column."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.total = 0

    def add(self, values: Iterable[str]) -> None:
        for value in values:
            if value.strip():
                self.total += 1
                if value in self.counts or len(self.counts) < _MAX_WORDS:
                    self.counts[value] += 1

    def samples(self, target: str | None) -> tuple[str, ...]:
        """Return the first values, masked; names of people are not shown."""
        few = len(self.counts) <= _MAX_CATEGORIES
        is_category = few and self.total >= _MIN_REPEATS * len(self.counts)
        values = list(self.counts)[:_SAMPLES]
        return tuple(
            shortened(printable(_masked(value, target, is_category)), _SAMPLE_LENGTH)
            for value in values
        )


def _masked(value: str, target: str | None, is_category: bool) -> str:
    value = value[:100]
    if target == "contact_id" or target in DATES:
        return mask_field(value, "contact_id" if target == "contact_id" else "date_of_consent")
    if target is not None or is_category:
        return mask(value)
    return "".join("x" if sign.isalpha() else MASK if sign.isdigit() else sign for sign in value)


def inspect(name: str, options: TableOptions, document: Document) -> Inspection:
    """Look at an export.

    Args:
        name: the file.
        options: how it is read.
        document: the mapping as far as the user has given it.

    Raises:
        ConvertError: it cannot be read.
    """
    with open_table(name, options) as table:
        found = _inspected(table, document)

    def is_header(columns: Sequence[str]) -> bool:
        known = recognize(columns, document.get("kind", "consents"), ()).reasons
        return len(known) > 1 or bool(_presets_for(columns))

    if is_header([column.name for column in found.columns]):
        return found
    return found._replace(header_hint=header_elsewhere(name, options, is_header))


def _inspected(table: Table, document: Document) -> Inspection:
    columns = table.columns
    kind = document.get("kind", "consents")
    unread = table.rows()
    first = first_rows(unread)
    found = recognize(columns, kind, first)
    mapping = ColumnMapping.of(document)
    targets: dict[str, str] = {}
    for target, names in mapping.columns.items():
        for each in names:
            for at in matching(each, columns):
                targets.setdefault(columns[at], target)
    counted = [_Counted() for _ in columns]
    dates = {
        at: Dates(column, Counter(), 0, 0, 0, 0)
        for at, column in enumerate(columns)
        if (targets.get(column) or ("preset" not in document and found.hints.get(column))) in DATES
    }
    rows = 0
    numbers: Counter[str] = Counter()
    for row in chain(first, unread):
        rows += 1
        for at, cell in enumerate(row.cells[: len(columns)]):
            counted[at].add((cell,))
            if at in dates and cell.strip():
                dates[at] = _with_date(dates[at], cell.strip(), table.epoch)
            if targets.get(columns[at]) == "contact_id" and cell.strip():
                numbers[_fault_of(cell.strip())] += 1
    rivals = {name: target for target, names in found.rivals.items() for name in names}
    may_be = {column: targets.get(column) or found.hints.get(column) for column in columns}
    statuses = [at for at, column in enumerate(columns) if may_be[column] == "status"]
    meanings = meanings_in(statuses, columns, mapping)
    words = tuple(
        Words(columns[at], counted[at].counts, mapped)
        for at, mapped in zip(statuses, meanings, strict=True)
    )
    presets = () if "preset" in document else _presets_for(columns)
    return Inspection(
        table.name,
        rows,
        tuple(
            Column(
                column,
                counted[at].samples(may_be[column] or rivals.get(column)),
                _use(column, targets, found.reasons),
            )
            for at, column in enumerate(columns)
        ),
        document,
        mapping,
        {column: hint for column, hint in found.hints.items() if column not in targets},
        {
            target: names
            for target, names in found.rivals.items()
            if not {target, "preset"} & {*mapping.columns, *mapping.values, *document}
        },
        presets,
        words,
        tuple(dates.values()),
        +Counter({fault: count for fault, count in numbers.items() if fault}),
        tuple(missing_options(document, table.name)),
    )


def _fault_of(number: str) -> str:
    """Return what is wrong with a phone number as an export writes it; empty if it is nothing."""
    text = number.lstrip("'=\"")
    if text == UNCALCULATED:
        return _CALCULATE
    if is_rounded(text):
        return _ROUNDED
    has_code = text.startswith(("+", "00"))
    return NATIONAL if text[:1] in set("(0123456789") and not has_code else ""


def _use(column: str, targets: dict[str, str], reasons: dict[str, str]) -> str:
    reason = reasons.get(column, "")
    target = targets.get(column)
    if target is None:
        return reason
    return reason if reason.startswith(f"{target}:") else f"{target}: by the mapping"


def _with_date(dates: Dates, text: str, epoch: datetime | None) -> Dates:
    if len(dates.forms) < _MAX_WORDS:
        dates.forms[_form(text)] += 1
    text = date_of_cell(text, epoch)
    slashed = _SLASHED.match(text)
    first, second = (int(slashed[1]), int(slashed[2])) if slashed is not None else (0, 0)
    has_time = _HAS_TIME.search(text) is not None
    has_offset = has_time and _HAS_OFFSET.search(text) is not None
    return dates._replace(
        day_first=dates.day_first + (first > 12 >= second),
        month_first=dates.month_first + (second > 12 >= first),
        without_time=dates.without_time + (not has_time and _is_date(text)),
        without_offset=dates.without_offset + (has_time and not has_offset),
    )


def _is_date(text: str) -> bool:
    return re.search("[0-9]", text) is not None and _PLAIN_NUMBER.fullmatch(text) is None


def _form(text: str) -> str:
    """Return the form of a date, without the date."""
    form = re.sub("[A-Za-z]{3,}", "Name", text[:40])
    return "".join("9" if each.isdigit() else each for each in printable(form))


def _presets_for(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the presets whose telling columns are all in a table."""
    folded = set(map(fold, columns))
    found = []
    for name in PRESETS:
        telling: list[Any] = load_preset(name)["preset"]["detect"]
        if any(set(map(fold, each)) <= folded for each in telling):
            found.append(name)
    return tuple(found)


def shown_word(word: str) -> str:
    """Return a word as a report may show it."""
    return f'"{shown(word)}"' if word.strip() else "(blank)"
