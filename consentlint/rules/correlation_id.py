"""The correlation id: the name by which an answer refers to an item."""

import re
from collections.abc import Sequence

from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import SPACE_HINT, complaint, lenient_note, spaced, with_hint

_UUID = r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?"


def invalid_correlation_id(record: Record, context: Context) -> Sequence[Problem]:
    """The `correlation_id` is not 32 hexadecimal digits, or an earlier item has it.

    Why:
        The answer names each item by its correlation id. Two items with one id cannot
        be told apart, so it would not be known which of them was stored.
    Evidence:
        E30646 and E30647 ask for a valid unique 32-character UUID, REF's published ids
        have no hyphens. Two of the published ids hold letters beyond f, and one of them
        was answered with 0: the words win by default, the profile `lenient` takes 32
        ASCII letters or digits.
        An older version of E30646 says that ids must be unique across all objects.
    Ours:
        Letter case does not count. Version and variant bits of the UUID are not looked at,
        for the published ids would fail. In a file, an id must be unique in the whole
        file.
    Bad:
        {"correlation_id": "5f0c2e7f-4a9d-4c27-b1d0-c9f3e2a7b684"}
    Good:
        {"correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684"}
    What to do:
        Make a new UUID for every item and write it without hyphens: in Python
        `uuid.uuid4().hex`.
    """
    text = complaint(record, context, "correlation_id")
    value = record.get("correlation_id")
    if text is not None:
        hint = ""
        if spaced(record, "correlation_id"):
            hint = SPACE_HINT
        elif isinstance(value, str) and re.fullmatch(_UUID, value):
            hint = "write the UUID without hyphens or braces"
        note = lenient_note(record, context, "correlation_id")
        if note and context.earlier.item_with_id(str(value)) is not None:
            note = ""
        return (Problem("correlation_id", with_hint(text, hint) + note),)
    first = context.earlier.item_with_id(str(value))
    if first is None:
        return ()
    quoted = context.quote(value, field="correlation_id")
    return (
        Problem(
            "correlation_id",
            f"correlation_id {quoted} is already that of {context.place(first)};"
            " give every item an id of its own",
        ),
    )


INVALID_CORRELATION_ID = Rule(
    "invalid-correlation-id",
    Reason.INVALID_CORRELATION_ID,
    Severity.ERROR,
    invalid_correlation_id,
)
