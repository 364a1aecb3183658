"""The stub's clock."""

from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that follows the system clock until a test sets it.

    While it runs, a date that the code under test takes from the system clock is never in
    the future. Once set, it does not advance.

    Args:
        now: The time to set; None to follow the system clock. A time without a time zone
            is interpreted as UTC.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._offset = timedelta()
        self._fixed: datetime | None = None
        if now is not None:
            self.set(now)

    def __call__(self) -> datetime:
        """Return the current time in UTC."""
        return (datetime.now(UTC) if self._fixed is None else self._fixed) + self._offset

    def set(self, now: datetime) -> None:
        """Set the clock and stop it."""
        self._offset = timedelta()
        self._fixed = _to_utc(now)

    def start(self, now: datetime) -> None:
        """Set the clock and let it run."""
        self._fixed = None
        self._offset = _to_utc(now) - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock forward, without starting or stopping it."""
        self._offset += timedelta(seconds=seconds)


def _to_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
