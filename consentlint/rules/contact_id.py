"""The contact: a person's phone number."""

from collections.abc import Mapping

from consentlint.fields import phone_numbers, schemas
from consentlint.fields.phone_numbers import PhoneStatus
from consentlint.model.findings import Reason, Severity
from consentlint.rules._form import check_form, describe_form, describe_status
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "contact_id"
_NAME = "invalid-contact-id"
_NOT_CANONICAL = "contact-id-not-canonical"
_UNASSIGNED = "contact-id-unassigned"
_OUTDATED = "contact-id-outdated"

_PROBLEMS: dict[PhoneStatus, tuple[Problem, ...]] = {
    status: (Problem(_NAME, _FIELD, "impossible", (status.name,)),) for status in PhoneStatus
} | {PhoneStatus.POSSIBLE: ()}


def _check_contact(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    problems = check_form(_NAME, _FIELD, value, settings)
    if problems:
        return problems
    return _PROBLEMS[phone_numbers.check_number(str(value)).status]


def _describe_contact(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    value = fields.get(_FIELD)
    if problem.detail == "impossible":
        status = PhoneStatus[str(problem.args[0])]
        return f"{_FIELD} {quote(value, _FIELD)} {describe_status(status)}."
    return describe_form(
        problem,
        fields,
        quote,
        "a phone number in E.164 format",
        "is not in E.164 format (such as +14155552671)",
    )


def _check_canonical_contact(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return _check_canonical(_FIELD, value, settings)


def _check_canonical_sender(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return _check_canonical("sender_id", value, settings)


def _check_canonical(field: str, value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    if field not in settings.endpoint.fields or not schemas.predicate("phone_number")(value):
        return ()
    verdict = phone_numbers.check_number(str(value))
    if verdict.status is not PhoneStatus.POSSIBLE or verdict.canonical == value:
        return ()
    return (Problem(_NOT_CANONICAL, field),)


def _describe_canonical(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    field = problem.field or _FIELD
    number = str(fields.get(field))
    canonical = phone_numbers.check_number(number).canonical
    return (
        f"{field} {quote(number, field)} should be {quote(canonical, field)}, or no STOP will"
        " match it."
    )


def _check_outdated(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    is_outdated = isinstance(value, str) and phone_numbers.is_outdated(value)
    return (Problem(_OUTDATED, _FIELD),) if is_outdated else ()


def _describe_outdated(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return f"{_FIELD} {quote(fields.get(_FIELD), _FIELD)} is in an outdated form."


def _check_assigned(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    if not schemas.is_valid(_FIELD, value, settings.profile):
        return ()
    verdict = phone_numbers.check_number(str(value))
    if verdict.status is not PhoneStatus.POSSIBLE or phone_numbers.is_assigned(verdict.canonical):
        return ()
    return (Problem(_UNASSIGNED, _FIELD),)


def _describe_assigned(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    quoted = quote(fields.get(_FIELD), _FIELD)
    return f"{_FIELD} {quoted} is not in an assigned number range. Check it for a typing error."


INVALID_CONTACT_ID = Rule(
    name=_NAME,
    reason=Reason.INVALID_CONTACT_ID,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check_contact),),
    describe=_describe_contact,
    docs="""
    The `contact_id` is not in E.164 format, or its length is not possible.

    Why:
        The contact is a person's phone number. Nobody can be reached at a number that cannot
        exist.
    Evidence:
        E30646 and E30647 require E.164. In the responses that REF publishes, +19 is rejected
        although it has that format, and +19999999999 is accepted although no range contains it.
        So a number must be possible, as libphonenumber defines it, but need not be assigned.
    Ours:
        The format is "+" and 2 to 15 ASCII digits, the first not 0. A number that is possible
        only within its own area, such as +12345678, is rejected: nobody abroad can reach it.
        Satellite and other numbers without a country are checked like all others. The verdict
        depends on libphonenumber's metadata, which changes: Mexico dropped a digit, Benin added
        two. A minimum version is required, and every report names the version used.
    Bad:
        {"contact_id": "+1 (415) 555-2671"}
    Good:
        {"contact_id": "+14155552671"}
    What to do:
        Write "+", the country code and the number, without spaces or punctuation. In a
        spreadsheet, format the column as text before you export it.
    """,
)

CONTACT_ID_NOT_CANONICAL = Rule(
    name=_NOT_CANONICAL,
    reason=None,
    severity=Severity.ERROR,
    checks=(
        Check((_FIELD,), _check_canonical_contact),
        Check(("sender_id",), _check_canonical_sender),
    ),
    describe=_describe_canonical,
    docs="""
    The number of `contact_id` or `sender_id` is not in its canonical E.164 form.

    Why:
        A domestic trunk prefix was left in, such as the 0 in +44 07400 123456. The record would
        be stored under a number that no STOP will ever match.
    Evidence:
        libphonenumber formats the number in E.164 differently.
    Ours:
        An error, although no document says what the API does with such a number: a lost STOP
        costs more than a rejected item.
    Bad:
        {"contact_id": "+4407400123456"}
    Good:
        {"contact_id": "+447400123456"}
    What to do:
        Send the form that the message shows. Pass `--show-values` to see it in full.
    """,
)

CONTACT_ID_OUTDATED = Rule(
    name=_OUTDATED,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD,), _check_outdated),),
    describe=_describe_outdated,
    docs="""
    The number of `contact_id` lacks a digit that its numbering plan has added.

    Why:
        The person has the longer number now. A STOP comes from that one, and would not match.
    Evidence:
        Since 2016, every mobile number of Brazil has a ninth digit, 9, after the area code
        (Anatel). libphonenumber calls the old length possible, because landlines have it.
    Ours:
        Advice: the API accepts it. Only Brazil is known to need it. Other outdated numbers, such
        as those of Benin or Mexico, are not possible any more, and so are rejected.
    Bad:
        {"contact_id": "+551181234567"}
    Good:
        {"contact_id": "+5511981234567"}
    What to do:
        Insert 9 after the two digits of the area code, if it is a mobile number.
    """,
)

CONTACT_ID_UNASSIGNED = Rule(
    name=_UNASSIGNED,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD,), _check_assigned),),
    describe=_describe_assigned,
    default=False,
    docs="""
    The number of `contact_id` is possible, but is not in an assigned range.

    Why:
        A digit may be wrong. It need not be: new ranges open every month.
    Evidence:
        libphonenumber does not call the number *valid*. The API accepted the published example
        +19999999999, which is not valid either.
    Ours:
        Off by default: published examples would raise it, and it costs a lookup for each number.
    Bad:
        {"contact_id": "+19999999999"}
    Good:
        {"contact_id": "+14155552671"}
    What to do:
        Check where the number came from. If it is right, ignore the finding.
    """,
)
