"""The sender: on whose behalf the person agreed to get messages."""

import re
from collections.abc import Mapping

from consentlint.fields import schemas
from consentlint.fields.phone_numbers import PhoneStatus, check_number
from consentlint.model.findings import Profile, Reason, Severity
from consentlint.rules._form import (
    LENIENT_NOTE,
    check_form,
    describe_form,
    describe_status,
    sentences,
    wrong_length,
)
from consentlint.rules._keys import canonical_contact, canonical_sender
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "sender_id"
_NAME = "invalid-sender-id"
_NOT_SERVICE = "sender-not-messaging-service"
_TOLL_FREE = "toll-free-sender"
_SID_LIKE = re.compile("[A-Za-z]{2}[0-9A-Fa-f]{32}")
_SERVICE_LIKE = re.compile(r"MG[0-9A-Za-z]+")
_TOLL_FREE_NUMBER = re.compile(r"\+1(?:800|833|844|855|866|877|888)[0-9]{7}")
_SERVICE = 'a Messaging Service SID ("MG" and 32 hexadecimal digits)'
_PHONE_NUMBER = "a phone number in E.164 format (such as +14155552671)"
_SHORT_CODE = "a short code (3 to 7 digits)"


def _check_sender(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    problems = check_form(_NAME, _FIELD, value, settings)
    if problems:
        lenient = schemas.is_valid(_FIELD, value, Profile.LENIENT)
        return tuple(problem._replace(args=(lenient,)) for problem in problems)
    if not str(value).startswith("+"):
        return ()
    status = check_number(str(value)).status
    if status is PhoneStatus.POSSIBLE:
        return ()
    return (Problem(_NAME, _FIELD, "impossible", (status.name,)),)


def _describe_sender(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    value = fields.get(_FIELD)
    if problem.detail == "impossible":
        status = PhoneStatus[str(problem.args[0])]
        return f"{_FIELD} {quote(value, _FIELD)} {describe_status(status)}."
    (lenient_accepts,) = problem.args
    expected = "a Messaging Service SID, a phone number or a short code"
    error = describe_form(problem, fields, quote, expected, _invalid(value))
    return sentences(error, LENIENT_NOTE if lenient_accepts else "")


def _invalid(value: object) -> str:
    """Return what a value is not, by what it looks like."""
    text = value.strip() if isinstance(value, str) else ""
    if _SERVICE_LIKE.fullmatch(text) and (length := wrong_length(text[2:], " after MG")):
        return length
    if _SERVICE_LIKE.fullmatch(text) or _SID_LIKE.fullmatch(text):
        return f"is not {_SERVICE}"
    if text.isascii() and text.isdigit():
        return f"is not {_SHORT_CODE} or {_PHONE_NUMBER}"
    if text.startswith("+"):
        return f"is not {_PHONE_NUMBER}"
    return f"is not {_SERVICE}, a phone number in E.164 format or {_SHORT_CODE}"


def _check_service(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    sender = canonical_sender(value, settings.profile)
    if sender is None or sender.startswith(("mg", "rcs:")):
        return ()
    return (Problem(_NOT_SERVICE, _FIELD, "phone-number" if sender[0] == "+" else "short-code"),)


def _describe_service(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    kind = "phone number" if problem.detail == "phone-number" else "short code"
    return (
        f"{_FIELD} {quote(fields.get(_FIELD), _FIELD)} is a {kind}. Send a Messaging Service SID"
        " so that the consent holds across RCS, SMS and MMS."
    )


def is_toll_free(sender: str) -> bool:
    """Tell whether a sender is a toll-free number of North America."""
    number = canonical_contact(sender)
    return number is not None and _TOLL_FREE_NUMBER.fullmatch(number) is not None


def _check_toll_free(status: object, sender: object, settings: RuleSettings) -> tuple[Problem, ...]:
    if status != "opt-in" or not isinstance(sender, str) or not is_toll_free(sender):
        return ()
    return (Problem(_TOLL_FREE, _FIELD),)


def _describe_toll_free(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    return (
        f"{_FIELD} {quote(fields.get(_FIELD), _FIELD)} is a toll-free number: an opt-in does not"
        " override a STOP that the person sent to it."
    )


INVALID_SENDER_ID = Rule(
    name=_NAME,
    reason=Reason.INVALID_SENDER_ID,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check_sender),),
    describe=_describe_sender,
    kinds=("consents",),
    docs="""
    The `sender_id` is not a Messaging Service SID, a possible phone number or a short code.

    Why:
        Each consent belongs to one sender, so the sender must exist.
    Evidence:
        E30646 requires a valid Messaging Service SID or a From phone number. The response that
        REF publishes accepts 123456, a short code; GLOSS gives short codes three to seven
        digits. The `lenient` profile also accepts `rcs:` and an agent's id, which appears in an
        example of GUIDE.
    Ours:
        A phone number is checked as in `contact_id`.
    Bad:
        {"sender_id": "My Shop"}
    Good:
        {"sender_id": "MG9752274e9e519418a7406176694466fa"}
    What to do:
        Copy the SID of your Messaging Service from the Twilio Console: "MG" and 32 hexadecimal
        digits.
    """,
)

SENDER_NOT_MESSAGING_SERVICE = Rule(
    name=_NOT_SERVICE,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check((_FIELD,), _check_service),),
    describe=_describe_service,
    kinds=("consents",),
    docs="""
    The `sender_id` is a From number, but a Messaging Service SID is recommended.

    Why:
        Consent for a number holds for that number alone. Consent for a Messaging Service holds
        for everything that it sends, across RCS, SMS and MMS.
    Evidence:
        GUIDE and E30646 recommend a Messaging Service SID.
    Ours:
        Advice: the API accepts a From number. Not reported if the file has the same contact,
        status and date with a Messaging Service SID too, because some senders upsert both.
    Bad:
        {"sender_id": "+14155552671"}
    Good:
        {"sender_id": "MG9752274e9e519418a7406176694466fa"}
    What to do:
        Send the SID of the Messaging Service that the number belongs to. If you send messages
        from the number itself, ignore this rule.
    """,
)

TOLL_FREE_SENDER = Rule(
    name=_TOLL_FREE,
    reason=None,
    severity=Severity.WARNING,
    checks=(Check(("status", _FIELD), _check_toll_free),),
    describe=_describe_toll_free,
    kinds=("consents",),
    docs="""
    An `opt-in` has a toll-free number of North America as its sender.

    Why:
        The carriers keep a STOP that was sent to a toll-free number, and this API does not
        override it.
    Evidence:
        GUIDE, about toll-free numbers in the United States.
    Ours:
        Advice. Canada shares the prefixes, so its numbers are treated alike. We have read, but
        could not prove, that Twilio changed this in August 2026. A toll-free number in the pool
        of a Messaging Service cannot be seen in the item.
    Bad:
        {"sender_id": "+18005550123", "status": "opt-in"}
    Good:
        {"sender_id": "+18005550123", "status": "opt-out"}
    What to do:
        Check whether the person sent STOP to the number. If so, only a START from the person
        reverses it.
    """,
)
