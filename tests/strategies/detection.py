"""Draw examples as a test would, and see which wrong validators they expose."""

from collections.abc import Iterator, Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from wrong_validators import NOW, WRONG_VALIDATORS, Answer, Item, WrongValidator

from consentlint import CONSENTS, Endpoint, strategies

Example = tuple[Sequence[Item], Answer]
"""The items of a request, and what must be answered to them."""


def requests(endpoint: Endpoint) -> st.SearchStrategy[Example]:
    """Return requests of items of all kinds."""
    of = strategies.judged_requests if endpoint is CONSENTS else strategies.judged_contact_requests
    return of(now=NOW).map(lambda judged: (judged.items, judged.reasons))


def single_items(endpoint: Endpoint) -> st.SearchStrategy[Example]:
    """Return what the strategies for one item draw, each as often as the others."""
    if endpoint is CONSENTS:
        valid, near = strategies.valid_items(now=NOW), strategies.near_misses(now=NOW)
        invalid = strategies.invalid_items(now=NOW)
    else:
        valid, near = strategies.valid_contacts(now=NOW), strategies.contact_near_misses(now=NOW)
        invalid = strategies.invalid_contacts(now=NOW)
    return st.one_of(
        valid.map(lambda item: ([item], [[]])),
        invalid.map(lambda judged: ([judged.item], [judged.reasons])),
        near.map(lambda judged: ([judged.item], [judged.reasons])),
    )


def examples(
    strategy: st.SearchStrategy[Example], number: int, *, count: int = 100
) -> list[Example]:
    """Return what a test of so many examples would draw with a seed."""
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


def exposed(endpoint: Endpoint, drawn: Sequence[Example]) -> Iterator[WrongValidator]:
    """Yield the wrong validators that answer one of the examples otherwise than they must."""
    for wrong in WRONG_VALIDATORS:
        if wrong.endpoint is endpoint and any(
            wrong.answer(items, answer) != answer for items, answer in drawn
        ):
            yield wrong
