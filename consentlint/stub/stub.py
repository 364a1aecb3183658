"""The stub of the API: takes a request, stores its items and returns a response."""

import hmac
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import ceil
from urllib.parse import unquote_plus

from consentlint import wire
from consentlint.api import check_items
from consentlint.model.endpoints import ENDPOINTS, REQUEST_LIMIT, Endpoint
from consentlint.model.findings import Finding, Profile
from consentlint.stub.clock import Clock
from consentlint.stub.faults import Fault, FaultSchedule, InternalServerError
from consentlint.stub.messages import Request, Response
from consentlint.stub.received import MINUTE, ReceivedRequest, RequestLog
from consentlint.stub.responses import (
    RejectedRequest,
    alter_response,
    created_response,
    item_results,
    preflight_response,
    response_of_fault,
)
from consentlint.stub.shared_texts import SharedTexts
from consentlint.text.masking import shown

Items = Sequence[Mapping[str, object]]

_BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS.values()}


class Stub(RequestLog):
    """A stub of the API. It checks items with the linter and keeps what it stores.

    It is safe to use from several threads.

    Args:
        profile: Which to follow if Twilio's documents and examples disagree.
        credentials: The only account SID and auth token to accept; None to accept any that
            are not empty.
        limit: The number of requests a minute to accept for each endpoint; None for no limit.
        enabled: Whether the account is enabled for the API. If not, every request gets a 404.
        clock: Returns the current time; None for a new `Clock`.
        on_request: Called with each request, in order, after it is handled.
        keep: The number of requests to keep in `received`, each with its stored items in
            `upserts`; None for all.

    Raises:
        ValueError: The profile is unknown, or the limit is less than 1.
    """

    def __init__(
        self,
        *,
        profile: Profile | str = Profile.DOCUMENTED,
        credentials: tuple[str, str] | None = None,
        limit: int | None = 100,
        enabled: bool = True,
        clock: Callable[[], datetime] | None = None,
        on_request: Callable[[ReceivedRequest], None] | None = None,
        keep: int | None = None,
    ) -> None:
        super().__init__(keep)
        if limit is not None and limit < 1:
            raise ValueError("the limit must be at least 1, or None")
        if credentials is not None and (isinstance(credentials, str) or len(credentials) != 2):
            raise ValueError("credentials must be a user name and a password, or None")
        self._profile = Profile(profile)
        self._credentials = credentials
        self._limit = limit
        self._enabled = enabled
        self._clock = clock or Clock()
        self._on_request = on_request
        self._schedules: list[FaultSchedule] = []
        self._admitted: dict[str, deque[datetime]] = {name: deque() for name in ENDPOINTS}
        self._texts = SharedTexts()
        # Reentrant, because on_request may call the stub.
        self._lock = threading.RLock()

    def fail(
        self,
        fault: Fault,
        *,
        requests: int | None = None,
        every: int | None = None,
        contact: str | None = None,
    ) -> None:
        """Inject a fault. By default, it affects the next request only.

        Only requests that would otherwise get a 201 count. If several faults would affect the
        same request, the one that was injected first takes effect. A fault for a number of
        requests then waits for the next request.

        Args:
            fault: A fault of `consentlint.stub`.
            requests: Affect this number of requests.
            every: Affect every Nth request, permanently.
            contact: Affect and count only requests with an item of this `contact_id`;
                permanently, unless `requests` is set.

        Raises:
            TypeError: `fault` is not an instance of a fault, but for example a class.
            ValueError: `requests` and `every` are both set, or one is less than 1.
        """
        if every is None and contact is None and requests is None:
            requests = 1
        schedule = FaultSchedule(fault, requests, every, contact)
        with self._lock:
            self._schedules.append(schedule)

    def stop_failing(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._schedules.clear()

    def clear(self) -> None:
        """Remove all requests, stored items and faults, and reset the rate limit."""
        with self._lock:
            self._clear_log()
            self._schedules.clear()
            for admitted in self._admitted.values():
                admitted.clear()

    def handle(self, request: Request) -> Response:
        """Return the response to a request."""
        if request.method == "OPTIONS" and request.path.partition("?")[0] in _BY_PATH:
            return preflight_response()
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self._lock:
            return self._handle(request._replace(headers=headers))

    def _handle(self, request: Request) -> Response:
        path = request.path.partition("?")[0]
        endpoint = _BY_PATH.get(path)
        account, _ = _credentials(request) or ("", "")
        received = ReceivedRequest(
            number=self.request_count + 1,
            at=self._clock(),
            method=request.method,
            path=path,
            endpoint=endpoint,
            account=account,
        )
        try:
            if endpoint is None or not self._enabled:
                raise RejectedRequest(404, f"The requested resource {shown(path)} was not found")
            items = self._admit(request, endpoint, received.at)
        except RejectedRequest as rejected:
            response = rejected.response
            received = received._replace(message=str(rejected))
        else:
            schedule = self._triggered(items)
            received = received._replace(
                items=items,
                findings=self._findings(items, endpoint, received.at),
                fault=schedule.fault if schedule else None,
            )
            response_items, response = _respond(endpoint, received, schedule)
            received = received._replace(response_items=response_items)
        self._note(received._replace(status=response.status))
        return response

    def note_rejected(self, method: str, path: str, rejected: RejectedRequest) -> None:
        """Log a request that the server rejected itself, because it is too large or not valid HTTP."""
        path = path.partition("?")[0]
        with self._lock:
            number, at, endpoint = self.request_count + 1, self._clock(), _BY_PATH.get(path)
            status, message = rejected.response.status, str(rejected)
            self._note(ReceivedRequest(number, at, method, path, endpoint, "", status, message))

    def _note(self, received: ReceivedRequest) -> None:
        self._log(received)
        if self._on_request is not None:
            self._on_request(received)

    def _findings(self, items: Items, endpoint: Endpoint, now: datetime) -> list[Finding]:
        """Return the linter's findings that have a reason code."""
        findings = check_items(items, kind=endpoint, profile=self._profile, now=now)
        return [finding for finding in findings if finding.reason]

    def _admit(self, request: Request, endpoint: Endpoint, now: datetime) -> Items:
        """Return the items of a request, if it can get a 201.

        Raises:
            RejectedRequest: It cannot.
        """
        if request.method != wire.METHOD:
            message = f"Method not allowed: send {wire.METHOD}"
            raise RejectedRequest(405, message, {"Allow": wire.METHOD})
        error = self._credentials_error(request)
        if error:
            headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'}
            raise RejectedRequest(401, f"Authenticate: {error}", headers)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != wire.FORM:
            sent = shown(media_type) or "(none)"
            raise RejectedRequest(415, f"Unsupported media type {sent}: send {wire.FORM}")
        self._count(endpoint, now)
        try:
            items = wire.decode_request(request.body, REQUEST_LIMIT + 1)
        except wire.MalformedRequest as malformed:
            raise RejectedRequest(400, _explanation(malformed, endpoint)) from None
        if not items:
            raise RejectedRequest(400, "Items is missing: the body has no items")
        if len(items) > REQUEST_LIMIT:
            raise RejectedRequest(400, f"The request has more than {REQUEST_LIMIT} items")
        return [self._texts.share(item) for item in items]

    def _credentials_error(self, request: Request) -> str:
        """Return why the stub rejects the credentials of a request; "" if it accepts them."""
        if "authorization" not in request.headers:
            return "the request has no credentials"
        sent = _credentials(request)
        if sent is None:
            return "the Authorization header is not valid HTTP Basic"
        if not all(sent):
            return "the user name or password is empty"
        if self._credentials is not None and not all(
            hmac.compare_digest(expected.encode(), actual.encode())
            for expected, actual in zip(self._credentials, sent, strict=True)
        ):
            return "the credentials are not the ones that the stub accepts"
        return ""

    def _count(self, endpoint: Endpoint, now: datetime) -> None:
        """Count a request towards the rate limit.

        Raises:
            RejectedRequest: The limit is exceeded.
        """
        admitted = self._admitted[endpoint.name]
        # If the clock was set back, these requests are in the future: drop them.
        while admitted and admitted[-1] > now:
            admitted.pop()
        while admitted and now - admitted[0] >= MINUTE:
            admitted.popleft()
        if self._limit is not None and len(admitted) >= self._limit:
            seconds = ceil((MINUTE - (now - admitted[0])).total_seconds())
            message = f"Too many requests: the limit is {self._limit} a minute"
            raise RejectedRequest(429, message, {"Retry-After": str(seconds)})
        admitted.append(now)

    def _triggered(self, items: Items) -> FaultSchedule | None:
        """Count a request in all schedules, and return the one whose fault affects it."""
        triggered: FaultSchedule | None = None
        for schedule in self._schedules:
            waits = triggered is not None and schedule.requests is not None
            if not waits and schedule.matches(items) and schedule.triggers():
                triggered = triggered or schedule
        self._schedules = [schedule for schedule in self._schedules if not schedule.is_exhausted()]
        return triggered


def _respond(
    endpoint: Endpoint, received: ReceivedRequest, schedule: FaultSchedule | None
) -> tuple[Sequence[wire.ResponseItem], Response]:
    """Return the result for each item of a request, and the response."""
    if schedule is None:
        response_items = item_results(endpoint, received)
        return response_items, created_response(response_items)
    response = response_of_fault(schedule.fault)
    if response is not None:
        return (), response
    affected = schedule.affected_items(received.items)
    failing = affected if isinstance(schedule.fault, InternalServerError) else ()
    response_items = item_results(endpoint, received, failing)
    response = created_response(response_items)
    return response_items, alter_response(response, schedule.fault, response_items, affected)


def _credentials(request: Request) -> tuple[str, str] | None:
    return wire.decode_credentials(request.headers.get("authorization", ""))


def _explanation(error: wire.MalformedRequest, endpoint: Endpoint) -> str:
    """Return why a body is rejected, or the mistake in the client's call that it reveals."""
    sent = unquote_plus(error.text)
    if sent in endpoint.fields:
        return (
            f"Items contains a field name, {sent}: items= must be a list of dicts."
            " If it is a tuple, an iterator or a single dict, the client sends its keys"
        )
    # A client that takes a single object for a list sends its keys in the brackets; of a real
    # list it would send indexes or nothing.
    if re.match(rf"{wire.KEY}\[[^]0-9]", sent):
        return (
            f"{wire.KEY} must be an array of objects:"
            " if it is a single object, the client sends its fields one by one"
        )
    return str(error)
