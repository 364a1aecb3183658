"""The options of a run, the errors that end it, and the outcomes of items."""

from enum import StrEnum
from typing import NamedTuple

import click


class SubmitError(click.ClickException):
    """The command cannot continue. The message says why, and what to do."""

    exit_code = 2


class JournalError(SubmitError):
    """The journal cannot be read or written, or belongs to another run."""


class JournalLost(JournalError):
    """The journal is gone, so running the command again would send everything again."""


class ItemStatus(StrEnum):
    """The outcome of an item.

    Variables, columns and keys of this type are named `outcome`, because items have a field
    `status` of their own.
    """

    STORED = "stored"
    REJECTED = "rejected"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_STORED = "not-stored"
    NOT_SENT = "not-sent"
    SKIPPED = "skipped"
    HELD_BACK = "held-back"
    SUPERSEDED = "superseded"


LABELS = {
    ItemStatus.FAILED: "failed after the last attempt",
    ItemStatus.UNKNOWN: "sent, result unknown",
    ItemStatus.NOT_STORED: "not stored (the API did not process the request)",
    ItemStatus.SKIPPED: "skipped (invalid)",
    ItemStatus.HELD_BACK: "held back (an invalid item may concern the same contact and sender)",
    ItemStatus.SUPERSEDED: "not sent (marked as superseded)",
}
"""What a summary calls an outcome whose name is not enough."""
OPEN = {ItemStatus.FAILED, ItemStatus.UNKNOWN, ItemStatus.NOT_STORED, ItemStatus.NOT_SENT}
"""The outcomes of items that could still be sent."""
EXCLUDED = {ItemStatus.SKIPPED, ItemStatus.HELD_BACK}
"""The outcomes of items that `--skip-invalid` leaves out."""


class SubmitOptions(NamedTuple):
    """The options of `consentlint submit`, checked and with their defaults."""

    base_url: str
    rate: int
    """Requests a minute."""
    max_attempts: int
    journal: str
    is_default_journal: bool
    """Whether it is next to the first file, because no other was named."""
    results: str | None
    rejects: str | None
    skipped: str | None
    """Where to write excluded items. If None, no item is excluded."""
    drift: str
    skip_lint: bool
    resend_all: bool
    yes: bool
    """Whether to send to the real API without a confirmation."""
    quiet: bool
    resume_command: str
