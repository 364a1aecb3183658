"""Items: fields combined, with the reason codes that follow from their values."""

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from consentlint.cases import (
    ABSENT,
    UNKNOWN_FIELDS,
    Choices,
    Context,
    cases_of,
    field_of,
    number_with_prefix,
    reasons_of,
    with_trunk_prefix,
)
from consentlint.model.endpoints import Endpoint
from consentlint.model.findings import Reason
from consentlint.strategies._choices import made

Item = dict[str, Any]


class ExpectedItem(NamedTuple):
    """An item and the results that must be reported for it."""

    item: Item
    expected_reasons: list[str]
    """The reason codes, in the order of the API's response; empty if the item is valid."""
    expected_rules: list[str]
    """The rules without a reason code that the linter must report:
    `contact-id-not-canonical` or `unknown-field`."""


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


def draw_item(
    choices: Choices,
    endpoint: Endpoint,
    context: Context,
    reasons: tuple[Reason, ...] | None = None,
    *,
    is_boundary: bool = False,
) -> ExpectedItem:
    """Draw an item with exactly these reason codes.

    If `reasons` is None, it has any: at least one, or with `is_boundary` possibly none.
    """
    known = reasons_of(endpoint)
    expected: list[str] = []
    values: Item = {}
    country = None
    # The country precedes the postal code in a response. Here it must: the code depends on it.
    for reason in known:
        field = field_of(reason)
        # Near the boundary, draw the boolean even if it is known: so an item with any number of
        # invalid fields can shrink to one without any.
        is_invalid = choices.boolean() if reasons is None or is_boundary else False
        if reasons is not None:
            is_invalid = reason in reasons
        elif reason is known[-1] and not (expected or is_boundary):
            is_invalid = True
        cases = cases_of(field, context, country)
        if is_boundary:
            cases = cases.boundary()
        # Draw an invalid value in addition to a valid one: it then costs more choices, so
        # shrinking replaces it if it does not matter.
        value = choices.choice(cases.valid).make(choices)
        if is_invalid:
            expected.append(str(reason))
            value = choices.choice(cases.invalid).make(choices)
        elif field == "country_iso_code":
            country = str(value)
        if value is not ABSENT:
            values[field] = value
    item = {field: values[field] for field in endpoint.fields if field in values}
    return ExpectedItem(item, expected, [])


@cache
def valid_items(endpoint: Endpoint, context: Context) -> st.SearchStrategy[Item]:
    """Return valid items."""
    return made(lambda choices: draw_item(choices, endpoint, context, ()).item)


@cache
def invalid_items(
    endpoint: Endpoint, context: Context, reasons: tuple[Reason, ...] | None = None
) -> st.SearchStrategy[ExpectedItem]:
    """Return invalid items, with exactly these reason codes or with any."""
    return made(lambda choices: draw_item(choices, endpoint, context, reasons))


@cache
def boundary_items(endpoint: Endpoint, context: Context) -> st.SearchStrategy[ExpectedItem]:
    """Return items near the boundary: a third each with no, one or any number of invalid fields."""

    def make(choices: Choices) -> ExpectedItem:
        reasons = choices.choice(((), (choices.choice(reasons_of(endpoint)),), None))
        return draw_item(choices, endpoint, context, reasons, is_boundary=True)

    return made(make)


@cache
def flagged_items(endpoint: Endpoint, context: Context) -> st.SearchStrategy[ExpectedItem]:
    """Return items that have no reason code, but an error of the linter's own."""

    def make(choices: Choices) -> ExpectedItem:
        item = draw_item(choices, endpoint, context, ()).item
        if choices.boolean():
            item[choices.choice(UNKNOWN_FIELDS)] = choices.choice(("", None, "a", 7))
            return ExpectedItem(item, [], ["unknown-field"])
        numbers = [field for field in ("contact_id", "sender_id") if field in endpoint.fields]
        item[choices.choice(numbers)] = _prefixed_number(choices)
        return ExpectedItem(item, [], ["contact-id-not-canonical"])

    return made(make)


_prefixed_number = with_trunk_prefix(number_with_prefix)
