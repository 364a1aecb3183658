"""Tests of the application. consentlint's pytest plugin provides a stub of Twilio."""

import pytest
from record_consents import RejectedConsent, record, twilio_client
from twilio.base.exceptions import TwilioRestException

from consentlint.stub import InternalServerError, TooManyRequests, Unavailable

ANN = "+14155550123"


@pytest.fixture
def wait(consent_stub_clock):
    """Replaces time.sleep: advances the stub's clock, and records each wait in `wait.calls`."""

    def advance(seconds):
        advance.calls.append(seconds)
        consent_stub_clock.advance(seconds)

    advance.calls = []
    return advance


def test_the_last_status_is_stored(consent_stub):
    for status in ("opt-in", "opt-out"):
        record(twilio_client(), ANN, status)

    consent_stub.assert_opted_out(ANN)
    assert [upsert.status for upsert in consent_stub.history(ANN)] == ["opt-in", "opt-out"]


def test_a_rejected_consent_raises_an_error(consent_stub):
    with pytest.raises(RejectedConsent, match="INVALID_CONTACT_ID"):
        record(twilio_client(), "555-0123", "opt-in")

    assert len(consent_stub.received) == 1


def test_an_internal_server_error_is_retried(consent_stub, wait):
    consent_stub.fail(InternalServerError(), requests=2)

    record(twilio_client(), ANN, "opt-out", wait=wait)

    consent_stub.assert_opted_out(ANN)
    assert wait.calls == [20, 40]


@pytest.mark.consent_stub(limit=2)
def test_the_application_waits_for_the_rate_limit(consent_stub, wait):
    """A minute passes on the stub's clock only, so the test does not wait."""
    for _ in range(3):
        record(twilio_client(), ANN, "opt-in", wait=wait)

    assert len(consent_stub.upserts) == 3
    assert consent_stub.most_requests_in(60) <= 4
    assert wait.calls == [20, 40]


def test_the_application_stops_after_four_attempts(consent_stub, wait):
    consent_stub.fail(TooManyRequests(), every=1)

    with pytest.raises(RejectedConsent, match="TOO_MANY_REQUESTS"):
        record(twilio_client(), ANN, "opt-in", wait=wait)

    assert len(consent_stub.received) == 4


def test_an_outage_raises_an_error_and_is_not_retried(consent_stub):
    consent_stub.fail(Unavailable(), every=1)

    with pytest.raises(TwilioRestException):
        record(twilio_client(), ANN, "opt-in")

    assert len(consent_stub.received) == 1
