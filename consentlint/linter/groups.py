"""Group the problems of a file that a report for people shows once, with a count.

Groups are made from codes, before any item is read again: only the findings that are shown cost
words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport, PartReport, line_of_item
from consentlint.model.findings import More
from consentlint.model.items import ParseError
from consentlint.rules import Problem

SHOWN = 5
"""How many findings of a group are shown, unless a report wants more."""

UNUSED_SHOWN = 2
"""How many columns that mean no field are shown; an export has dozens."""

_UNKNOWN_FIELD = "unknown-field"
_UNKNOWN_SHOWN = 1
"""Each unknown key is a group of its own, and the same in every item."""

# What may differ between messages about the same kind of parse error; "1 cell" and "2 cells".
_VARYING = r'"[^"]*"|0x[0-9a-f]+|[0-9][0-9,]*(?: [a-z]+)?'


class _Group:
    """Findings of one file with the same rule, field and kind of fault."""

    __slots__ = ("count", "first", "last", "shown")

    def __init__(self, shown: int) -> None:
        self.shown = shown
        self.count = 0
        self.first: list[int] = []
        """The numbers of the items that are shown, and of the first that is not."""
        self.last = -1

    @property
    def is_complete(self) -> bool:
        """Whether it is known which items are shown, and where the others begin."""
        return len(self.first) > self.shown

    @property
    def is_gapless(self) -> bool:
        """Whether every item from the first that is not shown to the last belongs to it."""
        return self.last - self.first[self.shown] == self.count - self.shown - 1

    def ends_with(self, number: int | None) -> bool:
        """Tell whether an item is the last one that is shown, and others are not."""
        return self.is_complete and self.first[self.shown - 1] == number

    def add(self, number: int) -> bool:
        """Add the finding about an item, and return whether it is shown."""
        self.count += 1
        self.last = number
        if not self.is_complete:
            self.first.append(number)
        return len(self.first) <= self.shown


def is_unused(problem: Problem) -> bool:
    """Tell whether a problem is about a column or key that probably means no field."""
    return problem.rule == _UNKNOWN_FIELD and problem.detail in ("unused", "missing")


class Groups:
    """Which findings of a file are shown, and how many like them are not.

    Args:
        file: the file.
        engine: the checks that found its problems; None if none ran.
        shown: how many findings of a group are shown.
    """

    def __init__(self, file: FileReport, engine: Engine | None, shown: int) -> None:
        self._file = file
        self._shown = shown
        self._by_kind: dict[tuple[str, str | None, str], _Group] = {}
        self._by_code: dict[int, _Group] = {}
        self._problems: dict[PartReport, list[tuple[int, int]]] = {}
        self._errors: dict[ParseError, _Group] = {}
        for part in file.parts:
            if part.codes:
                assert engine is not None
                self._problems[part] = self._add_problems(part, engine)
            self._add_errors(error for _, error in part.errors)
        self._add_errors(file.errors)

    def problems(self, part: PartReport) -> Sequence[tuple[int, int]]:
        """Return the rows and codes of the problems of a part that are shown."""
        return self._problems.get(part, ())

    def is_shown(self, error: ParseError) -> bool:
        """Tell whether a parse error is shown."""
        return error.item is None or error in self._errors

    def more(self, found: int | ParseError, item: int | None) -> More | None:
        """Return which findings of a group are not shown, if this is the last one that is.

        Args:
            found: the code of a problem, or a parse error.
            item: the number of its item.
        """
        if isinstance(found, ParseError):
            group, number = self._errors.get(found), self._number(found)
        else:
            group, number = self._by_code[found], item
        if group is None or not group.ends_with(number):
            return None
        first, last = group.first[group.shown], group.last
        if self._file.has_lines and not isinstance(found, ParseError):
            first, last = line_of_item(self._file, first), line_of_item(self._file, last)
        unit = self._file.unit
        if first == last:
            where = f"{unit} {first}"
        elif group.is_gapless:
            where = f"{unit}s {first}–{last}"
        else:
            where = f"between {unit}s {first} and {last}"
        if unit == "item":
            where += " (counted from 0)"
        return More(group.count - group.shown, where)

    def _add_problems(self, part: PartReport, engine: Engine) -> list[tuple[int, int]]:
        """Count the problems of a part, and return those that are shown."""
        counts = Counter(part.codes)
        for code in counts.keys() - self._by_code.keys():
            problem = engine.problems[code]
            kind = (problem.rule, problem.field, problem.detail)
            shown = _UNKNOWN_SHOWN if problem.rule == _UNKNOWN_FIELD else self._shown
            self._by_code[code] = self._by_kind.setdefault(kind, _Group(shown))
        groups = self._by_code
        if all(groups[code].is_complete for code in counts):
            # The last row of each code remains.
            last = dict(zip(part.codes, part.rows, strict=True))
            for code, count in counts.items():
                group = groups[code]
                group.count += count
                group.last = max(group.last, part.first_item + last[code])
            return []
        first = part.first_item
        return [
            (row, code)
            for row, code in zip(part.rows, part.codes, strict=True)
            if groups[code].add(first + row)
        ]

    def _add_errors(self, errors: Iterable[ParseError]) -> None:
        for error in errors:
            number = self._number(error)
            # An error about the file as a whole is shown in any case.
            if error.item is None or number is None:
                continue
            kind = (str(error.error), None, re.sub(_VARYING, "", error.message))
            group = self._by_kind.setdefault(kind, _Group(self._shown))
            if group.add(number):
                self._errors[error] = group

    def _number(self, error: ParseError) -> int | None:
        """Return the line of a parse error, or the number of its item."""
        if self._file.has_lines and error.location is not None:
            return error.location.line
        return error.item
