"""The state that the stub reports to a test, and the messages of its assertions."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from consentlint import CONSENTS, CONTACTS, Reason
from consentlint.stub import Clock, Response, Stub, Unavailable
from consentlint.stub.shared_texts import SharedTexts
from consentlint.stub.status_page import status_page

Item = dict[str, Any]
Post = Callable[..., Response]
Consent = Callable[..., Item]

CONTACT = "+14155552671"
SHOWN = "+1415•••••71"
SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
OTHER = "MGffffffffffffffffffffffffffffffff"


@pytest.fixture
def stub() -> Stub:
    return Stub(clock=Clock(datetime(2026, 1, 1, tzinfo=UTC)))


def failure(ask: Callable[..., None], *arguments: str) -> str:
    with pytest.raises(AssertionError) as caught:
        ask(*arguments)
    assert CONTACT not in str(caught.value)
    return str(caught.value)


def test_the_last_write_wins_and_the_history_is_kept(
    stub: Stub, post: Post, consent: Consent
) -> None:
    for status in ("opt-in", "opt-out", "opt-in"):
        post(stub, consent(CONTACT, status))
    assert stub.status(CONTACT, SENDER) == "opt-in"
    assert [upsert.status for upsert in stub.history(CONTACT)] == ["opt-in", "opt-out", "opt-in"]
    assert [upsert.request for upsert in stub.history(CONTACT)] == [1, 2, 3]
    stub.assert_opted_in(CONTACT)


def test_each_sender_has_its_own_status(stub: Stub, post: Post, consent: Consent) -> None:
    post(stub, consent(CONTACT, "opt-in"), consent(CONTACT, "opt-out", sender_id=OTHER))
    assert [stub.status(CONTACT, sender) for sender in (SENDER, OTHER, "123456")] == [
        "opt-in",
        "opt-out",
        None,
    ]
    stub.assert_opted_in(CONTACT, SENDER)
    stub.assert_opted_out(CONTACT, OTHER)
    assert failure(stub.assert_opted_out, CONTACT) == (
        f"{SHOWN} is not opt-out: opt-in for {SENDER} since request 1 (1 request received)"
    )
    assert OTHER in failure(stub.assert_opted_in, CONTACT)


def test_without_a_sender_the_status_must_be_the_same_for_all_senders(
    stub: Stub, post: Post, consent: Consent
) -> None:
    assert stub.status(CONTACT) is None
    post(stub, consent(CONTACT, "opt-in"), consent(CONTACT, "opt-in", sender_id=OTHER))
    assert stub.status(CONTACT) == "opt-in"
    post(stub, consent(CONTACT, "opt-out", sender_id=OTHER))
    with pytest.raises(ValueError, match="differs between senders") as caught:
        stub.status(CONTACT)
    assert CONTACT not in str(caught.value)
    assert SENDER in str(caught.value)


def test_counts_of_one_are_in_the_singular(stub: Stub, post: Post, consent: Consent) -> None:
    post(stub, consent())
    post(stub, consent(), consent())
    assert [repr(request) for request in stub.received] == [
        "<request 1: POST /v1/Consents/Bulk, 201, 1 item, 0 rejected>",
        "<request 2: POST /v1/Consents/Bulk, 201, 2 items, 0 rejected>",
    ]


def test_a_contact_without_consent_fails_both_assertions(stub: Stub) -> None:
    for ask in (stub.assert_opted_in, stub.assert_opted_out):
        assert failure(ask, CONTACT) == (
            f"no consent of {SHOWN} was stored (0 requests received;"
            " does your code send its requests to the stub's URL?)"
        )


def test_a_failure_says_why_a_consent_was_rejected(
    stub: Stub, post: Post, consent: Consent
) -> None:
    post(stub, consent(CONTACT, "opt in", source="web"))
    findings = {finding.reason: finding.message for finding in stub.received[0].findings}
    assert failure(stub.assert_opted_in, CONTACT) == (
        f"no consent of {SHOWN} was stored: request 1 was rejected with"
        f" INVALID_STATUS ({findings[Reason.INVALID_STATUS]}),"
        f" INVALID_SOURCE ({findings[Reason.INVALID_SOURCE]}) (1 request received)"
    )


def test_a_failure_says_that_a_request_was_rejected(
    stub: Stub, post: Post, consent: Consent
) -> None:
    post(stub, consent(CONTACT), authorization="")
    assert failure(stub.assert_opted_in, CONTACT) == (
        f"no consent of {SHOWN} was stored (1 request received, 1 rejected, the last with"
        " 401: Authenticate: the request has no credentials)"
    )


def test_a_failure_says_that_a_fault_affected_a_request(
    stub: Stub, post: Post, consent: Consent
) -> None:
    stub.fail(Unavailable())
    post(stub, consent(CONTACT))
    assert "1 affected by the fault Unavailable()" in failure(stub.assert_opted_in, CONTACT)


def test_a_failure_names_the_other_senders_with_a_consent(
    stub: Stub, post: Post, consent: Consent
) -> None:
    post(stub, consent(CONTACT, sender_id="+12025550123"))
    message = failure(stub.assert_opted_in, CONTACT, SENDER)
    assert message.startswith(
        f"no consent of {SHOWN} for {SENDER} was stored, only for +1202•••••23"
    )


def test_requests_are_kept_in_order(stub: Stub, post: Post, consent: Consent) -> None:
    first, second = consent(), consent(status="opt-ou")
    post(stub, first, second)
    post(stub, body=b"")
    accepted, rejected = stub.received
    assert (accepted.number, accepted.method, accepted.path) == (1, "POST", "/v1/Consents/Bulk")
    assert (accepted.endpoint, accepted.account, accepted.status) == (CONSENTS, "AC0", 201)
    assert list(accepted.items) == [first, second]
    assert [list(item.error_messages) for item in accepted.response_items] == [
        [],
        ["INVALID_STATUS"],
    ]
    assert (rejected.status, rejected.items, rejected.response_items) == (400, (), ())
    assert "Items is missing" in rejected.message


def test_contacts_and_consents_are_separate(stub: Stub, post: Post, consent: Consent) -> None:
    contact = {
        "contact_id": CONTACT,
        "correlation_id": "5f0c2e7f4a9d4c27b1d0c9f3e2a7b684",
        "country_iso_code": "US",
        "zip_code": "94103",
    }
    post(stub, contact, endpoint=CONTACTS)
    assert stub.contact(CONTACT) == contact
    assert stub.history(CONTACT) == []
    post(stub, {**contact, "zip_code": "94104"}, endpoint=CONTACTS)
    post(stub, consent(CONTACT))
    assert (stub.contact(CONTACT) or {})["zip_code"] == "94104"
    assert [upsert.status for upsert in stub.upserts] == ["", "", "opt-in"]
    assert stub.contact("+14155552672") is None


def test_a_contact_is_stored_as_sent(stub: Stub, post: Post, consent: Consent) -> None:
    """The API stores a number with a trunk prefix, but no STOP ever matches it."""
    response = post(stub, consent("+4407400123456"))
    assert json.loads(response.body)["items"][0]["error_code"] == 0
    stub.assert_opted_in("+4407400123456")
    failure(stub.assert_opted_in, "+447400123456")


def test_most_requests_in_counts_the_busiest_period(post: Post, consent: Consent) -> None:
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
    stub = Stub(clock=clock, limit=None)
    assert stub.most_requests_in(60) == 0
    for seconds in (0, 30, 29, 1, 1):
        clock.advance(seconds)
        post(stub, consent())
    # At 0, 30, 59, 60 and 61 seconds.
    assert [stub.most_requests_in(span) for span in (1, 2, 30, 31, 60, 61, 62)] == [
        1,
        2,
        3,
        3,
        4,
        4,
        5,
    ]
    assert stub.most_requests_in(60, CONTACTS) == 0


def test_a_clock_runs_until_it_is_set() -> None:
    clock = Clock()
    before = datetime.now(UTC)
    assert before <= clock() <= datetime.now(UTC)
    clock.advance(3600)
    assert (clock() - before).total_seconds() >= 3600
    clock.set(datetime(2026, 1, 1))  # noqa: DTZ001 - tests a time without a zone
    assert clock() == clock() == datetime(2026, 1, 1, tzinfo=UTC)
    clock.advance(1)
    assert clock() == datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
    clock.start(datetime(2030, 1, 1, tzinfo=UTC))
    assert datetime(2030, 1, 1, tzinfo=UTC) <= clock() <= clock()


def test_a_stub_keeps_only_the_given_number_of_requests(post: Post, consent: Consent) -> None:
    stub = Stub(keep=2)
    for number in range(1, 5):
        post(stub, consent(f"+1415555267{number}"), consent("+14"))
    assert [request.number for request in stub.received] == [3, 4]
    assert [upsert.contact for upsert in stub.upserts] == ["+14155552673", "+14155552674"]
    assert (stub.request_count, stub.upsert_count) == (4, 4)
    assert "4 requests received, 4 items stored" in status_page(stub)
    with pytest.raises(AssertionError, match="4 requests received"):
        stub.assert_opted_in("+14155552671")
    stub.clear()
    assert (stub.received, stub.request_count, stub.upsert_count) == ((), 0, 0)
    with pytest.raises(ValueError, match="keep must be at least 1"):
        Stub(keep=0)


def test_items_share_what_they_have_in_common(post: Post, consent: Consent) -> None:
    """A test may send millions of items."""
    stub = Stub()
    post(stub, consent(), consent(source="x" * 1000))
    post(stub, consent(source="x" * 1000))
    first, second, third = (item for request in stub.received for item in request.items)
    assert first["sender_id"] is second["sender_id"] is third["sender_id"]
    assert all(key is other for key, other in zip(first, third, strict=True))
    # Long texts are not remembered.
    assert second["source"] is not third["source"]


def test_a_stub_remembers_a_limited_number_of_shared_texts() -> None:
    texts = SharedTexts()
    for number in range(5000):
        assert texts.share({"sender_id": f"{number}"}) == {"sender_id": f"{number}"}
    assert len(texts._texts) <= 1000
