"""Which items go into a request, for any file and any order of responses."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from consentlint.submit.batches import BatchQueue
from consentlint.submit.outgoing import ItemIdentity, OutgoingItem

ITEMS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), max_size=120)


def outgoing_items(drawn: Sequence[tuple[int, int]]) -> list[OutgoingItem]:
    unreadable = ItemIdentity(None, None)
    return [
        OutgoingItem(number, f"{name:032x}", "{}", f"key {key}", unreadable)
        for number, (key, name) in enumerate(drawn)
    ]


@given(ITEMS, st.randoms(use_true_random=False), st.floats(0, 0.3))
def test_items_with_the_same_key_are_sent_one_at_a_time_and_in_order(
    drawn: list[tuple[int, int]], chance: object, failure_rate: float
) -> None:
    """No item is lost, except those that wait for a failed one."""
    items = outgoing_items(drawn)
    queue = BatchQueue(items)
    in_flight: list[OutgoingItem] = []
    completed: list[OutgoingItem] = []
    failed: dict[str, int] = {}
    while queue.has_ready or in_flight:
        if queue.has_ready and (not in_flight or chance.random() < 0.5):  # type: ignore[attr-defined]
            batch = queue.next_batch()
            assert 0 < len(batch) <= 25
            keys = [item.ordering_key for item in (*in_flight, *batch)]
            assert len(set(keys)) == len(keys)
            assert len({item.response_key for item in batch}) == len(batch)
            in_flight += batch
        else:
            item = in_flight.pop(chance.randrange(len(in_flight)))  # type: ignore[attr-defined]
            if chance.random() < failure_rate:  # type: ignore[attr-defined]
                failed[item.ordering_key] = item.number
                queue.fail(item)
            else:
                completed.append(item)
                queue.complete(item)
    assert queue.is_done
    for key in {item.ordering_key for item in items}:
        numbers = [item.number for item in completed if item.ordering_key == key]
        expected = [item.number for item in items if item.ordering_key == key]
        assert numbers == [n for n in expected if n < failed.get(key, len(items))]


def test_requests_are_full_and_in_file_order() -> None:
    items = outgoing_items([(number, number) for number in range(60)])
    queue = BatchQueue(items)
    sizes = []
    sent: list[int] = []
    while batch := queue.next_batch():
        sizes.append(len(batch))
        sent += [item.number for item in batch]
    assert sizes == [25, 25, 10]
    assert sent == list(range(60))
