"""How a response is interpreted."""

from typing import Any

import pytest

from consentlint import CONSENTS, wire
from consentlint.model.items import Item
from consentlint.submit.options import ItemStatus
from consentlint.submit.reading import InputItem
from consentlint.submit.responses import BatchOutcome, HttpResult, interpret
from consentlint.wire import ApiError, ResponseItem, encode_response

NOW = 1_780_000_000.0
BATCH = [
    InputItem(number, CONSENTS, Item(number, {"correlation_id": letter * 32}))
    for number, letter in enumerate("Ab")
]
STORED = [ResponseItem("a" * 32, 0, []), ResponseItem("b" * 32, 0, [])]


def interpret_items(response: list[ResponseItem], status: int = 201) -> BatchOutcome:
    return interpret(HttpResult(status, encode_response(response)), BATCH, NOW)


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("response", [STORED, STORED[::-1]])
def test_items_are_matched_in_any_order_and_letter_case(
    status: int, response: list[ResponseItem]
) -> None:
    outcome = interpret_items(response, status)
    assert {number: result.outcome for number, result in outcome.results.items()} == {
        0: ItemStatus.STORED,
        1: ItemStatus.STORED,
    }
    assert not outcome.failure


def test_a_rejected_item_has_its_reasons() -> None:
    outcome = interpret_items([STORED[0], ResponseItem("b" * 32, 30646, ["INVALID_STATUS"])])
    assert outcome.results[1].outcome is ItemStatus.REJECTED
    assert outcome.results[1].reasons == ("INVALID_STATUS",)


@pytest.mark.parametrize(
    "response",
    [
        [STORED[0]],
        [STORED[0], ResponseItem("c" * 32, 0, [])],
        [STORED[0], ResponseItem(None, 0, [])],
        # Two entries for one item, contradictory or alike.
        [STORED[0], STORED[1], ResponseItem("b" * 32, 30646, ["INVALID_STATUS"])],
        [STORED[0], STORED[1], STORED[1]],
        # Stored, but with a reason.
        [STORED[0], ResponseItem("b" * 32, 0, ["INVALID_STATUS"])],
    ],
)
def test_items_that_the_response_does_not_cover_are_retried(response: list[ResponseItem]) -> None:
    outcome = interpret_items(response)
    assert list(outcome.results) == [0]
    assert outcome.failure == "the response does not cover every item"


def test_only_the_item_with_an_internal_server_error_is_retried() -> None:
    outcome = interpret_items([STORED[0], ResponseItem("b" * 32, 30646, ["INTERNAL_SERVER_ERROR"])])
    assert list(outcome.results) == [0]
    assert outcome.failure == "INTERNAL_SERVER_ERROR"


def test_an_item_is_rejected_if_internal_server_error_is_not_its_only_reason() -> None:
    reasons = ["INVALID_STATUS", "INTERNAL_SERVER_ERROR"]
    outcome = interpret_items([STORED[0], ResponseItem("b" * 32, 30646, reasons)])
    assert outcome.results[1].outcome is ItemStatus.REJECTED


@pytest.mark.parametrize(
    ("result", "pause", "may_be_stored"),
    [
        (HttpResult(None, failure="connection lost"), 0, True),
        (HttpResult(201, b"<html>"), 0, True),
        (HttpResult(201, b'{"items": 1}'), 0, True),
        (HttpResult(429), 0, False),
        (HttpResult(429, retry_after="17"), 17, False),
        (HttpResult(429, retry_after="99999999"), 3600, False),
        (HttpResult(429, retry_after="9" * 400), 3600, False),
        (HttpResult(503, retry_after="Thu, 28 May 9999 20:32:20 -9999"), 0, True),
        (HttpResult(503, retry_after="Thu, 28 May 1 20:32:20 +9999"), 0, True),
        (HttpResult(503, retry_after="Thu, 28 May 99999999999 20:32:20 GMT"), 0, True),
        (HttpResult(503, retry_after="Thu, 28 May 2026 22:32:20 +0200"), 340, True),
        (HttpResult(503, retry_after="Thu, 28 May 2026 20:32:20 GMT"), 340, True),
        (HttpResult(503, retry_after="Thu, 28 May 2020 20:27:00 GMT"), 0, True),
        (HttpResult(503, retry_after="soon"), 0, True),
        (HttpResult(503, retry_after="-1"), 0, True),
        (HttpResult(500, b"<html>"), 0, True),
        (HttpResult(504), 0, True),
    ],
)
def test_a_temporary_failure_is_retried(
    result: HttpResult, pause: float, may_be_stored: bool
) -> None:
    outcome = interpret(result, BATCH, NOW)
    assert (outcome.results, outcome.fatal_error) == ({}, None)
    assert (outcome.pause, not outcome.is_unprocessed) == (pause, may_be_stored)
    assert outcome.failure


@pytest.mark.parametrize("status", [204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 415])
def test_a_permanent_failure_stops_the_run(status: int) -> None:
    error = ApiError(status, 20003, "Authenticate", "")
    outcome: Any = interpret(HttpResult(status, wire.encode_error(error)), BATCH, NOW)
    assert outcome.fatal_error == error
    assert not outcome.failure
    assert not outcome.results


@pytest.mark.parametrize(
    ("result", "is_unprocessed"),
    [
        (HttpResult(None, failure="no connection", is_unsent=True), True),
        (HttpResult(None, failure="certificate", is_unsent=True, is_permanent=True), True),
        (HttpResult(None, failure="connection lost"), False),
        (HttpResult(401), True),
        (HttpResult(404), True),
        (HttpResult(429), True),
        (HttpResult(302), True),
        (HttpResult(408), False),
        (HttpResult(503), False),
        (HttpResult(204), False),
        (HttpResult(201, b"<html>"), False),
    ],
)
def test_a_request_is_unprocessed_only_if_the_api_cannot_have_stored_it(
    result: HttpResult, is_unprocessed: bool
) -> None:
    assert interpret(result, BATCH, NOW).is_unprocessed is is_unprocessed
