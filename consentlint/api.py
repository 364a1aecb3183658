"""The functions for programs that check items before they send them."""

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from consentlint.fields import iso8601
from consentlint.linter.checker import Checker, Terms
from consentlint.model.endpoints import CONSENTS, ENDPOINTS, Endpoint
from consentlint.model.findings import Finding, Profile
from consentlint.model.items import Item


def check_item(
    item: Mapping[str, object],
    *,
    endpoint: Endpoint | str = CONSENTS,
    profile: Profile | str = Profile.DOCUMENTED,
    now: datetime | None = None,
) -> list[Finding]:
    """Return what is to be said of one item: reason codes, our own errors, advice.

    Args:
        item: the item, as it would be sent.
        endpoint: whose item it is, `CONSENTS` or `CONTACTS`, or the name of one.
        profile: whom to believe where Twilio's documents disagree with their examples.
        now: dates later than this lie in the future; the clock's time where it is None.
            A time without a zone is read as UTC.

    Returns:
        The findings in the order of the rules, phone numbers in their messages masked.

    Raises:
        TypeError: the item is no mapping, or a key of it no string.
        ValueError: there is no such endpoint or profile.
    """
    return check_items([item], endpoint=endpoint, profile=profile, now=now)


def check_items(
    items: Iterable[Mapping[str, object]],
    *,
    endpoint: Endpoint | str = CONSENTS,
    profile: Profile | str = Profile.DOCUMENTED,
    now: datetime | None = None,
) -> list[Finding]:
    """Return what is to be said of several items, and of what they say together.

    Two items with one correlation id, or records that contradict each other, are
    reported at the later one. `Finding.item` counts the items from 0. Any number of
    items is taken: a request holds 25 (GUIDE), and splitting is the sender's affair.

    Args:
        items: the items, in the order in which they would be sent.
        endpoint: whose items they are, `CONSENTS` or `CONTACTS`, or the name of one.
        profile: whom to believe where Twilio's documents disagree with their examples.
        now: dates later than this lie in the future; the clock's time where it is None.
            A time without a zone is read as UTC.

    Returns:
        The findings, item by item, phone numbers in their messages masked.

    Raises:
        TypeError: an item is no mapping, or a key of it no string.
        ValueError: there is no such endpoint or profile.
    """
    if isinstance(endpoint, str):
        if endpoint not in ENDPOINTS:
            raise ValueError(f"the endpoint must be one of {', '.join(ENDPOINTS)}")
        endpoint = ENDPOINTS[endpoint]
    checker = Checker(endpoint, Terms(_moment(now), Profile(profile)))
    findings: list[Finding] = []
    for index, item in enumerate(items):
        if not isinstance(item, Mapping):
            raise TypeError(f"item {index} must be a mapping, not {type(item).__name__}")
        if not all(isinstance(key, str) for key in item):
            raise TypeError(f"the keys of item {index} must be strings")
        findings += checker.check(Item(index, item))
    return findings


def reason_codes(
    item: Mapping[str, object],
    *,
    endpoint: Endpoint | str = CONSENTS,
    profile: Profile | str = Profile.DOCUMENTED,
    now: datetime | None = None,
) -> list[str]:
    """Return the reason codes that the API would answer for one item.

    This is `error_messages` of the answer's entry, in the order of E30646 and E30647;
    an empty list is an item that is stored. Arguments and errors are those of
    `check_item`.
    """
    findings = check_item(item, endpoint=endpoint, profile=profile, now=now)
    return list(dict.fromkeys(str(found.reason) for found in findings if found.reason))


def _moment(now: datetime | None) -> iso8601.Moment:
    if now is None:
        return iso8601.from_unix(time.time())
    if now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    return iso8601.from_unix(now.timestamp())
