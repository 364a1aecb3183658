"""Shared by the stub's tests: items, and functions that send them."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest

from consentlint import CONSENTS, Endpoint, wire
from consentlint.stub import Request, Response, Stub

SENDER = "MG5ae1c3e1f1b24d8c9d3f0b7a6c5d4e3f"
HEADERS = {
    "authorization": wire.encode_credentials("AC0", "token"),
    "content-type": wire.FORM,
}

Item = dict[str, Any]
Post = Callable[..., Response]


@pytest.fixture(scope="session")
def consent() -> Callable[..., Item]:
    """Returns a valid consent with a unique id."""

    def item(contact: str = "+14155552671", status: str = "opt-in", **fields: object) -> Item:
        return {
            "contact_id": contact,
            "correlation_id": uuid4().hex,
            "sender_id": SENDER,
            "status": status,
            "source": "website",
            **fields,
        }

    return item


@pytest.fixture(scope="session")
def post() -> Post:
    """Sends items, or a raw body, to a stub."""

    def send(
        stub: Stub,
        *items: Item,
        endpoint: Endpoint = CONSENTS,
        body: bytes | None = None,
        **headers: str,
    ) -> Response:
        all_headers: Mapping[str, str] = {
            **HEADERS,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        content = wire.encode_request(items) if body is None else body
        sent = {name: value for name, value in all_headers.items() if value}
        return stub.handle(Request("POST", endpoint.path, sent, content))

    return send


@pytest.fixture(scope="session")
def error() -> Callable[[Response], tuple[int, int, str]]:
    """Returns the status, code and message of an error response, and checks its body."""

    def read(response: Response) -> tuple[int, int, str]:
        body = json.loads(response.body)
        assert sorted(body) == ["code", "message", "more_info", "status"]
        assert body["status"] == response.status
        assert body["more_info"] == f"https://www.twilio.com/docs/errors/{body['code']}"
        assert response.headers["Content-Type"] == "application/json"
        return response.status, body["code"], body["message"]

    return read
