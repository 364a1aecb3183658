"""The country of a contact."""

from collections.abc import Mapping

from consentlint.model.findings import Reason, Severity
from consentlint.rules._form import check_form, describe_form
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "country_iso_code"
_NAME = "invalid-country-iso-code"
_EXPECTED = "an ISO 3166-1 alpha-2 country code such as US"


def _check(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return check_form(_NAME, _FIELD, value, settings)


def _describe(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return describe_form(problem, fields, quote, _EXPECTED)


INVALID_COUNTRY_ISO_CODE = Rule(
    name=_NAME,
    reason=Reason.INVALID_COUNTRY_ISO_CODE,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check),),
    describe=_describe,
    kinds=("contacts",),
    docs="""
    The `country_iso_code` is not one of the 249 country codes of ISO 3166-1 alpha-2.

    Why:
        The country decides how the postal code is read.
    Evidence:
        E30647 requires a two-character ISO code in upper case.
    Bad:
        {"country_iso_code": "UK"}
    Good:
        {"country_iso_code": "GB", "zip_code": "EC1Y 8SY"}
    What to do:
        Send the two upper-case letters that ISO 3166-1 assigns to the country.
    """,
)
