"""Count the records that the API would store: by status, source, month, country, sender, age."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from consentlint.fields.iso8601 import parse, to_datetime
from consentlint.fields.phone_numbers import calling_code
from consentlint.model.moment import Moment
from consentlint.report.history import Histories

Fields = Mapping[str, object]

_FIRST_TEXT_MESSAGE = datetime(1992, 12, 3, tzinfo=UTC)
_AGES = (
    (365, "under 1 year"),
    (2 * 365, "1 to 2 years"),
    (4 * 365, "2 to 4 years"),
)
_OLDER = "over 4 years"
AGE_BANDS = (*(name for _, name in _AGES), _OLDER)

NO_DATE = "no date"
NO_OFFSET = "a time without a UTC offset"
MIDNIGHT = "midnight exactly, so probably a date whose time is unknown"
OTHERS = 'source "others"'
IMPLAUSIBLE = "a date before the first text message (1992-12-03)"
SHARED_SECOND = "a second shared by many records, as an import writes it"

_SHARED_SHARE, _MIN_SHARED = 0.01, 50


class Statistics:
    """What is counted of the records that would be stored.

    Args:
        now: the moment of the check; ages are counted up to it.
    """

    def __init__(self, now: Moment) -> None:
        self._now = to_datetime(now)
        self.records = 0
        self.opt_outs_rejected = 0
        """Opt-outs that the API would reject, so that messages may go on."""
        self.by_status: Counter[str] = Counter()
        self.by_status_and_source: Counter[tuple[str, str]] = Counter()
        self.by_month: Counter[tuple[str, str]] = Counter()
        """By month, as YYYY-MM, and status."""
        self.by_age: Counter[str] = Counter()
        self.by_country: Counter[str] = Counter()
        self.by_sender: Counter[str] = Counter()
        self.gaps: Counter[str] = Counter()
        self.histories = Histories()
        self._seconds = array("q")

    def add_rejected(self, records: Sequence[Fields]) -> None:
        """Count records that would be rejected."""
        self.opt_outs_rejected += sum(each.get("status") == "opt-out" for each in records)

    def add_consents(self, records: Sequence[Fields]) -> None:
        """Count consents that would be stored."""
        self.records += len(records)
        contacts, senders, statuses, sources = (
            [str(each[field]) for each in records]
            for field in ("contact_id", "sender_id", "status", "source")
        )
        self.by_status_and_source.update(zip(statuses, sources, strict=True))
        self.by_sender.update(senders)
        self.by_country.update(contact[:4] for contact in contacts)
        dates = [each.get("date_of_consent") for each in records]
        seconds = [
            None if date is None else self._add_date(str(date), status)
            for date, status in zip(dates, statuses, strict=True)
        ]
        self.histories.add(contacts, senders, statuses, seconds)

    def add_contacts(self, records: Sequence[Fields]) -> None:
        """Count contacts that would be stored."""
        self.records += len(records)
        self.by_country.update(str(each["country_iso_code"]) for each in records)

    def finish(self) -> None:
        """Count what only all records together show."""
        for (status, source), count in self.by_status_and_source.items():
            self.by_status[status] += count
            self.gaps[OTHERS] += count if source == "others" else 0
        self.gaps[NO_DATE] = self.by_status.total() - len(self._seconds)
        counts = Counter(self._seconds)
        least = max(_MIN_SHARED, int(_SHARED_SHARE * self.records))
        shared = sum(count for count in counts.values() if count >= least)
        self.gaps = +(self.gaps + Counter({SHARED_SECOND: shared}))
        prefixes, self.by_country = self.by_country, Counter()
        for prefix, count in prefixes.items():
            self.by_country[calling_code(prefix) if prefix[0] == "+" else prefix] += count

    def _add_date(self, text: str, status: str) -> int:
        """Count a date, and return its Unix time in seconds."""
        date, has_offset = _datetime(text)
        seconds = int(date.timestamp())
        self._seconds.append(seconds)
        self.by_month[date.isoformat()[:7], status] += 1
        if not has_offset:
            self.gaps[NO_OFFSET] += 1
        if date < _FIRST_TEXT_MESSAGE:
            self.gaps[IMPLAUSIBLE] += 1
        elif "T00:00:00" in text:
            self.gaps[MIDNIGHT] += 1
        days = (self._now - date).days
        self.by_age[next((name for limit, name in _AGES if days < limit), _OLDER)] += 1
        return seconds


def _datetime(text: str) -> tuple[datetime, bool]:
    """Return a valid date of consent as a datetime in UTC, and whether it has an offset."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        parsed = parse(text)
        return to_datetime(parsed.moment), parsed.has_offset
    if date.tzinfo is None:
        return date.replace(tzinfo=UTC), False
    return (date if date.tzinfo is UTC else date.astimezone(UTC)), True
