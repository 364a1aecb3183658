"""The fixes of findings: in words, and as edits of the file."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from consentlint.linter.engine import Engine
from consentlint.linter.file_report import FileReport
from consentlint.model.findings import Edit, Fix
from consentlint.model.items import Item, ParseError
from consentlint.model.settings import Settings
from consentlint.rules import Problem

if TYPE_CHECKING:
    from consentlint.linter.repair_search import Advice, Key, Repairer
    from consentlint.rules.repairs import Repair


class FindingFixes:
    """Finds the fixes of the findings of a file.

    Args:
        file: the file.
        engine: the checks that found its problems; None if none ran.
        settings: how it was checked.
    """

    def __init__(self, file: FileReport, engine: Engine | None, settings: Settings) -> None:
        self._file = file
        self._engine = engine
        self._settings = settings
        self._repairer: Repairer | None = None

    def advise(self, problem: Problem, fields: Mapping[str, object]) -> "Advice":
        """Return what to do about a problem of an item with these fields."""
        return self._repairs().find(problem, fields)

    def key(self, problem: Problem, fields: Mapping[str, object]) -> "Key | None":
        """Return all that the advice about a problem depends on, None if it rarely repeats."""
        return self._repairs().key(problem, fields)

    def _repairs(self) -> "Repairer":
        if self._repairer is None:
            # Imported here: a clean run has nothing to repair.
            from consentlint.linter.repair_search import Repairer

            assert self._engine is not None
            self._repairer = Repairer(self._engine)
        return self._repairer

    def of_repair(self, repair: "Repair", item: Item | None) -> Fix | None:
        """Return the fix that a repair is.

        Args:
            repair: the repair.
            item: the item; None for a column.
        """
        if self._file.table is not None:
            # Only text files are written.
            return None
        if item is None and repair.renames is not None:
            # Columns are renamed only if they prevent the rows from being read.
            return None
        if item is not None and not item.repeated.keys().isdisjoint((repair.field, repair.renames)):
            # Which of the values of a duplicate key counts is not certain.
            return None
        # A report would differ from run to run.
        has_edits = self._settings.edits or (self._settings.show_values and not repair.is_random)
        if item is None or not has_edits:
            return Fix(repair.hint, repair.is_safe, ())
        return Fix(repair.hint, repair.is_safe, tuple(self._edits(repair, item)))

    def of_error(self, error: ParseError) -> Fix | None:
        """Return the fix of a parse error; only names can be fixed."""
        if not error.renames or self._file.table is not None:
            return None
        names = ", ".join(f'"{rename.field}"' for rename in error.renames)
        what = "columns" if len(error.renames) > 1 else "column"
        edits = (
            Edit(rename.offset, rename.end_offset, rename.field)
            for rename in error.renames
            if rename.offset is not None and rename.end_offset is not None
        )
        has_edits = self._settings.edits or self._settings.show_values
        return Fix(f"Rename the {what} to {names}.", True, tuple(edits) if has_edits else ())

    def _edits(self, repair: "Repair", item: Item) -> Iterator[Edit]:
        from consentlint.formats.edits import Changes, can_edit, edit_item

        source, header = item.source, self._file.header
        if source is None:
            return
        renames = {} if repair.renames is None else {repair.renames: repair.field}
        values = {} if renames else {repair.field: repair.value}
        delimiter = "," if header is None else header.delimiter
        changes = Changes(values, renames)
        if not can_edit(item, changes):
            return
        for edit in edit_item(source, changes, self._file.format, delimiter):
            start, end = source.locate(edit.start), source.locate(edit.end)
            yield Edit(start.offset, end.offset, edit.text)
