"""The sender: on whose behalf the person agreed to get messages."""

import re
from collections.abc import Sequence

from consentlint.fields import schemas
from consentlint.fields.phone_numbers import Possibility
from consentlint.model.findings import Reason, Severity
from consentlint.rules._phone import changed_plan, impossible, mend
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import SPACE_HINT, complaint, lenient_note, spaced, with_hint

_OTHER_SID = r"[A-Z]{2}[0-9a-f]{32}"
_TOLL_FREE = r"\+1(?:800|833|844|855|866|877|888)[0-9]{7}"


def invalid_sender_id(record: Record, context: Context) -> Sequence[Problem]:
    """The `sender_id` is no Messaging Service SID, possible phone number or short code.

    Why:
        Consent is stored for one sender. A sender that does not exist has none.
    Evidence:
        E30646 asks for a valid Messaging Service SID or a From phone number; REF's
        published answer takes 123456, a short code; GLOSS gives short codes three to
        seven digits. The profile `lenient` also takes `rcs:` and an agent's id, which
        stands in an example of GUIDE.
    Ours:
        A phone number is judged as in `contact_id`.
    Bad:
        {"sender_id": "My Shop"}
    Good:
        {"sender_id": "MG9752274e9e519418a7406176694466fa"}
    What to do:
        Take the SID of your Messaging Service from Twilio's console: MG and 32
        hexadecimal digits.
    """
    text = complaint(record, context, "sender_id")
    if text is not None:
        value = record.get("sender_id")
        note = lenient_note(record, context, "sender_id")
        hint = "" if note else _hint(record, value)
        return (Problem("sender_id", with_hint(text, hint) + note),)
    if record.sender is None or record.sender.possibility is Possibility.POSSIBLE:
        return ()
    value = record.get("sender_id")
    quoted = context.quote(value, field="sender_id")
    words = f"sender_id {quoted} {impossible(record.sender)}"
    return (Problem("sender_id", with_hint(words, changed_plan(str(value)))),)


def _hint(record: Record, value: object) -> str:
    if spaced(record, "sender_id"):
        return SPACE_HINT
    if isinstance(value, str):
        if schemas.predicate("messaging_service_sid")("MG" + value[2:]) and value[:2] in (
            "mg",
            "Mg",
        ):
            return "write MG in upper case"
        if re.fullmatch(_OTHER_SID, value):
            return f"a SID that begins with {value[:2]} names no Messaging Service"
    return mend(value)


def sender_not_messaging_service(record: Record, context: Context) -> Sequence[Problem]:
    """The `sender_id` is a From number where a Messaging Service SID is recommended.

    Why:
        Consent for a number holds for that number alone. Consent for a Messaging
        Service holds for all that it sends, across RCS, SMS and MMS.
    Evidence:
        GUIDE and E30646 recommend a Messaging Service SID.
    Ours:
        Advice: a From number is taken.
    Bad:
        {"sender_id": "+14155552671"}
    Good:
        {"sender_id": "MG9752274e9e519418a7406176694466fa"}
    What to do:
        Send the SID of the Messaging Service that the number belongs to. Where you send
        from the number itself, ignore this rule.
    """
    value = record.get("sender_id")
    if "sender_id" in record.refused or not isinstance(value, str):
        return ()
    if value.startswith(("MG", "rcs:")) or (record.sender and not record.sender.canonical):
        return ()
    quoted = context.quote(value, field="sender_id")
    return (
        Problem(
            "sender_id",
            f"sender_id {quoted} is a From number; a Messaging Service SID keeps the consent"
            " across RCS, SMS and MMS",
        ),
    )


def toll_free_sender(record: Record, context: Context) -> Sequence[Problem]:
    """An `opt-in` has a toll-free number of North America as its sender.

    Why:
        A STOP to a toll-free number is kept by the carriers' network, and this API does
        not override it.
    Evidence:
        GUIDE, of toll-free numbers of the United States.
    Ours:
        Advice. The prefixes are shared with Canada, and treated alike. We have seen it
        said, not proven, that Twilio changed this in August 2026. A toll-free number
        inside a Messaging Service cannot be seen from here.
    Bad:
        {"sender_id": "+18005550123", "status": "opt-in"}
    Good:
        {"sender_id": "+18005550123", "status": "opt-out"}
    What to do:
        Look whether the person has sent STOP to the number: only a START from the person
        takes that back.
    """
    if (
        record.sender is not None
        and record.get("status") == "opt-in"
        and re.fullmatch(_TOLL_FREE, record.sender.canonical)
    ):
        quoted = context.quote(record.get("sender_id"), field="sender_id")
        return (
            Problem(
                "sender_id",
                f"sender_id {quoted} is toll-free: an opt-in does not override a STOP"
                " that was sent to it",
            ),
        )
    return ()


INVALID_SENDER_ID = Rule(
    "invalid-sender-id", Reason.INVALID_SENDER_ID, Severity.ERROR, invalid_sender_id
)
SENDER_NOT_MESSAGING_SERVICE = Rule(
    "sender-not-messaging-service", None, Severity.WARNING, sender_not_messaging_service
)
TOLL_FREE_SENDER = Rule("toll-free-sender", None, Severity.WARNING, toll_free_sender)
