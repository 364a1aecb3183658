"""Requests: items in one list, and the checks that compare them with each other."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from consentlint.fields import schemas
from consentlint.model.endpoints import CONSENTS, ENDPOINTS, REQUEST_LIMIT, Endpoint
from consentlint.model.findings import Reason
from consentlint.strategies._cases import ABSENT, value_of, without_splicing
from consentlint.strategies._context import DrawContext
from consentlint.strategies._dates import moment_of
from consentlint.strategies._invalid_dates import date_cases
from consentlint.strategies._items import (
    ExpectedItem,
    Item,
    any_boundary_items,
    cases_of,
    invalid_items,
    reasons_of,
    valid_items,
)

_DUPLICATE_ID = Reason.INVALID_CORRELATION_ID
_MAX_PAIRS = 3
_RESPELLINGS: tuple[Callable[[str], str], ...] = (str, str.swapcase, str.upper)


class ExpectedRequest(NamedTuple):
    """The items of a request and the results that must be reported for them."""

    items: list[Item]
    expected_reasons: list[list[str]]
    """For each item, the reason codes in the order of the API's response."""
    expected_rules: list[list[str]]
    """For each item, the cross-item rules that the linter must report:
    `consent-out-of-order`, `consent-conflict` or `consent-duplicate`."""


class _RequestItem(NamedTuple):
    """An item of a request and its expected result."""

    item: Item
    expected_reasons: list[str]
    expected_rule: str | None = None


def valid_requests(endpoint: Endpoint, context: DrawContext) -> st.SearchStrategy[list[Item]]:
    """Return requests in which every item is valid."""
    return st.lists(
        valid_items(endpoint, context),
        min_size=1,
        max_size=REQUEST_LIMIT,
        unique_by=(_id_of, _contact_of),
    )


def _id_of(item: Item) -> str:
    # Hexadecimal ids are compared without letter case. For other ids this only removes a few
    # requests.
    return str(item.get("correlation_id")).lower()


def _contact_of(item: Item) -> str:
    return str(item.get("contact_id"))


def mixed_requests(
    endpoint: Endpoint, context: DrawContext, *, min_pairs: int = 0
) -> st.SearchStrategy[ExpectedRequest]:
    """Return requests of valid and invalid items, with pairs of items that conflict.

    Args:
        endpoint: The endpoint of the items.
        context: The clock and the profile.
        min_pairs: The minimum number of conflicting pairs.
    """
    # Build the cases now: Hypothesis counts what is built during the first draw as drawing, and
    # allows one second for the first ten examples.
    for field in endpoint.fields:
        cases_of(field, context)
    return without_splicing(_mixed_request(endpoint.name, context, min_pairs))


@st.composite
def _mixed_request(
    draw: st.DrawFn, endpoint_name: str, context: DrawContext, min_pairs: int
) -> ExpectedRequest:
    endpoint = ENDPOINTS[endpoint_name]
    pairs = draw(
        st.lists(_conflicting_pairs(endpoint, context), min_size=min_pairs, max_size=_MAX_PAIRS)
    )
    # Draw the count, so that all sizes have the same probability: lists are mostly short.
    count = draw(st.integers(0 if pairs else 1, REQUEST_LIMIT - 2 * len(pairs)))
    singles = draw(st.lists(_single_items(endpoint, context), min_size=count, max_size=count))
    groups = [*pairs, *singles]
    _assume_independent(groups)
    # Shuffle the groups, but keep the order within each.
    group_indexes = [index for index, group in enumerate(groups) for _ in group]
    remaining = [list(group) for group in groups]
    items = [remaining[index].pop(0) for index in draw(st.permutations(group_indexes))]
    return ExpectedRequest(
        [item.item for item in items],
        [item.expected_reasons for item in items],
        [[item.expected_rule] if item.expected_rule else [] for item in items],
    )


@cache
def _single_items(
    endpoint: Endpoint, context: DrawContext
) -> st.SearchStrategy[tuple[_RequestItem, ...]]:
    """Return groups of one item: valid, invalid, or near the boundary."""
    return st.one_of(
        valid_items(endpoint, context).map(lambda item: ExpectedItem(item, [])),
        invalid_items(endpoint, context),
        any_boundary_items(endpoint, context),
    ).map(lambda expected: (_RequestItem(*expected),))


@cache
def _conflicting_pairs(
    endpoint: Endpoint, context: DrawContext
) -> st.SearchStrategy[tuple[_RequestItem, ...]]:
    """Return groups of two items that conflict."""
    duplicate_ids = _duplicate_ids(endpoint.name, context)
    if endpoint is CONSENTS:
        return st.one_of(duplicate_ids, _conflicting_consents(context))
    return duplicate_ids


def _assume_independent(groups: Sequence[tuple[_RequestItem, ...]]) -> None:
    """Discard an example if two groups share an id or a contact: they would conflict as well."""
    for key, reason in ((_id_of, _DUPLICATE_ID), (_contact_of, Reason.INVALID_CONTACT_ID)):
        # An id or a contact that is itself invalid is not compared with others.
        values = [
            {key(item.item) for item in group if str(reason) not in item.expected_reasons}
            for group in groups
        ]
        assume(sum(map(len, values)) == len(set().union(*values)))


@st.composite
def _duplicate_ids(
    draw: st.DrawFn, endpoint_name: str, context: DrawContext
) -> tuple[_RequestItem, ...]:
    """Return two items with the same id, with or without other errors."""
    endpoint = ENDPOINTS[endpoint_name]
    reasons = _other_reasons(endpoint)
    first, second = (draw(invalid_items(endpoint, context, draw(reasons))) for _ in range(2))
    if endpoint is CONSENTS:
        # Consents of one contact may conflict as well, which is not expected here.
        assume(_contact_of(first.item) != _contact_of(second.item))
    correlation_id = str(first.item["correlation_id"])
    # Letter case is ignored, unless only the lenient profile accepts the id.
    is_hexadecimal = schemas.predicate("correlation_id")(correlation_id)
    respell = draw(st.sampled_from(_RESPELLINGS if is_hexadecimal else _RESPELLINGS[:1]))
    item = {**second.item, "correlation_id": respell(correlation_id)}
    return (
        _RequestItem(*first),
        _RequestItem(item, [str(_DUPLICATE_ID), *second.expected_reasons]),
    )


@st.composite
def _conflicting_consents(draw: st.DrawFn, context: DrawContext) -> tuple[_RequestItem, ...]:
    """Return two consents of one contact and sender that conflict or are duplicates."""
    statuses = schemas.enumeration("status")
    valid = valid_items(CONSENTS, context)
    first, second = draw(valid), draw(valid)
    assume(_id_of(first) != _id_of(second))
    status, other_status = draw(st.permutations(statuses))[:2]
    rule, dates = draw(st.sampled_from(tuple(_DATES_BY_RULE.items())))
    first_date, second_date = draw(dates(context))
    first = _with(first, status=status, date_of_consent=first_date)
    second = _with(
        second,
        contact_id=first["contact_id"],
        sender_id=first["sender_id"],
        status=status if rule == "consent-duplicate" else other_status,
        date_of_consent=second_date,
    )
    return _RequestItem(first, []), _RequestItem(second, [], rule)


@cache
def _other_reasons(endpoint: Endpoint) -> st.SearchStrategy[tuple[Reason, ...]]:
    """Return up to two reason codes that are not about the id."""
    others = [reason for reason in reasons_of(endpoint) if reason is not _DUPLICATE_ID]
    chosen = st.lists(st.sampled_from(others), max_size=2, unique=True)
    return chosen.map(lambda reasons: tuple(reason for reason in others if reason in reasons))


def _with(item: Item, **values: object) -> Item:
    return {key: value for key, value in {**item, **values}.items() if value is not ABSENT}


@cache
def _dates(context: DrawContext) -> st.SearchStrategy[object]:
    return value_of(date_cases(context).valid).filter(lambda value: value is not ABSENT)


@st.composite
def _descending_dates(draw: st.DrawFn, context: DrawContext) -> tuple[object, object]:
    dates = draw(st.tuples(_dates(context), _dates(context)))
    earlier, later = sorted(dates, key=lambda text: moment_of(text) or context.moment)
    assume(moment_of(earlier) != moment_of(later))
    return later, earlier


@cache
def _ambiguous_dates(context: DrawContext) -> st.SearchStrategy[tuple[object, object]]:
    """Return pairs of dates that do not say which of two consents is newer."""
    return st.one_of(
        _equal_dates(context),
        _dates(context).map(lambda text: (text, ABSENT)),
        _dates(context).map(lambda text: (ABSENT, text)),
    )


@cache
def _equal_dates(context: DrawContext) -> st.SearchStrategy[tuple[object, object]]:
    return st.one_of(_dates(context), st.just(ABSENT)).map(lambda value: (value, value))


_DATES_BY_RULE: dict[str, Callable[[DrawContext], st.SearchStrategy[tuple[object, object]]]] = {
    "consent-out-of-order": _descending_dates,
    "consent-conflict": _ambiguous_dates,
    "consent-duplicate": _equal_dates,
}
"""For each rule, the dates of two consents for which it is reported."""
