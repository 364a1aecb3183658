"""Write repaired values back into the text of an item, and leave everything else as it is."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from consentlint.model.items import Item, Source


class TextEdit(NamedTuple):
    """A replacement of a part of a text."""

    start: int
    """Index of its first character."""
    end: int
    text: str


class Changes(NamedTuple):
    """What changes in an item."""

    values: Mapping[str, object]
    """The new value of each field that changes; `MISSING` to leave the field out."""
    renames: Mapping[str, str]
    """The field that each of these keys becomes."""


def edit_item(source: Source, changes: Changes, format_name: str, delimiter: str) -> list[TextEdit]:
    """Return the edits that make changes in the text of an item, in order.

    Args:
        source: the item as it is written.
        changes: what to change.
        format_name: the format of the file, one of `FORMATS`.
        delimiter: between the cells of a table.
    """
    if format_name == "csv":
        from consentlint.formats import csv_edits

        return csv_edits.edit_record(source, changes, delimiter)
    if format_name == "form":
        from consentlint.formats import form_body

        return form_body.edit(source.text, changes)
    from consentlint.formats import json_edits

    edit = json_edits.edit_object if source.reaches_fields else json_edits.edit_string
    return edit(source.text, changes)


def can_edit(item: Item, changes: Changes) -> bool:
    """Tell whether it is certain where the values that change are.

    Which of the values of a duplicate key counts is not, and a deeply nested value may hide the
    members after it.
    """
    assert item.source is not None
    return all(
        key not in item.repeated and (key not in item.fields or item.source.member(key) is not None)
        for key in (*changes.values, *changes.renames)
    )


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return a text with edits, which are in order and do not overlap."""
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join([*pieces, text[at:]])
