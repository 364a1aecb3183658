"""The wire format of the API: a request and its answer, written and read.

Both sides use it: what sends requests writes them and reads answers, the stub reads
requests and writes answers. Sources: REF for requests, answers and authentication, and
E20003 and E20429 for the body of an error, which Twilio's APIs share.
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
"""Where the paths of the endpoints begin."""
METHOD = "POST"
KEY = form_body.KEY
"""The key of each item in a request's body."""
FORM = "application/x-www-form-urlencoded"
"""The media type of a request's body."""
JSON = "application/json"
"""The media type of an answer."""
MORE_INFO = "https://www.twilio.com/docs/errors/"
"""Where the page of an error begins."""


class MalformedRequest(ValueError):
    """A body is not a request; the message says why, phone numbers masked."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.text = text
        """The part of the body that is at fault, as it was sent."""


class MalformedAnswer(ValueError):
    """A body is not an answer of the API; the message says why, and holds none of it."""


class Entry(NamedTuple):
    """What an answer says of one item."""

    correlation_id: str | None
    """The id that the item had."""
    error_code: int
    """0 where the item was stored, else 30646 or 30647."""
    error_messages: Sequence[str]
    """Why it was not stored: reason codes."""


class Error(NamedTuple):
    """What the API says of a request that it refused as a whole."""

    status: int
    """The HTTP status."""
    code: int | None
    """Twilio's number for the error."""
    message: str
    more_info: str
    """The address of the error's page."""


def encode_request(items: Iterable[Mapping[str, object] | str]) -> bytes:
    """Return the body of a request.

    Args:
        items: the items, or their JSON texts, which are sent as they are.
    """
    texts = [item if isinstance(item, str) else _json(item) for item in items]
    return urlencode([(KEY, text) for text in texts]).encode("ascii")


def decode_request(body: bytes) -> list[Mapping[str, object]]:
    """Return the items of a request's body, read as the linter reads it from a file.

    Raises:
        MalformedRequest: a part of the body is no item.
    """
    items: list[Mapping[str, object]] = []
    for found in form_body.read(body):
        if isinstance(found, ParseError):
            raise MalformedRequest(f"item {found.item}: {found.message}", found.text)
        items.append(found.fields)
    return items


def encode_answer(entries: Iterable[Entry]) -> bytes:
    """Return the body of an answer with status 201."""
    return _json({"items": [entry._asdict() for entry in entries]}).encode("ascii")


def decode_answer(body: bytes) -> list[Entry]:
    """Return the entries of an answer with status 201.

    Raises:
        MalformedAnswer: it is cut off, or anything else than such an answer.
    """
    answer = _parsed(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise MalformedAnswer("the answer has no list of items")
    return [_entry(index, given) for index, given in enumerate(answer["items"])]


def _entry(index: int, given: object) -> Entry:
    if not isinstance(given, dict):
        raise MalformedAnswer(f"entry {index} of the answer is no object")
    correlation_id = given.get("correlation_id")
    code = given.get("error_code")
    messages = given.get("error_messages")
    if not isinstance(correlation_id, str | None):
        raise MalformedAnswer(f"entry {index} of the answer has no correlation_id")
    if not isinstance(code, int) or isinstance(code, bool):
        raise MalformedAnswer(f"entry {index} of the answer has no error_code")
    if not isinstance(messages, list) or not all(isinstance(word, str) for word in messages):
        raise MalformedAnswer(f"entry {index} of the answer has no error_messages")
    return Entry(correlation_id, code, messages)


def encode_error(error: Error) -> bytes:
    """Return the body of an answer that refuses a request as a whole."""
    fields = {
        "code": error.code,
        "message": error.message,
        "more_info": error.more_info,
        "status": error.status,
    }
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()


def decode_error(status: int, body: bytes) -> Error:
    """Return what an answer says that refuses a request; what it does not say is empty.

    Such an answer may come from a proxy, and hold anything.

    Args:
        status: the HTTP status, which counts, whatever the body says.
        body: the body of the answer.
    """
    try:
        answer = _parsed(body)
    except MalformedAnswer:
        answer = None
    if not isinstance(answer, dict):
        return Error(status, None, "", "")
    code, message, more_info = (answer.get(key) for key in ("code", "message", "more_info"))
    return Error(
        status,
        code if isinstance(code, int) and not isinstance(code, bool) else None,
        message if isinstance(message, str) else "",
        more_info if isinstance(more_info, str) else "",
    )


def encode_credentials(username: str, password: str) -> str:
    """Return the header Authorization for an account SID and its auth token (HTTP Basic)."""
    pair = f"{username}:{password}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def decode_credentials(header: str) -> tuple[str, str] | None:
    """Return the pair that a header Authorization holds, None where it holds none."""
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


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedAnswer("the answer is no JSON, or cut off") from None
