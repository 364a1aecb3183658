"""Each fault does what its first line says, to the requests that were asked for."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from consentlint import wire
from consentlint.stub import (
    Clock,
    CutAfterUpsert,
    CutBeforeUpsert,
    Delay,
    Ending,
    Fault,
    InternalServerError,
    MissingEntry,
    NotJson,
    OtherOrder,
    Response,
    ServerError,
    Stub,
    TooManyRequests,
    TruncatedBody,
    Unavailable,
)
from consentlint.stub.faults import FAULTS

Item = dict[str, Any]
Post = Callable[..., Response]
Consent = Callable[..., Item]

STORE_NOTHING: list[tuple[Fault, int]] = [
    (TooManyRequests(), 429),
    (ServerError(), 500),
    (Unavailable(), 503),
]
STORE_ALL: list[Fault] = [
    Delay(),
    CutAfterUpsert(),
    TruncatedBody(),
    NotJson(),
    MissingEntry(),
    OtherOrder(),
]


@pytest.fixture
def three(consent: Consent) -> list[Item]:
    """Three items, of which the second is refused."""
    return [consent("+14155552671"), consent("+14"), consent("+14155552673")]


def codes(response: Response) -> list[list[str]]:
    return [list(entry.error_messages) for entry in wire.decode_answer(response.body)]


def contacts(stub: Stub) -> list[str]:
    return [upsert.contact for upsert in stub.upserts]


def test_every_fault_has_a_name_and_is_tested_here() -> None:
    tested = {
        type(fault)
        for fault in [
            *STORE_ALL,
            *(fault for fault, _ in STORE_NOTHING),
            CutBeforeUpsert(),
            InternalServerError(),
        ]
    }
    assert set(FAULTS.values()) == tested == set(Fault.__args__)


@pytest.mark.parametrize(("fault", "status"), STORE_NOTHING)
def test_a_status_is_answered_and_nothing_stored(
    post: Post,
    three: list[Item],
    error: Callable[[Response], tuple[int, int, str]],
    fault: Fault,
    status: int,
) -> None:
    stub = Stub()
    stub.fail(fault)
    assert error(post(stub, *three))[:2] == (status, 20000 + status)
    assert (stub.upserts, stub.received[0].entries, stub.received[0].fault) == ((), (), fault)
    assert post(stub, *three).status == 201


@pytest.mark.parametrize(("given", "sent"), [(7, "7"), (None, None)])
def test_429_says_when_to_try_again_or_does_not(
    post: Post, three: list[Item], given: int | None, sent: str | None
) -> None:
    stub = Stub()
    stub.fail(TooManyRequests(retry_after=given))
    assert post(stub, *three).headers.get("Retry-After") == sent


@pytest.mark.parametrize("fault", STORE_ALL, ids=repr)
def test_what_spoils_the_answer_alone_stores_what_is_good(
    post: Post, three: list[Item], fault: Fault
) -> None:
    spoiled, plain = Stub(), Stub()
    spoiled.fail(fault)
    response, expected = post(spoiled, *three), post(plain, *three)
    assert response != expected
    assert response.status == expected.status == 201
    assert contacts(spoiled) == contacts(plain) == ["+14155552671", "+14155552673"]
    assert spoiled.received[0].entries == wire.decode_answer(expected.body)
    assert post(spoiled, *three) == expected


def test_a_connection_that_is_cut_before_has_stored_nothing(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(CutBeforeUpsert())
    assert post(stub, *three).ending is Ending.CUT
    assert stub.upserts == ()


def test_endings_and_delays_are_left_to_the_server(post: Post, three: list[Item]) -> None:
    stub = Stub()
    for fault in (CutAfterUpsert(), TruncatedBody(), Delay(1.5), Delay()):
        stub.fail(fault)
    found = [post(stub, *three)[-2:] for _ in range(4)]
    assert found == [
        (Ending.CUT, 0),
        (Ending.CUT_IN_BODY, 0),
        (Ending.WHOLE, 1.5),
        (Ending.WHOLE, 3),
    ]


def test_a_page_of_html_is_no_answer(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(NotJson())
    response = post(stub, *three)
    assert (response.status, response.headers["Content-Type"]) == (201, "text/html")
    with pytest.raises(wire.MalformedAnswer):
        wire.decode_answer(response.body)


@pytest.mark.parametrize(
    ("item", "left"), [(None, [0, 1]), (0, [1, 2]), (1, [0, 2]), (9, [0, 1, 2])]
)
def test_an_entry_is_missing(
    post: Post, three: list[Item], item: int | None, left: list[int]
) -> None:
    stub = Stub()
    stub.fail(MissingEntry(item))
    entries = wire.decode_answer(post(stub, *three).body)
    assert [entry.correlation_id for entry in entries] == [three[n]["correlation_id"] for n in left]


def test_the_entry_of_a_contact_is_missing(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(MissingEntry(), contact="+14155552671")
    entries = wire.decode_answer(post(stub, *three).body)
    assert [entry.correlation_id for entry in entries] == [
        item["correlation_id"] for item in three[1:]
    ]


def test_entries_come_in_reverse(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(OtherOrder())
    entries = wire.decode_answer(post(stub, *three).body)
    assert [entry.correlation_id for entry in entries] == [
        item["correlation_id"] for item in reversed(three)
    ]


@pytest.mark.parametrize(
    ("fault", "failing", "stored"),
    [
        (InternalServerError(), [0, 2], []),
        (InternalServerError((2,)), [2], ["+14155552671"]),
        (InternalServerError((1, 9)), [], ["+14155552671", "+14155552673"]),
    ],
)
def test_chosen_items_fail_and_the_others_do_not(
    post: Post, three: list[Item], fault: Fault, failing: list[int], stored: list[str]
) -> None:
    stub = Stub()
    stub.fail(fault)
    found = codes(post(stub, *three))
    assert found[1] == ["INVALID_CONTACT_ID"]
    assert [n for n in (0, 2) if found[n] == ["INTERNAL_SERVER_ERROR"]] == failing
    assert contacts(stub) == stored


def test_the_items_of_a_contact_fail_until_they_are_let(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(InternalServerError(), contact="+14155552673")
    for _ in range(3):
        assert codes(post(stub, *three)) == [[], ["INVALID_CONTACT_ID"], ["INTERNAL_SERVER_ERROR"]]
    stub.stop_failing()
    assert codes(post(stub, *three)) == [[], ["INVALID_CONTACT_ID"], []]


def statuses(post: Post, stub: Stub, item: Item, count: int) -> list[int]:
    return [post(stub, item).status for _ in range(count)]


def test_one_request_is_struck_unless_more_are_asked_for(post: Post, consent: Consent) -> None:
    stub = Stub()
    stub.fail(Unavailable())
    assert statuses(post, stub, consent(), 3) == [503, 201, 201]


def test_the_next_requests_are_struck(post: Post, consent: Consent) -> None:
    stub = Stub()
    stub.fail(Unavailable(), requests=2)
    assert statuses(post, stub, consent(), 3) == [503, 503, 201]


def test_every_nth_request_is_struck(post: Post, consent: Consent) -> None:
    stub = Stub()
    post(stub, consent())
    stub.fail(Unavailable(), every=3)
    assert statuses(post, stub, consent(), 7) == [201, 201, 503, 201, 201, 503, 201]


def test_only_requests_with_a_contact_are_struck_and_counted(post: Post, consent: Consent) -> None:
    stub = Stub()
    stub.fail(Unavailable(), requests=1, contact="+14155552672")
    stub.fail(ServerError(), every=2, contact="+14155552671")
    assert statuses(post, stub, consent("+14155552673"), 3) == [201, 201, 201]
    assert statuses(post, stub, consent("+14155552672"), 2) == [503, 201]
    assert statuses(post, stub, consent("+14155552671"), 4) == [201, 500, 201, 500]


def test_faults_strike_one_after_the_other(post: Post, consent: Consent) -> None:
    stub = Stub()
    stub.fail(Unavailable(), requests=2)
    stub.fail(ServerError())
    assert statuses(post, stub, consent(), 4) == [503, 503, 500, 201]


def test_a_request_that_is_refused_anyway_uses_no_fault_up(post: Post, consent: Consent) -> None:
    stub = Stub(limit=2)
    stub.fail(Unavailable())
    assert post(stub, consent(), authorization="").status == 401
    assert post(stub, body=b"").status == 400
    assert statuses(post, stub, consent(), 2) == [503, 429]


def test_clearing_forgets_faults_and_all_else(post: Post, consent: Consent) -> None:
    stub = Stub(limit=1)
    post(stub, consent())
    stub.fail(Unavailable())
    stub.clear()
    assert (stub.received, stub.upserts) == ((), ())
    assert post(stub, consent()).status == 201


def test_threads_get_no_more_than_the_limit_and_no_fault_twice(
    post: Post, consent: Consent
) -> None:
    """Threads take turns as often as Python lets them."""
    stub = Stub(limit=100, clock=Clock(datetime(2026, 1, 1, tzinfo=UTC)))
    stub.fail(Unavailable(), requests=30)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = Counter(pool.map(lambda _: post(stub, consent()).status, range(160)))
    finally:
        sys.setswitchinterval(interval)
    assert found == {201: 70, 503: 30, 429: 60}
    assert [seen.number for seen in stub.received] == list(range(1, 161))


@pytest.mark.parametrize(
    "when", [{"requests": 0}, {"every": 0}, {"requests": 1, "every": 2}, {"every": -1}]
)
def test_a_fault_that_could_never_strike_is_an_error(when: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"at least 1|not both"):
        Stub().fail(Unavailable(), **when)


def test_the_class_of_a_fault_is_none() -> None:
    """It would strike, and do nothing: the code under test would pass for having borne it."""
    with pytest.raises(TypeError, match=r"such as TooManyRequests\(\)"):
        Stub().fail(TooManyRequests)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"such as Unavailable\(\)"):
        Stub().fail("unavailable")  # type: ignore[arg-type]


def test_items_are_counted_from_0() -> None:
    for kind in (lambda: InternalServerError((0, -1)), lambda: MissingEntry(-1)):
        with pytest.raises(ValueError, match="counted from 0"):
            kind()
    with pytest.raises(TypeError):
        InternalServerError(0)  # type: ignore[arg-type]


def test_the_answer_of_a_fault_is_json_where_it_claims_to_be(post: Post, three: list[Item]) -> None:
    for fault in (kind() for kind in FAULTS.values()):
        stub = Stub()
        stub.fail(fault)
        response = post(stub, *three)
        if response.headers["Content-Type"] == "application/json":
            json.loads(response.body)
