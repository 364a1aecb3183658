"""The keys of an item: those that the API does not name, and those that stand twice."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from consentlint.findings import Severity
from consentlint.masking import printable, shortened
from consentlint.rules._rule import Context, Problem, Record, Rule

# An item may hold thousands of keys; so many of one kind are named.
_MOST = 20


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
        A warning for consents. In a CSV file it is said once, of the column.
    Bad:
        {"consent_date": "2025-06-02T15:30:00Z"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Rename the key, or leave it out of the file.
    """
    if record.fields.keys() <= set(context.fields):
        return ()
    return unknown_fields(record.fields, context)


def unknown_fields(keys: Iterable[str], context: Context) -> Sequence[Problem]:
    """Return a problem for each key, or column, that the endpoint does not name."""
    unknown = [key for key in keys if key not in context.fields]
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
    nearest = _nearest_field(key[:100], context.fields)
    return f"{text}; did you mean {nearest}?" if nearest else f"{text}: leave it out"


def _shown(key: str, context: Context) -> str:
    return shortened(printable(key)) if key in context.fields else context.quote(key)


# The same slips stand in item after item.
@lru_cache(maxsize=256)
def _nearest_field(key: str, fields: tuple[str, ...]) -> str | None:
    return nearest_name(key, fields)


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the one of the names that a slip may have turned into this one, if any.

    Neither the order of the words in a name counts nor how they are joined:
    consent_date and dateOfConsent are near date_of_consent; and zip is near zip_code
    where no other name has that word.
    """
    import difflib

    names = list(names)
    name = name[:100]
    having = [candidate for candidate in names if _words(name) <= _words(candidate)]
    if len(having) == 1:
        return having[0]
    for folded in (_letters, _sorted_words):
        # Of two names that fold alike the first is meant.
        by_fold = {folded(candidate): candidate for candidate in reversed(names)}
        close = difflib.get_close_matches(folded(name), by_fold, n=1, cutoff=0.7)
        if close:
            return by_fold[close[0]]
    return None


def _words(name: str) -> set[str]:
    return set(name.lower().replace("-", "_").replace(" ", "_").split("_"))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _sorted_words(name: str) -> str:
    return "_".join(sorted(_words(name)))


DUPLICATE_KEY = Rule("duplicate-key", None, Severity.ERROR, duplicate_key)
UNKNOWN_FIELD = Rule("unknown-field", None, Severity.ERROR, unknown_field)
