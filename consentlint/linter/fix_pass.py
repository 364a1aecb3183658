"""Find the edits that repair what can be repaired in a file that was checked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from consentlint.formats.csv_edits import format_cell
from consentlint.formats.edits import Changes, TextEdit, apply_edits, can_edit, edit_item
from consentlint.linter.checked_file import CheckedFile
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport, PartReport
from consentlint.linter.read import read_content
from consentlint.linter.repair_search import Repairer
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.findings import FileError
from consentlint.model.items import MISSING, Item, ParseError, Rename
from consentlint.model.settings import ReadOptions
from consentlint.rules import Problem
from consentlint.rules.keys import UNKNOWN_FIELD
from consentlint.rules.repairs import Repair

# What has no contact may be something else that has a status and a source.
_CONTACT = "contact_id"


class FileEdit(NamedTuple):
    """A replacement of bytes of a file."""

    offset: int
    end_offset: int
    content: bytes


class HeaderChange(NamedTuple):
    """A header before and after its columns were renamed, or more were inserted."""

    line: int
    before: str
    after: str


class Log(Protocol):
    """Collects the fixes of a pass."""

    def add(self, report: FileReport, item: Item, done: Sequence[tuple[Problem, Repair]]) -> None:
        """Note the repairs of an item."""

    def add_rename(self, report: FileReport, error: ParseError, rename: Rename) -> None:
        """Note a column that gets another name."""


class FixPass:
    """Finds the edits of a file, once.

    Args:
        checked: the file.
        log: collects the fixes.
        unsafe: True to apply repairs that assume something.
    """

    def __init__(self, checked: CheckedFile, log: Log, *, unsafe: bool) -> None:
        self._checked = checked
        self._report = checked.report
        self._log = log
        self._unsafe = unsafe
        header = self._report.header
        self._delimiter = "," if header is None else header.delimiter
        self._columns = None if header is None else frozenset(header.columns)
        self._of_all_rows: list[Problem] = []
        self._inserted: list[str] = []
        self.header: HeaderChange | None = None
        """What became of the header, once the edits were made."""
        self.unsafe_fixable = 0
        """How many problems of items without a fix only an unsafe one removes."""

    def edits(self) -> Iterator[FileEdit]:
        """Yield the edits, in the order of the file."""
        yield from self._renames()
        yield from self._key_renames()
        engine = self._checked.engine
        if engine is None or not self._report.parts:
            return
        if self._columns is not None and _CONTACT not in self._columns:
            return
        repairer = Repairer(engine)
        self._find_column_repairs(repairer)
        yield from self._new_columns()
        for part in self._report.parts:
            yield from self._part(part, repairer, engine)

    def _renames(self) -> Iterator[FileEdit]:
        """Yield the edits of columns with a name that surely means a field."""
        edits = []
        for error in self._report.errors:
            for rename in error.renames:
                if rename.offset is None or rename.end_offset is None or error.location is None:
                    continue
                start = error.offset
                end = start + len(self._load(rename.offset, rename.end_offset))
                cell = format_cell(rename.field, error.text[start:end], self._delimiter)
                edits.append(TextEdit(start, end, cell))
                self._log.add_rename(self._report, error, rename)
                after = apply_edits(error.text, edits)
                self.header = HeaderChange(error.location.line, error.text, after)
                yield FileEdit(rename.offset, rename.end_offset, cell.encode())

    def _key_renames(self) -> Iterator[FileEdit]:
        """Yield the edits of keys that prevented the items from being read."""
        renames = key_renames(self._report)
        content = self._checked.content
        if not renames or content is None:
            return
        for item in read_content(content, self._report.format, ReadOptions()):
            if not isinstance(item, Item):
                continue
            own = {
                name: field
                for name, field in renames.items()
                if name in item.fields and field not in item.fields
            }
            changes = Changes({}, own)
            is_record = _CONTACT in item.fields or _CONTACT in own.values()
            if own and is_record and can_edit(item, changes):
                done = [
                    (Problem(UNKNOWN_FIELD.name, name), _rename(item, name, field))
                    for name, field in own.items()
                ]
                yield from self._edits(item, changes, done)

    def _load(self, start: int, end: int) -> str:
        assert self._checked.content is not None
        return self._checked.content.load(start, end).decode()

    def _find_column_repairs(self, repairer: Repairer) -> None:
        """Find the problems of all rows that were reported once for a column."""
        header = self._report.header
        if header is None:
            return
        for found in self._report.column_problems:
            field = found.problem.field
            repair = None
            if found.problem.detail == "missing" and field is not None:
                repair = repairer.advise(found.problem, {}).repair
            if repair is None or not (repair.is_safe or self._unsafe):
                continue
            if field in header.columns:
                self._of_all_rows.append(found.problem)
            elif field is not None and self._can_insert_column():
                self._of_all_rows.append(found.problem)
                self._inserted.append(field)

    def _can_insert_column(self) -> bool:
        """Tell whether every row of the table was read, so that each can get a cell."""
        errors = self._report.errors or any(part.errors for part in self._report.parts)
        return not errors

    def _new_columns(self) -> Iterator[FileEdit]:
        """Yield the edit of a header that gets columns, in front of the others.

        A row may have too few or too many cells at its end, but not at its start.
        """
        header = self._report.header
        if header is not None and self._inserted:
            cells = self._cells(self._inserted, header.source.text)
            text, where = header.source.text, header.source.location
            self.header = HeaderChange(where.line, text, cells.decode() + text)
            yield FileEdit(where.offset, where.offset, cells)

    def _cells(self, values: Sequence[str], following: str) -> bytes:
        cells = (format_cell(value, following, self._delimiter) for value in values)
        return "".join(f"{cell}{self._delimiter}" for cell in cells).encode()

    def _part(self, part: PartReport, repairer: Repairer, engine: Engine) -> Iterator[FileEdit]:
        by_row: dict[int, list[Problem]] = {}
        for row, code in zip(part.rows, part.codes, strict=True):
            by_row.setdefault(row, []).append(engine.problems[code])
        rows = part.good_rows() if self._of_all_rows else sorted(by_row)
        if not rows:
            return
        for row, item in zip(rows, part.read(rows), strict=True):
            problems = [*self._of_all_rows, *by_row.get(row, ())]
            if item.fields.get(SUPERSEDED_BY):
                problems = []
            yield from self._item(item, problems, repairer)

    def _item(
        self, item: Item, problems: Sequence[Problem], repairer: Repairer
    ) -> Iterator[FileEdit]:
        source = item.source
        assert source is not None
        done, repaired = repairer.repair(item.fields, problems, unsafe=self._unsafe)
        changes = _changes(item.fields, done, repaired)
        # The total line of a table has a text or nothing there.
        is_record = any(map(str.isdigit, str(repaired.get(_CONTACT, ""))))
        if not is_record or not can_edit(item, changes):
            done, changes = [], Changes({}, {})
        if self._inserted:
            at = source.location.offset
            new = [str(changes.values.get(field, "")) for field in self._inserted]
            yield FileEdit(at, at, self._cells(new, source.text))
        if not done and not self._unsafe:
            repairs = (repairer.advise(problem, item.fields).repair for problem in problems)
            self.unsafe_fixable += sum(
                repair is not None and not repair.is_safe for repair in repairs
            )
        yield from self._edits(item, changes, done)

    def _edits(
        self, item: Item, changes: Changes, done: Sequence[tuple[Problem, Repair]]
    ) -> Iterator[FileEdit]:
        """Yield the edits that make changes in an item, and note the repairs."""
        source = item.source
        assert source is not None
        if done:
            self._log.add(self._report, item, done)
        for edit in edit_item(source, changes, self._report.format, self._delimiter):
            start = source.locate(edit.start).offset
            end = start + len(source.text[edit.start : edit.end].encode())
            yield FileEdit(start, end, edit.text.encode())


def key_renames(report: FileReport) -> dict[str, str]:
    """Return the field that each misnamed key of the items means, if they cannot be read."""
    return {
        rename.name: rename.field
        for error in report.errors
        for rename in error.renames
        if rename.offset is None
    }


def _rename(item: Item, name: str, field: str) -> Repair:
    return Repair(field, item.fields[name], f'Rename it to "{field}".', renames=name)


def can_be_fixed(checked: CheckedFile) -> bool:
    """Tell whether a file was read to its end, so that none of it would be lost."""
    content = checked.content
    if content is None or content.failure is not None:
        return False
    return all(error.error is not FileError.UNREADABLE for error in checked.report.errors)


def _changes(
    fields: Mapping[str, object],
    done: Sequence[tuple[Problem, Repair]],
    repaired: Mapping[str, object],
) -> Changes:
    """Return what differs between an item and the repaired one."""
    renames = {repair.renames: repair.field for _, repair in done if repair.renames is not None}
    before = {renames.get(key, key): value for key, value in fields.items()}
    values = {
        field: repaired.get(field, MISSING)
        for field in dict.fromkeys(repair.field for _, repair in done)
        if repaired.get(field, MISSING) is not before.get(field, MISSING)
    }
    return Changes(values, renames)
