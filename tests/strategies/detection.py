"""Generate examples as a test would, and find the wrong validators that they detect."""

from collections.abc import Iterator, Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from wrong_validators import NOW, WRONG_VALIDATORS, Item, ResponseReasons, WrongValidator

from consentlint import Endpoint, strategies

Example = tuple[Sequence[Item], ResponseReasons]
"""The items of a request and the expected response."""


def requests(endpoint: Endpoint) -> st.SearchStrategy[Example]:
    """Return requests of valid and invalid items."""
    drawn = strategies.mixed_requests(kind=endpoint, now=NOW)
    return drawn.map(lambda request: (request.items, request.expected_reasons))


def single_items(endpoint: Endpoint) -> st.SearchStrategy[Example]:
    """Return the items of the strategies for single items, in equal parts."""
    valid = strategies.valid_items(kind=endpoint, now=NOW)
    near = strategies.near_misses(kind=endpoint, now=NOW)
    invalid = strategies.invalid_items(kind=endpoint, now=NOW)
    return st.one_of(
        valid.map(lambda item: ([item], [[]])),
        invalid.map(lambda expected: ([expected.item], [expected.expected_reasons])),
        near.map(lambda expected: ([expected.item], [expected.expected_reasons])),
    )


def examples(
    strategy: st.SearchStrategy[Example], number: int, *, count: int = 100
) -> list[Example]:
    """Return the examples that a test of `count` examples generates with a seed."""
    drawn: list[Example] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
    )
    @given(strategy)
    def collect(example: Example) -> None:
        drawn.append(example)

    collect()
    return drawn


def detected(endpoint: Endpoint, drawn: Sequence[Example]) -> Iterator[WrongValidator]:
    """Yield the wrong validators whose response to at least one example is wrong."""
    for wrong in WRONG_VALIDATORS:
        if wrong.endpoint is endpoint and any(
            wrong.respond(items, expected) != expected for items, expected in drawn
        ):
            yield wrong
