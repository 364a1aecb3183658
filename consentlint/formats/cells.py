"""The texts of cells, and their names."""

import json
from datetime import date, datetime

UNCALCULATED = "#UNCALCULATED!"
"""The text of a cell with a formula that has no value."""

_MAX_EXACT = 10**15
_MAX_INT = 10**300


def cell_text(value: object) -> str:
    """Return the text of a value, as CSV would have it.

    A whole number is exact up to 15 digits; a larger one of a workbook has lost digits, and stays in
    scientific notation so that nobody takes it for a phone number.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124 - it is not a number
            return ""
        if abs(value) >= _MAX_EXACT:
            return f"{value:e}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, default=str)
    # Python does not write an int of thousands of digits.
    is_huge = isinstance(value, int) and abs(value) >= _MAX_INT
    return "#TOO-LONG!" if is_huge else str(value)


def column_letters(number: int) -> str:
    """Return the letters of a column of a sheet.

    Args:
        number: the number of the column, from 1.
    """
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
