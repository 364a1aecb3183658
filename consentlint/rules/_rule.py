"""What a rule is, and what it is given to judge.

A rule's function gets a `Record`, one item with what has been found out about it,
and a `Context`, what holds for the whole file. It returns the problems that it sees,
mostly none: an empty tuple.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from consentlint.fields import iso8601, phone_numbers, schemas
from consentlint.model.findings import Profile, Reason, Severity
from consentlint.rules._earlier import Earlier, Entry
from consentlint.text.masking import looks_like_date, mask, mask_number, printable, shortened

_LARGEST_NUMBER = 10**300

MISSING = object()
"""Stands for the value of a field that the item does not have."""


class Problem(NamedTuple):
    """What a rule has to say about one item, before it has a place."""

    field: str | None
    """The field, or the key, at fault; None for the item as a whole."""
    message: str
    severity: Severity | None = None
    """None for the severity of the rule."""


class FileStart(NamedTuple):
    """Where a file begins among several that are judged together."""

    number: int
    """What is added to the numbers by which messages name its items."""
    file: str
    landmark: str
    """What these numbers count."""


class Context(NamedTuple):
    """What the rules know besides the item."""

    fields: tuple[str, ...]
    """The fields that the endpoint names."""
    forms: Mapping[str, schemas.Predicate]
    """For each of these fields the test of the form that the profile demands of it."""
    unknown_field: Severity
    """How much a field weighs that the endpoint does not name."""
    request_limit: int | None
    """How many items there may be, None for any number."""
    profile: Profile
    now: iso8601.Moment
    show_values: bool
    """True: phone numbers appear in messages as they are."""
    earlier: Earlier
    """What the items before this one in the same file have said."""
    landmark: str
    """What the numbers of earlier items count: "item", from 0, or "line", from 1."""
    starts: Sequence[FileStart] = ()
    """The files that are judged together, in order; none where each is judged by itself."""

    def place(self, number: int) -> str:
        """Return the words for the place of an earlier item."""
        landmark, file = self.landmark, ""
        if self.starts:
            start = next(start for start in reversed(self.starts) if start.number <= number)
            number, landmark = number - start.number, start.landmark
            if start is not self.starts[-1]:
                file = f" of {printable(start.file)}"
        counted = " (counted from 0)" if landmark == "item" else ""
        return f"{landmark} {number}{counted}{file}"

    def shown(self, text: str, *, field: str | None = None) -> str:
        """Return text of the file as a message may show it: masked, short, printable."""
        text = text[:400]
        if not self.show_values:
            text = mask_in_field(text, field)
        return shortened(printable(text))

    def quote(self, value: object, *, field: str | None = None) -> str:
        """Return a value as a message may show it, a text in quotes.

        Of what is neither text nor number, its type says enough: it is left out.
        """
        if isinstance(value, str):
            return f'"{self.shown(value, field=field)}"'
        if isinstance(value, int | float) and not isinstance(value, bool):
            # Python does not write out an int of thousands of digits.
            number = str(value) if abs(value) < _LARGEST_NUMBER else "…"
            return shortened(number if self.show_values else mask_number(number))
        return ""


def mask_in_field(text: str, field: str | None) -> str:
    """Return text that stood in a field with its phone numbers masked.

    What stands where a number belongs is one, however it is written; a sender that
    begins with letters is a SID or a name. What has the form of a date of consent is one
    where it belongs, also in the forms in which it could be a number elsewhere.
    """
    if field == "date_of_consent" and (schemas.predicate(field)(text) or looks_like_date(text)):
        return text
    if field == "contact_id" or (field == "sender_id" and not text.lstrip()[:2].isalpha()):
        return mask_number(text)
    return mask(text)


class Record:
    """One item, with what is known of its fields: each is looked at once."""

    __slots__ = (
        "contact",
        "date",
        "entry",
        "fields",
        "index",
        "is_dated_in_future",
        "landmark",
        "profile",
        "refused",
        "repeated",
        "sender",
    )

    def __init__(
        self,
        index: int,
        landmark: int,
        fields: Mapping[str, object],
        repeated: Mapping[str, bool],
        context: Context,
    ) -> None:
        self.index = index
        """How many items stand before this one."""
        self.landmark = landmark
        """The number by which a message names this item."""
        self.fields = fields
        self.repeated = repeated
        """Keys that stand more than once, and whether their values differ."""
        self.profile = context.profile
        forms, get = context.forms, fields.get
        refused = [field for field, accepts in forms.items() if not accepts(get(field, MISSING))]
        self.refused = refused
        """The endpoint's fields that are missing, or have not the form that the schema demands."""
        self.contact = (
            None if "contact_id" in refused else phone_numbers.judge(str(get("contact_id")))
        )
        """The verdict on `contact_id`, None where it has not the form of a number."""
        self.sender = _number(get("sender_id")) if "sender_id" in forms else None
        """The verdict on `sender_id`, None where it has not the form of a number."""
        self.date: iso8601.DateTime | ValueError | None = None
        """The date of consent, why there is no such date, or None for no date by its form."""
        self.is_dated_in_future = False
        """Whether the date of consent is later than now; equal to now is not."""
        if "date_of_consent" in forms and "date_of_consent" not in refused:
            try:
                self.date = iso8601.read(str(fields["date_of_consent"]))
                self.is_dated_in_future = self.date.moment > context.now
            except ValueError as error:
                self.date = error
        self.entry = self._entry() if "status" in forms else None
        """The contact and sender, in E.164 form, and what the item says of them.

        None where one of contact, sender, status and date is refused, so that nothing
        would be stored.
        """

    def get(self, field: str) -> object:
        """Return a field's value, `MISSING` where the item does not have it."""
        return self.fields.get(field, MISSING)

    def accepts(self, field: str) -> bool:
        """Tell whether one of the endpoint's fields has the form that the schema demands."""
        return field not in self.refused

    def _entry(self) -> tuple[str, Entry] | None:
        if "status" in self.refused or "sender_id" in self.refused:
            return None
        fields, date = self.fields, self.date
        if date is None and "date_of_consent" in fields:
            return None
        if self.is_dated_in_future or isinstance(date, ValueError):
            return None
        contact = self.contact.canonical if self.contact else ""
        sender = str(fields["sender_id"])
        if self.sender:
            sender = self.sender.canonical
        elif sender.startswith("MG"):
            sender = sender.lower()
        if not (contact and sender):
            return None
        moment = date.moment if date else None
        return f"{contact} {sender}", Entry(str(fields["status"]), moment, self.landmark)


def _number(value: object) -> phone_numbers.Number | None:
    """Return the verdict on a phone number, None for what has not the form of one."""
    if isinstance(value, str) and schemas.predicate("phone_number")(value):
        return phone_numbers.judge(value)
    return None


Judge = Callable[[Record, Context], Sequence[Problem]]


class Rule(NamedTuple):
    """One thing that is demanded of items or files. Its judge's docstring is its manual."""

    name: str
    reason: Reason | None
    """The code that the API answers, None for our own errors, advice and file errors."""
    severity: Severity
    judge: Judge
    default: bool = True
    """False: off unless selected."""
    or_warning: bool = False
    """True: an error that is only a warning in cases that its manual tells."""

    @property
    def weight(self) -> str:
        """The severity in words, with what else there is to say of it."""
        words = f"{self.severity} or warning" if self.or_warning else str(self.severity)
        return words if self.default else f"{words}, off unless selected"
