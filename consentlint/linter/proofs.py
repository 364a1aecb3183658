"""Prove values clean by one regular expression, so that no check runs on them.

A proof may only show that no rule on a field has a problem with a value. It is not used if a
rule is selected that it does not cover.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from consentlint.fields import phone_numbers, schemas
from consentlint.model.moment import Moment
from consentlint.model.settings import Settings
from consentlint.rules import Rule

Proof = Callable[[Sequence[object]], list[int]]
"""Returns the rows whose value is not proven clean."""

MIN_PROVEN = 500
"""After so many values, proofs save time: their patterns take milliseconds to compile."""

# Rules that look at more of a value than its proof does.
_UNCOVERED = {
    "contact_id": {"contact-id-unassigned"},
    "correlation_id": {"placeholder"},
    "date_of_consent": set[str](),
}
_LEAP_YEAR = "1996|2[0-9](?:0[48]|[2468][048]|[13579][26])|2[048]00"
# From 1993 on no date is older than the first text message.
_DAY = (
    r"(?:(?:199[3-9]|2[0-9]{3})-"
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
    rf"|(?:{_LEAP_YEAR})-02-29)"
)
PLAIN_DATE = (
    _DAY + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:Z|[+-](?:0[0-9]|1[0-7]):[0-5][0-9])"
)
"""A regular expression for dates that exist and have an offset. Any engine understands it."""
_DAY_SECONDS = 86_400


def proof_for(fields: tuple[str, ...], rules: Iterable[Rule], settings: Settings) -> Proof | None:
    """Return what proves values of a field clean, None if nothing does.

    Args:
        fields: the fields that a group of checks reads.
        rules: the selected rules.
        settings: how items are checked.
    """
    uncovered = _UNCOVERED.get(fields[0]) if len(fields) == 1 else None
    if uncovered is None or any(rule.name in uncovered for rule in rules):
        return None
    if fields[0] == "contact_id":
        return _by_match(phone_numbers.plain_matcher)
    if fields[0] == "correlation_id":
        definition = schemas.definition_name(fields[0], settings.profile)
        pattern = schemas.pattern_of(definition)
        return _by_match(lambda: re.compile(pattern).fullmatch)
    return _by_date(settings.now)


def _by_match(matcher: Callable[[], Callable[[str], object]]) -> Proof:
    def prove(values: Sequence[object]) -> list[int]:
        match = matcher()
        return [
            row
            for row, value in enumerate(values)
            if type(value) is not str or match(value) is None
        ]

    return prove


def _by_date(now: Moment) -> Proof:
    limit = date_limit(now)

    def prove(values: Sequence[object]) -> list[int]:
        match = re.compile(PLAIN_DATE).fullmatch
        return [
            row
            for row, value in enumerate(values)
            if type(value) is not str or value >= limit or match(value) is None
        ]

    return prove


def date_limit(now: Moment) -> str:
    """Return the text before which each plain date is in the past; empty for none."""
    # A local time may be up to a day ahead of UTC.
    return _text(now.seconds - _DAY_SECONDS)


def _text(seconds: int) -> str:
    """Return the text before which each plain date is in the past; empty for none."""
    days, rest = divmod(seconds, _DAY_SECONDS)
    if not 0 <= days < date.max.toordinal():
        return ""
    hours, rest = divmod(rest, 3_600)
    return f"{date.fromordinal(days + 1).isoformat()}T{hours:02}:{rest // 60:02}:{rest % 60:02}"
