"""The clock, the profile and the phone numbers that values depend on."""

from datetime import datetime, timedelta
from typing import NamedTuple

from consentlint.cases._choices import Make
from consentlint.cases._phone_numbers import valid_number
from consentlint.model.findings import Profile
from consentlint.model.moment import Moment

# The origin of moments. In UTC: no datetime in this package has a time zone.
_EPOCH = datetime(1, 1, 1)  # noqa: DTZ001
_FIRST, _END = (
    int((datetime(year, 1, 1) - _EPOCH).total_seconds())  # noqa: DTZ001
    for year in (1970, 9999)
)


class Context(NamedTuple):
    """What the values of fields depend on."""

    now: datetime
    """The last moment of valid dates. UTC, without a time zone and in whole seconds."""
    fraction: str
    """The digits of this second's fraction."""
    future: datetime
    """Dates from this moment on are in the future."""
    is_exact: bool
    """Whether dates moments after `now` are in the future. If not, the clock runs on."""
    profile: Profile
    number: Make[str]
    """Makes the valid phone numbers that others are derived from."""

    @property
    def moment(self) -> Moment:
        """The current time as the linter represents it: a later moment is in the future."""
        return Moment(int((self.now - _EPOCH).total_seconds()), self.fraction)


def context_at(
    now: Moment,
    profile: Profile | str,
    *,
    is_exact: bool = True,
    future: datetime | None = None,
    number: Make[str] = valid_number,
) -> Context:
    """Return the context for a time.

    Args:
        now: The current time.
        profile: The profile that decides what is valid.
        is_exact: Whether a test of the values uses exactly this time.
        future: When the future begins, UTC. None for two days after `now`: a date in the form
            that has no minutes is truncated, and must still be in the future.
        number: Makes valid phone numbers.

    Raises:
        ValueError: The profile is unknown, or `now` is before 1970 or after 9998.
    """
    if not _FIRST <= now.seconds < _END:
        raise ValueError("the year of now must be from 1970 to 9998")
    start = _EPOCH + timedelta(seconds=now.seconds)
    future = future or start + timedelta(days=2)
    return Context(start, now.fraction, future, is_exact, Profile(profile), number)
