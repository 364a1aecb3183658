"""The date of consent: when it was given or taken back."""

import re
from collections.abc import Sequence

from consentlint.fields import iso8601, schemas
from consentlint.model.findings import Reason, Severity
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import SPACE_HINT, complaint, spaced, with_hint

_FIRST_TEXT_MESSAGE = iso8601.read("1992-12-03T00:00Z").moment
_DATE_ALONE = r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}"
_SPACE_FOR_T = r"[0-9-]{8,10} +[0-9:.,]+ ?(?:Z|UTC|[+-][0-9:]+)?"
_UNIX_TIME = r"[0-9]{9,13}(?:\.[0-9]+)?"
_DAY_NUMBER = r"[34][0-9]{4}(?:\.[0-9]+)?"
# What databases and programs write where they have none.
_NO_DATE = {"", "nan", "nat", "none", "null", "n/a", "na", "-"}
_FIELD = "date_of_consent"


def invalid_date_of_consent(record: Record, context: Context) -> Sequence[Problem]:
    """The `date_of_consent` is no ISO 8601 date with a time, or lies in the future.

    Why:
        The date is the proof of the consent's time.
    Evidence:
        E30646 asks for an ISO 8601 datetime that is not in the future, and says to leave
        the field out where there is no date. REF's published answer refuses a date
        without a time.
    Ours:
        `null` and an empty text are refused, a missing field is fine. Calendar, week and
        ordinal dates of the years 0001 to 9999 are taken, in extended and in basic format
        but not mixed; 24:00 as the end of a day, and a second 60 at 23:59 UTC. The offset
        +hhmm after an extended time is taken, for so many programs write it; a fraction
        of a minute or an hour, a space or a lower-case t for the T is not. A time with no
        offset is read as UTC. Equal to now is not the future.
    Bad:
        {"date_of_consent": "2025-06-02"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Write the date, a T, the time and the offset: 2025-06-02T15:30:00Z. Where you do
        not have it, leave the field out.
    """
    if _FIELD not in record.fields:
        return ()
    text = complaint(record, context, _FIELD)
    if text is not None:
        return (Problem(_FIELD, with_hint(text, _hint(record, record.get(_FIELD)))),)
    date = record.date
    if isinstance(date, ValueError):
        quoted = context.quote(record.get(_FIELD), field=_FIELD)
        return (Problem(_FIELD, f"{_FIELD} {quoted} {date}"),)
    if date is None or not record.is_dated_in_future:
        return ()
    quoted = context.quote(record.get(_FIELD), field=_FIELD)
    clock = "" if date.has_offset else ", its time read as UTC, for it gives no offset"
    return (Problem(_FIELD, f"{_FIELD} {quoted} lies in the future{clock}"),)


def _hint(record: Record, value: object) -> str:
    if value is None or (isinstance(value, str) and value.strip().lower() in _NO_DATE):
        return "leave the field out where you do not have it"
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**15 else ""
    if not isinstance(value, str):
        return ""
    if spaced(record, _FIELD):
        return SPACE_HINT
    if re.fullmatch(_DATE_ALONE, value):
        return "add the time: a date alone is refused"
    if re.fullmatch(_SPACE_FOR_T, value):
        return "write a T between date and time, and Z or an offset after it"
    if schemas.predicate(_FIELD)(value.upper()):
        return "write T and Z in upper case"
    if re.fullmatch(_UNIX_TIME, value):
        return "it looks like a Unix time: write it as a date"
    if re.fullmatch(_DAY_NUMBER, value):
        return "it looks like a spreadsheet's day number: format the column as a date with a time"
    return ""


def date_of_consent_missing(record: Record, context: Context) -> Sequence[Problem]:
    """The item has no `date_of_consent`.

    Why:
        Without it nobody can say when the person agreed, nor which of two records is
        the later.
    Evidence:
        GUIDE recommends to store it, to establish the consent's timeline.
    Ours:
        Advice: the field is optional.
    Bad:
        {"correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684", "contact_id": "+14155552671",
        "sender_id": "MG9752274e9e519418a7406176694466fa", "status": "opt-in",
        "source": "website"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Send the date where you have it. Where you do not, ignore this rule.
    """
    if _FIELD in record.fields:
        return ()
    return (Problem(_FIELD, f"{_FIELD} is missing: nobody can say when the consent was given"),)


def date_of_consent_no_offset(record: Record, context: Context) -> Sequence[Problem]:
    """The time has no `Z` and no offset from UTC.

    Why:
        Nobody can tell whose clock showed it, so it may be wrong by up to a day.
    Evidence:
        ISO 8601: a time without an offset is local time.
    Ours:
        Advice; it is read as UTC for the question whether it lies in the future.
    Bad:
        {"date_of_consent": "2025-06-02T15:30:00"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Write Z where the time is UTC, otherwise the offset, such as +02:00.
    """
    if not isinstance(record.date, iso8601.DateTime) or record.date.has_offset:
        return ()
    quoted = context.quote(record.get(_FIELD), field=_FIELD)
    return (Problem(_FIELD, f"{_FIELD} {quoted} gives no offset: write Z for UTC, or +hh:mm"),)


def date_of_consent_unusual(record: Record, context: Context) -> Sequence[Problem]:
    """The date is taken, but is not written in the form that every parser takes.

    Why:
        Week dates, ordinal dates, the basic format and commas are ISO 8601, and many
        programs cannot read them.
    Evidence:
        ISO 8601 allows what RFC 3339 and most datetime libraries do not read.
    Ours:
        Advice. The form is YYYY-MM-DDThh:mm, with seconds and a fraction or without, and Z
        or an offset +hh:mm; a time without an offset is not of it, either.
    Bad:
        {"date_of_consent": "2025-W23-1T15:30Z"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Write YYYY-MM-DDThh:mm:ss and Z, or an offset such as +02:00.
    """
    if not isinstance(record.date, iso8601.DateTime) or record.is_dated_in_future:
        return ()
    value = record.get(_FIELD)
    if schemas.predicate("date_of_consent_usual")(value):
        return ()
    quoted = context.quote(value, field=_FIELD)
    return (
        Problem(
            _FIELD,
            f"{_FIELD} {quoted} is not of the form that every parser takes:"
            " YYYY-MM-DDThh:mm:ss with Z or +hh:mm",
        ),
    )


def date_of_consent_implausible(record: Record, context: Context) -> Sequence[Problem]:
    """The date lies before the day of the first text message, 1992-12-03.

    Why:
        Nobody agreed to text messages before there were any: it is the null date of a
        database, or the epoch of a clock.
    Evidence:
        The first text message was sent on 1992-12-03.
    Ours:
        Advice.
    Bad:
        {"date_of_consent": "1970-01-01T00:00:00Z"}
    Good:
        {"date_of_consent": "2025-06-02T15:30:00Z"}
    What to do:
        Leave the field out where you do not have the date.
    """
    if not isinstance(record.date, iso8601.DateTime) or record.date.moment >= _FIRST_TEXT_MESSAGE:
        return ()
    quoted = context.quote(record.get(_FIELD), field=_FIELD)
    return (
        Problem(
            _FIELD,
            f"{_FIELD} {quoted} lies before the first text message, 1992-12-03;"
            " leave the field out where you do not have it",
        ),
    )


INVALID_DATE_OF_CONSENT = Rule(
    "invalid-date-of-consent",
    Reason.INVALID_DATE_OF_CONSENT,
    Severity.ERROR,
    invalid_date_of_consent,
)
DATE_OF_CONSENT_MISSING = Rule(
    "date-of-consent-missing", None, Severity.WARNING, date_of_consent_missing
)
DATE_OF_CONSENT_NO_OFFSET = Rule(
    "date-of-consent-no-offset", None, Severity.WARNING, date_of_consent_no_offset
)
DATE_OF_CONSENT_UNUSUAL = Rule(
    "date-of-consent-unusual", None, Severity.WARNING, date_of_consent_unusual
)
DATE_OF_CONSENT_IMPLAUSIBLE = Rule(
    "date-of-consent-implausible", None, Severity.WARNING, date_of_consent_implausible
)
