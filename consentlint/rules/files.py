"""What is said of a file, or a part of one, that cannot be read as what it is.

The readers find these. A run that meets one could not do what was asked: exit code 2.
"""

from collections.abc import Sequence

from consentlint.model.findings import Severity
from consentlint.rules._rule import Context, Problem, Record, Rule


def file_unreadable(record: Record, context: Context) -> Sequence[Problem]:
    """The file cannot be opened, or not read to its end.

    Why:
        It is not there, may not be read, has vanished, or is a damaged or false .gz.
    Evidence:
        What the operating system, or gzip, says.
    What to do:
        Look at the name, at the rights of the file, and whether its download was cut off.
    """
    return ()


def file_encoding(record: Record, context: Context) -> Sequence[Problem]:
    """The file is not UTF-8 text.

    Why:
        What is read by the wrong table of characters is another text.
    Evidence:
        RFC 8259 demands UTF-8 of JSON.
    Ours:
        No other encoding is guessed at, in CSV neither.
    What to do:
        Write the file as UTF-8. Spreadsheets call it *CSV UTF-8*.
    """
    return ()


def file_malformed(record: Record, context: Context) -> Sequence[Problem]:
    """The file is not the JSON, JSON Lines, CSV or form body that it should be.

    Why:
        What comes after the fault cannot be read for sure.
    Evidence:
        RFC 8259 for JSON, RFC 4180 for CSV, the WHATWG URL standard for form bodies.
    What to do:
        Mend the file at the place that is named. Say `--format` where the format was
        guessed wrongly.
    """
    return ()


def file_kind(record: Record, context: Context) -> Sequence[Problem]:
    """It cannot be told whether the file holds consents or contacts, or it holds neither.

    Why:
        The two have different fields and rules.
    Evidence:
        The keys or columns: `sender_id`, `status`, `source` and `date_of_consent` are
        those of consents, `country_iso_code` and `zip_code` those of contacts.
    What to do:
        Say `--kind consents` or `--kind contacts`. Where the file is an answer of the
        API, give the request instead.
    """
    return ()


def file_empty(record: Record, context: Context) -> Sequence[Problem]:
    """The file holds no items.

    Why:
        A linter that saw nothing has proved nothing.
    Evidence:
        None is needed.
    Ours:
        An empty file is an error.
    What to do:
        Look whether the export went wrong.
    """
    return ()


def item_malformed(record: Record, context: Context) -> Sequence[Problem]:
    """An item is no JSON object, or a CSV row has too few or too many cells.

    Why:
        It has no fields that could be judged.
    Evidence:
        REF: each item is a JSON object.
    What to do:
        Mend what writes the file. In CSV, put cells that hold the delimiter in quotes.
    """
    return ()


FILE_UNREADABLE, FILE_ENCODING, FILE_MALFORMED, FILE_KIND, FILE_EMPTY, ITEM_MALFORMED = (
    Rule(judge.__name__.replace("_", "-"), None, Severity.ERROR, judge)
    for judge in (
        file_unreadable,
        file_encoding,
        file_malformed,
        file_kind,
        file_empty,
        item_malformed,
    )
)
