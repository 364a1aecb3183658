"""The words of a verdict: reason codes, severities, profiles, findings."""

from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """A reason code, as the API writes it in `error_messages` (E30646, E30647)."""

    INVALID_CORRELATION_ID = "INVALID_CORRELATION_ID"
    INVALID_SENDER_ID = "INVALID_SENDER_ID"
    INVALID_COUNTRY_ISO_CODE = "INVALID_COUNTRY_ISO_CODE"
    INVALID_CONTACT_ID = "INVALID_CONTACT_ID"
    INVALID_ZIP_CODE = "INVALID_ZIP_CODE"
    INVALID_STATUS = "INVALID_STATUS"
    INVALID_SOURCE = "INVALID_SOURCE"
    INVALID_DATE_OF_CONSENT = "INVALID_DATE_OF_CONSENT"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


class Severity(StrEnum):
    """How much a finding weighs: an error fails the run, a warning is advice."""

    ERROR = "error"
    WARNING = "warning"


class Profile(StrEnum):
    """Whom to believe where Twilio's documents disagree with their own examples.

    `documented` goes by the words of the error pages, `lenient` also takes what
    some published examples show (see docs/evidence.md).
    """

    DOCUMENTED = "documented"
    LENIENT = "lenient"


class Excerpt(NamedTuple):
    """A part of the line at fault, fit for a terminal, and what to underline in it."""

    text: str
    start: int
    """Index in `text` of the first character to underline."""
    length: int
    """How many characters to underline, at least one."""


class Finding(NamedTuple):
    """One thing that is wrong, or unwise, in one place."""

    file: str | None
    """The file's name as the user gave it, None for items that came from no file."""
    line: int | None
    """Line in the file, from 1; None where there is no file."""
    column: int | None
    """Column in the line, in characters, from 1; None where there is no file."""
    item: int | None
    """The item's number in its file or list, from 0; None where it is about no one item."""
    pointer: str | None
    """JSON pointer (RFC 6901) from the root of the document, in JSON Lines from the
    root of the line; None in formats that have no such thing."""
    field: str | None
    """The field at fault, None where it is about the whole item or file."""
    rule: str
    """Name of the rule that was broken."""
    reason: Reason | None
    """The code that the API would answer, None where it has none."""
    severity: Severity
    """Error or warning."""
    correlation_id: str | None
    """The item's correlation id where it has one that is a string, masked like a message."""
    message: str
    """What is wrong and what to do, in one line, phone numbers masked unless asked for."""
    excerpt: Excerpt | None = None
    """The place in the file, only where the reader of the findings asked for it."""
