"""Edit items that are JSON text, bare or in a JSON string."""

import json
from collections.abc import Iterator, Sequence

from consentlint.formats._json_text import escaped_offsets, key_end, members
from consentlint.formats.edits import Changes, TextEdit
from consentlint.model.items import MISSING, Member


def edit_object(text: str, changes: Changes) -> list[TextEdit]:
    """Return the edits of an item that is a JSON object.

    Args:
        text: the object as it is written; the changes concern none of its duplicate keys.
        changes: what to change.
    """
    found = members(text)
    names = {member.key: changes.renames.get(member.key, member.key) for member in found}
    removed = [
        number
        for number, member in enumerate(found)
        if changes.values.get(names[member.key]) is MISSING
    ]
    added = [
        _member(field, value, text, found)
        for field, value in changes.values.items()
        if value is not MISSING and field not in names.values()
    ]
    edits: list[TextEdit] = []
    for number, member in enumerate(found):
        if number in removed:
            continue
        name = names[member.key]
        if name != member.key:
            edits.append(
                TextEdit(member.key_start, key_end(text, member.key_start), json.dumps(name))
            )
        value = changes.values.get(name, MISSING)
        if value is not MISSING:
            edits.append(TextEdit(member.start, member.end, _literal(value, text)))
    # A new member takes the place of one that is removed, so that commas stay correct.
    while removed and added:
        member = found[removed.pop(0)]
        edits.append(TextEdit(member.key_start, member.end, added.pop(0)))
    edits += _removals(found, removed)
    if added:
        at = found[-1].end if found else text.index("{") + 1
        between = _separator(text, found)
        edits.append(TextEdit(at, at, (between if found else "") + between.join(added)))
    return sorted(edits)


def edit_string(literal: str, changes: Changes) -> list[TextEdit]:
    """Return the edits of an item that is the text of a JSON object in a JSON string.

    Args:
        literal: the string as it is written, from quote to quote.
        changes: what to change.
    """
    inner, offsets = escaped_offsets(literal)
    return [
        TextEdit(offsets[edit.start], offsets[edit.end], _literal(edit.text, literal)[1:-1])
        for edit in edit_object(inner, changes)
    ]


def _literal(value: object, text: str) -> str:
    """Return a value as JSON, in ASCII if the text around it is."""
    literal = json.dumps(value, ensure_ascii=text.isascii())
    try:
        literal.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return literal


def _member(field: str, value: object, text: str, found: Sequence[Member]) -> str:
    """Return a new member, with the same space around its colon as in the last one."""
    colon = ": "
    if found:
        last = found[-1]
        colon = text[key_end(text, last.key_start) : last.start]
    return json.dumps(field) + colon + _literal(value, text)


def _separator(text: str, found: Sequence[Member]) -> str:
    """Return what separates the members of an object."""
    if len(found) > 1:
        return text[found[-2].end : found[-1].key_start]
    before = text[text.index("{") + 1 : found[0].key_start] if found else ""
    return f",{before}" if before else ", "


def _removals(found: Sequence[Member], removed: Sequence[int]) -> Iterator[TextEdit]:
    """Yield the edits that remove some members, each with one comma."""
    kept = [number for number in range(len(found)) if number not in removed]
    for number in removed:
        member = found[number]
        if kept and number > kept[-1]:
            yield TextEdit(found[number - 1].end, member.end, "")
        elif number + 1 < len(found):
            yield TextEdit(member.key_start, found[number + 1].key_start, "")
        else:
            yield TextEdit(member.key_start, member.end, "")
