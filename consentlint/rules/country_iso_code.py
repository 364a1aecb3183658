"""The country of a contact."""

from collections.abc import Sequence

from consentlint.fields import schemas
from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import complaint, with_hint

_FIELD = "country_iso_code"


def invalid_country_iso_code(record: Record, context: Context) -> Sequence[Problem]:
    """The `country_iso_code` is none of the 249 codes of ISO 3166-1 alpha-2.

    Why:
        The country says how the postal code is to be read.
    Evidence:
        E30647 asks for a two-character ISO code in upper case.
    Bad:
        {"country_iso_code": "UK"}
    Good:
        {"country_iso_code": "GB", "zip_code": "EC1Y 8SY"}
    What to do:
        Send the two upper-case letters that ISO 3166-1 assigns to the country.
    """
    if record.accepts(_FIELD):
        return ()
    if _FIELD not in record.fields:
        return (Problem(_FIELD, f"{_FIELD} is missing"),)
    value = record.get(_FIELD)
    if not isinstance(value, str):
        return (Problem(_FIELD, str(complaint(record, context, _FIELD))),)
    # The schema's words would name all 249 codes.
    quoted = context.quote(value, field=_FIELD)
    text = f"{_FIELD} {quoted} is no country code of ISO 3166-1 alpha-2"
    return (Problem(_FIELD, with_hint(text, _hint(value))),)


def _hint(value: str) -> str:
    upper = value.strip().upper()
    if upper == "UK":
        return "the code of the United Kingdom is GB"
    if schemas.predicate(_FIELD)(upper):
        return f"send {upper}"
    return ""


INVALID_COUNTRY_ISO_CODE = Rule(
    "invalid-country-iso-code",
    Reason.INVALID_COUNTRY_ISO_CODE,
    Severity.ERROR,
    invalid_country_iso_code,
)
