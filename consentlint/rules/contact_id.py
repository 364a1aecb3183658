"""The contact: the person's phone number."""

from collections.abc import Sequence

from consentlint.fields.phone_numbers import Number, Possibility, is_assigned
from consentlint.model.findings import Reason, Severity
from consentlint.rules._phone import changed_plan, impossible, mend
from consentlint.rules._rule import Context, Problem, Record, Rule
from consentlint.rules._structure import SPACE_HINT, complaint, spaced, with_hint

_POSSIBLE = Possibility.POSSIBLE


def invalid_contact_id(record: Record, context: Context) -> Sequence[Problem]:
    """The `contact_id` is not in E.164 form, or no number of that length is possible.

    Why:
        The contact is a person's phone number, and consent for a number that cannot
        exist is consent of nobody.
    Evidence:
        E30646 and E30647 ask for E.164. REF's published answers refuse +19, which has
        that form, and take +19999999999, which is in no assigned range: so the number
        must be possible, as libphonenumber has it, and need not be assigned.
    Ours:
        The form is "+" and 2 to 15 ASCII digits, the first not 0. A number that is
        possible only within its own area, such as +12345678, is refused: nobody can be
        reached under it from abroad. Numbers of no country, such as satellite phones,
        are judged like all others. Verdicts depend on libphonenumber's metadata, which
        moves (Mexico dropped a digit, Benin added two): no release older than the
        declared one is used, and every report names the version.
    Bad:
        {"contact_id": "+1 (415) 555-2671"}
    Good:
        {"contact_id": "+14155552671"}
    What to do:
        Write "+", the country calling code and the number, with nothing between them.
        In a spreadsheet, format the column as text before the export.
    """
    text = complaint(record, context, "contact_id")
    if text is not None:
        hint = SPACE_HINT
        if not spaced(record, "contact_id"):
            hint = mend(record.get("contact_id"))
        return (Problem("contact_id", with_hint(text, hint)),)
    number = record.contact
    assert number is not None
    if number.possibility is _POSSIBLE:
        return ()
    value = str(record.get("contact_id"))
    words = f"contact_id {context.quote(value, field='contact_id')} {impossible(number)}"
    return (Problem("contact_id", with_hint(words, changed_plan(value))),)


def contact_id_not_canonical(record: Record, context: Context) -> Sequence[Problem]:
    """E.164 writes the number of `contact_id` or `sender_id` otherwise.

    Why:
        A trunk prefix was left in, such as the 0 of +44 07400 123456. Stored as it
        stands, the record has a form that no STOP will ever match.
    Evidence:
        libphonenumber's E.164 form of the number.
    Ours:
        An error, although no document says what the API does with such a number: a lost
        STOP costs more than a refused item.
    Bad:
        {"contact_id": "+4407400123456"}
    Good:
        {"contact_id": "+447400123456"}
    What to do:
        Send the form that the message gives; with `--show-values` it is given in full.
    """
    return (
        *_not_canonical(record, context, "contact_id", record.contact),
        *_not_canonical(record, context, "sender_id", record.sender),
    )


def _not_canonical(
    record: Record, context: Context, field: str, number: Number | None
) -> Sequence[Problem]:
    if number is None or not number.canonical:
        return ()
    value = record.get(field)
    if number.canonical == value or field not in context.fields:
        return ()
    quoted, right = (context.quote(text, field=field) for text in (value, number.canonical))
    mend = "remove the prefix that is dialled only within the country"
    if number.canonical.startswith("+549") and not str(value).startswith("+549"):
        mend = "write 9 after +54, and leave out the 15 after the area code"
    text = f"{field} {quoted} is {right} in E.164: no STOP would match it as it stands; {mend}"
    return (Problem(field, text),)


def contact_id_unassigned(record: Record, context: Context) -> Sequence[Problem]:
    """The number of `contact_id` is possible, but lies in no assigned range.

    Why:
        It may be a slip of a digit. It need not be: ranges open every month.
    Evidence:
        libphonenumber's *valid*. The published example +19999999999 was taken.
    Ours:
        Off unless selected: published examples would raise it, and it costs a look-up a
        number.
    Bad:
        {"contact_id": "+19999999999"}
    Good:
        {"contact_id": "+14155552671"}
    What to do:
        Look where the number came from. Where it is right, ignore the finding.
    """
    number = record.contact
    if number is None or not number.canonical or is_assigned(number.canonical):
        return ()
    quoted = context.quote(record.get("contact_id"), field="contact_id")
    return (Problem("contact_id", f"contact_id {quoted} lies in no assigned range"),)


INVALID_CONTACT_ID = Rule(
    "invalid-contact-id", Reason.INVALID_CONTACT_ID, Severity.ERROR, invalid_contact_id
)
CONTACT_ID_NOT_CANONICAL = Rule(
    "contact-id-not-canonical", None, Severity.ERROR, contact_id_not_canonical
)
CONTACT_ID_UNASSIGNED = Rule(
    "contact-id-unassigned", None, Severity.WARNING, contact_id_unassigned, default=False
)
