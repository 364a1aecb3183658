"""From problems and parse errors to findings: locations, words, masks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge

from consentlint.linter.command_names import with_file_name
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import ColumnProblem, FileReport, PartReport
from consentlint.linter.finding_fixes import FindingFixes
from consentlint.linter.groups import SHOWN, UNUSED_SHOWN, Groups, is_unused
from consentlint.linter.quote import ItemNames, Quoter
from consentlint.linter.ranges import NOWHERE, cell_range, error_range, text_range
from consentlint.linter.record_counts import severity_of
from consentlint.linter.wording import Wording
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Finding, More, Severity
from consentlint.model.items import Item, ParseError, Source
from consentlint.model.settings import Settings
from consentlint.rules import RULES_BY_NAME, Problem
from consentlint.text.masking import mask


class Locator:
    """Makes the findings of one file.

    Args:
        file: the file.
        engine: the checks that found its problems; None if none ran.
        settings: how it was checked.
        positions: names the items that messages may name.
    """

    def __init__(
        self,
        file: FileReport,
        engine: Engine | None,
        settings: Settings,
        positions: ItemNames | None = None,
    ) -> None:
        self._file = file
        self._engine = engine
        self._settings = settings
        self._fields = (file.endpoint or CONSENTS).fields
        self._quote = Quoter(show_values=settings.show_values, positions=positions, file=file)
        self._fixes = FindingFixes(file, engine, settings)
        self._wording = Wording(self._fields, self._quote, self._fixes)

    def counts(self) -> Iterator[tuple[str, Severity, int]]:
        """Yield the names of rules with a severity and how many findings there are."""
        for found in self._file.column_problems:
            yield found.problem.rule, self._severity(found.problem), 1
        for part in self._file.parts:
            for code, count in Counter(part.codes).items():
                assert self._engine is not None
                problem = self._engine.problems[code]
                yield problem.rule, self._severity(problem), count
            for _, error in part.errors:
                yield str(error.error), Severity.ERROR, 1
        for error in self._file.errors:
            yield str(error.error), Severity.ERROR, 1

    def findings(self, *, grouped: bool = False, group_size: int = SHOWN) -> Iterator[Finding]:
        """Yield the findings of the file, in the order of its lines and columns.

        Args:
            grouped: True for the first findings of each group only.
            group_size: how many of them.
        """
        if grouped:
            yield from self._grouped_header()
            yield from self._grouped_findings(Groups(self._file, self._engine, group_size))
            return
        yield from self.header_findings()
        for part in self._file.parts:
            problems = zip(part.rows, part.codes, strict=True)
            for _, finding in self._part_findings(part, problems, part.errors):
                yield finding
        for error in self._file.errors:
            yield self.error_finding(error)

    def _grouped_findings(self, groups: Groups) -> Iterator[Finding]:
        for part in self._file.parts:
            errors = [(row, error) for row, error in part.errors if groups.is_shown(error)]
            for found, finding in self._part_findings(part, groups.problems(part), errors):
                yield finding._replace(more=groups.more(found, finding.item))
        for error in filter(groups.is_shown, self._file.errors):
            yield self.error_finding(error)._replace(more=groups.more(error, error.item))

    def _grouped_header(self) -> Iterator[Finding]:
        """Yield the findings about columns; of columns that mean no field, the first ones."""
        problems = self._file.column_problems
        unused = [found for found in problems if is_unused(found.problem)]
        hidden = unused[UNUSED_SHOWN:]
        for found in problems:
            if found not in hidden:
                finding = self._column_finding(found)
                if hidden and found is unused[UNUSED_SHOWN - 1]:
                    finding = finding._replace(more=More(len(hidden), f"line {finding.line}"))
                yield finding

    def header_findings(self) -> Iterator[Finding]:
        """Yield the findings about the columns of a table."""
        for found in self._file.column_problems:
            yield self._column_finding(found)

    def items(self) -> Iterator[tuple[Item | ParseError, list[Finding]]]:
        """Yield every item and parse error of the file, with its findings."""
        for part in self._file.parts:
            problems: dict[int, list[Problem]] = {}
            assert self._engine is not None
            for row, code in zip(part.rows, part.codes, strict=True):
                problems.setdefault(row, []).append(self._engine.problems[code])
            rows = part.good_rows()
            items: Iterator[tuple[int, Item | ParseError]] = zip(rows, part.read(rows), strict=True)
            for row, found in merge(items, part.errors, key=lambda pair: pair[0]):
                if isinstance(found, ParseError):
                    yield found, [self.error_finding(found)]
                else:
                    located = [(p, self.item_finding(p, found)) for p in problems.get(row, ())]
                    located.sort(key=lambda pair: _position(*pair))
                    yield found, [finding for _, finding in located]
        for error in self._file.errors:
            yield error, [self.error_finding(error)]

    def _part_findings(
        self,
        part: PartReport,
        problems: Iterable[tuple[int, int]],
        errors: Sequence[tuple[int, ParseError]],
    ) -> Iterator[tuple[int | ParseError, Finding]]:
        """Yield findings of a part, each with the code of its problem or its parse error."""
        by_row: dict[int, list[int]] = {}
        for row, code in problems:
            by_row.setdefault(row, []).append(code)
        rows = sorted(by_row)
        items: Iterator[tuple[int, Item | ParseError]] = zip(
            rows, part.read(rows) if rows else (), strict=True
        )
        for row, found in merge(items, errors, key=lambda pair: pair[0]) if errors else items:
            if isinstance(found, ParseError):
                yield found, self.error_finding(found)
                continue
            assert self._engine is not None
            all_problems = self._engine.problems
            located = [(code, self.item_finding(all_problems[code], found)) for code in by_row[row]]
            if len(located) > 1:
                located.sort(key=lambda pair: _position(all_problems[pair[0]], pair[1]))
            yield from located

    def item_finding(self, problem: Problem, item: Item) -> Finding:
        """Return the finding for a problem with an item."""
        source, field = item.source, problem.field
        start, end = source.span(field, self._fields) if source is not None else (0, 0)
        correlation_id = item.fields.get("correlation_id")
        pointer = None if source is None else source.pointer
        # No member begins where its object does: that is the location of a missing one.
        if self._file.table is not None:
            pointer = None
        has_pointer = source is not None and source.reaches_fields and field is not None and start
        if has_pointer and pointer is not None and field is not None:
            pointer += self._pointer(field)
        return self._finding(
            problem,
            item.fields,
            source,
            start,
            end,
            item=item,
            pointer=pointer,
            correlation_id=(
                self._quote.text(correlation_id, "correlation_id")
                if isinstance(correlation_id, str)
                else None
            ),
        )

    def _column_finding(self, found: ColumnProblem) -> Finding:
        header = self._file.header
        return self._finding(
            found.problem,
            {},
            found.source or (None if header is None else header.source),
            found.start,
            found.end,
            message=found.message,
        )

    def _finding(  # noqa: PLR0913 - a finding has many columns
        self,
        problem: Problem,
        fields: Mapping[str, object],
        source: Source | None,
        start: int,
        end: int,
        *,
        item: Item | None = None,
        pointer: str | None = None,
        correlation_id: str | None = None,
        message: str = "",
    ) -> Finding:
        rule = RULES_BY_NAME[problem.rule]
        field = problem.field
        is_named = field is None or field in self._fields
        header = self._file.header
        names = {} if item is not None or header is None else dict.fromkeys(header.columns, "")
        words = self._wording.of(problem, fields, names)
        where, excerpt = NOWHERE, None
        if source is not None:
            table = self._file.table
            if table is None:
                where = text_range(source, start, end)
            else:
                where = cell_range(table, source.location.line, table.number(field))
            if self._settings.excerpts:
                from consentlint.linter import excerpts

                cut = excerpts.excerpt_of_header if item is None else excerpts.excerpt_of_item
                excerpt = cut(source, start, end, show_values=self._settings.show_values)
        return Finding(
            file=self._file.name,
            **where._asdict(),
            item=None if item is None else item.index,
            pointer=pointer,
            field=field if field is None or is_named else self._quote.text(field),
            rule=rule.name,
            reason=rule.reason,
            severity=self._severity(problem),
            correlation_id=correlation_id,
            value=words.value,
            message=message or words.message,
            url=rule.url,
            fix=words.repair and self._fixes.of_repair(words.repair, item),
            excerpt=excerpt,
        )

    def _severity(self, problem: Problem) -> Severity:
        return severity_of(problem, strict=self._settings.strict)

    def _pointer(self, key: str) -> str:
        """Return the pointer from an item to one of its members."""
        if key in self._fields:
            return f"/{key}"
        # A key that cannot be shown as it is has no pointer of its own.
        if key.isprintable() and (self._settings.show_values or mask(key) == key):
            return f"/{key.replace('~', '~0').replace('/', '~1')}"
        return ""

    def error_finding(self, error: ParseError) -> Finding:
        """Return the finding for a parse error."""
        where, excerpt = NOWHERE, None
        if error.location is not None:
            where = error_range(error.location, self._file.table)
        if self._settings.excerpts:
            from consentlint.linter import excerpts

            excerpt = excerpts.excerpt_of_error(error, show_values=self._settings.show_values)
        return Finding(
            file=self._file.name,
            **where._asdict(),
            item=error.item,
            pointer=error.pointer,
            field=None,
            rule=str(error.error),
            reason=None,
            severity=Severity.ERROR,
            correlation_id=None,
            value=None,
            message=with_file_name(error.message, self._file.name),
            url=RULES_BY_NAME[error.error].url,
            fix=self._fixes.of_error(error),
            excerpt=excerpt,
        )


def _position(problem: Problem, finding: Finding) -> tuple[bool, int]:
    """Return what the findings of an item are sorted by: a count of further keys comes last."""
    return problem.detail == "more", finding.offset or finding.column or 0
