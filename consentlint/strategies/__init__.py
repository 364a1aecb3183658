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

try:
    from hypothesis.strategies import SearchStrategy
except ModuleNotFoundError as error:
    raise ImportError(
        'consentlint.strategies needs Hypothesis. Run "pip install hypothesis", or install consentlint'
        ' with the extra "pytest".'
    ) from error

from consentlint.model.endpoints import Endpoint, endpoint_of
from consentlint.model.findings import Profile, Reason
from consentlint.strategies import _files, _items, _requests
from consentlint.strategies._choices import context_of, without_splicing
from consentlint.strategies._files import ExpectedFile
from consentlint.strategies._items import ExpectedItem, Item, requested_reasons
from consentlint.strategies._requests import ExpectedRequest

__all__ = [
    "ExpectedFile",
    "ExpectedItem",
    "ExpectedRequest",
    "flagged_items",
    "invalid_items",
    "invalid_requests",
    "mixed_files",
    "mixed_requests",
    "near_misses",
    "valid_files",
    "valid_items",
    "valid_requests",
]

_DOCUMENTED = Profile.DOCUMENTED


def valid_items(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[Item]:
    """Generate valid items: the linter reports no error for them.

    It may report warnings, for example for a date format that some parsers reject, for a
    sender that is not a Messaging Service, or for a source that contradicts the status.

    Args:
        kind: "consents" or "contacts".
        now: No date is later than this. None for the time at which a strategy is first created
            in this process; then no date is only moments later. A time without a time zone is
            interpreted as UTC.
        profile: Which to follow if Twilio's documents and examples disagree. With "lenient",
            some items are valid under this profile only.

    Raises:
        ValueError: The kind or the profile is unknown, or `now` is before 1970 or after 9998.
    """
    return without_splicing(_items.valid_items(endpoint_of(kind), context_of(now, profile)))


def invalid_items(
    reasons: Collection[Reason | str] | None = None,
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedItem]:
    """Generate invalid items, each with the exact list of its reason codes.

    The list has the order of the API's response. It stays exact while Hypothesis shrinks
    an example.

    Args:
        reasons: The reason codes that each item gets: all of these and no others. None for
            one or more of any. INTERNAL_SERVER_ERROR is not possible: no item causes it.

    The other arguments are those of `valid_items`.

    Raises:
        ValueError: As for `valid_items`, or `reasons` is empty or has an unknown reason code.
    """
    endpoint, context = endpoint_of(kind), context_of(now, profile)
    chosen = requested_reasons(endpoint, reasons)
    return without_splicing(_items.invalid_items(endpoint, context, chosen))


def near_misses(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedItem]:
    """Generate items that are one edit away from the boundary between valid and invalid.

    Validators differ most near the boundary: the last moment that is not in the future and
    the first one that is, day 366 of a leap year and of a common year, a short code of seven
    digits and one of eight. A third of the items are valid, a third have one invalid field,
    and a third have any number of them.

    The arguments and errors are those of `valid_items`.
    """
    return without_splicing(_items.boundary_items(endpoint_of(kind), context_of(now, profile)))


def flagged_items(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedItem]:
    """Generate items without a reason code for which the linter reports a rule of its own.

    A phone number has a domestic trunk prefix, so no STOP will match it
    (`contact-id-not-canonical`); or the item has a field that the API does not name
    (`unknown-field`). `expected_rules` has the rule. No document says how the API responds, so
    `mixed_requests` has no such items.

    The arguments and errors are those of `valid_items`.
    """
    return without_splicing(_items.flagged_items(endpoint_of(kind), context_of(now, profile)))


def valid_requests(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[list[Item]]:
    """Generate requests of 1 to 25 valid items with unique ids and contacts.

    The arguments and errors are those of `valid_items`.
    """
    return _requests.valid_requests(endpoint_of(kind), context_of(now, profile))


def invalid_requests(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedRequest]:
    """Generate requests of 2 to 25 items in which at least two conflict.

    Two items have the same id, possibly in another letter case; or two consents of one
    contact and sender conflict, are out of order, or are duplicates. The other items are
    valid or invalid.

    The arguments and errors are those of `valid_items`.
    """
    context = context_of(now, profile)
    return _requests.mixed_requests(endpoint_of(kind), context, min_pairs=1)


def mixed_requests(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedRequest]:
    """Generate requests of 1 to 25 valid and invalid items, with the expected results.

    The items are valid, invalid or near the boundary, and sometimes two conflict, as in
    `invalid_requests`. So one test of a validator with this strategy covers all that tests
    with the strategies for items cover, except `flagged_items`.

    The arguments and errors are those of `valid_items`.
    """
    return _requests.mixed_requests(endpoint_of(kind), context_of(now, profile))


def valid_files(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedFile]:
    """Generate files of 1 to 25 valid items.

    The formats are JSON, JSON Lines, CSV and form, with the variations that programs write.

    The arguments and errors are those of `valid_items`.
    """
    return _files.valid_files(endpoint_of(kind), context_of(now, profile))


def mixed_files(
    *,
    kind: Endpoint | str = "consents",
    now: datetime | None = None,
    profile: Profile | str = _DOCUMENTED,
) -> SearchStrategy[ExpectedFile]:
    """Generate files of the items of `mixed_requests` and `flagged_items`.

    Sometimes an item has a key twice, with different values (`duplicate-key`). The formats are
    JSON, JSON Lines and form: CSV cannot express many of the items.

    The arguments and errors are those of `valid_items`.
    """
    return _files.mixed_files(endpoint_of(kind), context_of(now, profile))
