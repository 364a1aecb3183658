"""Documentation of parse errors: a file, or a part of one, that cannot be read.

The formats report them, so these rules have no checks. A run with a parse error exits with 2.
"""

from consentlint.model.findings import FileError, Severity
from consentlint.rules._rule import Rule


def _rule(error: FileError, docs: str) -> Rule:
    return Rule(error.value, None, Severity.ERROR, docs, kinds=())


FILE_RULES = (
    _rule(
        FileError.UNREADABLE,
        """
        The file cannot be opened or fully read.

        Why:
            It does not exist, may not be read, was deleted, or is a damaged or fake .gz file.
        Evidence:
            The error of the operating system, or of gzip.
        What to do:
            Check the name and the permissions of the file, and whether its download is complete.
        """,
    ),
    _rule(
        FileError.ENCODING,
        """
        The file is not UTF-8 text.

        Why:
            Text that is decoded with the wrong encoding is different text.
        Evidence:
            RFC 8259 requires UTF-8 for JSON.
        Ours:
            No other encoding is guessed, not even for CSV.
        What to do:
            Save the file as UTF-8. Spreadsheets call it *CSV UTF-8*.
        """,
    ),
    _rule(
        FileError.MALFORMED,
        """
        The file is not valid JSON, JSON Lines, CSV or form data.

        Why:
            Nothing after the error can be read reliably.
        Evidence:
            RFC 8259 for JSON, RFC 4180 for CSV, the WHATWG URL Standard for form bodies.
        What to do:
            Fix the file at the reported location. If the format was detected incorrectly, pass
            `--format`.
        """,
    ),
    _rule(
        FileError.KIND,
        """
        The file holds neither consents nor contacts, or it is not clear which.

        Why:
            Consents and contacts have different fields and rules.
        Evidence:
            The keys or columns: consents have `sender_id`, `status`, `source` and
            `date_of_consent`, contacts have `country_iso_code` and `zip_code`.
        What to do:
            Do what the message says. Convert an export of another program with
            `consentlint convert`. If the names are those of the API, pass `--kind consents` or
            `--kind contacts`.
        """,
    ),
    _rule(
        FileError.EMPTY,
        """
        The file has no items.

        Why:
            Nothing was checked, so the file does not count as clean.
        Evidence:
            None is needed.
        Ours:
            An empty file is an error.
        What to do:
            Check whether the export failed.
        """,
    ),
    _rule(
        FileError.ITEM_MALFORMED,
        """
        An item is not a JSON object, or a CSV row has too few or too many cells.

        Why:
            It has no fields that could be checked.
        Evidence:
            REF: each item is a JSON object.
        What to do:
            Fix the program that writes the file. In CSV, put cells that contain the delimiter in
            quotes.
        """,
    ),
)
