"""On what terms values are drawn: the clock and the profile."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from consentlint.fields import iso8601
from consentlint.model.findings import Profile
from consentlint.model.moment import Moment

# Where moments are counted from. In UTC: no datetime here has a zone.
_START = datetime(1, 1, 1)  # noqa: DTZ001
_FIRST_YEAR, _LAST_YEAR = 1970, 9998


class Terms(NamedTuple):
    """What a strategy must know that its values depend on."""

    now: datetime
    """UTC, without a zone and in whole seconds: dates are written from it."""
    fraction: str
    """The digits of a second that has begun at `now`."""
    is_fixed: bool
    """Whether the user has said what time it is. The clock goes on, so that nothing can be
    known of a date that lies a moment ahead of it."""
    profile: Profile

    @property
    def moment(self) -> Moment:
        """Now, as the linter has it: what is later lies in the future."""
        return Moment(int((self.now - _START).total_seconds()), self.fraction)


def terms(now: datetime | None, profile: Profile | str) -> Terms:
    """Return the terms that a user has named.

    Raises:
        ValueError: there is no such profile, or now lies before 1970 or after 9998.
    """
    is_fixed = now is not None
    now = now or datetime.now(UTC)
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        raise ValueError(f"now must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    if now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    # The linter's own way from a datetime to a moment, for the two must not differ.
    moment = iso8601.parse_now(now)
    start = _START + timedelta(seconds=moment.seconds)
    return Terms(start, moment.fraction, is_fixed, Profile(profile))
