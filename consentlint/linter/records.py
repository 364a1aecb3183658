"""Read the records of a checked file again, by column, and set apart those that the API rejects.

A matcher that the check has learned reads most records, so this takes about as long as the check.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import compress, islice, repeat
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from consentlint.fields import phone_numbers, schemas
from consentlint.formats import NOTHING_PROVEN, LinePart, Parsed, RowBatch
from consentlint.formats.json_document import JsonDocument
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.engine import WORD_FIELDS
from consentlint.linter.file_report import PartReport
from consentlint.linter.record_counts import is_rejecting, rejects_all_records
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.findings import Profile
from consentlint.model.items import MISSING
from consentlint.rules import canonical_contact

if TYPE_CHECKING:
    from consentlint.fast_path.matcher import LineMatcher
    from consentlint.fast_path.table import Columns

# So many clean records of a part teach the matcher more.
_LESSON = 20


class Records(NamedTuple):
    """Some records of a file, by column."""

    numbers: Sequence[int]
    """The number of each record in its file."""
    contacts: Sequence[str]
    """Each `contact_id`, in canonical form unless it is invalid, as its rule may be off."""
    combinations: Sequence[int]
    """The other values of each record, as an index of `RecordReader.combinations`."""
    dates: Sequence[str | None]
    """The text of each `date_of_consent`."""
    rejected: Sequence[tuple[object, ...]]
    """The values of the fields for each record that the API rejects; they have no number."""


class RecordReader:
    """Reads the records of files of one kind.

    Args:
        fields: the fields with few different values that are wanted.
        profile: by which these values are valid.
    """

    def __init__(self, fields: Sequence[str], profile: Profile) -> None:
        self._fields = fields
        self._profile = profile
        self.combinations: list[tuple[str, ...]] = []
        """The distinct combinations of values, in the order of the fields."""
        self._indexes: dict[tuple[object, ...], int] = {}

    def read(self, file: CheckedFile) -> Iterator[Records]:
        """Yield the records of a file. A record that a later one replaced is left out.

        Raises:
            Unreadable: the file has changed.
            OSError: it cannot be read.
        """
        if file.engine is None:
            return
        rejecting = {
            code for code, problem in enumerate(file.engine.problems) if is_rejecting(problem)
        }
        is_rejected = any(map(rejects_all_records, file.report.column_problems))
        taken: list[Columns] = []
        matcher = file.matcher
        gaps = _Gaps(lambda gap: self._index_of(matcher.fields_of(gap)))
        if matcher is not None:
            matcher.take = taken.append
        try:
            for first, parsed, rejected in _contents(file, rejecting, taken):
                every = range(parsed.items) if is_rejected else rejected
                yield self._of_batch(first, parsed, every)
                rows, at = _proven_rows(parsed), 0
                for columns in taken:
                    some = rows[at : at + len(columns.gaps)]
                    at += len(some)
                    yield self._of_columns(first, some, columns, gaps, every)
                taken.clear()
        finally:
            if matcher is not None:
                matcher.take = None

    def _of_batch(self, first: int, parsed: Parsed, rejected: Collection[int]) -> Records:
        """Return the records that were parsed."""
        found = Records([], [], [], [], [])
        numbers, contacts, combinations, dates, others = cast("tuple[list[object], ...]", found)
        batch, is_plain = parsed.batch, phone_numbers.plain_matcher()
        columns = map(batch.column, ("contact_id", "date_of_consent", SUPERSEDED_BY, *self._fields))
        for row, contact, date, mark, *values in zip(parsed.rows, *columns, strict=True):
            if row in rejected:
                others.append(tuple(values))
            elif mark is MISSING or not mark:
                index = self._index_of(dict(zip(self._fields, values, strict=True)))
                # If the rule on a field is off, it may hold anything.
                if index >= 0 and isinstance(contact, str):
                    numbers.append(first + row)
                    is_canonical = is_plain(contact) is not None
                    contacts.append(
                        contact if is_canonical else canonical_contact(contact) or contact
                    )
                    combinations.append(index)
                    dates.append(date if isinstance(date, str) else None)
        return found

    def _of_columns(
        self,
        first: int,
        rows: Sequence[int],
        columns: "Columns",
        gaps: "_Gaps",
        rejected: Collection[int],
    ) -> Records:
        """Return the records that a matcher read."""
        indexes = list(map(gaps.__getitem__, columns.gaps))
        read: list[Sequence[object]] = [
            rows,
            _texts(columns.contacts, "+"),
            indexes,
            _dates(columns),
        ]
        others: list[tuple[object, ...]] = []
        if rejected and any(map(rejected.__contains__, rows)):
            bad = [row in rejected for row in rows]
            others = [self.combinations[index] for index in compress(indexes, bad)]
            read = [[*compress(column, [not each for each in bad])] for column in read]
        read[0] = moved(cast("Sequence[int]", read[0]), first)
        return Records(*cast("tuple[list[int], list[str], list[int], list[str]]", read), others)

    def _index_of(self, fields: dict[str, object]) -> int:
        """Return the index of the combination of some values, -1 if one of them is invalid."""
        values = tuple(fields[field] for field in self._fields)
        try:
            known = self._indexes.get(values)
        except TypeError:
            return -1
        if known is None:
            known = -1
            if all(map(self._is_valid, self._fields, values)):
                known = len(self.combinations)
                self.combinations.append(cast("tuple[str, ...]", values))
            self._indexes[values] = known
        return known

    def _is_valid(self, field: str, value: object) -> bool:
        is_text = isinstance(value, str)
        return is_text and (
            field not in WORD_FIELDS or schemas.is_valid(field, value, self._profile)
        )


def moved(numbers: Sequence[int], by: int) -> Sequence[int]:
    """Return numbers that are larger by some number; a range stays a range."""
    if isinstance(numbers, range):
        return range(numbers.start + by, numbers.stop + by)
    return [number + by for number in numbers] if by else numbers


class _Gaps(dict[object, int]):
    """The indexes of combinations, by the gaps of a matcher."""

    def __init__(self, index_of: Callable[[object], int]) -> None:
        super().__init__()
        self._index_of = index_of

    def __missing__(self, gap: object) -> int:
        self[gap] = index = self._index_of(gap)
        return index


def _contents(
    file: CheckedFile, rejecting: Collection[int], taken: "list[Columns]"
) -> Iterator[tuple[int, Parsed, set[int]]]:
    """Yield the number of the first record of a part, its contents, and its rejected rows."""
    if file.report.format == "json":
        yield from _document(file, rejecting)
        return
    for part in file.report.parts:
        parsed = _lines(file, part, taken) if file.report.has_lines else None
        yield part.first_item, parsed or _parsed_again(part), part.rows_with(rejecting)
        if parsed is not None and file.matcher is not None:
            _learn(file.matcher, part, parsed)


def _document(
    file: CheckedFile, rejecting: Collection[int]
) -> Iterator[tuple[int, Parsed, set[int]]]:
    """Yield the contents of a JSON document, whose parts are other ones at each walk."""
    parts, content = file.report.parts, file.content
    if not parts or content is None:
        return
    rejected = [
        part.first_item + row for part in parts for row in sorted(part.rows_with(rejecting))
    ]
    first = 0
    text = cast("Any", parts[0].part).text
    for _, parsed in JsonDocument(text, content.start).read(lambda: file.matcher):
        here = slice(bisect_left(rejected, first), bisect_left(rejected, first + parsed.items))
        yield first, parsed, {row - first for row in rejected[here]}
        first += parsed.items


def _lines(file: CheckedFile, part: PartReport, taken: "list[Columns]") -> Parsed | None:
    """Return the contents of a part that is read by lines, None if it must be read one by one.

    It must be after too many errors, or because of a cell with lines that look like records.
    """
    lines, content = cast("LinePart", part.part), file.content
    parsed = lines.parse(file.matcher, is_last=content is None or lines.end == content.size)
    proven = sum(len(columns.gaps) for columns in taken)
    if parsed.items == part.items and proven == len(parsed.proven.ids):
        return parsed
    taken.clear()
    return None


def _learn(matcher: "LineMatcher", part: PartReport, parsed: Parsed) -> None:
    """Teach the matcher what other processes have learned."""
    found = set(part.rows)
    clean = (row for row in parsed.rows if row not in found and part.ids[row])
    wanted = [*islice(clean, _LESSON)]
    for item in part.read(wanted) if wanted else ():
        matcher.learn(item)


def _parsed_again(part: PartReport) -> Parsed:
    """Return the contents of a part, record by record."""
    rows = part.good_rows()
    batch = RowBatch([item.fields for item in part.read(rows)])
    return Parsed(part.items, 0, rows, batch, part.errors, NOTHING_PROVEN, part.layout)


def _proven_rows(parsed: Parsed) -> Sequence[int]:
    """Return the rows that a matcher has proven, in order."""
    others = {row for row, error in parsed.errors if error.item is not None}.union(parsed.rows)
    if not others:
        return range(parsed.items)
    return [row for row in range(parsed.items) if row not in others]


def _texts(values: Sequence[bytes], before: str = "", after: str = "") -> list[str]:
    """Return values as texts, with something before and after each."""
    if not values:
        return []
    between = f"{after}\n{before}".encode()
    return f"{before}{between.join(values).decode()}{after}".split("\n")


def _dates(columns: "Columns") -> Sequence[str | None]:
    if not columns.dates:
        return [*repeat(None, len(columns.gaps))]
    dates: Sequence[bytes] = columns.dates
    if columns.fractions:
        dates = [*map(bytes.__add__, dates, columns.fractions)]
    if not columns.offsets:
        return _texts(dates, after="Z")
    return _texts([*map(bytes.__add__, dates, columns.offsets)])
