"""A run: rate, retries, order, in simulated time."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from consentlint import stub as stubs
from consentlint.submit.answers import Outcome

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
    """No request holds two items of one contact and sender."""
    for seen in stub.received:
        pairs = Counter((item["contact_id"], item["sender_id"]) for item in seen.items)
        assert not pairs or max(pairs.values()) == 1
        assert len(seen.items) <= 25


def test_all_arrives_in_order_though_requests_fail_in_every_way(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make, assert_arrived: Make
) -> None:
    simulation = simulate((0.05, 4.0))
    for number, fault in enumerate(FAULTS):
        # Together they strike about a fifth of the requests.
        simulation.stub.fail(fault, every=50 + 3 * number)
    items = consents(10_000, 4_000)
    run = run_of(simulation, made_sendable(items), limit=10**6)
    run.go()
    assert run.stop is None
    assert run.progress.outcomes == {Outcome.STORED: 10_000}
    struck = sum(1 for seen in simulation.stub.received if seen.fault)
    assert struck > len(simulation.stub.received) / 6
    assert_arrived(simulation.stub, items)
    assert_keeps_order_in_flight(simulation.stub)
    assert simulation.most_in_flight == 5


@pytest.mark.parametrize("seconds", [0.0, 2.5, (0.0, 2.5)])
def test_no_minute_has_more_than_a_hundred_requests(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make, seconds: Any
) -> None:
    simulation = simulate(seconds)
    items = consents(25 * 500, 10**4)
    run = run_of(simulation, made_sendable(items))
    run.go()
    stub = simulation.stub
    assert run.progress.outcomes == {Outcome.STORED: len(items)}
    assert stub.most_requests_in(60) == 100
    # Whole hundreds, and the wait after them.
    full = (len(stub.received) - 1) // 100 * 100
    took = (stub.received[full].at - stub.received[0].at).total_seconds()
    assert full / took * 60 >= 95


def test_retries_count_towards_the_rate(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make
) -> None:
    simulation = simulate()
    simulation.stub.fail(stubs.Unavailable(), every=2)
    run_of(simulation, made_sendable(consents(5_000, 10**4))).go()
    assert simulation.stub.most_requests_in(60) == 100


def test_a_retry_that_waits_holds_no_place(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make
) -> None:
    """Five requests fail for good while all others go through."""
    simulation = simulate(1.0)
    items = consents(1_000, 10**4)
    bad = {items[25 * number]["contact_id"] for number in range(5)}
    for contact in bad:
        simulation.stub.fail(stubs.Unavailable(), contact=contact)
    run = run_of(simulation, made_sendable(items))
    first_given_up: list[int] = []
    run._on_progress = lambda progress: (
        first_given_up.append(progress.settled) if progress.outcomes[Outcome.FAILED] else None
    )
    run.go()
    assert first_given_up[0] > 800
    assert run.progress.outcomes[Outcome.FAILED] > 0


def test_after_the_last_try_later_items_of_the_same_contact_are_held_back(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make
) -> None:
    simulation = simulate()
    first, other, later = consents(3, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    simulation.stub.fail(stubs.InternalServerError(), contact=first["contact_id"])
    run = run_of(simulation, made_sendable([first, other, later]), max_attempts=4)
    run.go()
    assert run.progress.outcomes == {Outcome.FAILED: 1, Outcome.STORED: 1}
    assert [u.fields for u in simulation.stub.upserts] == [other]
    assert len(simulation.stub.received) == 4
    assert run._journal.ids_for_support() == [first["correlation_id"]]


def test_a_late_request_is_waited_for_before_a_later_item_of_its_contact_leaves(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make
) -> None:
    """Else what the API was still at work on could be stored after what is newer."""
    simulation = simulate()
    first, later = consents(2, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    simulation.stub.fail(stubs.CutBeforeUpsert())
    run_of(simulation, made_sendable([first, later])).go()
    lost, again, after = simulation.stub.received
    assert (after.at - lost.at).total_seconds() > 4
    assert (again.at - lost.at).total_seconds() < 2


def test_what_an_earlier_run_was_not_answered_is_waited_for_too(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make
) -> None:
    simulation = simulate()
    first, later = consents(2, 10**4)
    later["contact_id"], later["sender_id"] = first["contact_id"], first["sender_id"]
    began = simulation.now
    run_of(simulation, made_sendable([first, later]), unsure=[0]).go()
    assert simulation.stub.received[1].at.timestamp() - began >= 4


@pytest.mark.parametrize("seconds", [17, 3000])
def test_retry_after_is_obeyed_by_all_requests(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make, seconds: int
) -> None:
    simulation = simulate(0.0)
    simulation.stub.fail(stubs.TooManyRequests(seconds))
    run_of(simulation, made_sendable(consents(1_000, 10**4))).go()
    times = [seen.at.timestamp() for seen in simulation.stub.received]
    refused = times[0]
    # Four others had left when the answer came.
    assert all(at == refused or at >= refused + seconds for at in times)


def test_many_requests_in_a_row_that_are_given_up_stop_the_run(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make
) -> None:
    simulation = simulate()
    simulation.stub.fail(stubs.CutBeforeUpsert(), every=1)
    run = run_of(simulation, made_sendable(consents(5_000, 10**4)), max_attempts=3)
    run.go()
    assert run.stop is not None
    assert "in a row" in run.stop.message
    assert len(simulation.stub.received) < 100


def test_an_interrupted_run_records_what_is_on_its_way(
    simulate: Make, run_of: Make, consents: Make, made_sendable: Make
) -> None:
    simulation = simulate(1.0)
    run = run_of(simulation, made_sendable(consents(1_000, 10**4)))
    run._on_progress = lambda progress: run.interrupt()
    run.go()
    assert len(simulation.stub.received) == 5
    assert len(run._journal.items()) == len(simulation.stub.upserts)
    assert {found.outcome for found in run._journal.items().values()} == {Outcome.STORED}
