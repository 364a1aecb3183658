"""Hypothesis strategies for items, requests and files, valid and invalid.

    >>> from datetime import UTC, datetime
    >>> from hypothesis import find
    >>> from consentlint import Reason
    >>> from consentlint.strategies import invalid_items
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> find(invalid_items([Reason.INVALID_STATUS], now=now), lambda _: True).expected_reasons
    ['INVALID_STATUS']

The strategies use the data that the linter itself uses: the JSON Schemas, libphonenumber's
metadata and the table of postal codes. They need the package hypothesis,
which the extra `pytest` installs.
"""

from collections.abc import Collection
from datetime import datetime
from typing import cast

try:
    from hypothesis.strategies import SearchStrategy
except ModuleNotFoundError as error:
    raise ImportError(
        'consentlint.strategies needs Hypothesis. Run "pip install hypothesis", or install consentlint'
        ' with the extra "pytest".'
    ) from error

from consentlint.model.endpoints import CONSENTS, CONTACTS
from consentlint.model.findings import Profile, Reason
from consentlint.model.item_types import Consent, Contact
from consentlint.strategies import _items, _requests
from consentlint.strategies._cases import without_splicing
from consentlint.strategies._context import draw_context
from consentlint.strategies._files import ItemFile, item_files
from consentlint.strategies._items import ExpectedItem, requested_reasons
from consentlint.strategies._requests import ExpectedRequest

__all__ = [
    "ExpectedItem",
    "ExpectedRequest",
    "ItemFile",
    "contact_files",
    "contact_near_misses",
    "files",
    "invalid_contact_requests",
    "invalid_contacts",
    "invalid_items",
    "invalid_requests",
    "mixed_contact_requests",
    "mixed_requests",
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
    """Generate valid consents: the linter reports no error for them.

    It may report warnings, for example for a date format that some parsers reject, for a
    sender that is not a Messaging Service, or for a source that contradicts the status.

    Args:
        now: No date is later than this. None for the time at which a strategy is first created
            in this process. A time without a time zone is interpreted as UTC.
        profile: Which to follow if Twilio's documents and examples disagree. With `lenient`,
            some items are valid under this profile only.

    Raises:
        ValueError: The profile is unknown, or `now` is before 1970 or after 9998.
    """
    items = _items.valid_items(CONSENTS, draw_context(now, profile))
    return cast("SearchStrategy[Consent]", without_splicing(items))


def valid_contacts(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[Contact]:
    """Generate valid contacts. Otherwise like `valid_items`."""
    items = _items.valid_items(CONTACTS, draw_context(now, profile))
    return cast("SearchStrategy[Contact]", without_splicing(items))


def invalid_items(
    reasons: Collection[Reason | str] | None = None,
    *,
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedItem]:
    """Generate invalid consents, each with the exact list of its reason codes.

    The list has the order of the API's response. It stays exact while Hypothesis shrinks
    an example.

    Args:
        reasons: The reason codes that each item gets: all of these and no others. None for
            one or more of any. INTERNAL_SERVER_ERROR is not possible: no item causes it.
        now: As for `valid_items`. If None, no date is only moments later than the clock.
        profile: As for `valid_items`.

    Raises:
        ValueError: As for `valid_items`, or `reasons` is empty or has an unknown reason code.
    """
    context = draw_context(now, profile)
    chosen = requested_reasons(CONSENTS, reasons)
    return without_splicing(_items.invalid_items(CONSENTS, context, chosen))


def invalid_contacts(
    reasons: Collection[Reason | str] | None = None,
    *,
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedItem]:
    """Generate invalid contacts. Otherwise like `invalid_items`."""
    context = draw_context(now, profile)
    chosen = requested_reasons(CONTACTS, reasons)
    return without_splicing(_items.invalid_items(CONTACTS, context, chosen))


def near_misses(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ExpectedItem]:
    """Generate consents that are one edit away from the boundary between valid and invalid.

    Validators differ most near the boundary: the last moment that is not in the future and
    the first one that is, day 366 of a leap year and of a common year, a short code of seven
    digits and one of eight. A third of the items are valid, a third have one invalid field,
    and a third have any number of them. The arguments and errors are those of `valid_items`.
    """
    return without_splicing(_items.boundary_items(CONSENTS, draw_context(now, profile)))


def contact_near_misses(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ExpectedItem]:
    """Generate contacts that are one edit away from the boundary. Otherwise like `near_misses`."""
    return without_splicing(_items.boundary_items(CONTACTS, draw_context(now, profile)))


def valid_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[list[Consent]]:
    """Generate requests of 1 to 25 valid consents with unique ids and contacts.

    The arguments and errors are those of `valid_items`.
    """
    requests = _requests.valid_requests(CONSENTS, draw_context(now, profile))
    return cast("SearchStrategy[list[Consent]]", requests)


def valid_contact_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[list[Contact]]:
    """Generate requests of 1 to 25 valid contacts. Otherwise like `valid_requests`."""
    requests = _requests.valid_requests(CONTACTS, draw_context(now, profile))
    return cast("SearchStrategy[list[Contact]]", requests)


def invalid_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ExpectedRequest]:
    """Generate requests of 2 to 25 consents in which at least two conflict.

    Two items have the same id, possibly in another letter case; or two consents of one
    contact and sender conflict, are out of order, or are duplicates. The other items are
    valid or invalid. The arguments and errors are those of `valid_items`.
    """
    return _requests.mixed_requests(CONSENTS, draw_context(now, profile), min_pairs=1)


def invalid_contact_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ExpectedRequest]:
    """Generate requests of 2 to 25 contacts, two with the same id. Like `invalid_requests`."""
    return _requests.mixed_requests(CONTACTS, draw_context(now, profile), min_pairs=1)


def mixed_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ExpectedRequest]:
    """Generate requests of 1 to 25 valid and invalid consents, with the expected results.

    The items are valid, invalid or near the boundary, and sometimes two conflict, as in
    `invalid_requests`. So one test of a validator with this strategy covers all that tests
    with the other strategies cover. The arguments and errors are those of `valid_items`.
    """
    return _requests.mixed_requests(CONSENTS, draw_context(now, profile))


def mixed_contact_requests(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ExpectedRequest]:
    """Generate requests of valid and invalid contacts. Otherwise like `mixed_requests`."""
    return _requests.mixed_requests(CONTACTS, draw_context(now, profile))


def files(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ItemFile]:
    """Generate files of 1 to 25 valid consents, each with the items in it.

    The formats are JSON, JSON Lines, CSV and form, with the variations that programs write.
    The arguments and errors are those of `valid_items`.
    """
    return item_files(CONSENTS, draw_context(now, profile))


def contact_files(
    *, now: datetime | None = None, profile: Profile | str = _DOCUMENTED
) -> SearchStrategy[ItemFile]:
    """Generate files of 1 to 25 valid contacts. Otherwise like `files`."""
    return item_files(CONTACTS, draw_context(now, profile))
