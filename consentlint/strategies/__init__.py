"""Hypothesis strategies for items, requests and files, and for what is wrong with them.

    >>> from datetime import UTC, datetime
    >>> from hypothesis import find
    >>> from consentlint import Reason
    >>> from consentlint.strategies import invalid_items
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> find(invalid_items([Reason.INVALID_STATUS], now=now), lambda _: True).reasons
    ['INVALID_STATUS']

What they draw is made from what the linter itself reads: the schemas, libphonenumber's
metadata, the table of postal codes. They need `pip install "consentlint[pytest]"`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import cast

try:
    from hypothesis.strategies import SearchStrategy
except ModuleNotFoundError as error:
    raise ImportError(
        'consentlint.strategies needs Hypothesis: pip install "consentlint[pytest]"'
    ) from error

from consentlint.model.endpoints import CONSENTS, CONTACTS
from consentlint.model.findings import Profile, Reason
from consentlint.model.item_types import Consent, Contact
from consentlint.strategies._cases import unmixed
from consentlint.strategies._context import terms
from consentlint.strategies._files import ItemFile, item_files
from consentlint.strategies._items import (
    JudgedItem,
    asked_for,
    barely_judged_items,
    refused_items,
    taken_items,
)
from consentlint.strategies._requests import JudgedRequest, taken_requests
from consentlint.strategies._requests import judged_requests as _judged_requests

__all__ = [
    "ItemFile",
    "JudgedItem",
    "JudgedRequest",
    "contact_files",
    "contact_near_misses",
    "files",
    "invalid_contact_requests",
    "invalid_contacts",
    "invalid_items",
    "invalid_requests",
    "judged_contact_requests",
    "judged_requests",
    "near_misses",
    "valid_contact_requests",
    "valid_contacts",
    "valid_items",
    "valid_requests",
]

_DOCUMENTED = Profile.DOCUMENTED


def valid_items(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[Consent]:
    """Draw consents that the API takes, and of which the linter reports no error.

    It may report warnings, which are advice: dates in a form that not every parser
    takes, senders that are no Messaging Service, a source that does not fit the status.

    Args:
        now: no date lies after it. None for the time at which the strategy is made. A
            time without a zone is read as UTC. All strategies take it.
        profile: whom to believe where Twilio's documents disagree with their examples.
            Under `lenient` come also items that only this profile takes.

    Raises:
        ValueError: there is no such profile, or now lies before 1970 or after 9998.
    """
    return cast("SearchStrategy[Consent]", unmixed(taken_items(CONSENTS, terms(now, profile))))


def valid_contacts(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[Contact]:
    """Draw contacts that the API takes; otherwise as `valid_items`."""
    return cast("SearchStrategy[Contact]", unmixed(taken_items(CONTACTS, terms(now, profile))))


def invalid_items(
    reasons: Collection[Reason | str] | None = None,
    *,
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[JudgedItem]:
    """Draw consents that are refused, each with the exact list of its reason codes.

    The list has the order of the API's answer, and it is as true of the smallest
    example that Hypothesis finds as of the first.

    Args:
        reasons: the reason codes that each item must get, all of them and no others.
            None for any, one or several. INTERNAL_SERVER_ERROR follows from no item.
        now: as for `valid_items`. Where it is None, no date lies only moments after it.
        profile: as for `valid_items`.

    Raises:
        ValueError: as for `valid_items`, or there are no reasons, or unknown ones.
    """
    return unmixed(refused_items(CONSENTS, terms(now, profile), asked_for(CONSENTS, reasons)))


def invalid_contacts(
    reasons: Collection[Reason | str] | None = None,
    *,
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[JudgedItem]:
    """Draw contacts that are refused; otherwise as `invalid_items`."""
    return unmixed(refused_items(CONTACTS, terms(now, profile), asked_for(CONTACTS, reasons)))


def near_misses(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[JudgedItem]:
    """Draw consents one edit away from what is refused, or from what is taken.

    This is where validators differ: the last moment that is not the future and the first
    that is, day 366 in leap years and others, a short code of seven digits and of eight.
    A third of the items are taken, in a third one field is on the wrong side, in the others
    any number of them. Arguments and errors are those of `valid_items`.
    """
    return unmixed(barely_judged_items(CONSENTS, terms(now, profile)))


def contact_near_misses(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[JudgedItem]:
    """Draw contacts one edit away from the border; otherwise as `near_misses`."""
    return unmixed(barely_judged_items(CONTACTS, terms(now, profile)))


def valid_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[list[Consent]]:
    """Draw requests of 1 to 25 consents that are all taken; arguments as for `valid_items`.

    No two items share an id, and no two a contact.
    """
    return cast("SearchStrategy[list[Consent]]", taken_requests(CONSENTS, terms(now, profile)))


def valid_contact_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[list[Contact]]:
    """Draw requests of 1 to 25 contacts that are all taken; otherwise as `valid_requests`."""
    return cast("SearchStrategy[list[Contact]]", taken_requests(CONTACTS, terms(now, profile)))


def invalid_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[JudgedRequest]:
    """Draw requests of 2 to 25 consents with something wrong between two of them.

    An id stands twice, perhaps in another letter case; or the records of one contact and
    sender conflict, come in the wrong order, or say the same thing twice. The other items
    are of all kinds. Arguments and errors are those of `valid_items`.
    """
    return _judged_requests(CONSENTS, terms(now, profile), least_pairs=1)


def invalid_contact_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[JudgedRequest]:
    """Draw requests of 2 to 25 contacts in which an id stands twice; as `invalid_requests`."""
    return _judged_requests(CONTACTS, terms(now, profile), least_pairs=1)


def judged_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[JudgedRequest]:
    """Draw requests of 1 to 25 consents of all kinds, with what must be said of each.

    Items that are taken, that are refused, that are near the border, and now and then two
    that are at odds, as in `invalid_requests`: one test of a validator with this strategy
    asks all that the others ask. Arguments and errors are those of `valid_items`.
    """
    return _judged_requests(CONSENTS, terms(now, profile))


def judged_contact_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[JudgedRequest]:
    """Draw requests of 1 to 25 contacts of all kinds; otherwise as `judged_requests`."""
    return _judged_requests(CONTACTS, terms(now, profile))


def files(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ItemFile]:
    """Draw files of 1 to 25 consents that are all taken, with the items that they hold.

    They are JSON documents, JSON Lines, CSV tables and form bodies, written in the ways
    that programs have. Arguments and errors are those of `valid_items`.
    """
    return item_files(CONSENTS, terms(now, profile))


def contact_files(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ItemFile]:
    """Draw files of 1 to 25 contacts that are all taken; otherwise as `files`."""
    return item_files(CONTACTS, terms(now, profile))
