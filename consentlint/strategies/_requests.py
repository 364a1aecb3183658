"""Requests: items in one list, and the checks that compare them with each other."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from consentlint.cases import (
    ABSENT,
    Choices,
    Context,
    Make,
    cases_of,
    matching,
    moment_of,
    reasons_of,
)
from consentlint.fields import schemas
from consentlint.model.endpoints import CONSENTS, REQUEST_LIMIT, Endpoint
from consentlint.model.findings import Reason
from consentlint.strategies._choices import made, without_splicing
from consentlint.strategies._items import (
    ExpectedItem,
    Item,
    draw_item,
    invalid_items,
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


def valid_requests(endpoint: Endpoint, context: Context) -> st.SearchStrategy[list[Item]]:
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
    endpoint: Endpoint, context: Context, *, min_pairs: int = 0
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
    pairs = st.lists(_conflicting_pairs(endpoint, context), min_size=min_pairs, max_size=_MAX_PAIRS)
    return without_splicing(_mixed_request(pairs, _single_items(endpoint, context)))


_Group = tuple[ExpectedItem, ...]
"""Items that are not compared with those of other groups."""


@st.composite
def _mixed_request(
    draw: st.DrawFn, pair_lists: st.SearchStrategy[list[_Group]], singles: st.SearchStrategy[_Group]
) -> ExpectedRequest:
    pairs = draw(pair_lists)
    # Draw the count, so that all sizes have the same probability: lists are mostly short.
    count = draw(st.integers(0 if pairs else 1, REQUEST_LIMIT - 2 * len(pairs)))
    groups = [*pairs, *draw(st.lists(singles, min_size=count, max_size=count))]
    _assume_independent(groups)
    # Shuffle the groups, but keep the order within each.
    group_indexes = [index for index, group in enumerate(groups) for _ in group]
    remaining = [list(group) for group in groups]
    items = [remaining[index].pop(0) for index in draw(st.permutations(group_indexes))]
    return ExpectedRequest(*map(list, zip(*items, strict=True)))


@cache
def _single_items(endpoint: Endpoint, context: Context) -> st.SearchStrategy[_Group]:
    """Return groups of one item: valid, invalid, or near the boundary."""

    def near_boundary(choices: Choices) -> ExpectedItem:
        return draw_item(choices, endpoint, context, is_boundary=True)

    return st.one_of(
        valid_items(endpoint, context).map(lambda item: ExpectedItem(item, [], [])),
        invalid_items(endpoint, context),
        made(near_boundary),
    ).map(lambda expected: (expected,))


@cache
def _conflicting_pairs(endpoint: Endpoint, context: Context) -> st.SearchStrategy[_Group]:
    """Return groups of two items that conflict."""
    duplicate_ids = made(lambda choices: _duplicate_ids(choices, endpoint, context))
    if endpoint is not CONSENTS:
        return duplicate_ids
    return duplicate_ids | made(lambda choices: _conflicting_consents(choices, context))


def _assume_independent(groups: Sequence[_Group]) -> None:
    """Discard an example if two groups share an id or a contact: they would conflict as well."""
    for key, reason in ((_id_of, _DUPLICATE_ID), (_contact_of, Reason.INVALID_CONTACT_ID)):
        # An id or a contact that is itself invalid is not compared with others.
        values = [
            {key(item.item) for item in group if str(reason) not in item.expected_reasons}
            for group in groups
        ]
        assume(sum(map(len, values)) == len(set().union(*values)))


def _duplicate_ids(choices: Choices, endpoint: Endpoint, context: Context) -> _Group:
    """Return two items with the same id, with or without other errors."""
    first = draw_item(choices, endpoint, context, _other_reasons(choices, endpoint))
    second = draw_item(choices, endpoint, context, _other_reasons(choices, endpoint))
    if endpoint is CONSENTS:
        # Consents of one contact may conflict as well, which is not expected here.
        assume(_contact_of(first.item) != _contact_of(second.item))
    correlation_id = str(first.item["correlation_id"])
    # Letter case is ignored, unless only the lenient profile accepts the id.
    is_hexadecimal = schemas.predicate("correlation_id")(correlation_id)
    respell = choices.choice(_RESPELLINGS if is_hexadecimal else _RESPELLINGS[:1])
    item = {**second.item, "correlation_id": respell(correlation_id)}
    return first, ExpectedItem(item, [str(_DUPLICATE_ID), *second.expected_reasons], [])


def _conflicting_consents(choices: Choices, context: Context) -> _Group:
    """Return two consents of one contact and sender that conflict or are duplicates."""
    first, second = (draw_item(choices, CONSENTS, context, ()).item for _ in range(2))
    assume(_id_of(first) != _id_of(second))
    status, other_status = schemas.enumeration("status")
    if choices.boolean():
        status, other_status = other_status, status
    rule = choices.choice(tuple(_DATES_BY_RULE))
    first_date, second_date = _DATES_BY_RULE[rule](choices, context)
    first = _with(first, status=status, date_of_consent=first_date)
    second = _with(
        second,
        contact_id=first["contact_id"],
        sender_id=first["sender_id"],
        status=status if rule == "consent-duplicate" else other_status,
        date_of_consent=second_date,
    )
    return ExpectedItem(first, [], []), ExpectedItem(second, [], [rule])


def _other_reasons(choices: Choices, endpoint: Endpoint) -> tuple[Reason, ...]:
    """Return up to two reason codes that are not about the id."""
    others = [reason for reason in reasons_of(endpoint) if reason is not _DUPLICATE_ID]
    chosen = [choices.choice(others) for _ in range(choices.integer(0, 2))]
    return tuple(reason for reason in others if reason in chosen)


def _with(item: Item, **values: object) -> Item:
    return {key: value for key, value in {**item, **values}.items() if value is not ABSENT}


@cache
def _dates(context: Context) -> Make[str]:
    cases = cases_of("date_of_consent", context).valid
    return matching(
        lambda choices: choices.choice(cases).make(choices), lambda value: value is not ABSENT
    )


def _descending_dates(choices: Choices, context: Context) -> tuple[object, object]:
    dates = [_dates(context)(choices) for _ in range(2)]
    earlier, later = sorted(dates, key=lambda text: moment_of(text) or context.moment)
    assume(moment_of(earlier) != moment_of(later))
    return later, earlier


def _ambiguous_dates(choices: Choices, context: Context) -> tuple[object, object]:
    """Return two dates that do not say which of two consents is newer."""
    date = _dates(context)(choices)
    return choices.choice(((date, date), (ABSENT, ABSENT), (date, ABSENT), (ABSENT, date)))


def _equal_dates(choices: Choices, context: Context) -> tuple[object, object]:
    date = choices.choice((_dates(context)(choices), ABSENT))
    return date, date


_DATES_BY_RULE: dict[str, Callable[[Choices, Context], tuple[object, object]]] = {
    "consent-out-of-order": _descending_dates,
    "consent-conflict": _ambiguous_dates,
    "consent-duplicate": _equal_dates,
}
"""For each rule, the dates of two consents for which it is reported."""
