"""What to say about a column of a table that has no text."""

from consentlint.text.masking import shown


def type_error(column: str, field: str, found: str) -> str:
    """Return the message about a column that has no text.

    Args:
        column: the name of the column.
        field: the field that it has; empty for a column of JSON texts.
        found: its type, as the engine calls it.
    """
    what = f'column "{shown(column)}" is {shown(found)}, expected string.'
    is_date = field == "date_of_consent" and ("time" in found or "date" in found)
    form = ' in the form "2025-06-02T15:30:00Z"' if is_date else ""
    return f"{what} Cast it to the text that you will send{form}, so that exactly that is checked."
