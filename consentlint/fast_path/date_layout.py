"""How a file writes its dates, so that many of them can be compared and kept at once.

Dates of one layout compare as texts in the order of their local times, and their digits
alone, two in a byte, tell all of it.
"""

import re
from binascii import unhexlify
from datetime import date
from typing import NamedTuple

from consentlint.fields import iso8601

# From 1993 on no date is older than the first text message. Hour 24 and leap seconds are
# left to the precise path.
_LEAP_YEAR = "1996|2[0-9](?:0[48]|[2468][048]|[13579][26])|2[048]00"
_DAY = (
    r"(?:(?:199[3-9]|2[0-9]{3})-"
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
    rf"|(?:{_LEAP_YEAR})-02-29)"
)
_MINUTE = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]"
OFFSET = r"[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]"
"""The offsets that are taken where a layout has them."""

_LAYOUT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2}(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    rf"(?:Z|(?P<offset>{OFFSET}))"
)
_LONGEST_OFFSET = 86_400
# Days since 0001-01-01, as `iso8601` counts them.
_FIRST_DAY = date(1993, 1, 1).toordinal() - 1
_LAST_DAY = date.max.toordinal() - 1


class DateLayout(NamedTuple):
    """Year, month, day, hour and minute, and what follows."""

    has_seconds: bool
    fraction: int
    """How many digits the fraction of a second has."""
    has_offset: bool
    """True: an offset ±hh:mm stands at the end; False: a Z."""

    @classmethod
    def of(cls, date: str) -> "DateLayout | None":
        """Return the layout of a date of consent, None where it is an unusual one."""
        found = _LAYOUT.fullmatch(date)
        if found is None:
            return None
        return cls(
            found["seconds"] is not None, len(found["fraction"] or ""), found["offset"] is not None
        )

    @property
    def pattern(self) -> str:
        """A regular expression for dates of this layout that exist, without Z or offset."""
        seconds = ":[0-5][0-9]" if self.has_seconds else ""
        fraction = rf"\.[0-9]{{{self.fraction}}}" if self.fraction else ""
        return _DAY + _MINUTE + seconds + fraction

    @property
    def width(self) -> int:
        """How many bytes a packed date has."""
        return (12 + 2 * self.has_seconds + self.fraction + 1) // 2

    def past(self, now: iso8601.Moment) -> bytes:
        """Return the text before which each date lies in the past, whatever its offset."""
        seconds = now.seconds - (_LONGEST_OFFSET if self.has_offset else 0)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        if not _FIRST_DAY <= days < _LAST_DAY:
            # Then the precise path may judge all of them.
            return b""
        day = date.fromordinal(days + 1).isoformat()
        return f"{day}T{hour:02}:{minute:02}:{second:02}"[: 19 if self.has_seconds else 16].encode()

    def packed(self, dates: bytes) -> bytes:
        """Return dates that stand one after the other, each packed in `width` bytes."""
        return unhexlify(dates.translate(_ODD if self.fraction % 2 else None, self._signs))

    def text(self, packed: bytes) -> str:
        """Return a date as it was before it was packed."""
        digits = packed.hex()
        day, time = digits[:8], digits[8 + self.fraction % 2 :]
        text = f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}"
        if self.has_seconds:
            text += f":{time[4:6]}"
        return f"{text}.{time[6:]}" if self.fraction else text

    @property
    def _signs(self) -> bytes:
        return b"-:." if self.fraction % 2 else b"-:.T"


# With an odd number of digits, a zero for the T makes it even.
_ODD = bytes.maketrans(b"T", b"0")
