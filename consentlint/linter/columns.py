"""What is reported once of a table: its columns, and what many of its rows have in common."""

from typing import TYPE_CHECKING

from consentlint.formats import REPEATED_HEADER, Remark
from consentlint.linter.engine import Engine
from consentlint.linter.file_report import ColumnProblem, FileReport
from consentlint.model.endpoints import SUPERSEDED_BY
from consentlint.model.findings import FileError
from consentlint.model.items import Header, ParseError, Source
from consentlint.rules.csv_form import DELIMITER, ambiguous_csv
from consentlint.text.plurals import counted

if TYPE_CHECKING:
    from consentlint.formats.table_file import TableLayout

_NO_NAME = "the header ends with a delimiter, so its last column has no name. Remove the delimiter."


def column_problems(
    header: Header, engine: Engine, table: "TableLayout | None" = None
) -> list[ColumnProblem]:
    """Return the problems with the header of a table.

    Args:
        header: the columns.
        engine: the checks of the items.
        table: the cells if it is a workbook, a Parquet or an Arrow file.
    """
    found = []
    problem = ambiguous_csv(DELIMITER)
    if header.delimiter == "|" and problem.rule in engine.order:
        found.append(ColumnProblem(problem, 0, len(header.source.text.rstrip())))
    known = {*engine.endpoint.fields, SUPERSEDED_BY}
    if known.issuperset(header.columns):
        return found
    has_other_data = table is not None and table.kind != "workbook"
    for problem in engine.check_columns(header.columns, {}):
        if has_other_data and problem.detail != "suggestion":
            # A table of a database has columns for other purposes.
            continue
        start, end = header.source.span(problem.field, header.columns)
        is_last = problem.field == "" == header.columns[-1]
        found.append(ColumnProblem(problem, start, end, _NO_NAME if is_last else ""))
    return found


def report_remark(remark: Remark, report: FileReport, engine: Engine | None) -> None:
    """Report what some rows of a table have in common.

    Args:
        remark: what it is, with its location in the file.
        report: the file.
        engine: the checks of its items, None if none ran.
    """
    if remark.kind == REPEATED_HEADER:
        report.errors.append(_repeated_header(remark))
        return
    problem = ambiguous_csv(remark.kind, remark.records)
    if engine is not None and problem.rule in engine.order:
        source = Source(remark.text, remark.location, lambda _: ())
        start = remark.offset
        report.column_problems.append(ColumnProblem(problem, start, start + 1, source=source))


def _repeated_header(remark: Remark) -> ParseError:
    message = "the header is repeated here. Remove the line."
    if remark.records > 1:
        message = (
            f"the header is repeated here and on {counted(remark.records - 1, 'more line')}. Remove"
            " these lines: awk 'NR == 1 { h = $0 } NR == 1 || $0 != h' FILE > items.csv"
        )
    return ParseError(FileError.MALFORMED, message, remark.location, text=remark.text)
