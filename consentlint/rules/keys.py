"""The keys of an item: those that the API does not name, and those that stand twice."""

from collections.abc import Iterable, Sequence
from itertools import islice

from consentlint.model.findings import Severity
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.text.suggestions import nearest_name

# An item may hold thousands of keys; so many of one kind are named.
_MOST = 20

OVERTAKEN = "consentlint_overtaken_by"
"""The key, or column, by which `submit` marks an item that must not be sent again."""


def duplicate_key(record: Record, context: Context) -> Sequence[Problem]:
    """One key stands twice in an item.

    Why:
        Parsers differ on which of the two values counts, so what you see need not be what
        the API stores.
    Evidence:
        RFC 8259 leaves it open; E19004 calls a duplicate field an error, of contacts.
    Ours:
        An error where the values differ, a warning where they are the same. The last
        value is the one that is judged.
    Bad:
        {"status": "opt-in", "status": "opt-out"}
    Good:
        {"status": "opt-out"}
    What to do:
        Find out which value is meant, and mend what writes the file.
    """
    if not record.repeated:
        return ()
    return _few(
        [
            Problem(
                key,
                f"{_shown(key, context)} stands more than once in the item, "
                + ("with different values" if differ else "with the same value"),
                Severity.ERROR if differ else Severity.WARNING,
            )
            for key, differ in islice(record.repeated.items(), _MOST)
        ],
        len(record.repeated),
        "keys stand more than once",
        Severity.ERROR if any(record.repeated.values()) else Severity.WARNING,
    )


def unknown_field(record: Record, context: Context) -> Sequence[Problem]:
    """The item has a key that the API does not name.

    Why:
        The API has no place for it. Where it is a slip of a known name, such as
        `consent_date`, a value is lost in silence.
    Evidence:
        E19004 calls an invalid field name an error, of contacts. Of consents no document
        says what becomes of it.
    Ours:
        A warning for consents. In a CSV file it is said once, of the column. The key
        `consentlint_overtaken_by` is a mark of `consentlint submit`, and never sent.
    Bad:
        {"consent_date": "2025-06-02T15:30:00Z"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Rename the key, or leave it out of the file.
    """
    if record.fields.keys() <= context.forms.keys():
        return ()
    return unknown_fields(record.fields, context)


def unknown_fields(keys: Iterable[str], context: Context) -> Sequence[Problem]:
    """Return a problem for each key, or column, that the endpoint does not name."""
    unknown = [key for key in keys if key not in context.fields and key != OVERTAKEN]
    return _few(
        [Problem(key, _unknown(key, context), context.unknown_field) for key in unknown[:_MOST]],
        len(unknown),
        "keys are no fields of the API",
        context.unknown_field,
    )


def _few(problems: list[Problem], count: int, words: str, severity: Severity) -> list[Problem]:
    """Return the problems of the first keys, and one for all the others."""
    if count > _MOST:
        problems.append(Problem(None, f"{count - _MOST:,} more {words}", severity))
    return problems


def _unknown(key: str, context: Context) -> str:
    if not key.strip():
        return "a key, or column, has no name: leave it out"
    text = f"{_shown(key, context)} is no field of the API"
    nearest = nearest_name(key, context.fields)
    return f"{text}; did you mean {nearest}?" if nearest else f"{text}: leave it out"


def _shown(key: str, context: Context) -> str:
    return key if key in context.fields else context.quote(key)


DUPLICATE_KEY = Rule("duplicate-key", None, Severity.ERROR, duplicate_key, or_warning=True)
UNKNOWN_FIELD = Rule("unknown-field", None, Severity.ERROR, unknown_field, or_warning=True)
