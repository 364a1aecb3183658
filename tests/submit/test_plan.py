"""What may go into a request: for any file, and any order in which answers come."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from consentlint.submit.plan import Plan
from consentlint.submit.sendable import Sendable, Subject

ITEMS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), max_size=120)


def sendables(drawn: Sequence[tuple[int, int]]) -> list[Sendable]:
    nobody = Subject(None, None)
    return [
        Sendable(number, f"{name:032x}", "{}", f"pair {pair}", nobody)
        for number, (pair, name) in enumerate(drawn)
    ]


@given(ITEMS, st.randoms(use_true_random=False), st.floats(0, 0.3))
def test_items_of_one_contact_go_one_by_one_and_in_order(
    drawn: list[tuple[int, int]], chance: object, failing: float
) -> None:
    """And none is forgotten but those behind one that was given up."""
    items = sendables(drawn)
    plan = Plan(items)
    on_the_way: list[Sendable] = []
    gone: list[Sendable] = []
    given_up: dict[str, int] = {}
    while plan.has_ready or on_the_way:
        if plan.has_ready and (not on_the_way or chance.random() < 0.5):  # type: ignore[attr-defined]
            batch = plan.next_batch()
            assert 0 < len(batch) <= 25
            pairs = [item.pair for item in (*on_the_way, *batch)]
            assert len(set(pairs)) == len(pairs)
            assert len({item.answered_as for item in batch}) == len(batch)
            on_the_way += batch
        else:
            item = on_the_way.pop(chance.randrange(len(on_the_way)))  # type: ignore[attr-defined]
            if chance.random() < failing:  # type: ignore[attr-defined]
                given_up[item.pair] = item.number
                plan.give_up(item)
            else:
                gone.append(item)
                plan.settle(item)
    assert plan.is_done
    for pair in {item.pair for item in items}:
        numbers = [item.number for item in gone if item.pair == pair]
        wanted = [item.number for item in items if item.pair == pair]
        assert numbers == [n for n in wanted if n < given_up.get(pair, len(items))]


def test_requests_are_full_and_in_the_order_of_the_file() -> None:
    items = sendables([(number, number) for number in range(60)])
    plan = Plan(items)
    sizes = []
    sent: list[int] = []
    while batch := plan.next_batch():
        sizes.append(len(batch))
        sent += [item.number for item in batch]
    assert sizes == [25, 25, 10]
    assert sent == list(range(60))
