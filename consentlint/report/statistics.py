"""Count the records that the API would store: by status, source, month, country, sender, age."""

from calendar import monthrange
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import compress
from typing import TypeVar

from consentlint.fields.mask import mask_field
from consentlint.fields.phone_numbers import calling_code
from consentlint.linter.records import RecordReader, Records, moved
from consentlint.model.endpoints import CONSENTS
from consentlint.model.findings import Profile
from consentlint.model.moment import Moment
from consentlint.model.settings import RepairOptions
from consentlint.report.dates import FIRST_DAY, NO_DAY, DateReader
from consentlint.report.history import OPT_IN, OPT_OUT, Histories, HistoryCounts
from consentlint.rules import Problem, RuleSettings, canonical_sender, is_toll_free
from consentlint.rules.repairs import find_repair
from consentlint.rules.status import INVALID_STATUS

_T = TypeVar("_T", bound=Hashable)

# The first day of each band: so many years before the day of the check, and days after that.
_AGES = ((1, 1, "under 1 year"), (2, 0, "1 to 2 years"), (4, 0, "2 to 4 years"))
_OLDER = "over 4 years"
AGE_BANDS = (*(name for *_, name in _AGES), _OLDER)

NO_OFFSET = "a time without a UTC offset"
MIDNIGHT = "midnight exactly, so probably a date whose time is unknown"
OTHERS = 'source "others"'
IMPLAUSIBLE = "a date before the first text message (1992-12-03)"
IN_FUTURE = "a date after the day of the check"
UNDATED = "no date"
OTHER = "other"
SHARED_SECOND = "a second shared by many records, as an import writes it"

_SHARED_SHARE, _MIN_SHARED = 0.01, 50
_DAY_SECONDS = 86_400
# How many invalid statuses are remembered.
_MAX_STATUSES = 65_536
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Statistics:
    """What is counted of the records that would be stored.

    Args:
        now: the moment of the check; ages are counted up to its day.
        profile: by which values are valid.
    """

    def __init__(self, now: Moment, profile: Profile) -> None:
        self.consents = RecordReader(("sender_id", "status", "source"), profile)
        self.contacts = RecordReader(("country_iso_code",), profile)
        self.records = 0
        self.opt_outs_rejected = 0
        """Opt-outs that the API would reject, so that messages may go on. A status that a fix would
        read as opt-out counts, also if it assumes something."""
        self._settings = RuleSettings(CONSENTS, profile, now, RepairOptions())
        self._status_of_text = lru_cache(_MAX_STATUSES)(self._read_status)
        self._today = now.seconds // _DAY_SECONDS + 1 - _EPOCH_DAY
        """The day of the check, as `Dates.days` counts it."""
        self._dates = DateReader()
        self._histories = Histories()
        self._is_opt_in: list[bool] = []
        self._combinations: Counter[int] = Counter()
        self._countries: Counter[int] = Counter()
        self._prefixes: Counter[str] = Counter()
        self._days: Counter[int] = Counter()
        self._opt_in_days: Counter[int] = Counter()

    def add_consents(self, records: Records, first: int) -> None:
        """Count consents.

        Args:
            records: what `consents` read.
            first: how many records the files before have.
        """
        self.opt_outs_rejected += sum(
            self._means_opt_out(status) for _, status, _ in records.rejected
        )
        combinations = records.combinations
        self.records += len(combinations)
        self._combinations.update(combinations)
        self._prefixes.update([contact[:4] for contact in records.contacts])
        known = self._is_opt_in
        known += [status == OPT_IN for _, status, _ in self.consents.combinations[len(known) :]]
        dates = self._dates.read(records.dates)
        self._days.update(dates.days)
        self._opt_in_days.update(compress(dates.days, map(known.__getitem__, combinations)))
        positions = moved(records.numbers, first)
        self._histories.add(records.contacts, combinations, dates, positions)

    def add_contacts(self, records: Records) -> None:
        """Count contacts."""
        self.records += len(records.combinations)
        self._countries.update(records.combinations)

    def by_status(self) -> Counter[str]:
        """Return how many records have each status."""
        return _summed((status, count) for (_, status, _), count in self._consents())

    def by_status_and_source(self) -> Counter[tuple[str, str]]:
        """Return how many records have each status and source."""
        return _summed(((status, source), n) for (_, status, source), n in self._consents())

    def by_sender(self) -> Counter[str]:
        """Return how many records have each sender, masked, and numbered if masks are equal."""
        senders = _summed((self._sender(sender), n) for (sender, _, _), n in self._consents())
        # The first spelling of each is shown.
        written = {self._sender(s): s for s, _, _ in reversed(self.consents.combinations)}
        masks = {sender: mask_field(written[sender], "sender_id") for sender in senders}
        like = Counter(masks.values())
        numbers: Counter[str] = Counter()
        found: Counter[str] = Counter()
        for sender, count in sorted(senders.items(), key=lambda pair: (-pair[1], pair[0])):
            mask = masks[sender]
            numbers[mask] += 1
            found[mask if like[mask] == 1 else f"{mask} ({numbers[mask]})"] += count
        return found

    def opt_outs_for_toll_free(self) -> int:
        """Return how many opt-outs are for a toll-free number."""
        return sum(
            count
            for (sender, status, _), count in self._consents()
            if status == OPT_OUT and is_toll_free(sender)
        )

    def by_country(self) -> Counter[str]:
        """Return how many records have each calling code or country."""
        prefixes = self._prefixes.items()
        found = _summed((calling_code(p) if p[:1] == "+" else OTHER, n) for p, n in prefixes)
        for index, count in self._countries.items():
            country = self.contacts.combinations[index][0]
            found[mask_field(country, "country_iso_code")] += count
        return found

    def by_month(self) -> dict[str, Counter[str]]:
        """Return how many records have each status, by month as YYYY-MM, in UTC."""
        months: dict[str, Counter[str]] = {}
        for day, count in sorted(self._days.items()):
            if FIRST_DAY <= day <= self._today:
                month = months.setdefault(_month(day), Counter())
                month += Counter(
                    {OPT_IN: (opt_ins := self._opt_in_days[day]), OPT_OUT: count - opt_ins}
                )
        return months

    def by_age(self) -> Counter[str]:
        """Return how many records have each age."""
        bands = [(_years_before(self._today, years) + days, name) for years, days, name in _AGES]
        return _summed(
            (next((name for first, name in bands if day >= first), _OLDER), count)
            for day, count in self._days.items()
            if FIRST_DAY <= day <= self._today
        )

    def without_month(self) -> dict[str, int]:
        """Return how many records have no date, and how many one that cannot be right."""
        days = self._days.items()
        return {
            UNDATED: self._days[NO_DAY],
            IMPLAUSIBLE: sum(count for day, count in days if NO_DAY < day < FIRST_DAY),
            IN_FUTURE: sum(count for day, count in days if day > self._today),
        }

    def gaps(self) -> Counter[str]:
        """Return how many records have weak evidence, by what is weak, except `without_month`."""
        found: Counter[str] = Counter()
        found[NO_OFFSET] = self._dates.without_offset
        found[MIDNIGHT] = self._dates.at_midnight
        found[OTHERS] = sum(n for (_, _, source), n in self._consents() if source == "others")
        found[SHARED_SECOND] = self._in_shared_seconds()
        return +found

    def history(self) -> HistoryCounts:
        """Return what the records of each contact show together."""
        senders = [self._sender(sender) for sender, _, _ in self.consents.combinations]
        return self._histories.count(senders, self._is_opt_in)

    def _consents(self) -> Iterator[tuple[tuple[str, ...], int]]:
        for index, count in self._combinations.items():
            yield self.consents.combinations[index], count

    def _means_opt_out(self, status: object) -> bool:
        # What is not a text may have no hash.
        read = self._status_of_text if isinstance(status, str) else self._read_status
        return read(status) == OPT_OUT

    def _read_status(self, status: object) -> object:
        """Return the status that an invalid one probably means."""
        problem = Problem(INVALID_STATUS.name, "status")
        repair = find_repair(problem, {"status": status}, self._settings)
        return status if repair is None else repair.value

    def _sender(self, sender: str) -> str:
        """Return what equal senders share, in whatever way they are written."""
        return canonical_sender(sender, self._settings.profile) or sender

    def _in_shared_seconds(self) -> int:
        """Return how many records have their second in common with very many others."""
        least = max(_MIN_SHARED, int(_SHARED_SHARE * self.records))
        days = {day for day, count in self._days.items() if count >= least and day != NO_DAY}
        if not days:
            return 0
        seconds = Counter(self._histories.moments_of(days))
        return sum(count for count in seconds.values() if count >= least)


def _month(day: int) -> str:
    return _date(day).isoformat()[:7]


def _years_before(day: int, years: int) -> int:
    """Return the day so many years before another one; of 29 February, it may be the 28th."""
    today = _date(day)
    year = max(today.year - years, 1)
    last = monthrange(year, today.month)[1]
    return today.replace(year=year, day=min(today.day, last)).toordinal() - _EPOCH_DAY


def _date(day: int) -> date:
    # In UTC, the last dates with a negative offset are in the year 10000.
    return date.fromordinal(min(_EPOCH_DAY + day, date.max.toordinal()))


def _summed(counts: Iterable[tuple[_T, int]]) -> Counter[_T]:
    found: Counter[_T] = Counter()
    for key, count in counts:
        found[key] += count
    return found
