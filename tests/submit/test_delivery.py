"""A delivery in simulated time: rate limit, retries, order."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from consentlint import stub as stubs
from consentlint.submit.options import ItemStatus
from consentlint.submit.summary import ids_for_support

Make = Callable[..., Any]

FAULTS = (
    stubs.InternalServerError((0, 3)),
    stubs.InternalServerError(),
    stubs.TooManyRequests(None),
    stubs.TooManyRequests(1),
    stubs.ServerError(),
    stubs.Unavailable(),
    stubs.CutBeforeUpsert(),
    stubs.CutAfterUpsert(),
    stubs.TruncatedBody(),
    stubs.NotJson(),
    stubs.MissingEntry(),
    stubs.OtherOrder(),
    stubs.Delay(10),
)


def assert_keeps_order_in_flight(stub: stubs.Stub) -> None:
    """No request contains two items of one contact and sender."""
    for seen in stub.received:
        pairs = Counter((item["contact_id"], item["sender_id"]) for item in seen.items)
        assert not pairs or max(pairs.values()) == 1
        assert len(seen.items) <= 25


def test_every_item_is_stored_in_order_even_if_requests_fail_in_every_way(
    simulate: Make, deliver: Make, consents: Make, as_input: Make, assert_arrived: Make
) -> None:
    simulation = simulate((0.05, 4.0))
    for number, fault in enumerate(FAULTS):
        # Together they affect about a fifth of the requests.
        simulation.stub.fail(fault, every=50 + 3 * number)
    items = consents(10_000, 4_000)
    delivery = deliver(simulation, as_input(items), limit=10**6)
    delivery.run()
    assert delivery.fatal_error is None
    assert delivery.progress.outcomes == {ItemStatus.STORED: 10_000}
    faulty = sum(1 for seen in simulation.stub.received if seen.fault)
    assert faulty > len(simulation.stub.received) / 6
    assert_arrived(simulation.stub, items)
    assert_keeps_order_in_flight(simulation.stub)
    assert simulation.most_in_flight == 5


@pytest.mark.parametrize("seconds", [0.0, 2.5, (0.0, 2.5)])
def test_no_minute_has_more_than_a_hundred_requests(
    simulate: Make, deliver: Make, consents: Make, as_input: Make, seconds: Any
) -> None:
    simulation = simulate(seconds)
    items = consents(25 * 500, 10**4)
    delivery = deliver(simulation, as_input(items))
    delivery.run()
    stub = simulation.stub
    assert delivery.progress.outcomes == {ItemStatus.STORED: len(items)}
    assert stub.most_requests_in(60) == 100
    # Full hundreds, and the wait after them.
    full = (len(stub.received) - 1) // 100 * 100
    took = (stub.received[full].at - stub.received[0].at).total_seconds()
    assert full / took * 60 >= 95


def test_retries_count_towards_the_rate(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    simulation = simulate()
    simulation.stub.fail(stubs.Unavailable(), every=2)
    deliver(simulation, as_input(consents(5_000, 10**4))).run()
    assert simulation.stub.most_requests_in(60) == 100


def test_a_waiting_retry_occupies_no_worker(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    """Five requests fail permanently while all others succeed."""
    simulation = simulate(1.0)
    items = consents(1_000, 10**4)
    failing = {items[25 * number]["contact_id"] for number in range(5)}
    for contact in failing:
        simulation.stub.fail(stubs.Unavailable(), contact=contact)
    delivery = deliver(simulation, as_input(items))
    done_at_failure: list[int] = []
    delivery.on_progress = lambda progress: (
        done_at_failure.append(progress.done)
        if delivery.journal.counts()[ItemStatus.FAILED]
        else None
    )
    delivery.run()
    assert done_at_failure[0] > 800


def test_later_items_of_the_same_contact_are_not_sent_after_a_failure(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    simulation = simulate()
    first, other, later = consents(3, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    simulation.stub.fail(stubs.InternalServerError(), contact=first["contact_id"])
    delivery = deliver(simulation, as_input([first, other, later]), max_attempts=4)
    delivery.run()
    counts = delivery.journal.counts()
    assert (counts[ItemStatus.FAILED], counts[ItemStatus.STORED]) == (1, 1)
    assert [u.fields for u in simulation.stub.upserts] == [other]
    assert len(simulation.stub.received) == 4
    assert ids_for_support(delivery.journal) == [first["correlation_id"]]


def test_a_later_item_waits_for_the_grace_period_of_a_lost_request(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    """Otherwise the API could store the lost request after the later item."""
    simulation = simulate()
    first, later = consents(2, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    simulation.stub.fail(stubs.CutBeforeUpsert())
    deliver(simulation, as_input([first, later])).run()
    lost, retry, after = simulation.stub.received
    assert (after.at - lost.at).total_seconds() > 4
    assert (retry.at - lost.at).total_seconds() < 2


@pytest.mark.parametrize("fault", [stubs.InternalServerError(), stubs.Unavailable()])
def test_a_later_item_waits_after_any_attempt_without_a_result(
    simulate: Make, deliver: Make, consents: Make, as_input: Make, fault: Any
) -> None:
    simulation = simulate()
    first, later = consents(2, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    simulation.stub.fail(fault)
    deliver(simulation, as_input([first, later])).run()
    _, retry, after = simulation.stub.received
    assert retry.items == [first]
    assert (after.at - retry.at).total_seconds() >= 4


def test_a_later_item_does_not_wait_after_a_request_that_was_not_processed(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    simulation = simulate()
    first, later = consents(2, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    simulation.stub.fail(stubs.TooManyRequests(None))
    deliver(simulation, as_input([first, later])).run()
    _, retry, after = simulation.stub.received
    assert (after.at - retry.at).total_seconds() < 1


def test_a_later_item_waits_for_an_item_that_an_earlier_run_sent(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    simulation = simulate()
    first, later = consents(2, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    killed = deliver(simulation, as_input([first, later]))
    killed._send_ready()
    killed.journal.close()
    simulation._events.clear()
    start = simulation.now
    deliver(simulation, as_input([first, later])).run()
    _, later_sent = simulation.stub.received
    assert later_sent.items == [later]
    assert later_sent.at.timestamp() - start >= 4


@pytest.mark.parametrize("seconds", [17, 3000])
def test_retry_after_pauses_all_requests(
    simulate: Make, deliver: Make, consents: Make, as_input: Make, seconds: int
) -> None:
    simulation = simulate(0.0)
    simulation.stub.fail(stubs.TooManyRequests(seconds))
    deliver(simulation, as_input(consents(1_000, 10**4))).run()
    times = [seen.at.timestamp() for seen in simulation.stub.received]
    limited = times[0]
    # Four others had left before the response arrived.
    assert all(at == limited or at >= limited + seconds for at in times)


def test_many_failed_requests_in_a_row_stop_the_run(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    simulation = simulate()
    simulation.stub.fail(stubs.CutBeforeUpsert(), every=1)
    delivery = deliver(simulation, as_input(consents(5_000, 10**4)), max_attempts=3)
    delivery.run()
    assert delivery.fatal_error is not None
    assert "in a row" in delivery.fatal_error.message
    assert len(simulation.stub.received) < 100


def test_an_interrupted_run_records_pending_responses(
    simulate: Make, deliver: Make, consents: Make, as_input: Make
) -> None:
    simulation = simulate(1.0)
    delivery = deliver(simulation, as_input(consents(1_000, 10**4)))
    delivery.on_progress = lambda progress: setattr(progress, "is_interrupted", True)
    delivery.run()
    assert len(simulation.stub.received) == 5
    assert delivery.journal.counts() == {
        ItemStatus.STORED: len(simulation.stub.upserts),
        ItemStatus.NOT_SENT: 1_000 - len(simulation.stub.upserts),
    }
