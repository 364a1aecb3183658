"""Items: fields combined, with the reason codes that follow from their values."""

from collections.abc import Callable, Collection, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from hypothesis import strategies as st

from consentlint.model.endpoints import ENDPOINTS, Endpoint
from consentlint.model.findings import Reason
from consentlint.rules import rules_for
from consentlint.strategies._cases import ABSENT, FieldCases, Values, value_of
from consentlint.strategies._context import DrawContext
from consentlint.strategies._enums import enum_cases
from consentlint.strategies._ids import correlation_id_cases, sender_id_cases
from consentlint.strategies._invalid_dates import date_cases
from consentlint.strategies._numbers import number_cases
from consentlint.strategies._postal_codes import country_cases, zip_code_cases

Item = dict[str, object]


class ExpectedItem(NamedTuple):
    """An item and the result that the API must report for it."""

    item: Item
    expected_reasons: list[str]
    """The reason codes, in the order of the API's response; empty if the item is valid."""


_CASES: Mapping[str, Callable[[DrawContext], FieldCases]] = {
    "contact_id": lambda _: number_cases(),
    "correlation_id": lambda context: correlation_id_cases(context.profile),
    "sender_id": lambda context: sender_id_cases(context.profile),
    "status": lambda _: enum_cases("status"),
    "source": lambda _: enum_cases("source"),
    "date_of_consent": date_cases,
    "country_iso_code": lambda _: FieldCases(
        country_cases(), enum_cases("country_iso_code").invalid
    ),
}


def cases_of(field: str, context: DrawContext, country: str | None = None) -> FieldCases:
    """Return the cases of a field.

    Args:
        field: The field's name.
        context: The clock and the profile.
        country: The country of a postal code; None if the country is invalid.
    """
    return zip_code_cases(country) if field == "zip_code" else _CASES[field](context)


@cache
def reasons_of(endpoint: Endpoint) -> tuple[Reason, ...]:
    """Return the reason codes that an item can get, in the order of a response."""
    return tuple(
        rule.reason
        for rule in rules_for(endpoint)
        if rule.reason is not None and _field_of(rule.reason) in endpoint.fields
    )


def _field_of(reason: Reason) -> str:
    return reason.removeprefix("INVALID_").lower()


def requested_reasons(
    endpoint: Endpoint, reasons: Collection[Reason | str] | None
) -> tuple[Reason, ...] | None:
    """Return the reason codes that a user requests, in the order of a response; None for any.

    Raises:
        ValueError: There are none, or one that no item of the endpoint can get.
    """
    if reasons is None:
        return None
    known = reasons_of(endpoint)
    if not reasons or isinstance(reasons, str) or not set(known).issuperset(reasons):
        raise ValueError(f"reasons must be one or more of: {', '.join(known)}")
    return tuple(reason for reason in known if reason in reasons)


@lru_cache(maxsize=4096)
def _values(
    field: str, context: DrawContext, country: str | None, *, is_invalid: bool, is_boundary: bool
) -> Values:
    cases = cases_of(field, context, country)
    if is_boundary:
        cases = cases.boundary()
    return value_of(cases.invalid if is_invalid else cases.valid)


@st.composite
def _item(
    draw: st.DrawFn,
    endpoint_name: str,
    context: DrawContext,
    reasons: tuple[Reason, ...] | None = None,
    *,
    is_boundary: bool = False,
) -> ExpectedItem:
    """Draw an item with exactly these reason codes.

    If `reasons` is None, it has any: at least one, or with `is_boundary` possibly none.
    """
    endpoint = ENDPOINTS[endpoint_name]
    known = reasons_of(endpoint)
    expected: list[str] = []
    values: Item = {}
    country = None
    # The country precedes the postal code in a response. Here it must: the code depends on it.
    for reason in known:
        field = _field_of(reason)
        # Near the boundary, draw the boolean even if it is known: so an item with any number of
        # invalid fields can shrink to one without any.
        is_invalid = draw(st.booleans()) if reasons is None or is_boundary else False
        if reasons is not None:
            is_invalid = reason in reasons
        elif reason is known[-1] and not (expected or is_boundary):
            is_invalid = True
        # Draw an invalid value in addition to a valid one: it then costs more choices, so
        # shrinking replaces it if it does not matter.
        value = draw(_values(field, context, country, is_invalid=False, is_boundary=is_boundary))
        if is_invalid:
            expected.append(str(reason))
            value = draw(_values(field, context, country, is_invalid=True, is_boundary=is_boundary))
        elif field == "country_iso_code":
            country = str(value)
        if value is not ABSENT:
            values[field] = value
    item = {field: values[field] for field in endpoint.fields if field in values}
    return ExpectedItem(item, expected)


@cache
def valid_items(endpoint: Endpoint, context: DrawContext) -> st.SearchStrategy[Item]:
    """Return valid items."""
    return _item(endpoint.name, context, ()).map(lambda expected: expected.item)


@cache
def invalid_items(
    endpoint: Endpoint, context: DrawContext, reasons: tuple[Reason, ...] | None = None
) -> st.SearchStrategy[ExpectedItem]:
    """Return invalid items, with exactly these reason codes or with any."""
    return _item(endpoint.name, context, reasons)


@cache
def any_boundary_items(endpoint: Endpoint, context: DrawContext) -> st.SearchStrategy[ExpectedItem]:
    """Return items in which each field is near the boundary, valid or invalid."""
    return _item(endpoint.name, context, is_boundary=True)


@st.composite
def _boundary_item(draw: st.DrawFn, endpoint_name: str, context: DrawContext) -> ExpectedItem:
    choice = draw(st.integers(0, 2))
    reason = draw(st.sampled_from(reasons_of(ENDPOINTS[endpoint_name])))
    return draw(_item(endpoint_name, context, ((), (reason,), None)[choice], is_boundary=True))


@cache
def boundary_items(endpoint: Endpoint, context: DrawContext) -> st.SearchStrategy[ExpectedItem]:
    """Return items near the boundary: a third each with no, one or any number of invalid fields."""
    return _boundary_item(endpoint.name, context)
