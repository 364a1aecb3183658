"""Edit the records and the header of a table."""

from consentlint.formats.edits import Changes, TextEdit
from consentlint.model.items import MISSING, Source


def edit_record(source: Source, changes: Changes, delimiter: str) -> list[TextEdit]:
    """Return the edits of a record; fields without a cell in it do not change.

    Args:
        source: the record as it is written.
        changes: what to change.
        delimiter: between cells.
    """
    edits = []
    for field, value in changes.values.items():
        member = source.member(field)
        if member is not None:
            old = source.text[member.start : member.end]
            new = "" if value is MISSING else format_cell(str(value), old, delimiter)
            edits.append(TextEdit(member.start, member.end, new))
    return sorted(edits)


def format_cell(value: str, old: str, delimiter: str) -> str:
    """Return a value as a cell, in quotes if it needs them or the old one has them.

    Args:
        value: the value.
        old: the cell that it replaces, as it is written.
        delimiter: between cells.
    """
    if old.startswith('"') or any(each in value for each in f'{delimiter}"\r\n'):
        escaped = value.replace('"', '""')
        return f'"{escaped}"'
    return value
