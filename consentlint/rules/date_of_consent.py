"""The date of consent: when it was given or withdrawn."""

import re
from collections.abc import Mapping

from consentlint.fields import schemas
from consentlint.fields.iso8601 import COMMON_FORM, DateTime, parse
from consentlint.model.findings import Reason, Severity
from consentlint.model.items import MISSING
from consentlint.rules._form import check_form, describe_form
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "date_of_consent"
_INVALID = "invalid-date-of-consent"
_MISSING = "date-of-consent-missing"
_NO_OFFSET = "date-of-consent-no-offset"
_UNUSUAL = "date-of-consent-unusual"
_IMPLAUSIBLE = "date-of-consent-implausible"

_FUTURE, _FUTURE_NO_OFFSET = "future", "future-no-offset"
_FIRST_TEXT_MESSAGE = parse("1992-12-03T00:00Z").moment
_COMMON_FORM = re.compile(COMMON_FORM)


def _check_date(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    if value is MISSING:
        return ()
    problems = check_form(_INVALID, _FIELD, value, settings)
    if problems:
        return problems
    try:
        date = parse(str(value))
    except ValueError:
        return (Problem(_INVALID, _FIELD, "impossible"),)
    if date.moment <= settings.now:
        return ()
    return (Problem(_INVALID, _FIELD, _FUTURE if date.has_offset else _FUTURE_NO_OFFSET),)


def is_in_future(problem: Problem) -> bool:
    """Tell whether a problem is a date in the future."""
    return problem.rule == _INVALID and problem.detail in (_FUTURE, _FUTURE_NO_OFFSET)


def _describe_date(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    value = fields.get(_FIELD)
    subject = f"{_FIELD} {quote(value, _FIELD)}"
    if problem.detail == "impossible":
        return f"{subject} {_reason(str(value))}."
    if problem.detail == _FUTURE:
        return f"{subject} is in the future."
    if problem.detail == _FUTURE_NO_OFFSET:
        return f"{subject} is in the future. It has no UTC offset, so it was read as UTC."
    return describe_form(
        problem,
        fields,
        quote,
        "a date with a time",
        "is not an ISO 8601 date with a time, such as 2025-06-02T15:30:00Z",
    )


def _reason(text: str) -> str:
    """Return why a date or time does not exist."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return "is invalid"


def _check_missing(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return (Problem(_MISSING, _FIELD, "missing"),) if value is MISSING else ()


def _describe_missing(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return f"{_FIELD} is missing. Send it to prove when the consent was given."


def _parsed(value: object, settings: RuleSettings) -> DateTime | None:
    """Return the date, None if it is missing or invalid."""
    if not schemas.is_valid(_FIELD, value, settings.profile):
        return None
    try:
        return parse(str(value))
    except ValueError:
        return None


def _check_offset(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    date = _parsed(value, settings)
    return () if date is None or date.has_offset else (Problem(_NO_OFFSET, _FIELD),)


def _describe_offset(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return (
        f"{_FIELD} {quote(fields.get(_FIELD), _FIELD)} has no UTC offset. Append Z if the time is"
        " UTC, otherwise an offset such as +02:00."
    )


def _check_unusual(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    date = _parsed(value, settings)
    if date is None or date.moment > settings.now:
        return ()
    # A missing offset is reported by a rule of its own.
    text = str(value) if date.has_offset else f"{value}Z"
    return () if _COMMON_FORM.fullmatch(text) else (Problem(_UNUSUAL, _FIELD),)


def _describe_unusual(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    value = quote(fields.get(_FIELD), _FIELD)
    return f"{_FIELD} {value} is valid ISO 8601, but some parsers reject this form."


def _check_implausible(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    date = _parsed(value, settings)
    if date is None or date.moment >= _FIRST_TEXT_MESSAGE:
        return ()
    return (Problem(_IMPLAUSIBLE, _FIELD),)


def _describe_implausible(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return (
        f"{_FIELD} {quote(fields.get(_FIELD), _FIELD)} is before the first text message"
        " (1992-12-03). If the date is unknown, leave the field out."
    )


INVALID_DATE_OF_CONSENT = Rule(
    name=_INVALID,
    reason=Reason.INVALID_DATE_OF_CONSENT,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check_date),),
    describe=_describe_date,
    kinds=("consents",),
    docs="""
    The `date_of_consent` is not an ISO 8601 date with a time, or is in the future.

    Why:
        The date proves when the consent was given.
    Evidence:
        E30646 requires an ISO 8601 datetime that is not in the future, and says to omit the
        field if there is no date. The response that REF publishes rejects a date without a time.
    Ours:
        `null` and an empty string are rejected, a missing field is valid. Calendar, week and
        ordinal dates of the years 0001 to 9999 are accepted, in extended and in basic format but
        not mixed, and so are 24:00 as the end of a day and second 60 at 23:59 UTC. The offset
        +hhmm after an extended time is accepted because many programs write it. A fraction of a
        minute or an hour, and a space or a lower-case t instead of the T, are rejected. A time
        without an offset is read as UTC. A date equal to now is not in the future.
    Bad:
        {"date_of_consent": "2025-06-02"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Write the date, a T, the time and the offset: 2025-06-02T15:30:00Z. If the date is
        unknown, leave the field out.
    """,
)

DATE_OF_CONSENT_MISSING = Rule(
    name=_MISSING,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD,), _check_missing),),
    describe=_describe_missing,
    kinds=("consents",),
    docs="""
    The item has no `date_of_consent`.

    Why:
        Without it, nobody can tell when the person agreed, or which of two records is newer.
    Evidence:
        GUIDE recommends to store it, to establish the timeline of the consent.
    Ours:
        Advice: the field is optional. If a column is missing or empty throughout, it is reported
        once.
    Bad:
        {"correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684", "contact_id": "+14155552671",
        "sender_id": "MG9752274e9e519418a7406176694466fa", "status": "opt-in",
        "source": "website"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Send the date if you have it. If you do not, ignore this rule.
    """,
)

DATE_OF_CONSENT_NO_OFFSET = Rule(
    name=_NO_OFFSET,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD,), _check_offset),),
    describe=_describe_offset,
    kinds=("consents",),
    docs="""
    The time has no `Z` and no UTC offset.

    Why:
        Nobody can tell which time zone it is in, so it may be wrong by up to a day.
    Evidence:
        In ISO 8601, a time without an offset is local time.
    Ours:
        Advice. To decide whether it is in the future, the time is read as UTC.
    Bad:
        {"date_of_consent": "2025-06-02T15:30:00"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Append Z if the time is UTC, otherwise an offset such as +02:00.
    """,
)

DATE_OF_CONSENT_UNUSUAL = Rule(
    name=_UNUSUAL,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD,), _check_unusual),),
    describe=_describe_unusual,
    kinds=("consents",),
    docs="""
    The date is valid, but not in the form that every common parser accepts.

    Why:
        Many programs cannot read week dates, ordinal dates, the basic format, commas, 24:00, a
        second 60 or a time without seconds, although all are ISO 8601. What Twilio runs is
        unknown.
    Evidence:
        Ten parsers were compared (Python, JavaScript, Java, Go and others), and all accept the
        form below. Five reject 24:00, eight reject second 60, and Go's RFC 3339 and Java's
        Instant reject a time without seconds.
    Ours:
        Advice. The form is YYYY-MM-DDThh:mm:ss with at most nine digits of fraction, and Z or an
        offset ±hh:mm of at most 18 hours. A missing offset is left to
        `date-of-consent-no-offset`.
    Bad:
        {"date_of_consent": "2025-W23-1T15:30Z"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Write YYYY-MM-DDThh:mm:ss and Z, or an offset such as +02:00.
    """,
)

DATE_OF_CONSENT_IMPLAUSIBLE = Rule(
    name=_IMPLAUSIBLE,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD,), _check_implausible),),
    describe=_describe_implausible,
    kinds=("consents",),
    docs="""
    The date is before the day of the first text message, 1992-12-03.

    Why:
        Nobody agreed to text messages before they existed. Such a date is usually epoch zero or
        the null date of a database.
    Evidence:
        The first text message was sent on 1992-12-03.
    Ours:
        Advice.
    Bad:
        {"date_of_consent": "1970-01-01T00:00:00Z"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        If the date is unknown, leave the field out.
    """,
)
