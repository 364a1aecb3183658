"""A small application that records consents with Twilio."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
MAX_ATTEMPTS = 4
TWILIO_ERROR = ["INTERNAL_SERVER_ERROR"]


class RejectedConsent(Exception):
    """Twilio did not store a consent. The message has the reason codes."""


def twilio_client() -> Client:
    """Return a client for the account in the environment."""
    client = Client()
    client.accounts.base_url = os.environ.get("TWILIO_ACCOUNTS_URL", client.accounts.base_url)
    return client


def record(
    client: Client, contact: str, status: str, *, wait: Callable[[float], None] = time.sleep
) -> None:
    """Record that a person opts in or out on our website now.

    Raises:
        RejectedConsent: Twilio did not store the consent.
    """
    item = {
        "contact_id": contact,
        "correlation_id": uuid4().hex,
        "sender_id": SENDER,
        "status": status,
        "source": "website",
        "date_of_consent": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    for attempt in range(MAX_ATTEMPTS):
        try:
            response = client.accounts.v1.bulk_consents.create(items=[item])
        except TwilioRestException as error:
            # 429 means too many requests: nothing was stored. Do not retry other errors.
            if error.status != 429:
                raise
            reasons = ["TOO_MANY_REQUESTS"]
        else:
            # Find the result by its id: the order of the response is not documented.
            reasons = next(
                result["error_messages"]
                for result in response.items
                if result["correlation_id"] == item["correlation_id"]
            )
            if reasons and reasons != TWILIO_ERROR:
                break
        if not reasons:
            return
        wait(20.0 * (attempt + 1))
    raise RejectedConsent(", ".join(reasons))
