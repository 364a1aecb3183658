"""Read dates that are written in another form than ISO 8601."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from consentlint.model.settings import RepairOptions

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    r" ?(?P<offset>[Zz]|UTC|(?:GMT|UTC)?[+-][0-9]{2}:?(?:[0-9]{2})?|GMT)?"
    r"(?: ?\((?P<zone>[^()]{1,60})\)|\[(?P<name>[A-Za-z0-9_+/-]{1,40})\])?"
)
_TIME = rf"(?:(?:T|t|,? +|_){_CLOCK})?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}})([-/.])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}}){_TIME}"
)
_YEAR_LAST = re.compile(
    rf"(?P<first>[0-9]{{1,2}})([-/.])(?P<second_number>[0-9]{{1,2}})\2(?P<year>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAME = r"(?P<name_of_month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
_NAMED = (
    # JavaScript: Fri Feb 28 2025 10:05:27 GMT-0500 (Eastern Standard Time)
    re.compile(rf"{_WEEKDAY}{_NAME} (?P<day>[0-9]{{1,2}}),? (?P<year>[0-9]{{4}}){_TIME}"),
    # RFC 2822: Fri, 28 Feb 2025 10:05:27 GMT
    re.compile(rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})[ -]{_NAME}[ -](?P<year>[0-9]{{4}}){_TIME}"),
    # C and Python's ctime: Fri Feb 28 10:05:27 2025
    re.compile(rf"{_WEEKDAY}{_NAME} +(?P<day>[0-9]{{1,2}}) {_CLOCK} (?P<year>[0-9]{{4}})"),
)
_DOTNET = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/")
_UNIX_TIME = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_FOREIGN_NAME = re.compile(r"[0-9]{1,2}\.? (?:de )?[^\W\d_]{3,12}\.? (?:de )?[0-9]{4}.{0,20}")
_WHICH_FIRST = "the day or the month may come first, so fix it with --date-format DMY or MDY."
_TEN_DIGITS = 10
_COMPACT = re.compile("([0-9]{14})(Z?)")
_NAMED_ZONE = re.compile(r".*[0-9]:[0-9]{2}(?::[0-9.]+)? ?([A-Z]{3,5}|[A-Z][A-Za-z]+/[A-Za-z_/]+)")
_LIMITS = {"month": 12, "day": 31, "hour": 24, "minute": 59, "second": 60}


class Written(NamedTuple):
    """A date as it was read."""

    text: str
    """The date in the form that every parser accepts, without an offset if none is known."""
    hint: str
    assumes: str


def read(text: str, options: RepairOptions) -> Iterator[Written]:
    """Yield the dates that a text may mean.

    Args:
        text: the text, without surrounding white space.
        options: what may be assumed.
    """
    match = _YEAR_FIRST.fullmatch(text)
    if match is not None:
        date = _date(match["year"], match["month"], match["day"])
        yield from _dated(match, date, _year_first_hint(match), "", options)
    match = _YEAR_LAST.fullmatch(text)
    if match is not None:
        yield from _year_last(match, options)
    for pattern in _NAMED:
        match = pattern.fullmatch(text)
        if match is not None:
            month = str(_MONTHS.index(match["name_of_month"].lower()) + 1)
            hint = "Write numbers, not names of days and months; in JavaScript, use toISOString()."
            assumes = "the date is written by a program in English"
            date = _date(match["year"], month, match["day"])
            yield from _dated(match, date, hint, assumes, options)
    match = _DOTNET.fullmatch(text)
    if match is not None:
        yield from _unix(int(match[1]), "Convert the .NET date to a date with a time.")
    elif (match := _COMPACT.fullmatch(text)) is not None:
        digits = match[1]
        date = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
        clock = f"{digits[8:10]}:{digits[10:12]}:{digits[12:]}"
        assumes = "the digits are a date with a time"
        yield Written(f"{date}T{clock}{match[2]}", "Write T between date and time.", assumes)
    elif _UNIX_TIME.fullmatch(text):
        hint = "If it is a Unix timestamp, convert it to a date with a time."
        yield from _unix(int(text) * (1_000 if len(text) == _TEN_DIGITS else 1), hint)


def date_in(text: str, options: RepairOptions) -> str:
    """Return the only date that a text may mean, with its offset if it can be known, or nothing."""
    found = [written.text for written in read(text, options)]
    if len(found) != 1:
        return ""
    offset = None if options.timezone is None else offset_in(found[0], options.timezone)
    return found[0] + (offset or "")


def advise(text: str) -> str:
    """Return what to do about a date whose meaning is not certain."""
    last = _YEAR_LAST.fullmatch(text)
    if last is not None:
        order = "Write the year first, then month and day, and the time"
        is_certain = max(int(last["first"]), int(last["second_number"])) > 12
        return f"{order}." if is_certain else f"{order}; {_WHICH_FIRST}"
    if re.search(_NAME, text, re.IGNORECASE) or _FOREIGN_NAME.fullmatch(text):
        return "Write numbers, not names of days and months; in JavaScript, use toISOString()."
    match = _YEAR_FIRST.fullmatch(text)
    for part, limit in _LIMITS.items() if match is not None else ():
        if match is not None and int(match[part] or 0) > limit:
            return f"There is no {part} {match[part]}."
    if _NAMED_ZONE.fullmatch(text):
        return "Write the UTC offset, such as -05:00, instead of the name of the time zone."
    return ""


def offset_in(local: str, timezone: str) -> str | None:
    """Return the offset of a local time in a time zone, such as "+02:00".

    None if the zone is unknown, or if the clock showed the time twice or never.
    """
    zone = _zone(timezone)
    try:
        naive = datetime.fromisoformat(local.replace(",", ".")[:19])
    except ValueError:
        return None
    if zone is None or naive.tzinfo is not None:
        return None
    first = naive.replace(tzinfo=zone)
    offset = first.utcoffset()
    if offset is None or first.replace(fold=1).utcoffset() != offset:
        return None
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        return None
    minutes = int(offset / timedelta(minutes=1))
    if timedelta(minutes=minutes) != offset:
        return None
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def is_zone(name: str) -> bool:
    """Return whether a time zone is known."""
    return _zone(name) is not None


@lru_cache(maxsize=16)
def _zone(name: str) -> "ZoneInfo | None":
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return None


def _year_first_hint(match: re.Match[str]) -> str:
    if match["name"]:
        return f"Remove the name of the time zone in brackets, [{match['name']}]."
    if match["hour"] is None:
        return ""
    if match[2] != "-":
        return "Write hyphens in the date and T before the time."
    if match["half"]:
        return "Write the hour from 00 to 23 without AM or PM, and T before the time."
    if min(len(match[part]) for part in ("month", "day", "hour")) == 1:
        return "Write month, day and hour with two digits, and T before the time."
    between = match[0][match.end("day") : match.start("hour")]
    if between == "T" and not match[0].endswith("z"):
        return "Write the offset without a space, as Z or ±hh:mm."
    if between in "Tt":
        return "Write T and Z in upper case."
    if match["offset"] and " " in match[0][match.start("hour") :]:
        return "Write T before the time, and the offset (Z for UTC) without a space."
    return "Write T between date and time."


def _year_last(match: re.Match[str], options: RepairOptions) -> Iterator[Written]:
    first, second = match["first"], match["second_number"]
    hint = "Write the year first, then month and day, and T before the time."
    orders = []
    if options.date_format != "MDY" and int(second) <= 12:
        orders.append((second, first, "the day comes first"))
    if options.date_format != "DMY" and int(first) <= 12:
        orders.append((first, second, "the month comes first"))
    if len(orders) == 1:
        month, day, assumes = orders[0]
        yield from _dated(match, _date(match["year"], month, day), hint, assumes, options)


def _dated(
    match: re.Match[str], date: str, hint: str, assumes: str, options: RepairOptions
) -> Iterator[Written]:
    """Yield a date with the time that was matched, or that the options name."""
    if match["hour"] is None:
        if options.time_of_day is not None:
            hint = "If the time is unknown, write the time of day that you use for all dates."
            time = f"the time of day is {options.time_of_day}"
            assumed = f"{assumes} and {time}" if assumes else time
            yield Written(f"{date}T{options.time_of_day}", hint, assumed)
        return
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    fraction = f".{match['fraction']}" if match["fraction"] else ""
    clock = f"{hour:02d}:{match['minute']}:{match['second'] or '00'}{fraction}"
    yield Written(f"{date}T{clock}{_offset(match['offset'])}", hint, assumes)


def _date(year: str, month: str, day: str) -> str:
    return f"{year if len(year) == 4 else f'20{year}'}-{int(month):02d}-{int(day):02d}"


def _offset(text: str | None) -> str:
    if not text:
        return ""
    bare = re.sub("GMT|UTC|[Zz]", "", text).replace(":", "")
    return f"{bare[:3]}:{bare[3:] or '00'}" if bare else "Z"


def _unix(milliseconds: int, hint: str) -> Iterator[Written]:
    seconds, rest = divmod(milliseconds, 1_000)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return
    fraction = f".{rest:03d}" if rest else ""
    text = f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"
    yield Written(text, hint, "the number is a Unix time")
