"""Encode and decode the API's requests, responses, errors and credentials.

The submit code encodes requests and decodes responses; the stub does the reverse. Sources:
REF for requests, responses and authentication; E20003 and E20429 for the body of an error,
which all of Twilio's APIs share.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from consentlint.formats import form_body
from consentlint.model.items import ParseError

HOST = "https://accounts.twilio.com"
"""The base URL of both endpoints."""
METHOD = "POST"
KEY = form_body.KEY
"""The form key of each item in a request body."""
FORM = "application/x-www-form-urlencoded"
"""The media type of a request body."""
JSON = "application/json"
"""The media type of a response body."""
MAX_PAUSE_SECONDS = 3600
"""The longest pause that a Retry-After header can ask for."""
_MAX_CODE = 999_999
_MAX_DIGITS = 20
_MAX_MESSAGES = 20
_MAX_MESSAGE = 500
MORE_INFO = "https://www.twilio.com/docs/errors/"
"""The URL prefix of Twilio's error pages."""


class MalformedRequest(ValueError):
    """A body is not a valid request. The message gives the reason, with phone numbers masked."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.text = text
        """The part of the body that is not valid, as sent."""


class MalformedResponse(ValueError):
    """A body is not a valid API response. The message does not quote the body."""


class ResponseItem(NamedTuple):
    """The result for one item, as a response reports it."""

    correlation_id: str | None
    """The item's id."""
    error_code: int
    """0 if the item was stored, otherwise 30646 or 30647."""
    error_messages: Sequence[str]
    """The reason codes; empty if the item was stored."""


class ApiError(NamedTuple):
    """An error response, which rejects a request as a whole."""

    status: int
    """The HTTP status."""
    code: int | None
    """Twilio's error code."""
    message: str
    more_info: str
    """The URL of the error's page."""


def encode_request(items: Iterable[Mapping[str, object] | str]) -> bytes:
    """Return a request body.

    Args:
        items: The items, or their JSON texts, which are sent unchanged.
    """
    texts = [item if isinstance(item, str) else _json(item) for item in items]
    return urlencode([(KEY, text) for text in texts]).encode("ascii")


def decode_request(body: bytes, most: int | None = None) -> list[Mapping[str, object]]:
    """Return the items of a request body, parsed as the linter parses a form file.

    Args:
        body: The request body.
        most: The number of items to decode; None for all. The rest of the body is not checked.

    Raises:
        MalformedRequest: A part of the body is not an item.
    """
    items: list[Mapping[str, object]] = []
    for found in form_body.read(body):
        if isinstance(found, ParseError):
            subject = "" if found.item is None else f"item {found.item}: "
            raise MalformedRequest(subject + found.message, found.text)
        items.append(found.fields)
        if len(items) == most:
            break
    return items


def encode_response(items: Iterable[ResponseItem]) -> bytes:
    """Return the body of a response with status 201."""
    return _json({"items": [item._asdict() for item in items]}).encode("ascii")


def decode_response(body: bytes) -> list[ResponseItem]:
    """Return the entries of a response with status 201 that can be read, with bounded values.

    An entry that cannot be read is left out; the others count all the same.

    Raises:
        MalformedResponse: The body is truncated, or is not a response of the API.
    """
    response = _parse_json(body)
    if not isinstance(response, dict) or not isinstance(response.get("items"), list):
        raise MalformedResponse("the response has no list of items")
    return [entry for entry in map(_decode_entry, response["items"]) if entry is not None]


def _decode_entry(value: object) -> ResponseItem | None:
    if not isinstance(value, dict):
        return None
    correlation_id, code = value.get("correlation_id"), _bounded(value.get("error_code"))
    messages = value.get("error_messages")
    if not isinstance(correlation_id, str | None) or code is None:
        return None
    if not isinstance(messages, list | None):
        return None
    texts = [text if isinstance(text, str) else "" for text in (messages or ())[:_MAX_MESSAGES]]
    return ResponseItem(correlation_id, code, [_encodable(text[:_MAX_MESSAGE]) for text in texts])


def encode_error(error: ApiError) -> bytes:
    """Return the body of an error response."""
    fields = {
        "code": error.code,
        "message": error.message,
        "more_info": error.more_info,
        "status": error.status,
    }
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()


def decode_error(status: int, body: bytes) -> ApiError:
    """Return the error that a response reports; fields that it lacks are empty.

    Never fails: the response may come from a proxy and have any body.

    Args:
        status: The HTTP status. It takes precedence over the status in the body.
        body: The response body.
    """
    try:
        response = _parse_json(body)
    except MalformedResponse:
        response = None
    if not isinstance(response, dict):
        return ApiError(status, None, "", "")
    message, more_info = (
        _encodable(text[:_MAX_MESSAGE]) if isinstance(text, str) else ""
        for text in (response.get("message"), response.get("more_info"))
    )
    return ApiError(status, _bounded(response.get("code")), message, more_info)


def decode_retry_after(header: str | None, now: float) -> float:
    """Return the seconds that a Retry-After header asks for, an hour at most; 0 if it is invalid.

    Args:
        header: The value of the header, if any.
        now: The current time, in seconds since the epoch.
    """
    text = (header or "").strip()[:_MAX_MESSAGE]
    if text.isascii() and text.isdecimal():
        return float(min(int(text), MAX_PAUSE_SECONDS))
    # Only a retry needs them.
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
        seconds = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now
    except (ValueError, ArithmeticError, LookupError, TypeError):
        return 0.0
    return min(max(0.0, seconds), MAX_PAUSE_SECONDS)


def encode_credentials(username: str, password: str) -> str:
    """Return the Authorization header (HTTP Basic) for an account SID and its auth token."""
    pair = f"{username}:{password}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def decode_credentials(header: str) -> tuple[str, str] | None:
    """Return the user name and password of an Authorization header, or None if it has none."""
    scheme, _, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    username, colon, password = pair.partition(":")
    return (username, password) if colon else None


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _parse_json(body: bytes) -> object:
    """Return the value of a body; one bad character or number does not affect the rest."""
    try:
        return json.loads(body.decode(errors="replace"), parse_int=_parse_int)
    except (ValueError, RecursionError):
        raise MalformedResponse("the response is not JSON, or is truncated") from None


def _parse_int(digits: str) -> int | None:
    # Python raises an error for thousands of digits.
    return int(digits) if len(digits) < _MAX_DIGITS else None


def _bounded(value: object) -> int | None:
    """Return an error code, or None if it cannot be one; a longer number may be anyone's."""
    is_code = isinstance(value, int) and not isinstance(value, bool)
    return value if is_code and 0 <= value <= _MAX_CODE else None  # type: ignore[operator,return-value]


def _encodable(text: str) -> str:
    return text.encode(errors="replace").decode()
