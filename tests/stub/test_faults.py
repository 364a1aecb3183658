"""Each fault has the documented effect, on the requests that it was scheduled for."""

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
    ConnectionAction,
    CutAfterUpsert,
    CutBeforeUpsert,
    Delay,
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
    """Three items; the second is invalid."""
    return [consent("+14155552671"), consent("+14"), consent("+14155552673")]


def codes(response: Response) -> list[list[str]]:
    return [list(item.error_messages) for item in wire.decode_response(response.body)]


def contacts(stub: Stub) -> list[str]:
    return [upsert.contact for upsert in stub.upserts]


def test_every_fault_has_a_name_and_a_test() -> None:
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
def test_an_error_status_stores_nothing(
    post: Post,
    three: list[Item],
    error: Callable[[Response], tuple[int, int, str]],
    fault: Fault,
    status: int,
) -> None:
    stub = Stub()
    stub.fail(fault)
    assert error(post(stub, *three))[:2] == (status, 20000 + status)
    assert (stub.upserts, stub.received[0].response_items, stub.received[0].fault) == (
        (),
        (),
        fault,
    )
    assert post(stub, *three).status == 201


@pytest.mark.parametrize(("retry_after", "header"), [(7, "7"), (None, None)])
def test_a_429_may_have_a_retry_after_header(
    post: Post, three: list[Item], retry_after: int | None, header: str | None
) -> None:
    stub = Stub()
    stub.fail(TooManyRequests(retry_after=retry_after))
    assert post(stub, *three).headers.get("Retry-After") == header


@pytest.mark.parametrize("fault", STORE_ALL, ids=repr)
def test_a_fault_of_the_response_stores_the_valid_items(
    post: Post, three: list[Item], fault: Fault
) -> None:
    faulty, plain = Stub(), Stub()
    faulty.fail(fault)
    response, expected = post(faulty, *three), post(plain, *three)
    assert response != expected
    assert response.status == expected.status == 201
    assert contacts(faulty) == contacts(plain) == ["+14155552671", "+14155552673"]
    assert faulty.received[0].response_items == wire.decode_response(expected.body)
    assert post(faulty, *three) == expected


def test_a_connection_closed_before_the_upsert_stores_nothing(
    post: Post, three: list[Item]
) -> None:
    stub = Stub()
    stub.fail(CutBeforeUpsert())
    assert post(stub, *three).connection is ConnectionAction.CLOSE_WITHOUT_RESPONSE
    assert stub.upserts == ()


def test_the_response_tells_the_server_about_delays_and_the_connection(
    post: Post, three: list[Item]
) -> None:
    stub = Stub()
    for fault in (CutAfterUpsert(), TruncatedBody(), Delay(1.5), Delay()):
        stub.fail(fault)
    actions = [post(stub, *three)[-2:] for _ in range(4)]
    assert actions == [
        (ConnectionAction.CLOSE_WITHOUT_RESPONSE, 0),
        (ConnectionAction.CLOSE_IN_BODY, 0),
        (ConnectionAction.KEEP_OPEN, 1.5),
        (ConnectionAction.KEEP_OPEN, 3),
    ]


def test_an_html_page_is_not_a_valid_response(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(NotJson())
    response = post(stub, *three)
    assert (response.status, response.headers["Content-Type"]) == (201, "text/html")
    with pytest.raises(wire.MalformedResponse):
        wire.decode_response(response.body)


@pytest.mark.parametrize(
    ("item", "left"), [(None, [0, 1]), (0, [1, 2]), (1, [0, 2]), (9, [0, 1, 2])]
)
def test_the_response_omits_an_item(
    post: Post, three: list[Item], item: int | None, left: list[int]
) -> None:
    stub = Stub()
    stub.fail(MissingEntry(item))
    results = wire.decode_response(post(stub, *three).body)
    assert [item.correlation_id for item in results] == [three[n]["correlation_id"] for n in left]


def test_the_response_omits_the_item_of_a_contact(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(MissingEntry(), contact="+14155552671")
    results = wire.decode_response(post(stub, *three).body)
    assert [item.correlation_id for item in results] == [
        item["correlation_id"] for item in three[1:]
    ]


def test_the_response_lists_items_in_reverse(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(OtherOrder())
    results = wire.decode_response(post(stub, *three).body)
    assert [item.correlation_id for item in results] == [
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
def test_only_the_chosen_items_fail(
    post: Post, three: list[Item], fault: Fault, failing: list[int], stored: list[str]
) -> None:
    stub = Stub()
    stub.fail(fault)
    results = codes(post(stub, *three))
    assert results[1] == ["INVALID_CONTACT_ID"]
    assert [n for n in (0, 2) if results[n] == ["INTERNAL_SERVER_ERROR"]] == failing
    assert contacts(stub) == stored


def test_the_items_of_a_contact_fail_until_stop_failing(post: Post, three: list[Item]) -> None:
    stub = Stub()
    stub.fail(InternalServerError(), contact="+14155552673")
    for _ in range(3):
        assert codes(post(stub, *three)) == [[], ["INVALID_CONTACT_ID"], ["INTERNAL_SERVER_ERROR"]]
    stub.stop_failing()
    assert codes(post(stub, *three)) == [[], ["INVALID_CONTACT_ID"], []]


def statuses(post: Post, stub: Stub, item: Item, count: int) -> list[int]:
    return [post(stub, item).status for _ in range(count)]


def test_a_fault_affects_one_request_by_default(post: Post, consent: Consent) -> None:
    stub = Stub()
    stub.fail(Unavailable())
    assert statuses(post, stub, consent(), 3) == [503, 201, 201]


def test_a_fault_affects_the_next_requests(post: Post, consent: Consent) -> None:
    stub = Stub()
    stub.fail(Unavailable(), requests=2)
    assert statuses(post, stub, consent(), 3) == [503, 503, 201]


def test_a_fault_affects_every_nth_request(post: Post, consent: Consent) -> None:
    stub = Stub()
    post(stub, consent())
    stub.fail(Unavailable(), every=3)
    assert statuses(post, stub, consent(), 7) == [201, 201, 503, 201, 201, 503, 201]


def test_a_fault_for_a_contact_affects_and_counts_only_its_requests(
    post: Post, consent: Consent
) -> None:
    stub = Stub()
    stub.fail(Unavailable(), requests=1, contact="+14155552672")
    stub.fail(ServerError(), every=2, contact="+14155552671")
    assert statuses(post, stub, consent("+14155552673"), 3) == [201, 201, 201]
    assert statuses(post, stub, consent("+14155552672"), 2) == [503, 201]
    assert statuses(post, stub, consent("+14155552671"), 4) == [201, 500, 201, 500]


def test_faults_for_the_next_requests_take_effect_one_after_the_other(
    post: Post, consent: Consent
) -> None:
    stub = Stub()
    stub.fail(Unavailable(), requests=2)
    stub.fail(ServerError())
    assert statuses(post, stub, consent(), 4) == [503, 503, 500, 201]


def test_a_rejected_request_does_not_count_towards_a_fault(post: Post, consent: Consent) -> None:
    stub = Stub(limit=2)
    stub.fail(Unavailable())
    assert post(stub, consent(), authorization="").status == 401
    assert post(stub, body=b"").status == 400
    assert statuses(post, stub, consent(), 2) == [503, 429]


def test_clear_removes_faults_requests_and_the_rate_count(post: Post, consent: Consent) -> None:
    stub = Stub(limit=1)
    post(stub, consent())
    stub.fail(Unavailable())
    stub.clear()
    assert (stub.received, stub.upserts) == ((), ())
    assert post(stub, consent()).status == 201


def test_the_limit_and_the_faults_hold_across_threads(post: Post, consent: Consent) -> None:
    """The threads switch as often as Python allows."""
    stub = Stub(limit=100, clock=Clock(datetime(2026, 1, 1, tzinfo=UTC)))
    stub.fail(Unavailable(), requests=30)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            statuses_found = Counter(pool.map(lambda _: post(stub, consent()).status, range(160)))
    finally:
        sys.setswitchinterval(interval)
    assert statuses_found == {201: 70, 503: 30, 429: 60}
    assert [request.number for request in stub.received] == list(range(1, 161))


@pytest.mark.parametrize(
    "when", [{"requests": 0}, {"every": 0}, {"requests": 1, "every": 2}, {"every": -1}]
)
def test_a_schedule_that_would_never_trigger_is_an_error(when: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"at least 1|not both"):
        Stub().fail(Unavailable(), **when)


def test_the_class_of_a_fault_is_rejected() -> None:
    """It would trigger and do nothing, so a test would pass without injecting the fault."""
    with pytest.raises(TypeError, match=r"such as TooManyRequests\(\)"):
        Stub().fail(TooManyRequests)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"such as Unavailable\(\)"):
        Stub().fail("unavailable")  # type: ignore[arg-type]


def test_an_item_index_must_not_be_negative() -> None:
    for kind in (lambda: InternalServerError((0, -1)), lambda: MissingEntry(-1)):
        with pytest.raises(ValueError, match="0 or greater"):
            kind()
    with pytest.raises(TypeError):
        InternalServerError(0)  # type: ignore[arg-type]


def test_the_response_of_a_fault_is_json_if_its_header_says_so(
    post: Post, three: list[Item]
) -> None:
    for fault in (kind() for kind in FAULTS.values()):
        stub = Stub()
        stub.fail(fault)
        response = post(stub, *three)
        if response.headers["Content-Type"] == "application/json":
            json.loads(response.body)
