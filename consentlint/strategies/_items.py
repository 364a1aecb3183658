"""Items: fields put together, with the reason codes that follow from what they hold."""

from collections.abc import Callable, Collection, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from hypothesis import strategies as st

from consentlint.model.endpoints import ENDPOINTS, Endpoint
from consentlint.model.findings import Reason
from consentlint.rules import rules_for
from consentlint.strategies._cases import ABSENT, Cases, Values, value_of
from consentlint.strategies._context import Terms
from consentlint.strategies._enums import word_cases
from consentlint.strategies._ids import correlation_id_cases, sender_id_cases
from consentlint.strategies._invalid_dates import date_cases
from consentlint.strategies._numbers import number_cases
from consentlint.strategies._postal_codes import country_cases, zip_code_cases

Item = dict[str, object]


class JudgedItem(NamedTuple):
    """An item, and what must be answered to it."""

    item: Item
    reasons: list[str]
    """The reason codes, in the order of the API's answer; none for an item that is stored."""


_CASES: Mapping[str, Callable[[Terms], Cases]] = {
    "contact_id": lambda _: number_cases(),
    "correlation_id": lambda terms: correlation_id_cases(terms.profile),
    "sender_id": lambda terms: sender_id_cases(terms.profile),
    "status": lambda _: word_cases("status"),
    "source": lambda _: word_cases("source"),
    "date_of_consent": date_cases,
    "country_iso_code": lambda _: Cases(country_cases(), word_cases("country_iso_code").refused),
}


def cases_of(field: str, terms: Terms, country: str | None = None) -> Cases:
    """Return the cases of a field.

    Args:
        field: its name.
        terms: the clock and the profile.
        country: the country beside a postal code, None where that is refused.
    """
    return zip_code_cases(country) if field == "zip_code" else _CASES[field](terms)


@cache
def reasons_of(endpoint: Endpoint) -> tuple[Reason, ...]:
    """Return the reason codes that an item can be broken for, in the order of an answer."""
    return tuple(
        rule.reason
        for rule in rules_for(endpoint)
        if rule.reason is not None and _field_of(rule.reason) in endpoint.fields
    )


def _field_of(reason: Reason) -> str:
    return reason.removeprefix("INVALID_").lower()


def asked_for(
    endpoint: Endpoint, reasons: Collection[Reason | str] | None
) -> tuple[Reason, ...] | None:
    """Return reason codes that a user asks for in the order of an answer, None for any.

    Raises:
        ValueError: there are none, or one that no item of the endpoint can be given offline.
    """
    if reasons is None:
        return None
    known = reasons_of(endpoint)
    if not reasons or isinstance(reasons, str) or not set(known).issuperset(reasons):
        raise ValueError(f"reasons must be some of: {', '.join(known)}")
    return tuple(reason for reason in known if reason in reasons)


@lru_cache(maxsize=4096)
def _values(
    field: str, terms: Terms, country: str | None, *, is_refused: bool, is_near: bool
) -> Values:
    cases = cases_of(field, terms, country)
    if is_near:
        cases = cases.near()
    return value_of(cases.refused if is_refused else cases.taken)


@st.composite
def _item(
    draw: st.DrawFn,
    kind: str,
    terms: Terms,
    reasons: tuple[Reason, ...] | None = None,
    *,
    is_near: bool = False,
) -> JudgedItem:
    """Draw an item that is refused for these reasons; None for any, or, near the border, none."""
    endpoint = ENDPOINTS[kind]
    known = reasons_of(endpoint)
    broken: list[str] = []
    values: Item = {}
    country = None
    # The country comes before the postal code in an answer, and here it must.
    for reason in known:
        field = _field_of(reason)
        # Near the border it is drawn even where it is known, so that an item of any faults
        # shrinks to one of no fault at all.
        is_refused = draw(st.booleans()) if reasons is None or is_near else False
        if reasons is not None:
            is_refused = reason in reasons
        elif reason is known[-1] and not (broken or is_near):
            is_refused = True
        # A fault is drawn in place of a value that is drawn as well: it costs more than none,
        # so that shrinking mends what does not matter.
        value = draw(_values(field, terms, country, is_refused=False, is_near=is_near))
        if is_refused:
            broken.append(str(reason))
            value = draw(_values(field, terms, country, is_refused=True, is_near=is_near))
        elif field == "country_iso_code":
            country = str(value)
        if value is not ABSENT:
            values[field] = value
    return JudgedItem({each: values[each] for each in endpoint.fields if each in values}, broken)


@cache
def taken_items(endpoint: Endpoint, terms: Terms) -> st.SearchStrategy[Item]:
    """Return items that the API takes."""
    return _item(endpoint.name, terms, ()).map(lambda judged: judged.item)


@cache
def refused_items(
    endpoint: Endpoint, terms: Terms, reasons: tuple[Reason, ...] | None = None
) -> st.SearchStrategy[JudgedItem]:
    """Return items that are refused, for exactly these reasons or for any."""
    return _item(endpoint.name, terms, reasons)


@cache
def items_near_the_border(endpoint: Endpoint, terms: Terms) -> st.SearchStrategy[JudgedItem]:
    """Return items of which each field is one edit away from the border, on either side."""
    return _item(endpoint.name, terms, is_near=True)


@st.composite
def _barely_judged(draw: st.DrawFn, kind: str, terms: Terms) -> JudgedItem:
    which = draw(st.integers(0, 2))
    only = draw(st.sampled_from(reasons_of(ENDPOINTS[kind])))
    return draw(_item(kind, terms, ((), (only,), None)[which], is_near=True))


@cache
def barely_judged_items(endpoint: Endpoint, terms: Terms) -> st.SearchStrategy[JudgedItem]:
    """Return items near the border: taken ones, ones with a single fault, and any."""
    return _barely_judged(endpoint.name, terms)
