"""What was fixed: counts, and examples of each kind."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from consentlint.linter.file_report import FileReport
from consentlint.linter.quote import Quoter
from consentlint.model.endpoints import CONSENTS
from consentlint.model.items import Item, ParseError, Rename
from consentlint.rules import Problem
from consentlint.rules.repairs import Repair
from consentlint.text.masking import printable, shown

_MAX_EXAMPLES = 5


class Fixed(NamedTuple):
    """A fix that was applied."""

    line: int
    column: int
    text: str
    """What was fixed and how, masked."""


class FixKind:
    """Fixes of the same problem in the same way."""

    def __init__(self) -> None:
        self.count = 0
        self.examples: list[Fixed] = []
        """The first of them."""

    def copy(self) -> "FixKind":
        """Return a copy that can be changed."""
        kind = FixKind()
        kind.count, kind.examples = self.count, [*self.examples]
        return kind


class FixLog:
    """Counts the fixes of a file.

    Args:
        show_values: True to show phone numbers in full.
    """

    def __init__(self, *, show_values: bool) -> None:
        self._show_values = show_values
        self._kinds: dict[tuple[str, str], FixKind] = {}
        self._touched = bytearray()
        self.problems = 0
        """How many problems were fixed."""

    def copy(self) -> "FixLog":
        """Return a copy, for a pass that may have to be undone."""
        log = FixLog(show_values=self._show_values)
        log._kinds = {key: kind.copy() for key, kind in self._kinds.items()}
        log._touched = self._touched[:]
        log.problems = self.problems
        return log

    def cleared(self) -> "FixLog":
        """Return an empty log with the same options."""
        return FixLog(show_values=self._show_values)

    @property
    def records(self) -> int:
        """How many items were changed."""
        return self._touched.count(1)

    def is_touched(self, index: int) -> bool:
        """Tell whether an item was changed."""
        return index < len(self._touched) and bool(self._touched[index])

    def kinds(self) -> Iterator[FixKind]:
        """Yield the kinds of fixes, in the order in which they were first applied."""
        yield from self._kinds.values()

    def add(self, report: FileReport, item: Item, done: Sequence[tuple[Problem, Repair]]) -> None:
        """Note the repairs of an item."""
        if item.index >= len(self._touched):
            self._touched.extend(bytes(item.index + 1 - len(self._touched)))
        self._touched[item.index] = 1
        for problem, repair in done:
            kind = self._add(problem.rule, repair.hint)
            if len(kind.examples) < _MAX_EXAMPLES:
                kind.examples.append(self._example(report, item, problem, repair))

    def add_rename(self, report: FileReport, error: ParseError, rename: Rename) -> None:
        """Note a column that gets another name."""
        kind = self._add(str(error.error), "rename")
        if len(kind.examples) < _MAX_EXAMPLES and error.location is not None:
            text = f'column "{shown(rename.name)}": Rename it to "{rename.field}".'
            kind.examples.append(Fixed(error.location.line, error.location.column, text))

    def _add(self, rule: str, hint: str) -> FixKind:
        self.problems += 1
        # A hint may name the repaired value.
        kind = self._kinds.setdefault((rule, re.sub("[0-9]+", "0", hint)), FixKind())
        kind.count += 1
        return kind

    def _example(self, report: FileReport, item: Item, problem: Problem, repair: Repair) -> Fixed:
        assert item.source is not None
        fields = (report.endpoint or CONSENTS).fields
        quote = Quoter(show_values=self._show_values, positions=None, file=report)
        start, _ = item.source.span(problem.field, fields)
        where = item.source.locate(start)
        field = problem.field or ""
        named = field if field in fields else quote(field)
        value = quote(item.fields.get(field), field) if field in fields else ""
        assumed = f" Assumed: {repair.assumes}." if repair.assumes else ""
        text = f"{named}{' ' if value else ''}{value}: {repair.hint}{assumed}"
        return Fixed(where.line, where.column, printable(text))
