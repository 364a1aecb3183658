"""The wire format matches the published requests and responses, and round-trips."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentlint import CONSENTS, CONTACTS, Endpoint, wire

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ENDPOINTS = pytest.mark.parametrize("endpoint", [CONSENTS, CONTACTS], ids=lambda e: e.name)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda values: st.lists(values, max_size=2) | st.dictionaries(st.text(), values, max_size=2),
    max_leaves=3,
)
ITEMS = st.lists(st.dictionaries(st.text(), VALUES, max_size=3), max_size=3)
RESPONSE_ITEMS = st.lists(
    st.builds(
        wire.ResponseItem,
        st.none() | st.text(),
        st.integers(0, 999_999),
        st.lists(st.text(), max_size=2),
    ),
    max_size=3,
)


def published(endpoint: Endpoint, name: str) -> Any:
    file = FIXTURES / "published" / endpoint.name / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8"))


@ENDPOINTS
def test_a_published_request_is_a_form_with_its_items_in_order(endpoint: Endpoint) -> None:
    texts = published(endpoint, "request")["Items"]
    body = wire.encode_request(texts)
    assert parse_qsl(body.decode("ascii")) == [("Items", text) for text in texts]
    assert wire.decode_request(body) == [json.loads(text) for text in texts]


@ENDPOINTS
def test_a_published_response_round_trips(endpoint: Endpoint) -> None:
    response = published(endpoint, "response")
    items = wire.decode_response(json.dumps(response).encode())
    assert [item._asdict() for item in items] == response["items"]
    assert json.loads(wire.encode_response(items)) == response


def test_requests_are_sent_to_the_published_addresses() -> None:
    assert [wire.HOST + endpoint.path for endpoint in (CONSENTS, CONTACTS)] == [
        "https://accounts.twilio.com/v1/Consents/Bulk",
        "https://accounts.twilio.com/v1/Contacts/Bulk",
    ]
    assert (wire.METHOD, wire.FORM) == ("POST", "application/x-www-form-urlencoded")


@given(ITEMS)
def test_a_request_round_trips(items: list[dict[str, object]]) -> None:
    assert wire.decode_request(wire.encode_request(items)) == items


@given(RESPONSE_ITEMS)
def test_a_response_round_trips(items: list[wire.ResponseItem]) -> None:
    assert wire.decode_response(wire.encode_response(items)) == items


@given(st.text().filter(lambda text: ":" not in text), st.text())
def test_credentials_round_trip(username: str, password: str) -> None:
    header = wire.encode_credentials(username, password)
    assert wire.decode_credentials(header) == (username, password)


def test_credentials_match_the_example_of_the_rfc() -> None:
    # The example of RFC 7617.
    header = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert wire.encode_credentials("Aladdin", "open sesame") == header
    assert wire.decode_credentials(header.replace("Basic", "basic")) == ("Aladdin", "open sesame")


@pytest.mark.parametrize(
    "header", ["", "Basic", "Bearer abc", "Basic ???", "Basic YQ==", "Basic /w=="]
)
def test_a_header_without_valid_credentials_gives_none(header: str) -> None:
    assert wire.decode_credentials(header) is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"Items=contact_id", "expected a JSON value"),
        (b"Items=[]", "an item is an array"),
        (b'Items="{}"', "the text of a string"),
        (b"Items[]=%7B%7D", "without brackets"),
        (b"From=%2B14155552671", "only Items"),
        (b"Items=%ff", "not UTF-8"),
        (b"\xff", "not UTF-8"),
        (b'{"Items": []}', "only Items"),
    ],
)
def test_a_malformed_request_is_rejected_with_the_reason(body: bytes, message: str) -> None:
    with pytest.raises(wire.MalformedRequest, match=message) as caught:
        wire.decode_request(body)
    assert "4155552671" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"items": [{"correlation_id": "a", "error_co',
        b"<html></html>",
        b"[]",
        b'{"items": {}}',
        b"[" * 100_000,
        b"\xff\xfe\xfd",
    ],
)
def test_a_malformed_response_is_rejected(body: bytes) -> None:
    with pytest.raises(wire.MalformedResponse):
        wire.decode_response(body)


@pytest.mark.parametrize(
    "entry",
    [
        "null",
        "1",
        '{"correlation_id": 1, "error_code": 0, "error_messages": []}',
        '{"correlation_id": "a", "error_code": true, "error_messages": []}',
        '{"correlation_id": "a", "error_code": "30646", "error_messages": []}',
        '{"correlation_id": "a", "error_code": 9223372036854775808, "error_messages": []}',
        f'{{"correlation_id": "a", "error_code": {"9" * 5_000}, "error_messages": []}}',
        '{"correlation_id": "a", "error_code": -1, "error_messages": []}',
        '{"correlation_id": "a", "error_code": 0, "error_messages": "no"}',
        '{"correlation_id": "a"}',
    ],
)
def test_an_entry_that_cannot_be_read_does_not_affect_the_others(entry: str) -> None:
    good = '{"correlation_id": "b", "error_code": 0, "error_messages": []}'
    body = f'{{"items": [{entry}, {good}]}}'.encode()
    assert wire.decode_response(body) == [wire.ResponseItem("b", 0, [])]


def test_what_an_entry_says_is_bounded() -> None:
    messages = [1, "x" * 10_000, "\ud800", *["y"] * 10_000]
    entry = {"correlation_id": "a", "error_code": 30646, "error_messages": messages}
    body = json.dumps({"items": [entry]}).encode().replace(b'"y"', b'"\xff"', 1)
    (item,) = wire.decode_response(body)
    assert len(item.error_messages) == 20
    assert max(map(len, item.error_messages)) == 500
    assert item.error_messages[2] == "?"
    assert wire.decode_error(400, b'{"code": 14155552671}').code is None


def test_an_error_round_trips() -> None:
    error = wire.ApiError(
        429, 20429, "Too many requests", "https://www.twilio.com/docs/errors/20429"
    )
    assert wire.decode_error(429, wire.encode_error(error)) == error


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code": "x", "message": 1}'])
def test_an_error_that_is_not_the_apis_has_its_status_only(body: bytes) -> None:
    assert wire.decode_error(502, body) == wire.ApiError(502, None, "", "")
