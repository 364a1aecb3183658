"""What is known of files after their items were checked: problems and hashes, not yet words."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, compress
from typing import TYPE_CHECKING, NamedTuple, cast

from consentlint.formats import LinePart, Part, first_line_of
from consentlint.model.endpoints import Endpoint
from consentlint.model.items import Header, Item, ParseError, Source
from consentlint.rules import Problem

if TYPE_CHECKING:
    from consentlint.formats.table_file import TableLayout
    from consentlint.linter.part_scan import Scanned


class PartReport:
    """The problems and hashes of the items of one part.

    Rows are numbers of items, from 0 within the part.
    """

    def __init__(  # noqa: PLR0913 - the columns of a report
        self,
        part: Part,
        items: int,
        layout: Sequence[int],
        errors: Sequence[tuple[int, ParseError]],
        rows: "array[int]",
        codes: "array[int]",
        ids: "array[int]",
        pairs: "array[int]",
        first_item: int,
    ) -> None:
        self.part = part
        self.items = items
        self.layout = layout
        self.errors = errors
        self.rows = rows
        """The row of each problem."""
        self.codes = codes
        """The code of each problem (see `Engine.problems`)."""
        self.ids = ids
        """The hash of each item's id, 0 for none."""
        self.pairs = pairs
        """The hash of each item's contact and sender, 0 for none; empty for contacts."""
        self.first_item = first_item
        """The number of the first item in its file."""

    @classmethod
    def of(cls, part: Part, scanned: "Scanned", first_item: int) -> "PartReport":
        """Return the report of a part that was scanned."""
        return cls(
            part,
            scanned.items,
            # Millions of blank lines have a layout, too.
            scanned.layout if scanned.items else (),
            scanned.errors,
            scanned.rows,
            scanned.codes,
            scanned.ids,
            scanned.pairs,
            first_item,
        )

    def cut(self, items: int) -> None:
        """Drop all but the first items."""
        count = bisect_left(self.rows, items)
        self.rows, self.codes = self.rows[:count], self.codes[:count]
        self.items, self.ids, self.pairs = items, self.ids[:items], self.pairs[:items]

    def keep(self, codes: Collection[int]) -> None:
        """Drop the problems that have none of these codes."""
        kept = [at for at, code in enumerate(self.codes) if code in codes]
        self.rows = array("I", [self.rows[at] for at in kept])
        self.codes = array("I", [self.codes[at] for at in kept])

    def rows_with(self, codes: Collection[int]) -> set[int]:
        """Return the rows that have a problem with one of these codes."""
        return set(compress(self.rows, map(codes.__contains__, self.codes)))

    def read(self, rows: Sequence[int]) -> Iterator[Item]:
        """Parse some items again; their index is their number in the file."""
        for item in self.part.items(rows, self.layout):
            item.index += self.first_item
            yield item

    def good_rows(self) -> list[int]:
        """Return the rows of all items that could be parsed."""
        bad = {row for row, error in self.errors if error.item is not None}
        return [row for row in range(self.items) if row not in bad]


class ColumnProblem(NamedTuple):
    """A problem with a table, most often with a column, reported once for the file."""

    problem: Problem
    start: int
    end: int
    """Where in the header, or in the source."""
    message: str = ""
    """What to say instead of what the rule says about an item."""
    source: Source | None = None
    """The row that it is about; None for the header."""
    records: int = 0
    """How many items have the problem because of the column."""


class FileReport:
    """What is known of one file.

    Args:
        name: the file's name as it is shown, None for items that came from no file.
    """

    def __init__(self, name: str | None) -> None:
        self.name = name
        self.format = ""
        """One of `formats.FORMATS`; empty if it could not be detected."""
        self.table: TableLayout | None = None
        """Where the cells are if it is a workbook, a Parquet or an Arrow file: each line is a row."""
        self.endpoint: Endpoint | None = None
        """None if it could not be detected."""
        self.header: Header | None = None
        self.column_problems: list[ColumnProblem] = []
        self.parts: list[PartReport] = []
        self.errors: list[ParseError] = []
        """Parse errors that come after all items, or instead of them."""
        self.services: frozenset[int] = frozenset()
        """The hashes of the Messaging Services in it."""
        self.request_limit: int | None = None
        """How many items the file may hold, None for any number."""
        self.is_cut = False
        """Whether nothing after some parse error could be read."""
        self.malformed = 0
        """How many items are in no part because none could be parsed, so their kind is unknown."""

    @property
    def items(self) -> int:
        """How many items were checked or could not be parsed."""
        return sum(part.items for part in self.parts) + self.malformed

    def drop_rules(self, rules: Collection[str], problems: Sequence[Problem]) -> None:
        """Drop the problems of some rules.

        Args:
            rules: the names of the rules.
            problems: the problem of each code.
        """
        self.column_problems = [
            found for found in self.column_problems if found.problem.rule not in rules
        ]
        codes = {code for code, problem in enumerate(problems) if problem.rule not in rules}
        for part in self.parts:
            part.keep(codes)

    @property
    def has_lines(self) -> bool:
        """Whether each item begins on a line of its own."""
        return self.format in ("csv", "jsonl")

    @property
    def unit(self) -> str:
        """What a message counts in it: "line", "row" or "item"."""
        if self.table is not None:
            return "row"
        return "line" if self.has_lines else "item"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found in the file: no item, and nothing that is not one."""
        return not (self.items or self.errors or any(part.errors for part in self.parts))


class Positions:
    """Numbers the items of several files as one list.

    Args:
        files: the files.
    """

    def __init__(self, files: Sequence[FileReport]) -> None:
        self._files = files
        self._starts = list(accumulate((file.items for file in files), initial=0))

    def start(self, file: FileReport) -> int:
        """Return the position of the first item of a file."""
        return self._starts[self._files.index(file)]

    def name(self, position: int, current: FileReport | None) -> str:
        """Return how a message names an item, such as "line 6"."""
        number = bisect_right(self._starts, position) - 1
        # Files without items share their start with the next one.
        file = self._files[min(number, len(self._files) - 1)]
        index = position - self._starts[number]
        where = f" of {file.name}" if file is not current and file.name else ""
        if file.has_lines:
            return f"{file.unit} {line_of_item(file, index)}{where}"
        return f"item {index} (counted from 0){where}"


def line_of_item(file: FileReport, index: int) -> int:
    """Return the line of an item of a file that is read by lines."""
    at = bisect_right(file.parts, index, key=lambda part: part.first_item) - 1
    part = file.parts[at]
    return first_line_of(cast("LinePart", part.part), index - part.first_item, part.layout)
