"""The postal code of a contact."""

from collections.abc import Callable, Mapping

from consentlint.fields import postal_codes, schemas
from consentlint.model.findings import Profile, Reason, Severity
from consentlint.rules._form import (
    READ_AS_NUMBER,
    check_form,
    common_hint,
    describe_form,
    has_no_value,
    look_alike_hint,
    sentences,
)
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "zip_code"
_COUNTRY = "country_iso_code"
_NAME = "invalid-zip-code"
_MAX_NUMBER = 10**10


def _check(country: object, value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    problems = check_form(_NAME, _FIELD, value, settings)
    if problems or not schemas.is_valid(_COUNTRY, country, settings.profile):
        return problems
    if postal_codes.matches(str(value), str(country)):
        return ()
    return (Problem(_NAME, _FIELD, "format"),)


def _describe(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    value, country = fields.get(_FIELD), fields.get(_COUNTRY)
    known = country if schemas.is_valid(_COUNTRY, country, Profile.DOCUMENTED) else None
    if problem.detail == "format":
        example = postal_codes.example_of(str(country))
        such_as = f" (such as {example})" if example else ""
        error = f"{_FIELD} {quote(value, _FIELD)} is not a valid {country} postal code{such_as}."
    else:
        error = describe_form(
            problem, fields, quote, "a postal code", "is surrounded by white space"
        )
        if isinstance(value, str) and value.strip():
            return sentences(error, "Remove it.")
    return sentences(error, _hint(value, None if known is None else str(known), quote))


def _hint(value: object, country: str | None, quote: Quote) -> str:
    if country is not None and postal_codes.format_of(country) is None and has_no_value(value):
        return f"{country} has no known postal code format, so any text is accepted."

    def accepts(code: str) -> bool:
        return schemas.is_valid(_FIELD, code, Profile.DOCUMENTED) and (
            country is None or postal_codes.matches(code, country)
        )

    hint = common_hint(value, accepts)
    if isinstance(value, int) and not hint and abs(value) < _MAX_NUMBER:
        code = _with_lost_zeros(str(value), accepts)
        if code is not None:
            return f"Put it in quotes; a leading 0 may be lost ({quote(code, _FIELD)})."
    if hint or not isinstance(value, str):
        return hint
    if value.endswith(".0") and accepts(value.removesuffix(".0")):
        return READ_AS_NUMBER
    code = _with_lost_zeros(value, accepts)
    if code is not None:
        return f"Was a leading 0 lost ({quote(code, _FIELD)})?"
    return look_alike_hint(value)


def _with_lost_zeros(code: str, accepts: Callable[[str], bool]) -> str | None:
    """Return the valid code that has lost leading zeros, None if there is none."""
    if not (code.isascii() and code.isdigit()):
        return None
    return next(filter(accepts, (f"0{code}", f"00{code}")), None)


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
