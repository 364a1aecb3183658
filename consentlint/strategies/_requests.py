"""Requests: items together, and what holds between them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from consentlint.fields import schemas
from consentlint.model.endpoints import CONSENTS, ENDPOINTS, REQUEST_LIMIT, Endpoint
from consentlint.model.findings import Reason
from consentlint.strategies._cases import ABSENT, unmixed, value_of
from consentlint.strategies._context import Terms
from consentlint.strategies._dates import moment_of
from consentlint.strategies._invalid_dates import date_cases
from consentlint.strategies._items import (
    Item,
    JudgedItem,
    cases_of,
    items_near_the_border,
    reasons_of,
    refused_items,
    taken_items,
)

_REPEATED = Reason.INVALID_CORRELATION_ID
_MOST_PAIRS = 3
_SPELLINGS: tuple[Callable[[str], str], ...] = (str, str.swapcase, str.upper)


class JudgedRequest(NamedTuple):
    """The items of a request, and what must be said of each."""

    items: list[Item]
    reasons: list[list[str]]
    """The reason codes of each item, in the order of the API's answer."""
    rules: list[list[str]]
    """The rules for the records of one contact and sender that must find fault with each
    item: `consent-out-of-order`, `consent-conflict` and `consent-duplicate`."""


class _Entry(NamedTuple):
    """An item of a request, and what is said of it."""

    item: Item
    reasons: list[str]
    rule: str | None = None


def taken_requests(endpoint: Endpoint, terms: Terms) -> st.SearchStrategy[list[Item]]:
    """Return requests of which every item is taken."""
    return st.lists(
        taken_items(endpoint, terms),
        min_size=1,
        max_size=REQUEST_LIMIT,
        unique_by=(_id_of, _contact_of),
    )


def _id_of(item: Item) -> str:
    # Letter case does not count where an id is hexadecimal; where it does, nothing is lost.
    return str(item.get("correlation_id")).lower()


def _contact_of(item: Item) -> str:
    return str(item.get("contact_id"))


def judged_requests(
    endpoint: Endpoint, terms: Terms, *, least_pairs: int = 0
) -> st.SearchStrategy[JudgedRequest]:
    """Return requests of items of all kinds, with pairs of items that are at odds.

    Args:
        endpoint: whose items they are.
        terms: the clock and the profile.
        least_pairs: how many such pairs there are, at least.
    """
    # Here, for what is made at the first draw counts as drawing: Hypothesis allows a second for
    # the first ten examples.
    for field in endpoint.fields:
        cases_of(field, terms)
    return unmixed(_judged_request(endpoint.name, terms, least_pairs))


@st.composite
def _judged_request(draw: st.DrawFn, kind: str, terms: Terms, least_pairs: int) -> JudgedRequest:
    endpoint = ENDPOINTS[kind]
    pairs = draw(st.lists(_pairs(endpoint, terms), min_size=least_pairs, max_size=_MOST_PAIRS))
    # Requests of any size are as likely as each other; lists would mostly be short.
    count = draw(st.integers(0 if pairs else 1, REQUEST_LIMIT - 2 * len(pairs)))
    groups = [*pairs, *draw(st.lists(_singles(endpoint, terms), min_size=count, max_size=count))]
    _assume_strangers(groups)
    turns = [at for at, group in enumerate(groups) for _ in group]
    rest = [list(group) for group in groups]
    entries = [rest[at].pop(0) for at in draw(st.permutations(turns))]
    return JudgedRequest(
        [entry.item for entry in entries],
        [entry.reasons for entry in entries],
        [[entry.rule] if entry.rule else [] for entry in entries],
    )


@cache
def _singles(endpoint: Endpoint, terms: Terms) -> st.SearchStrategy[tuple[_Entry, ...]]:
    """Return items of all kinds, each alone."""
    return st.one_of(
        taken_items(endpoint, terms).map(lambda item: JudgedItem(item, [])),
        refused_items(endpoint, terms),
        items_near_the_border(endpoint, terms),
    ).map(lambda judged: (_Entry(*judged),))


@cache
def _pairs(endpoint: Endpoint, terms: Terms) -> st.SearchStrategy[tuple[_Entry, ...]]:
    """Return two items that are at odds."""
    same_id = _same_id(endpoint.name, terms)
    return st.one_of(same_id, _history(terms)) if endpoint is CONSENTS else same_id


def _assume_strangers(groups: Sequence[tuple[_Entry, ...]]) -> None:
    """Give up where two groups share an id or a contact: more would be wrong than is known."""
    for key, unless in ((_id_of, _REPEATED), (_contact_of, Reason.INVALID_CONTACT_ID)):
        # What is refused by itself is nobody's, however often it comes.
        there = [
            {key(entry.item) for entry in group if str(unless) not in entry.reasons}
            for group in groups
        ]
        assume(sum(map(len, there)) == len(set().union(*there)))


@st.composite
def _same_id(draw: st.DrawFn, kind: str, terms: Terms) -> tuple[_Entry, ...]:
    """Return two items with one id, whatever else may be wrong with them."""
    endpoint = ENDPOINTS[kind]
    reasons = _other_reasons(endpoint)
    first, second = (draw(refused_items(endpoint, terms, draw(reasons))) for _ in range(2))
    there = str(first.item["correlation_id"])
    # Letter case does not count, unless only the lenient profile takes the id.
    spellings = _SPELLINGS if schemas.predicate("correlation_id")(there) else _SPELLINGS[:1]
    again = draw(st.sampled_from(spellings))
    item = {**second.item, "correlation_id": again(there)}
    return (
        _Entry(*first),
        _Entry(item, [str(_REPEATED), *second.reasons]),
    )


@st.composite
def _history(draw: st.DrawFn, terms: Terms) -> tuple[_Entry, ...]:
    """Return two records of one contact and sender that contradict or repeat each other."""
    statuses = schemas.enumeration("status")
    taken = taken_items(CONSENTS, terms)
    first, second = draw(taken), draw(taken)
    assume(_id_of(first) != _id_of(second))
    status, other = draw(st.permutations(statuses))[:2]
    rule, dates = draw(st.sampled_from(tuple(_HISTORIES.items())))
    earlier, later = draw(dates(terms))
    is_same = rule == "consent-duplicate"
    one = _with(first, status=status, date_of_consent=earlier)
    two = _with(
        second,
        contact_id=first["contact_id"],
        sender_id=first["sender_id"],
        status=status if is_same else other,
        date_of_consent=later,
    )
    return _Entry(one, []), _Entry(two, [], rule)


@cache
def _other_reasons(endpoint: Endpoint) -> st.SearchStrategy[tuple[Reason, ...]]:
    """Return up to two reason codes that say nothing of the id."""
    others = [reason for reason in reasons_of(endpoint) if reason is not _REPEATED]
    some = st.lists(st.sampled_from(others), max_size=2, unique=True)
    return some.map(lambda reasons: tuple(each for each in others if each in reasons))


def _with(item: Item, **values: object) -> Item:
    return {key: value for key, value in {**item, **values}.items() if value is not ABSENT}


@cache
def _dates(terms: Terms) -> st.SearchStrategy[object]:
    return value_of(date_cases(terms).taken).filter(lambda value: value is not ABSENT)


@st.composite
def _falling(draw: st.DrawFn, terms: Terms) -> tuple[object, object]:
    two = draw(st.tuples(_dates(terms), _dates(terms)))
    earlier, later = sorted(two, key=lambda text: moment_of(text) or terms.moment)
    assume(moment_of(earlier) != moment_of(later))
    return later, earlier


@cache
def _undecided(terms: Terms) -> st.SearchStrategy[tuple[object, object]]:
    return st.one_of(
        _equal(terms),
        _dates(terms).map(lambda text: (text, ABSENT)),
        _dates(terms).map(lambda text: (ABSENT, text)),
    )


@cache
def _equal(terms: Terms) -> st.SearchStrategy[tuple[object, object]]:
    return st.one_of(_dates(terms), st.just(ABSENT)).map(lambda value: (value, value))


_HISTORIES: dict[str, Callable[[Terms], st.SearchStrategy[tuple[object, object]]]] = {
    "consent-out-of-order": _falling,
    "consent-conflict": _undecided,
    "consent-duplicate": _equal,
}
"""By rule, the dates of an earlier and a later record that break it."""
