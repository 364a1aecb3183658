"""Reason codes, severities, profiles, findings."""

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
    """An error fails the run; a warning is advice."""

    ERROR = "error"
    WARNING = "warning"


class Profile(StrEnum):
    """Which to follow if Twilio's documents disagree with their own examples.

    `documented` follows the text of the error pages; `lenient` also accepts what some
    published examples show (docs/evidence.md).
    """

    DOCUMENTED = "documented"
    LENIENT = "lenient"


class FileError(StrEnum):
    """Why a file, or a part of it, cannot be read; each is the name of its rule."""

    UNREADABLE = "file-unreadable"
    ENCODING = "file-encoding"
    MALFORMED = "file-malformed"
    KIND = "file-kind"
    EMPTY = "file-empty"
    ITEM_MALFORMED = "item-malformed"


class Excerpt(NamedTuple):
    """Part of the line that a finding is about, safe for a terminal."""

    text: str
    start: int
    """Index in `text` of the first character to underline."""
    length: int
    """How many characters to underline, at least one."""


class More(NamedTuple):
    """The findings of a group that a report for people does not show one by one."""

    findings: int
    """How many there are."""
    where: str
    """Which items they are about, such as "lines 12–2001"."""


class Edit(NamedTuple):
    """A replacement of the text between two byte offsets of a file."""

    offset: int
    """Where the text begins, in bytes from the start of the file (unpacked)."""
    end_offset: int
    """The byte after it."""
    content: str
    """What replaces it."""


class Fix(NamedTuple):
    """A repair of one finding."""

    title: str
    """What it does, as a sentence in the imperative."""
    safe: bool
    """True if it cannot change the meaning, so that `--fix` applies it; False if it assumes
    something, so that only `--unsafe-fixes` does."""
    edits: tuple[Edit, ...]
    """Its changes of the file, in order. In a report, they are empty unless values are shown, because
    they may contain phone numbers, and for a new ID, which is random."""


class Finding(NamedTuple):
    """One thing that is wrong, or unwise, at one location."""

    file: str | None
    """The file's name as the user gave it, None for items that came from no file."""
    line: int | None
    """First line, from 1; None without a file or a location in it."""
    column: int | None
    """First column in that line, in characters, from 1."""
    end_line: int | None
    """Last line."""
    end_column: int | None
    """The column after the last character."""
    offset: int | None
    """Offset of the first character from the start of the file (unpacked), in bytes."""
    end_offset: int | None
    """Offset after the last character, in bytes."""
    item: int | None
    """The item's number in its file or list, from 0; None if it is about no single item."""
    pointer: str | None
    """JSON pointer (RFC 6901) from the root of the document, in JSON Lines from the root of
    the line; None in formats without one."""
    field: str | None
    """The field, None if the finding is about the whole item or file."""
    rule: str
    """Name of the rule."""
    reason: Reason | None
    """The reason code that the API would return, None if there is none."""
    severity: Severity
    """Whether it is an error or a warning."""
    correlation_id: str | None
    """The item's correlation id if it is a string, masked."""
    value: str | None
    """The offending value, masked and shortened; None if the field is missing."""
    message: str
    """What is wrong and what to do, in one line, masked."""
    url: str
    """The address of the page that documents the rule."""
    fix: Fix | None = None
    """What repairs it; None if that is not certain."""
    cell: str | None = None
    """The cell of a workbook, such as `Sheet1!B17`, or the row of a Parquet or Arrow file, such as
    `row 17`; None for a text file. The line is the row then, and the column is its number from 1."""
    excerpt: Excerpt | None = None
    """The line in the file, only if `Settings.excerpts` is set."""
    more: More | None = None
    """The findings like this one that are not shown, only in a grouped report and only for the
    last one that is shown."""
