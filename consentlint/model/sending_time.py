"""How many requests items need, and how long these take."""

from datetime import datetime, timedelta

from consentlint.model.endpoints import REQUEST_LIMIT

REQUESTS_A_MINUTE = 100
"""The API's limit for each endpoint, unless Support has raised it (GUIDE)."""
_MINUTES_A_DAY = 24 * 60


def requests_for(items: int) -> int:
    """Return how many requests items need at least."""
    return -(-items // REQUEST_LIMIT)


def rate_for_one_day(requests: int) -> int:
    """Return how many requests a minute are needed to send a number of requests in a day."""
    return -(-requests // _MINUTES_A_DAY)


def describe_end(requests: int, rate: int, now: datetime, minute: float = 60.0) -> list[str]:
    """Return when a run ends, and what to ask Support for if it takes more than a day.

    Args:
        requests: how many requests there are.
        rate: how many may leave in a minute.
        now: when the run starts, in UTC.
        minute: the seconds after which as many may leave again.

    Returns:
        Sentences; none for a run that ends within a minute.
    """
    seconds = max(0, requests - 1) // rate * minute
    if not seconds:
        return []
    try:
        end = now + timedelta(seconds=seconds)
    except OverflowError:
        return ["It would end after the year 9999."]
    found = [f"If it starts now, it ends at {end:%Y-%m-%d %H:%M} UTC at the earliest."]
    if end - now > timedelta(days=1):
        needed = rate_for_one_day(int(requests * minute / 60) + 1)
        found.append(
            f"To send everything within a day, {needed:,} requests a minute are needed. Ask Twilio"
            f" Support to raise your limit, then pass --rate {needed}."
        )
    return found
