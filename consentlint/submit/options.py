"""The options of a run, and the errors that end it."""

from typing import NamedTuple

import click

from consentlint.model.findings import Profile
from consentlint.model.moment import Moment


class SubmitError(click.ClickException):
    """The command cannot continue. The message says why, and what to do."""

    exit_code = 2


class InputError(SubmitError):
    """The input cannot be submitted, or not with these options."""


class ConfigurationError(SubmitError):
    """The credentials, the base URL, the proxy or the certificates are unusable."""


class JournalError(SubmitError):
    """The journal cannot be read or written, or belongs to another run."""


class OutputError(SubmitError):
    """An output file cannot be written."""


class RateLimitError(SubmitError):
    """The file that counts recent requests cannot be used."""


class SubmitOptions(NamedTuple):
    """The options of `consentlint submit`, checked and with their defaults."""

    base_url: str
    rate: int
    """Requests a minute."""
    max_attempts: int
    profile: Profile
    now: Moment
    journal: str
    results: str | None
    rejects: str | None
    skipped: str | None
    """Where to write excluded items. If None, no item is excluded."""
    drift: str
    skip_lint: bool
    resend_all: bool
    show_values: bool
    quiet: bool
    resume_command: str
