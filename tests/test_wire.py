"""The wire format is that of the published requests and answers, and reads what it writes."""

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
ENTRIES = st.lists(
    st.builds(wire.Entry, st.none() | st.text(), st.integers(), st.lists(st.text(), max_size=2)),
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
def test_a_published_answer_is_read_and_written(endpoint: Endpoint) -> None:
    answer = published(endpoint, "response")
    entries = wire.decode_answer(json.dumps(answer).encode())
    assert [entry._asdict() for entry in entries] == answer["items"]
    assert json.loads(wire.encode_answer(entries)) == answer


def test_requests_are_sent_to_the_published_addresses() -> None:
    assert [wire.HOST + endpoint.path for endpoint in (CONSENTS, CONTACTS)] == [
        "https://accounts.twilio.com/v1/Consents/Bulk",
        "https://accounts.twilio.com/v1/Contacts/Bulk",
    ]
    assert (wire.METHOD, wire.FORM) == ("POST", "application/x-www-form-urlencoded")


@given(ITEMS)
def test_a_request_is_read_as_it_was_written(items: list[dict[str, object]]) -> None:
    assert wire.decode_request(wire.encode_request(items)) == items


@given(ENTRIES)
def test_an_answer_is_read_as_it_was_written(entries: list[wire.Entry]) -> None:
    assert wire.decode_answer(wire.encode_answer(entries)) == entries


@given(st.text().filter(lambda text: ":" not in text), st.text())
def test_credentials_are_read_as_they_were_written(username: str, password: str) -> None:
    header = wire.encode_credentials(username, password)
    assert wire.decode_credentials(header) == (username, password)


def test_credentials_are_those_of_the_rfc() -> None:
    # The example of RFC 7617.
    header = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert wire.encode_credentials("Aladdin", "open sesame") == header
    assert wire.decode_credentials(header.replace("Basic", "basic")) == ("Aladdin", "open sesame")


@pytest.mark.parametrize(
    "header", ["", "Basic", "Bearer abc", "Basic ???", "Basic YQ==", "Basic /w=="]
)
def test_what_is_no_pair_of_credentials_is_none(header: str) -> None:
    assert wire.decode_credentials(header) is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"Items=contact_id", "no JSON value"),
        (b"Items=[]", "this is an array"),
        (b'Items="{}"', "the text of a string"),
        (b"Items[]=%7B%7D", "without brackets"),
        (b"From=%2B14155552671", "only Items"),
        (b"Items=%ff", "not UTF-8"),
        (b"\xff", "not UTF-8"),
        (b'{"Items": []}', "only Items"),
    ],
)
def test_what_is_no_request_is_refused_with_the_reason(body: bytes, message: str) -> None:
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
        b'{"items": [1]}',
        b'{"items": [{"correlation_id": 1, "error_code": 0, "error_messages": []}]}',
        b'{"items": [{"correlation_id": "a", "error_code": true, "error_messages": []}]}',
        b'{"items": [{"correlation_id": "a", "error_code": 0, "error_messages": "no"}]}',
        b'{"items": [{"correlation_id": "a", "error_code": 0, "error_messages": [1]}]}',
        b"[" * 100_000,
        b"\xff\xfe\xfd",
    ],
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(wire.MalformedAnswer):
        wire.decode_answer(body)


def test_an_error_is_read_as_it_was_written() -> None:
    error = wire.Error(429, 20429, "Too many requests", "https://www.twilio.com/docs/errors/20429")
    assert wire.decode_error(429, wire.encode_error(error)) == error


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code": "x", "message": 1}'])
def test_of_an_error_that_is_not_the_apis_the_status_is_known(body: bytes) -> None:
    assert wire.decode_error(502, body) == wire.Error(502, None, "", "")
