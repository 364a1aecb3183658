"""Tests many dates of one layout at once, as columns of bytes."""

import re
from binascii import unhexlify
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consentlint.model.moment import Moment

# No date is older than the first text message. Hour 24 and leap seconds are not proven.
_LEAP_YEAR = "1996|2[0-9](?:0[48]|[2468][048]|[13579][26])|2[048]00"
_DATE = re.compile(
    (
        r"(?:(?:199[3-9]|2[0-9]{3})-"
        r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
        r"|(?:0[13-9]|1[0-2])-(?:29|30)"
        r"|(?:0[13578]|1[02])-31)"
        rf"|(?:{_LEAP_YEAR})-02-29)"
        r"T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
    ).encode()
)
_LAYOUT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2}(?P<fraction>\.[0-9]{1,9})?)?"
    r"(?:Z|(?P<offset>[+-][0-9]{2}:[0-9]{2}))"
)
_LONGEST_OFFSET = 86_400
# Days since 0001-01-01, as `Moment` counts them.
_FIRST_DAY = date(1993, 1, 1).toordinal() - 1
_LAST_DAY = date.max.toordinal() - 1

_SHAPE = b"0000-00-00T00:00:00"
_TO_SHAPE = bytes.maketrans(b"123456789", b"000000000")


def _packed(numbers: Sequence[int]) -> bytes:
    """Return two-digit numbers, each packed in a byte."""
    return unhexlify("".join(f"{number:02}" for number in numbers))


def _classes(default: int, **classes: Sequence[int]) -> bytes:
    """Return a table from packed numbers to their classes: x8=(28, 29) gives both class 8."""
    table = bytearray([default]) * 256
    for name, numbers in classes.items():
        for packed in _packed(numbers):
            table[packed] = int(name[1:])
    return bytes(table)


# The classes of year, month and day add up to a number that says whether the date exists.
# Other centuries, with other leap years, are left to the pattern.
_CENTURY = _classes(32, x0=(20,))
_YEAR = _classes(0, x1=range(0, 100, 4))
_MONTH = _classes(64, x0=(1, 3, 5, 7, 8, 10, 12), x2=(4, 6, 9, 11), x4=(2,))
_DAY = _classes(128, x0=range(1, 29), x8=(29,), x16=(30,), x24=(31,))
_EXISTING = bytes(
    leap + month + day
    for leap in (0, 1)
    for month, longest in ((0, 24), (2, 16), (4, 8 * leap))
    for day in (0, 8, 16, 24)
    if day <= longest
)
_HOURS = _packed(range(24))
_SIXTIETHS = _packed(range(60))


class DateLayout(NamedTuple):
    """How dates are written: year to minute, and what follows."""

    has_seconds: bool
    has_fraction: bool
    has_offset: bool
    """True: it ends with an offset ±hh:mm; False: with a Z."""

    @classmethod
    def of(cls, text: str) -> "DateLayout | None":
        """Return the layout of a date, None if it is unusual."""
        match = _LAYOUT.fullmatch(text)
        if match is None:
            return None
        return cls(*(match[name] is not None for name in ("seconds", "fraction", "offset")))

    @property
    def width(self) -> int:
        """How many characters are tested: up to the minutes or the seconds."""
        return 19 if self.has_seconds else 16

    @property
    def rest(self) -> str:
        """A regular expression for what comes after them; a fraction and an offset are its groups."""
        fraction = r"(\.[0-9]{1,9}+)" if self.has_fraction else ""
        return fraction + ("([+-][0-9:]{5})" if self.has_offset else "Z")

    def future(self, now: Moment) -> bytes:
        """Return the text from which on a date may be in the future, whatever its offset."""
        seconds = now.seconds - (_LONGEST_OFFSET if self.has_offset else 0)
        days, second = divmod(seconds, 86_400)
        if not _FIRST_DAY <= days < _LAST_DAY:
            # No date is proven.
            return b""
        day = date.fromordinal(days + 1).isoformat()
        time = f"T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        return (day + time)[: self.width].encode()

    def unproven(self, dates: list[bytes], future: bytes) -> list[int]:
        """Return which dates are not proven to exist, or may be in the future.

        Args:
            dates: `width` characters each.
            future: see `future`.
        """
        # What has another shape has no columns; it is set aside.
        shape = _SHAPE[: self.width]
        text = b"".join(dates)
        misshapen: list[int] = []
        if text.translate(_TO_SHAPE) != shape * len(dates):
            misshapen = [
                row for row, each in enumerate(dates) if each.translate(_TO_SHAPE) != shape
            ]
            dates = dates.copy()
            for row in misshapen:
                dates[row] = b"2001-01-01T00:00:00"[: self.width]
            text = b"".join(dates)
        packed = unhexlify(text.translate(None, b"-T:"))
        unproven = _impossible(packed, 7 if self.has_seconds else 6)
        if unproven:
            unproven = [row for row in unproven if not _DATE.fullmatch(dates[row])]
        if max(dates, default=b"") >= future:
            unproven += [row for row, each in enumerate(dates) if each >= future]
        return misshapen + unproven


def _impossible(packed: bytes, width: int) -> list[int]:
    """Return which dates do not exist, or are of another century.

    Args:
        packed: two digits a byte.
        width: how many bytes a date has: 6, or 7 with seconds.
    """
    columns = [packed[at::width] for at in range(width)]
    count = len(columns[0])
    days = sum(
        int.from_bytes(column.translate(classes), "little")
        for column, classes in zip(columns, (_CENTURY, _YEAR, _MONTH, _DAY), strict=False)
    ).to_bytes(count, "little")
    impossible = []
    for column, possible in (
        (days, _EXISTING),
        (columns[4], _HOURS),
        *((c, _SIXTIETHS) for c in columns[5:]),
    ):
        if column.translate(None, possible):
            impossible += [row for row, each in enumerate(column) if each not in possible]
    return impossible
