"""A small application: it records with Twilio what people have agreed to."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
TRIES = 4
NOT_OUR_FAULT = ["INTERNAL_SERVER_ERROR"]


class Refused(Exception):
    """Twilio has not stored a consent; the message holds the reason codes."""


def twilio_client() -> Client:
    """Return a client for the account that the environment names."""
    client = Client()
    client.accounts.base_url = os.environ.get("TWILIO_ACCOUNTS_URL", client.accounts.base_url)
    return client


def record(
    client: Client, contact: str, status: str, *, wait: Callable[[float], None] = time.sleep
) -> None:
    """Record that a person has opted in or out on our website, now.

    Raises:
        Refused: Twilio did not take it.
    """
    item = {
        "contact_id": contact,
        "correlation_id": uuid4().hex,
        "sender_id": SENDER,
        "status": status,
        "source": "website",
        "date_of_consent": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    for attempt in range(TRIES):
        try:
            answer = client.accounts.v1.bulk_consents.create(items=[item])
        except TwilioRestException as error:
            # Too many requests: nothing was stored. All else is not for us to repeat.
            if error.status != 429:
                raise
            reasons = ["TOO_MANY_REQUESTS"]
        else:
            # By its id, for nothing says that the answer has the order of the request.
            reasons = next(
                entry["error_messages"]
                for entry in answer.items
                if entry["correlation_id"] == item["correlation_id"]
            )
            if reasons and reasons != NOT_OUR_FAULT:
                break
        if not reasons:
            return
        wait(20.0 * (attempt + 1))
    raise Refused(", ".join(reasons))
