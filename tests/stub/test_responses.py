"""The stub responds like the API: it agrees with the linter, and checks requests in order."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from consentlint import CONSENTS, CONTACTS, Endpoint, reason_codes, wire
from consentlint.stub import Clock, Request, Response, Stub, Unavailable

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAIRS = [(CONSENTS, "documented"), (CONSENTS, "lenient"), (CONTACTS, "lenient")]

Item = dict[str, Any]
Post = Callable[..., Response]
ErrorFields = tuple[int, int, str]


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("endpoint", "profile"), PAIRS)
def test_a_published_request_gets_its_published_response(
    post: Post, endpoint: Endpoint, profile: str
) -> None:
    folder = FIXTURES / "published" / endpoint.name
    stub = Stub(profile=profile)
    body = wire.encode_request(load(folder / "request.json")["Items"])
    response = post(stub, endpoint=endpoint, body=body)
    assert (response.status, json.loads(response.body)) == (201, load(folder / "response.json"))
    assert [upsert.contact for upsert in stub.upserts] == ["+19999999999"]


@pytest.mark.parametrize(
    "file", sorted(FIXTURES.glob("invalid/*/items.json")), ids=lambda file: file.parent.name
)
def test_an_item_gets_the_reason_codes_of_the_linter(post: Post, file: Path) -> None:
    reason = file.parent.name
    document = load(file)
    items = document["Items"] if isinstance(document, dict) else document
    stub = Stub(clock=Clock(NOW))
    endpoint = CONTACTS if "zip_code" in items[0] or "country_iso_code" in items[0] else CONSENTS
    for item in items:
        result = wire.decode_response(post(stub, item, endpoint=endpoint).body)[0]
        codes = reason_codes(item, kind=endpoint, now=NOW)
        assert list(result.error_messages) == codes
        # An item that is alone in its request cannot have a duplicate id.
        assert codes == [reason] or (reason, codes) == ("INVALID_CORRELATION_ID", [])
        assert result.error_code == (endpoint.error_code if codes else 0)


def test_an_id_must_be_unique_within_one_request_only(
    post: Post, consent: Callable[..., Item]
) -> None:
    stub = Stub()
    first, second = consent(), consent("+14155552672")
    second["correlation_id"] = first["correlation_id"].upper()
    for _ in range(2):
        results = wire.decode_response(post(stub, first, second).body)
        assert [list(item.error_messages) for item in results] == [[], ["INVALID_CORRELATION_ID"]]


def test_the_response_has_null_for_an_id_that_is_not_a_string(post: Post) -> None:
    body = b'Items={"correlation_id":1e999}&Items={}'
    results = json.loads(post(Stub(), body=body).body)["items"]
    assert [item["correlation_id"] for item in results] == [None, None]


def test_dates_are_checked_against_the_stubs_clock(
    post: Post, consent: Callable[..., Item]
) -> None:
    clock = Clock(NOW)
    stub = Stub(clock=clock)
    item = consent(date_of_consent="2026-01-01T00:00:01Z")
    assert wire.decode_response(post(stub, item).body)[0].error_messages
    clock.advance(1)
    assert not wire.decode_response(post(stub, item).body)[0].error_messages


def test_requests_are_checked_in_order(
    consent: Callable[..., Item], error: Callable[[Response], ErrorFields]
) -> None:
    """Each request has one mistake fewer than the previous one, and gets the next error."""
    stub = Stub(limit=1, credentials=("AC0", "token"))
    path, form = CONSENTS.path, {"content-type": "application/x-www-form-urlencoded"}
    right = {"authorization": wire.encode_credentials("AC0", "token")}
    wrong = {"authorization": wire.encode_credentials("AC0", "wrong")}
    body = wire.encode_request([consent()])
    requests = [
        Request("GET", "/v1/Consents", {}, b""),
        Request("GET", path, {}, b""),
        Request("POST", path, wrong, b""),
        Request("POST", path, right, b""),
        Request("POST", path, {**right, **form}, b""),
        Request("POST", path, {**right, **form}, body),
    ]
    errors = [error(stub.handle(request))[:2] for request in requests]
    assert errors == [
        (404, 20404),
        (405, 20004),
        (401, 20003),
        (415, 415),
        (400, 20001),
        (429, 20429),
    ]
    assert [request.status for request in stub.received] == [404, 405, 401, 415, 400, 429]
    assert stub.upserts == ()


def test_an_account_that_is_not_enabled_gets_404_before_any_other_check(
    error: Callable[[Response], ErrorFields],
) -> None:
    stub = Stub(enabled=False)
    assert error(stub.handle(Request("GET", CONSENTS.path, {}, b"")))[:2] == (404, 20404)


@pytest.mark.parametrize("path", ["/", "/v1/consents/bulk", "/v1/Consents/Bulk/", "", "*"])
def test_an_unknown_path_gets_404(path: str, error: Callable[[Response], ErrorFields]) -> None:
    assert error(Stub().handle(Request("POST", path, {}, b"")))[0] == 404


def test_a_query_string_is_ignored(post: Post) -> None:
    assert Stub().handle(Request("POST", f"{CONSENTS.path}?a=b", {}, b"")).status == 401


def test_a_405_lists_the_allowed_method() -> None:
    response = Stub().handle(Request("GET", CONSENTS.path, {}, b""))
    assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "no credentials"),
        ("Bearer token", "not valid HTTP Basic"),
        (wire.encode_credentials("AC0", ""), "is empty"),
        (wire.encode_credentials("", "token"), "is empty"),
    ],
)
def test_empty_credentials_are_rejected(
    post: Post, error: Callable[[Response], ErrorFields], header: str, message: str
) -> None:
    response = post(Stub(), authorization=header)
    status, code, text = error(response)
    assert (status, code) == (401, 20003)
    assert message in text
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("sent", [("AC0", "other"), ("AC1", "token"), ("AC0 ", "token")])
def test_if_credentials_are_set_no_others_are_accepted(
    post: Post, consent: Callable[..., Item], sent: tuple[str, str]
) -> None:
    stub = Stub(credentials=("AC0", "token"))
    assert post(stub, consent()).status == 201
    assert post(stub, consent(), authorization=wire.encode_credentials(*sent)).status == 401


@pytest.mark.parametrize("media_type", ["", "application/json", "multipart/form-data; boundary=x"])
def test_only_a_form_is_accepted(
    post: Post, error: Callable[[Response], ErrorFields], media_type: str
) -> None:
    status, _, message = error(post(Stub(), content_type=media_type))
    assert (status, "send application/x-www-form-urlencoded" in message) == (415, True)


def test_a_media_type_may_have_parameters_and_upper_case(
    post: Post, consent: Callable[..., Item]
) -> None:
    media_type = "Application/X-WWW-Form-Urlencoded ; charset=UTF-8"
    assert post(Stub(), consent(), content_type=media_type).status == 201


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Items is missing"),
        (b"Items=%5B%5D", "item 0: an item is an array, expected a JSON object"),
        (b"Items=contact_id&Items=status", "items= must be a list of dicts"),
        (b"Items=zip_code", "expected a JSON value"),
        (b"Items%5Bcontact_id%5D=1", "must be an array of objects"),
        (b"Items[0]=%7B%7D", "without brackets or numbers"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_malformed_body_is_rejected(
    post: Post, error: Callable[[Response], ErrorFields], body: bytes, message: str
) -> None:
    status, code, text = error(post(Stub(), body=body))
    assert (status, code) == (400, 20001)
    assert message in text


def test_a_request_may_have_at_most_25_items(
    post: Post, consent: Callable[..., Item], error: Callable[[Response], ErrorFields]
) -> None:
    stub = Stub()
    items = [consent() for _ in range(26)]
    assert error(post(stub, *items))[0] == 400
    assert stub.upserts == ()
    assert post(stub, *items[:25]).status == 201
    assert len(stub.upserts) == 25


def test_a_request_with_too_many_items_is_rejected_before_all_are_decoded(
    post: Post, consent: Callable[..., Item], error: Callable[[Response], ErrorFields]
) -> None:
    body = wire.encode_request([consent() for _ in range(26)]) + b"&Items=%5B%5D" * 80_000
    status, _, message = error(post(Stub(), body=body))
    assert (status, message) == (400, "The request has more than 25 items")


def test_one_item_that_is_not_an_object_rejects_the_whole_request(
    post: Post, consent: Callable[..., Item]
) -> None:
    stub = Stub()
    body = wire.encode_request([consent()]) + b"&Items=1"
    assert post(stub, body=body).status == 400
    assert stub.upserts == ()


def test_a_hundred_requests_are_accepted_in_any_sixty_seconds(
    post: Post, consent: Callable[..., Item], error: Callable[[Response], ErrorFields]
) -> None:
    clock = Clock(NOW)
    stub = Stub(clock=clock)
    for _ in range(50):
        assert post(stub, consent()).status == 201
    clock.advance(30)
    for _ in range(50):
        assert post(stub, consent()).status == 201
    rejected = post(stub, consent())
    assert error(rejected)[:2] == (429, 20429)
    assert rejected.headers["Retry-After"] == "30"
    assert len(stub.upserts) == 100
    clock.advance(29.5)
    assert post(stub, consent()).headers["Retry-After"] == "1"
    clock.advance(0.5)
    assert [post(stub, consent()).status for _ in range(51)] == [201] * 50 + [429]
    assert stub.most_requests_in(60) == 103


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(days=365)])
def test_requests_later_than_a_clock_that_was_set_back_do_not_count(
    post: Post, consent: Callable[..., Item], back: timedelta
) -> None:
    clock = Clock(NOW)
    stub = Stub(limit=1, clock=clock)
    assert post(stub, consent()).status == 201
    clock.set(NOW - back)
    assert post(stub, consent()).status == 201
    assert post(stub, consent()).headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    "now", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_the_rate_limit_works_at_the_earliest_and_latest_datetime(
    post: Post, consent: Callable[..., Item], now: datetime
) -> None:
    stub = Stub(limit=1, clock=Clock(now))
    assert [post(stub, consent()).status for _ in range(2)] == [201, 429]
    assert stub.most_requests_in(60) == 2


def test_on_request_may_call_the_stub(post: Post, consent: Callable[..., Item]) -> None:
    stub = Stub(on_request=lambda _: stub.fail(Unavailable()))
    # In its own thread, because a deadlock would block the test forever.
    statuses: list[int] = []
    work = threading.Thread(
        target=lambda: statuses.extend(post(stub, consent()).status for _ in range(2)), daemon=True
    )
    work.start()
    work.join(30)
    assert statuses == [201, 503]


def test_each_endpoint_has_its_own_rate_limit(post: Post, consent: Callable[..., Item]) -> None:
    stub = Stub(limit=1, clock=Clock(NOW))
    assert [post(stub, consent()).status for _ in range(2)] == [201, 429]
    assert post(stub, {}, endpoint=CONTACTS).status == 201


def test_without_a_limit_every_request_is_accepted(
    post: Post, consent: Callable[..., Item]
) -> None:
    stub = Stub(limit=None, clock=Clock(NOW))
    assert {post(stub, consent()).status for _ in range(150)} == {201}


def test_a_limit_of_0_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Stub(limit=0)


def test_no_message_shows_a_number_or_a_token(post: Post, consent: Callable[..., Item]) -> None:
    texts: list[str] = []
    stub = Stub(
        credentials=("AC0", "sesame"), on_request=lambda request: texts.append(repr(request))
    )
    number = "4155552671"
    responses = [
        stub.handle(Request(f"+1{number}", f"/v1/+1{number}", {}, b"")),
        post(stub, consent(), content_type=f"text/+1{number}"),
        post(stub, authorization=wire.encode_credentials("AC0", "sesamo")),
        post(
            stub,
            body=f"Items=%2B1{number}".encode(),
            authorization=wire.encode_credentials("AC0", "sesame"),
        ),
        post(stub, consent(), authorization=wire.encode_credentials("AC0", "sesame")),
    ]
    texts += [response.body.decode() for response in responses]
    texts += [repr(stub.received), repr(stub.upserts)]
    for text in texts:
        assert number not in text
        assert "sesam" not in text


@pytest.mark.parametrize("credentials", ["AC:token", ("AC0", "token", "more")])
def test_credentials_that_are_not_a_pair_are_rejected(credentials: Any) -> None:
    with pytest.raises(ValueError, match="must be a user name and a password"):
        Stub(credentials=credentials)
