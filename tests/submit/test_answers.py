"""What an answer means."""

from typing import Any

import pytest

from consentlint import CONSENTS, wire
from consentlint.submit.answers import Meaning, Outcome, Reply, meaning_of
from consentlint.submit.sendable import Sendable, Subject

NOW = 1_780_000_000.0
BATCH = [
    Sendable(number, letter * 32, "{}", letter, Subject(letter, ""))
    for number, letter in enumerate("Ab")
]
STORED = [wire.Entry("a" * 32, 0, []), wire.Entry("b" * 32, 0, [])]


def meaning(entries: list[wire.Entry], status: int = 201) -> Meaning:
    return meaning_of(Reply(status, wire.encode_answer(entries)), BATCH, CONSENTS, NOW)


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("entries", [STORED, STORED[::-1]])
def test_stored_items_are_settled_in_whatever_order_and_case(
    status: int, entries: list[wire.Entry]
) -> None:
    found = meaning(entries, status)
    assert [(s.item.number, s.outcome) for s in found.settled] == [
        (0, Outcome.STORED),
        (1, Outcome.STORED),
    ]
    assert not found.again


def test_a_refused_item_is_settled_with_its_reasons() -> None:
    found = meaning([STORED[0], wire.Entry("b" * 32, 30646, ["INVALID_STATUS"])])
    assert found.settled[1].outcome is Outcome.REFUSED
    assert found.settled[1].reasons == ("INVALID_STATUS",)


@pytest.mark.parametrize(
    "entries",
    [
        [STORED[0]],
        [STORED[0], wire.Entry("c" * 32, 0, [])],
        [STORED[0], wire.Entry(None, 0, [])],
        # Two that contradict each other, or say one thing twice.
        [STORED[0], STORED[1], wire.Entry("b" * 32, 30646, ["INVALID_STATUS"])],
        [STORED[0], STORED[1], STORED[1]],
        # Stored, and why not.
        [STORED[0], wire.Entry("b" * 32, 0, ["INVALID_STATUS"])],
    ],
)
def test_what_an_answer_does_not_cover_is_sent_again(entries: list[wire.Entry]) -> None:
    found = meaning(entries)
    assert [settled.item.number for settled in found.settled] == [0]
    assert [item.number for item in found.again] == [1]
    assert found.may_still_work
    assert not found.internal


def test_an_internal_server_error_is_sent_again_alone() -> None:
    found = meaning([STORED[0], wire.Entry("b" * 32, 30646, ["INTERNAL_SERVER_ERROR"])])
    assert [item.number for item in found.again] == [1]
    assert found.again == found.internal
    assert found.trouble == "INTERNAL_SERVER_ERROR"


def test_an_internal_server_error_beside_another_reason_would_come_again() -> None:
    reasons = ["INVALID_STATUS", "INTERNAL_SERVER_ERROR"]
    found = meaning([STORED[0], wire.Entry("b" * 32, 30646, reasons)])
    assert found.settled[1].outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("reply", "wait", "may_still_work"),
    [
        (Reply(None, failure="the connection was lost"), 0, True),
        (Reply(201, b"<html>"), 0, True),
        (Reply(201, b'{"items": 1}'), 0, True),
        (Reply(429), 0, False),
        (Reply(429, retry_after="17"), 17, False),
        (Reply(429, retry_after="99999999"), 3600, False),
        (Reply(503, retry_after="Thu, 28 May 2026 20:32:20 GMT"), 340, True),
        (Reply(503, retry_after="Thu, 28 May 2020 20:27:00 GMT"), 0, True),
        (Reply(503, retry_after="soon"), 0, True),
        (Reply(503, retry_after="-1"), 0, True),
        (Reply(500, b"<html>"), 0, True),
        (Reply(504), 0, True),
    ],
)
def test_what_may_pass_is_tried_again(reply: Reply, wait: float, may_still_work: bool) -> None:
    found = meaning_of(reply, BATCH, CONSENTS, NOW)
    assert (found.again, found.settled, found.stop) == (BATCH, (), None)
    assert (found.wait, found.may_still_work) == (wait, may_still_work)
    assert found.trouble


@pytest.mark.parametrize("status", [204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 415])
def test_what_will_not_pass_stops_the_run(status: int) -> None:
    error = wire.Error(status, 20003, "Authenticate", "")
    found: Any = meaning_of(Reply(status, wire.encode_error(error)), BATCH, CONSENTS, NOW)
    assert found.stop == error
    assert not found.again
    assert not found.settled
