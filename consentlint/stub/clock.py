"""What time it is for a stub."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time: the machine's, or one that a test has set.

    It runs with the machine's until it is set: dates that the code under test takes from
    there are then never in the future. Once it is set it stands still.

    Args:
        now: what it is set to, None to let it run. A time without a zone is read as UTC.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._ahead = timedelta()
        self._fixed: datetime | None = None
        if now is not None:
            self.set(now)

    def __call__(self) -> datetime:
        """Return the present time, in UTC."""
        return (datetime.now(UTC) if self._fixed is None else self._fixed) + self._ahead

    def set(self, now: datetime) -> None:
        """Set the clock, and let it stand still."""
        self._ahead = timedelta()
        self._fixed = _in_utc(now)

    def start(self, now: datetime) -> None:
        """Set the clock, and let it run."""
        self._fixed = None
        self._ahead = _in_utc(now) - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock on; whether it runs or stands still stays as it is."""
        self._ahead += timedelta(seconds=seconds)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
