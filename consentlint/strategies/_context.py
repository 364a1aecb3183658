"""The clock and the profile that generated values depend on."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from consentlint.fields import iso8601
from consentlint.model.findings import Profile
from consentlint.model.moment import Moment

# The origin of moments. In UTC: no datetime in this package has a time zone.
_EPOCH = datetime(1, 1, 1)  # noqa: DTZ001
_FIRST_YEAR, _LAST_YEAR = 1970, 9998


class DrawContext(NamedTuple):
    """The clock and the profile of a strategy."""

    now: datetime
    """UTC, without a time zone and in whole seconds: dates are written from it."""
    fraction: str
    """The digits of the current second's fraction."""
    is_fixed: bool
    """Whether the user set the time. If not, the clock runs on, and a date that is only
    moments ahead may no longer be in the future when a test uses it."""
    profile: Profile

    @property
    def moment(self) -> Moment:
        """The current time as the linter represents it: a later moment is in the future."""
        return Moment(int((self.now - _EPOCH).total_seconds()), self.fraction)


@cache
def _process_time() -> datetime:
    """Return the time at which a strategy was first created in this process.

    Strategies that are created while an example is drawn must not differ from one example to
    the next, so they all use the same time.
    """
    return datetime.now(UTC)


def draw_context(now: datetime | None, profile: Profile | str) -> DrawContext:
    """Return the context for the arguments of a public strategy.

    Raises:
        ValueError: The profile is unknown, or `now` is before 1970 or after 9998.
    """
    is_fixed = now is not None
    now = now or _process_time()
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        raise ValueError(f"the year of now must be from {_FIRST_YEAR} to {_LAST_YEAR}")
    if now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    # Convert as the linter does, so that both compare dates with the same moment.
    moment = iso8601.parse_now(now)
    start = _EPOCH + timedelta(seconds=moment.seconds)
    return DrawContext(start, moment.fraction, is_fixed, Profile(profile))
