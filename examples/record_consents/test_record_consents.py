"""The application's tests: Twilio is the stub that consentlint's plugin for pytest brings."""

import pytest
from record_consents import Refused, record, twilio_client
from twilio.base.exceptions import TwilioRestException

from consentlint.stub import InternalServerError, TooManyRequests, Unavailable

ANN = "+14155550123"


@pytest.fixture
def waited(consent_stub_clock):
    """Lets the application wait on the stub's clock, and tells for how long it did."""
    seconds = []

    def wait(length):
        seconds.append(length)
        consent_stub_clock.advance(length)

    wait.seconds = seconds
    return wait


def test_the_last_word_counts(consent_stub):
    for status in ("opt-in", "opt-out"):
        record(twilio_client(), ANN, status)

    consent_stub.assert_opted_out(ANN)
    assert [upsert.status for upsert in consent_stub.history(ANN)] == ["opt-in", "opt-out"]


def test_a_consent_that_is_refused_is_no_secret(consent_stub):
    with pytest.raises(Refused, match="INVALID_CONTACT_ID"):
        record(twilio_client(), "555-0123", "opt-in")

    assert len(consent_stub.received) == 1


def test_what_is_not_our_fault_is_tried_again(consent_stub, waited):
    consent_stub.fail(InternalServerError(), requests=2)

    record(twilio_client(), ANN, "opt-out", wait=waited)

    consent_stub.assert_opted_out(ANN)
    assert waited.seconds == [20, 40]


@pytest.mark.consent_stub(limit=2)
def test_the_rate_limit_is_waited_for(consent_stub, waited):
    """A minute passes on the stub's clock, and on no other."""
    for _ in range(3):
        record(twilio_client(), ANN, "opt-in", wait=waited)

    assert len(consent_stub.upserts) == 3
    assert consent_stub.most_requests_in(60) <= 4
    assert waited.seconds == [20, 40]


def test_patience_has_an_end(consent_stub, waited):
    consent_stub.fail(TooManyRequests(), every=1)

    with pytest.raises(Refused, match="TOO_MANY_REQUESTS"):
        record(twilio_client(), ANN, "opt-in", wait=waited)

    assert len(consent_stub.received) == 4


def test_an_outage_is_raised_and_not_repeated(consent_stub):
    consent_stub.fail(Unavailable(), every=1)

    with pytest.raises(TwilioRestException):
        record(twilio_client(), ANN, "opt-in")

    assert len(consent_stub.received) == 1
