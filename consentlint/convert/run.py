"""Convert files: rows in batches, counted so that what is kept and left out adds up."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from consentlint.convert.ids import NewIds
from consentlint.convert.mapping import ColumnError, ColumnMapping, ConvertError
from consentlint.convert.processes import converted
from consentlint.convert.rows import RowConverter
from consentlint.convert.sorting import SortingWriter
from consentlint.convert.status import LeftOut
from consentlint.convert.tables import Row, Table, TableOptions, header_elsewhere, open_table
from consentlint.convert.values import ValueReader
from consentlint.convert.writers import LeftOutWriter, Writer, item_writer, text_file
from consentlint.fields.iso8601 import parse
from consentlint.model.endpoints import CONSENTS
from consentlint.model.settings import Settings
from consentlint.text.masking import printable, shown

_MAX_REASONS = 1_000
_MAX_EXAMPLES = 3
_MAX_LISTED = 12
_OTHER_REASONS = "other reasons"


@dataclass
class Reason:
    """Why some rows were left out."""

    rows: int = 0
    is_decided: bool = True
    examples: list[str] = field(default_factory=list)
    """The places of the first of them, with masked values; empty if the mapping decides."""


class Totals:
    """What was read, written and left out."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        """By file."""
        self.kept = 0
        self.by_status: Counter[str] = Counter()
        self.undated = 0
        self.without_offset = 0
        self.reasons: defaultdict[str, Reason] = defaultdict(Reason)
        self.notes: list[str] = []

    @property
    def left_out(self) -> int:
        """How many rows became no item."""
        return sum(reason.rows for reason in self.reasons.values())

    @property
    def needs_decision(self) -> bool:
        """Whether a row was left out that the mapping does not decide."""
        return not all(reason.is_decided for reason in self.reasons.values())

    def leave_out(self, table: Table, row: Row, left: LeftOut) -> None:
        """Count a row that becomes no item."""
        text = left.reason
        if text not in self.reasons and len(self.reasons) >= _MAX_REASONS:
            text = _OTHER_REASONS
        reason = self.reasons[text]
        reason.rows += 1
        if not left.is_decided:
            reason.is_decided = False
            if len(reason.examples) < _MAX_EXAMPLES:
                place = table.place(row.number, left.column)
                reason.examples.append(f"{place}: {left.shown}" if left.shown else place)

    def keep(self, items: Sequence[Sequence[str]], *, are_consents: bool) -> None:
        """Count items."""
        self.kept += len(items)
        if are_consents:
            self.by_status.update([item[2] for item in items])
            dates = [item[4] for item in items]
            self.undated += dates.count("")
            self.without_offset += sum(
                1 for date in dates if date and date[-1] != "Z" and not parse(date).has_offset
            )


class Conversion:
    """Converts files to one file of items.

    Args:
        mapping_of: returns the mapping for a file.
        options: how files are read.
        settings: how items are checked.
        new_ids: makes the ids of items.
        progress: called with a table, now and then.
    """

    def __init__(
        self,
        mapping_of: Callable[[str], ColumnMapping],
        options: TableOptions,
        settings: Settings,
        new_ids: NewIds,
        progress: Callable[[Table], None] = lambda _: None,
    ) -> None:
        self._mapping_of = mapping_of
        self._options = options
        self._settings = settings
        self._new_ids = new_ids
        self._progress = progress
        self._jobs: int | None = None
        self.totals = Totals()

    def run(
        self,
        names: Sequence[str],
        output: str,
        left_out: str | None = None,
        *,
        sort: bool = False,
        jobs: int | None = None,
    ) -> Totals:
        """Convert files, and return the totals.

        Args:
            names: the files.
            output: the file for items.
            left_out: the file for rows that become no item, if any.
            sort: True to write consents by date.
            jobs: how many processes may convert rows, None to decide by what they cost.

        Raises:
            ConvertError: a file cannot be read, or its mapping does not fit; nothing is written.
            OSError: the output cannot be written.
        """
        self._jobs = jobs
        mapping = self._mapping_of(names[0])
        endpoint = mapping.endpoint
        with ExitStack() as stack:
            tables = [stack.enter_context(open_table(name, self._options)) for name in names]
            converters = [self._converter(table) for table in tables]
            self._require_columns(converters, tables)
            writer = stack.enter_context(item_writer(output, endpoint.fields))
            others: LeftOutWriter | None = None
            if left_out is not None:
                columns = [column for table in tables for column in table.columns]
                file = stack.enter_context(text_file(left_out))
                others = LeftOutWriter(file, left_out, columns)
            sorting = None
            if sort and endpoint is CONSENTS:
                sorting = SortingWriter(writer, stack, mapping.repair)
            for table, converter in zip(tables, converters, strict=True):
                self._convert(table, converter, sorting or writer, others)
            if sorting is not None:
                sorting.close()
        return self.totals

    def _converter(self, table: Table) -> RowConverter:
        mapping = self._mapping_of(table.name)
        try:
            return RowConverter(table, mapping, ValueReader(mapping, self._settings))
        except ColumnError as error:
            raise ConvertError(f"{error}{self._columns_of(table)}") from None

    def _require_columns(self, converters: Sequence[RowConverter], tables: Sequence[Table]) -> None:
        """Verify that each mapped column is in a table, and that of the number in each."""
        for table, converter in zip(tables, converters, strict=True):
            optional = self._mapping_of(table.name).optional
            for target, names in converter.missing.items():
                column = " or ".join(f'"{printable(name)}"' for name in names)
                missing = f"{printable(table.name)} has no column {column} (for {target})."
                elsewhere = any(target not in other.missing for other in converters)
                if target in optional or (elsewhere and target not in ("contact_id", "status")):
                    if not elsewhere:
                        self.totals.notes.append(missing)
                elif target != "status":
                    raise ConvertError(f"{missing}{self._columns_of(table)}")

    def _columns_of(self, table: Table) -> str:
        """Return which columns a table has, or where its header seems to be."""
        mapped = self._mapping_of(table.name).columns.values()
        wanted = {names[0] for names in mapped if len(names) == 1}
        hint = header_elsewhere(
            table.name, self._options, lambda columns: bool(wanted) and wanted <= {*columns}
        )
        names = ", ".join(f'"{shown(name)}"' for name in table.columns[:_MAX_LISTED])
        more = ", …" if len(table.columns) > _MAX_LISTED else ""
        return f" {hint}" if hint else f" It has: {names}{more}."

    def _convert(
        self, table: Table, converter: RowConverter, writer: Writer, others: LeftOutWriter | None
    ) -> None:
        are_consents = converter.endpoint is CONSENTS
        self.totals.rows[table.name] += 0
        for rows, results in converted(table, converter, self._jobs):
            items: list[tuple[str, ...]] = []
            for row, found in zip(rows, results, strict=True):
                if not isinstance(found, LeftOut):
                    items.append(found)
                    continue
                self.totals.leave_out(table, row, found)
                if others is not None:
                    others.write(table.name, row.number, found.reason, table.columns, row.cells)
            self.totals.rows[table.name] += len(rows)
            self.totals.keep(items, are_consents=are_consents)
            ids = self._new_ids(items)
            writer.write(
                [(item[0], number, *item[1:]) for item, number in zip(items, ids, strict=True)]
            )
            self._progress(table)
