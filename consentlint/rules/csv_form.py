"""Advice about the form of a table: what programs read in different ways."""

from collections.abc import Mapping

from consentlint.model.findings import Severity
from consentlint.rules._rule import Problem, Quote, Rule
from consentlint.text.plurals import counted

_NAME = "ambiguous-csv"

STRAY_QUOTE = "stray-quote"
EXTRA_CELL = "extra-cell"
DELIMITER = "delimiter"


def ambiguous_csv(detail: str, count: int = 1) -> Problem:
    """Return the problem of a table that programs read in different ways.

    Args:
        detail: what is ambiguous about it, one of the constants above.
        count: how many rows are ambiguous.
    """
    return Problem(_NAME, None, detail, (count,))


def _describe(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    (count,) = problem.args
    assert isinstance(count, int)
    if problem.detail == DELIMITER:
        return 'the columns are separated by "|" (vertical bar). Many programs expect commas.'
    if problem.detail == EXTRA_CELL:
        return "rows end with a delimiter after the last column. Remove it."
    rows = f" in {counted(count, 'row')}" if count > 1 else ""
    return (
        f"a quote inside a cell that is not quoted{rows}. Programs read it in different ways: put"
        ' the cell in quotes, and write the quote as "".'
    )


AMBIGUOUS_CSV = Rule(
    name=_NAME,
    reason=None,
    severity=Severity.WARNING,
    describe=_describe,
    docs="""
    Programs read the CSV file in different ways.

    Why:
        Another program may put values into other columns.
    Evidence:
        RFC 4180: a quote may appear only in a cell that is in quotes, written twice, and each row
        has the same number of cells. Its delimiter is the comma.
    Ours:
        Reported once for the file, at the first such row. The row is checked: the quote is part of
        its cell, and empty cells after the last column are left out. A row without the last cells
        is not reported, and its fields are missing; a row that lacks several required fields is
        malformed. Of the delimiters that are read
        (comma, semicolon, tab, vertical bar) only the vertical bar is reported.
    What to do:
        Export the file with a program that puts such cells in quotes, and without a delimiter at
        the end of rows.
    """,
)
