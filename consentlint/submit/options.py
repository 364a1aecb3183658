"""The options of a run, the errors that end it, and the outcomes of items."""

from enum import StrEnum
from typing import NamedTuple

import click

from consentlint.model.findings import Profile
from consentlint.model.moment import Moment

MAX_IN_FLIGHT = 5
"""The number of requests in flight at the same time."""


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
    """No final response after the last attempt."""
    UNKNOWN = "unknown"
    """It was sent, and no response was recorded."""
    NOT_STORED = "not-stored"
    """No attempt was processed by the API."""
    NOT_SENT = "not-sent"
    SKIPPED = "skipped"
    """It is invalid."""
    HELD_BACK = "held-back"
    """It is valid, but an invalid item may concern the same contact and sender."""
    SUPERSEDED = "superseded"
    """It is marked as superseded by a later item."""


class SubmitOptions(NamedTuple):
    """The options of `consentlint submit`, checked and with their defaults."""

    base_url: str
    rate: int
    """Requests a minute."""
    max_attempts: int
    profile: Profile
    now: Moment
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
    show_values: bool
    quiet: bool
    resume_command: str
