"""The postal code of a contact."""

from collections.abc import Sequence

from consentlint.fields import postal_codes
from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import SPACE_HINT, complaint, spaced, with_hint


def invalid_zip_code(record: Record, context: Context) -> Sequence[Problem]:
    """The `zip_code` is not in the postal code format of its country.

    Why:
        A stored postal code decides a contact's quiet hours; a wrong one wakes people up.
    Evidence:
        E30647. The formats are those of Google's address data.
    Ours:
        The whole code counts, in ASCII. Letter case, and spaces and hyphens inside, do not count. The format is not judged
        where the country is itself refused; where the data has no format, any code passes.
    Bad:
        {"country_iso_code": "US", "zip_code": "9410"}
    Good:
        {"country_iso_code": "US", "zip_code": "94105"}
    What to do:
        Look whether code and country belong together, and whether a spreadsheet has
        eaten leading zeros.
    """
    text = complaint(record, context, "zip_code")
    if text is not None:
        hint = SPACE_HINT if spaced(record, "zip_code") else ""
        return (Problem("zip_code", with_hint(text, hint)),)
    if not record.accepts("country_iso_code"):
        return ()
    value, country = str(record.fields["zip_code"]), str(record.fields["country_iso_code"])
    if postal_codes.matches(value, country):
        return ()
    quoted = context.quote(value, field="zip_code")
    lost = value.isdecimal() and postal_codes.matches(f"0{value}", country)
    hint = "a leading 0 may be lost" if lost else ""
    words = f"zip_code {quoted} is not in the postal code format of {country}"
    return (Problem("zip_code", with_hint(words, hint)),)


INVALID_ZIP_CODE = Rule(
    "invalid-zip-code", Reason.INVALID_ZIP_CODE, Severity.ERROR, invalid_zip_code
)
