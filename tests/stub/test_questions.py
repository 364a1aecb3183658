"""What a test asks of the stub, and what it reads when an assertion fails."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from consentlint import CONSENTS, CONTACTS
from consentlint.stub import Clock, Response, Stub, Unavailable

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


def complaint(ask: Callable[..., None], *arguments: str) -> str:
    with pytest.raises(AssertionError) as caught:
        ask(*arguments)
    assert CONTACT not in str(caught.value)
    return str(caught.value)


def test_the_last_write_wins_and_the_history_stays(
    stub: Stub, post: Post, consent: Consent
) -> None:
    for status in ("opt-in", "opt-out", "opt-in"):
        post(stub, consent(CONTACT, status))
    assert stub.status(CONTACT, SENDER) == "opt-in"
    assert [upsert.status for upsert in stub.history(CONTACT)] == ["opt-in", "opt-out", "opt-in"]
    assert [upsert.request for upsert in stub.history(CONTACT)] == [1, 2, 3]
    stub.assert_opted_in(CONTACT)


def test_each_sender_has_a_status_of_its_own(stub: Stub, post: Post, consent: Consent) -> None:
    post(stub, consent(CONTACT, "opt-in"), consent(CONTACT, "opt-out", sender_id=OTHER))
    assert [stub.status(CONTACT, sender) for sender in (SENDER, OTHER, "123456")] == [
        "opt-in",
        "opt-out",
        None,
    ]
    stub.assert_opted_in(CONTACT, SENDER)
    stub.assert_opted_out(CONTACT, OTHER)
    assert complaint(stub.assert_opted_out, CONTACT) == (
        f"{SHOWN} is not opt-out: opt-in for {SENDER} since request 1 (1 request received)"
    )
    assert OTHER in complaint(stub.assert_opted_in, CONTACT)


def test_a_contact_of_which_nothing_was_heard_is_neither(stub: Stub) -> None:
    for ask in (stub.assert_opted_in, stub.assert_opted_out):
        assert complaint(ask, CONTACT) == (
            f"no consent of {SHOWN} was stored (0 requests received)"
        )


def test_it_is_told_why_a_consent_was_not_stored(stub: Stub, post: Post, consent: Consent) -> None:
    post(stub, consent(CONTACT, "opt in", source="web"))
    assert complaint(stub.assert_opted_in, CONTACT) == (
        f"no consent of {SHOWN} was stored: request 1 was answered"
        ' INVALID_STATUS (status "opt in" is none of: opt-in, opt-out; send opt-in),'
        ' INVALID_SOURCE (source "web" is none of: website, offline, opt-in-message,'
        " opt-out-message, others) (1 request received)"
    )


def test_it_is_told_that_a_request_was_refused(stub: Stub, post: Post, consent: Consent) -> None:
    post(stub, consent(CONTACT), authorization="")
    assert complaint(stub.assert_opted_in, CONTACT) == (
        f"no consent of {SHOWN} was stored (1 request received, 1 of them refused, the last with"
        " 401: Authenticate: the request has no credentials)"
    )


def test_it_is_told_that_a_fault_has_struck(stub: Stub, post: Post, consent: Consent) -> None:
    stub.fail(Unavailable())
    post(stub, consent(CONTACT))
    assert "struck by Unavailable()" in complaint(stub.assert_opted_in, CONTACT)


def test_it_is_told_that_only_another_sender_has_a_record(
    stub: Stub, post: Post, consent: Consent
) -> None:
    post(stub, consent(CONTACT, sender_id="+12025550123"))
    said = complaint(stub.assert_opted_in, CONTACT, SENDER)
    assert said.startswith(f"no consent of {SHOWN} and {SENDER} was stored, only for +1202•••••23")


def test_what_was_received_is_kept_in_order(stub: Stub, post: Post, consent: Consent) -> None:
    first, second = consent(), consent(status="opt-ou")
    post(stub, first, second)
    post(stub, body=b"")
    seen, refused = stub.received
    assert (seen.number, seen.method, seen.path) == (1, "POST", "/v1/Consents/Bulk")
    assert (seen.endpoint, seen.account, seen.status) == (CONSENTS, "AC0", 201)
    assert list(seen.items) == [first, second]
    assert [list(entry.error_messages) for entry in seen.entries] == [[], ["INVALID_STATUS"]]
    assert (refused.status, refused.items, refused.entries) == (400, (), ())
    assert "Items is missing" in refused.message


def test_contacts_are_kept_apart_from_consents(stub: Stub, post: Post, consent: Consent) -> None:
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


def test_a_number_is_kept_as_it_was_sent(stub: Stub, post: Post, consent: Consent) -> None:
    """A trunk prefix left in: the API stores it, and no STOP will ever match it."""
    answer = post(stub, consent("+4407400123456"))
    assert json.loads(answer.body)["items"][0]["error_code"] == 0
    stub.assert_opted_in("+4407400123456")
    complaint(stub.assert_opted_in, "+447400123456")


def test_the_most_requests_in_any_seconds_are_counted(post: Post, consent: Consent) -> None:
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
    clock.set(datetime(2026, 1, 1))  # noqa: DTZ001 - one without a zone
    assert clock() == clock() == datetime(2026, 1, 1, tzinfo=UTC)
    clock.advance(1)
    assert clock() == datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
    clock.start(datetime(2030, 1, 1, tzinfo=UTC))
    assert datetime(2030, 1, 1, tzinfo=UTC) <= clock() <= clock()
