"""How items are checked, and how files are read."""

from typing import NamedTuple

from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Profile, Severity
from consentlint.model.moment import Moment


class RepairOptions(NamedTuple):
    """What unsafe repairs may assume."""

    region: str | None = None
    """The country code of national phone numbers, such as US."""
    timezone: str | None = None
    """The time zone of times without an offset, such as America/New_York."""
    time_of_day: str | None = None
    """The time of dates without one, as hh:mm:ss, with an offset or without."""
    date_format: str | None = None
    """"DMY" or "MDY": the order of day, month and year."""


class Settings(NamedTuple):
    """How items are checked; the same for every file of a run."""

    now: Moment
    """Dates later than this are in the future."""
    profile: Profile = Profile.DOCUMENTED
    rules: frozenset[str] | None = None
    """The names of the rules to run, None for the default rules. Parse errors are always
    reported."""
    strict: bool = False
    """True: warnings become errors."""
    show_values: bool = False
    """True: findings show phone numbers in full."""
    excerpts: bool = False
    """True: findings carry the line that they are about."""
    edits: bool = False
    """True: fixes have edits even if values are masked. They may contain phone numbers, so they are
    for a program that changes the file, not for a report."""
    repair: RepairOptions = RepairOptions()
    """What unsafe repairs may assume."""
    muted: frozenset[tuple[str, Severity]] = frozenset()
    """Names of rules, each with a severity of its findings that is not reported."""


class ReadOptions(NamedTuple):
    """How files are read."""

    endpoint: Endpoint | None = None
    """The kind of items in the files, None to detect it for each file."""
    format: str | None = None
    """One of `formats.FORMATS`, None to detect it for each file."""
    request: bool = False
    """True: each file is one request, which holds at most 25 items."""
    stdin_name: str = "<stdin>"
    """The name to report for standard input; its suffix sets the format."""
    jobs: int | None = None
    """How many processes may check a large file, None to decide by its size."""
    sheet: str | None = None
    """The name of the sheet to read of workbooks; None for the only one."""
    fast_path: bool = True
    """False: every item is parsed and checked. The findings are the same."""
