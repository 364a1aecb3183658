"""Where findings are, as their columns say it."""

from typing import TYPE_CHECKING, NamedTuple

from consentlint.model.items import Location, Source, locate

if TYPE_CHECKING:
    from consentlint.formats.table_file import TableLayout


class Range(NamedTuple):
    """The columns of a `Finding` that give its location."""

    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    offset: int | None = None
    end_offset: int | None = None
    cell: str | None = None


NOWHERE = Range()


def text_range(source: Source, start: int, end: int) -> Range:
    """Return the range between two characters of a source."""
    begin = source.locate(start)
    finish = locate(source.text[start:end], begin)
    return Range(begin.line, begin.column, finish.line, finish.column, begin.offset, finish.offset)


def error_range(where: Location, table: "TableLayout | None") -> Range:
    """Return the range of one character, or of the cell of a header."""
    line, column, offset = where
    if table is not None:
        return cell_range(table, line, column if line == table.header_row else None)
    return Range(line, column, line, column + 1, offset, offset + 1)


def cell_range(table: "TableLayout", row: int, column: int | None) -> Range:
    """Return the range of a cell.

    Args:
        table: where the cells are.
        row: the row, from 1.
        column: the number of the column, from 1; None for the whole row.
    """
    if not row:
        # The names of the columns are in no row.
        return NOWHERE
    first = column or table.first_column + 1
    return Range(row, first, row, first + 1, cell=table.cell(row, column))
