"""Strategies may be created anywhere, also without a fixed time."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test

from consentlint import reason_codes
from consentlint.strategies import (
    ExpectedItem,
    flagged_items,
    invalid_items,
    invalid_requests,
    mixed_files,
    mixed_requests,
    near_misses,
    valid_files,
    valid_items,
    valid_requests,
)

Strategy = Callable[[], st.SearchStrategy[Any]]
strategies = pytest.mark.parametrize(
    "strategy",
    [
        flagged_items,
        invalid_items,
        invalid_requests,
        mixed_files,
        mixed_requests,
        near_misses,
        valid_files,
        valid_items,
        valid_requests,
    ],
)
few = settings(max_examples=10)


@strategies
def test_a_strategy_can_be_created_in_a_composite_strategy(strategy: Strategy) -> None:
    @st.composite
    def pairs(draw: st.DrawFn) -> tuple[object, object]:
        return draw(strategy()), draw(strategy())

    @few
    @given(pairs())
    def check(pair: tuple[object, object]) -> None:
        assert type(pair[0]) is type(pair[1])

    check()


@strategies
def test_a_strategy_can_be_created_in_flatmap_and_in_interactive_draws(strategy: Strategy) -> None:
    @few
    @given(st.booleans().flatmap(lambda _: strategy()), st.data())
    def check(value: object, data: st.DataObject) -> None:
        assert type(data.draw(strategy())) is type(value)

    check()


class Book(RuleBasedStateMachine):
    """A machine whose rules create strategies, and that draws more of them on the way."""

    items = Bundle("items")

    @rule(target=items, item=valid_items())
    def add(self, item: dict[str, Any]) -> dict[str, Any]:
        return item

    @rule(target=items, data=st.data())
    def add_near_miss(self, data: st.DataObject) -> dict[str, Any]:
        drawn: ExpectedItem = data.draw(near_misses())
        assert reason_codes(drawn.item) == drawn.expected_reasons
        return drawn.item

    @rule(item=items, other=st.deferred(invalid_items))
    def compare(self, item: dict[str, Any], other: ExpectedItem) -> None:
        assert reason_codes(other.item) == other.expected_reasons != []
        assert reason_codes(item) == reason_codes(dict(item))


def test_a_state_machine_can_create_strategies_in_its_rules() -> None:
    run_state_machine_as_test(Book, settings=settings(max_examples=15, stateful_step_count=10))
