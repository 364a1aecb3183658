"""The stub answers as the API does: the same verdicts as the linter's, refusals in order."""

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
Refusal = tuple[int, int, str]


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("endpoint", "profile"), PAIRS)
def test_a_published_request_gets_its_published_answer(
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
        entry = wire.decode_answer(post(stub, item, endpoint=endpoint).body)[0]
        codes = reason_codes(item, endpoint=endpoint, now=NOW)
        assert list(entry.error_messages) == codes
        # Alone in its request, an item repeats no id.
        assert codes == [reason] or (reason, codes) == ("INVALID_CORRELATION_ID", [])
        assert entry.error_code == (endpoint.error_code if codes else 0)


def test_an_id_is_unique_within_a_request_and_no_further(
    post: Post, consent: Callable[..., Item]
) -> None:
    stub = Stub()
    first, second = consent(), consent("+14155552672")
    second["correlation_id"] = first["correlation_id"].upper()
    for _ in range(2):
        entries = wire.decode_answer(post(stub, first, second).body)
        assert [list(entry.error_messages) for entry in entries] == [[], ["INVALID_CORRELATION_ID"]]


def test_the_entry_of_an_item_without_a_text_for_its_id_has_null(post: Post) -> None:
    body = b'Items={"correlation_id":1e999}&Items={}'
    entries = json.loads(post(Stub(), body=body).body)["items"]
    assert [entry["correlation_id"] for entry in entries] == [None, None]


def test_dates_are_judged_by_the_clock_of_the_stub(
    post: Post, consent: Callable[..., Item]
) -> None:
    clock = Clock(NOW)
    stub = Stub(clock=clock)
    item = consent(date_of_consent="2026-01-01T00:00:01Z")
    assert wire.decode_answer(post(stub, item).body)[0].error_messages
    clock.advance(1)
    assert not wire.decode_answer(post(stub, item).body)[0].error_messages


def test_refusals_come_in_order(
    consent: Callable[..., Item], error: Callable[[Response], Refusal]
) -> None:
    """Each request has one mistake less than the one before, from the last check to the first."""
    stub = Stub(limit=1, credentials=("AC0", "token"))
    path, form = CONSENTS.path, {"content-type": "application/x-www-form-urlencoded"}
    right = {"authorization": wire.encode_credentials("AC0", "token")}
    wrong = {"authorization": wire.encode_credentials("AC0", "wrong")}
    good = wire.encode_request([consent()])
    asked = [
        Request("GET", "/v1/Consents", {}, b""),
        Request("GET", path, {}, b""),
        Request("POST", path, wrong, b""),
        Request("POST", path, right, b""),
        Request("POST", path, {**right, **form}, b""),
        Request("POST", path, {**right, **form}, good),
    ]
    found = [error(stub.handle(request))[:2] for request in asked]
    assert found == [
        (404, 20404),
        (405, 20004),
        (401, 20003),
        (415, 415),
        (400, 20001),
        (429, 20429),
    ]
    assert [seen.status for seen in stub.received] == [404, 405, 401, 415, 400, 429]
    assert stub.upserts == ()


def test_an_account_that_is_not_enabled_gets_404_before_all_else(
    error: Callable[[Response], Refusal],
) -> None:
    stub = Stub(enabled=False)
    assert error(stub.handle(Request("GET", CONSENTS.path, {}, b"")))[:2] == (404, 20404)


@pytest.mark.parametrize("path", ["/", "/v1/consents/bulk", "/v1/Consents/Bulk/", "", "*"])
def test_other_paths_are_not_found(path: str, error: Callable[[Response], Refusal]) -> None:
    assert error(Stub().handle(Request("POST", path, {}, b"")))[0] == 404


def test_a_query_does_not_count(post: Post) -> None:
    assert Stub().handle(Request("POST", f"{CONSENTS.path}?a=b", {}, b"")).status == 401


def test_405_names_the_method_that_is_allowed() -> None:
    response = Stub().handle(Request("GET", CONSENTS.path, {}, b""))
    assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "no credentials"),
        ("Bearer token", "not that of HTTP Basic"),
        (wire.encode_credentials("AC0", ""), "is empty"),
        (wire.encode_credentials("", "token"), "is empty"),
    ],
)
def test_credentials_may_not_be_empty(
    post: Post, error: Callable[[Response], Refusal], header: str, message: str
) -> None:
    response = post(Stub(), authorization=header)
    status, code, words = error(response)
    assert (status, code) == (401, 20003)
    assert message in words
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("given", [("AC0", "other"), ("AC1", "token"), ("AC0 ", "token")])
def test_where_a_pair_is_set_no_other_passes(
    post: Post, consent: Callable[..., Item], given: tuple[str, str]
) -> None:
    stub = Stub(credentials=("AC0", "token"))
    assert post(stub, consent()).status == 201
    assert post(stub, consent(), authorization=wire.encode_credentials(*given)).status == 401


@pytest.mark.parametrize("media_type", ["", "application/json", "multipart/form-data; boundary=x"])
def test_only_a_form_is_read(
    post: Post, error: Callable[[Response], Refusal], media_type: str
) -> None:
    status, _, message = error(post(Stub(), content_type=media_type))
    assert (status, "send application/x-www-form-urlencoded" in message) == (415, True)


def test_a_media_type_may_have_parameters_and_capitals(
    post: Post, consent: Callable[..., Item]
) -> None:
    media_type = "Application/X-WWW-Form-Urlencoded ; charset=UTF-8"
    assert post(Stub(), consent(), content_type=media_type).status == 201


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Items is missing"),
        (b"Items=%5B%5D", "item 0: an item must be a JSON object"),
        (b"Items=contact_id&Items=status", "items= must be a list of dicts"),
        (b"Items=zip_code", "no JSON value"),
        (b"Items%5Bcontact_id%5D=1", "must be an array of objects"),
        (b"Items[0]=%7B%7D", "without brackets or numbers"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_body_that_is_no_request_is_refused_as_a_whole(
    post: Post, error: Callable[[Response], Refusal], body: bytes, message: str
) -> None:
    status, code, words = error(post(Stub(), body=body))
    assert (status, code) == (400, 20001)
    assert message in words


def test_a_request_holds_at_most_25_items(
    post: Post, consent: Callable[..., Item], error: Callable[[Response], Refusal]
) -> None:
    stub = Stub()
    items = [consent() for _ in range(26)]
    assert error(post(stub, *items))[0] == 400
    assert stub.upserts == ()
    assert post(stub, *items[:25]).status == 201
    assert len(stub.upserts) == 25


def test_one_bad_object_refuses_the_whole_request(post: Post, consent: Callable[..., Item]) -> None:
    stub = Stub()
    body = wire.encode_request([consent()]) + b"&Items=1"
    assert post(stub, body=body).status == 400
    assert stub.upserts == ()


def test_a_hundred_requests_pass_in_any_sixty_seconds(
    post: Post, consent: Callable[..., Item], error: Callable[[Response], Refusal]
) -> None:
    clock = Clock(NOW)
    stub = Stub(clock=clock)
    for _ in range(50):
        assert post(stub, consent()).status == 201
    clock.advance(30)
    for _ in range(50):
        assert post(stub, consent()).status == 201
    refused = post(stub, consent())
    assert error(refused)[:2] == (429, 20429)
    assert refused.headers["Retry-After"] == "30"
    assert len(stub.upserts) == 100
    clock.advance(29.5)
    assert post(stub, consent()).headers["Retry-After"] == "1"
    clock.advance(0.5)
    assert [post(stub, consent()).status for _ in range(51)] == [201] * 50 + [429]
    assert stub.most_requests_in(60) == 103


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(days=365)])
def test_a_clock_that_is_set_back_has_not_come_to_later_requests(
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
def test_the_rate_is_counted_at_either_end_of_time(
    post: Post, consent: Callable[..., Item], now: datetime
) -> None:
    stub = Stub(limit=1, clock=Clock(now))
    assert [post(stub, consent()).status for _ in range(2)] == [201, 429]
    assert stub.most_requests_in(60) == 2


def test_what_is_called_with_each_request_may_use_the_stub(
    post: Post, consent: Callable[..., Item]
) -> None:
    stub = Stub(on_request=lambda _: stub.fail(Unavailable()))
    # In a thread of its own, for it might wait for ever.
    answers: list[int] = []
    work = threading.Thread(
        target=lambda: answers.extend(post(stub, consent()).status for _ in range(2)), daemon=True
    )
    work.start()
    work.join(30)
    assert answers == [201, 503]


def test_each_endpoint_has_a_rate_of_its_own(post: Post, consent: Callable[..., Item]) -> None:
    stub = Stub(limit=1, clock=Clock(NOW))
    assert [post(stub, consent()).status for _ in range(2)] == [201, 429]
    assert post(stub, {}, endpoint=CONTACTS).status == 201


def test_without_a_limit_any_number_passes(post: Post, consent: Callable[..., Item]) -> None:
    stub = Stub(limit=None, clock=Clock(NOW))
    assert {post(stub, consent()).status for _ in range(150)} == {201}


def test_a_limit_of_none_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Stub(limit=0)


def test_no_message_shows_a_number_or_a_token(post: Post, consent: Callable[..., Item]) -> None:
    said: list[str] = []
    stub = Stub(credentials=("AC0", "sesame"), on_request=lambda seen: said.append(repr(seen)))
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
    said += [response.body.decode() for response in responses]
    said += [repr(stub.received), repr(stub.upserts)]
    for text in said:
        assert number not in text
        assert "sesam" not in text
