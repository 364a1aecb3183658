"""The postal code of a contact."""

from collections.abc import Mapping

from consentlint.fields import postal_codes, schemas
from consentlint.model.findings import Reason, Severity
from consentlint.rules._form import check_form, describe_form
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "zip_code"
_COUNTRY = "country_iso_code"
_NAME = "invalid-zip-code"


def _check(country: object, value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    problems = check_form(_NAME, _FIELD, value, settings)
    if problems or not schemas.is_valid(_COUNTRY, country, settings.profile):
        return problems
    if postal_codes.matches(str(value), str(country)):
        return ()
    return (Problem(_NAME, _FIELD, "format"),)


def _describe(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    if problem.detail != "format":
        return describe_form(
            problem, fields, quote, "a postal code", "is surrounded by white space"
        )
    country = fields.get(_COUNTRY)
    example = postal_codes.example_of(str(country))
    such_as = f" (such as {example})" if example else ""
    value = quote(fields.get(_FIELD), _FIELD)
    return f"{_FIELD} {value} is not a valid {country} postal code{such_as}."


INVALID_ZIP_CODE = Rule(
    name=_NAME,
    reason=Reason.INVALID_ZIP_CODE,
    severity=Severity.ERROR,
    checks=(Check((_COUNTRY, _FIELD), _check),),
    describe=_describe,
    kinds=("contacts",),
    docs="""
    The `zip_code` is not in the postal code format of its country.

    Why:
        A stored postal code decides a contact's quiet hours. A wrong one wakes people up.
    Evidence:
        E30647, CGUIDE. The formats are from Google's address data.
    Ours:
        The whole code must match, in ASCII. Letter case does not matter. Separators (spaces and
        hyphens) may be left out, but not moved. The format is not checked if the country is
        itself rejected. If the data has no format for the country, any text that is not blank is
        accepted.
    Bad:
        {"country_iso_code": "US", "zip_code": "9410"}
    Good:
        {"country_iso_code": "US", "zip_code": "94105"}
    What to do:
        Check that code and country belong together, and that a spreadsheet did not remove
        leading zeros.
    """,
)
