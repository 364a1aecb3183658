"""The stub of the API: a request in, a response out, over a memory of what was stored."""

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
from consentlint.model.findings import Profile, Reason
from consentlint.stub.answers import Refused, created, instead, spoiled
from consentlint.stub.clock import Clock
from consentlint.stub.exchange import Request, Response
from consentlint.stub.faults import Fault, InternalServerError, Plan
from consentlint.stub.records import MINUTE, Received, Records, Upsert
from consentlint.text.masking import shown

Items = Sequence[Mapping[str, object]]

_BY_PATH = {endpoint.path: endpoint for endpoint in ENDPOINTS.values()}


class Stub(Records):
    """Answers as the API does, by the same check as the linter, and remembers.

    It may be used by several threads.

    Args:
        profile: whom to believe where Twilio's documents disagree with their examples.
        credentials: the only account SID and auth token that pass; None for any that are
            not empty.
        limit: how many requests a minute pass for each endpoint, None for any number.
        enabled: False: the account is not enabled for the API, which answers with 404.
        clock: tells the time, None for a clock of its own.
        on_request: is called with each request, in order, once it is answered.

    Raises:
        ValueError: there is no such profile, or the limit is less than 1.
    """

    def __init__(
        self,
        *,
        profile: Profile | str = Profile.DOCUMENTED,
        credentials: tuple[str, str] | None = None,
        limit: int | None = 100,
        enabled: bool = True,
        clock: Callable[[], datetime] | None = None,
        on_request: Callable[[Received], None] | None = None,
    ) -> None:
        super().__init__()
        if limit is not None and limit < 1:
            raise ValueError("the limit must be at least 1, or None")
        self._profile = Profile(profile)
        self._credentials = credentials
        self._limit = limit
        self._enabled = enabled
        self._clock = clock or Clock()
        self._on_request = on_request
        self._plans: list[Plan] = []
        self._admitted: dict[str, deque[datetime]] = {name: deque() for name in ENDPOINTS}
        # What is called with each request may use the stub.
        self._lock = threading.RLock()

    def fail(
        self,
        fault: Fault,
        *,
        requests: int | None = None,
        every: int | None = None,
        contact: str | None = None,
    ) -> None:
        """Let a fault strike: the next request, unless something else is asked for.

        Only requests are counted that would be answered with 201. Where several faults
        would strike one request, the one that was asked for first does; another that
        strikes the next requests waits for the ones after.

        Args:
            fault: one of `consentlint.stub.faults`.
            requests: strike so many requests.
            every: strike every so many-th request, for good.
            contact: strike, and count, only requests with an item of this `contact_id`; for
                good, unless `requests` says how many.

        Raises:
            TypeError: it is no fault, but perhaps the class of one.
            ValueError: `requests` and `every` are both given, or less than 1.
        """
        if every is None and contact is None and requests is None:
            requests = 1
        plan = Plan(fault, requests, every, contact)
        with self._lock:
            self._plans.append(plan)

    def stop_failing(self) -> None:
        """Forget all faults that were asked for."""
        with self._lock:
            self._plans.clear()

    def clear(self) -> None:
        """Forget everything: what was received and stored, the rate, all faults."""
        with self._lock:
            self._received.clear()
            self._upserts.clear()
            self._plans.clear()
            for admitted in self._admitted.values():
                admitted.clear()

    def handle(self, request: Request) -> Response:
        """Return the response to a request."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self._lock:
            return self._handle(request._replace(headers=headers))

    def _handle(self, request: Request) -> Response:
        path = request.path.partition("?")[0]
        endpoint = _BY_PATH.get(path)
        account, _ = _credentials(request) or ("", "")
        seen = Received(
            number=len(self._received) + 1,
            at=self._clock(),
            method=request.method,
            path=path,
            endpoint=endpoint,
            account=account,
        )
        try:
            if endpoint is None or not self._enabled:
                raise Refused(404, f"The requested resource {shown(path)} was not found")
            items = self._admit(request, endpoint, seen.at)
        except Refused as refused:
            response = refused.response
            seen = seen._replace(message=str(refused))
        else:
            plan = self._struck(items)
            found = check_items(items, kind=endpoint, profile=self._profile, now=seen.at)
            seen = seen._replace(
                items=items,
                findings=[finding for finding in found if finding.reason],
                fault=plan.fault if plan else None,
            )
            entries, response = self._answer(endpoint, seen, plan)
            seen = seen._replace(entries=entries)
        seen = seen._replace(status=response.status)
        self._received.append(seen)
        if self._on_request is not None:
            self._on_request(seen)
        return response

    def _admit(self, request: Request, endpoint: Endpoint, now: datetime) -> Items:
        """Return the items of a request that may be answered with 201.

        Raises:
            Refused: it may not.
        """
        if request.method != wire.METHOD:
            raise Refused(405, f"Method not allowed: send {wire.METHOD}", {"Allow": wire.METHOD})
        complaint = self._complaint_of_credentials(request)
        if complaint:
            headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'}
            raise Refused(401, f"Authenticate: {complaint}", headers)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != wire.FORM:
            given = shown(media_type) or "(none)"
            raise Refused(415, f"Unsupported media type {given}: send {wire.FORM}")
        self._count(endpoint, now)
        try:
            items = wire.decode_request(request.body)
        except wire.MalformedRequest as error:
            raise Refused(400, _mistake(error, endpoint)) from None
        if not items:
            raise Refused(400, "Items is missing: the body holds no item")
        if len(items) > REQUEST_LIMIT:
            raise Refused(400, f"{len(items)} items: a request holds at most {REQUEST_LIMIT}")
        return items

    def _complaint_of_credentials(self, request: Request) -> str:
        """Return why the credentials of a request do not pass, an empty text where they do."""
        if "authorization" not in request.headers:
            return "the request has no credentials"
        given = _credentials(request)
        if given is None:
            return "the header Authorization is not that of HTTP Basic"
        if not all(given):
            return "account SID or auth token is empty"
        if self._credentials is not None and not all(
            hmac.compare_digest(ours.encode(), theirs.encode())
            for ours, theirs in zip(self._credentials, given, strict=True)
        ):
            return "account SID and auth token are not those that the stub was given"
        return ""

    def _count(self, endpoint: Endpoint, now: datetime) -> None:
        """Count a request towards the rate.

        Raises:
            Refused: there have been too many.
        """
        admitted = self._admitted[endpoint.name]
        # A clock that was set back has not come to these yet.
        while admitted and admitted[-1] > now:
            admitted.pop()
        while admitted and now - admitted[0] >= MINUTE:
            admitted.popleft()
        if self._limit is not None and len(admitted) >= self._limit:
            left = ceil((MINUTE - (now - admitted[0])).total_seconds())
            words = f"Too many requests: {self._limit} a minute pass"
            raise Refused(429, words, {"Retry-After": str(left)})
        admitted.append(now)

    def _struck(self, items: Items) -> Plan | None:
        """Count a request with these items in all plans, and return the one that strikes it."""
        struck: Plan | None = None
        for plan in self._plans:
            waits = struck is not None and plan.requests is not None
            if not waits and plan.counts(items) and plan.strikes():
                struck = struck or plan
        self._plans = [plan for plan in self._plans if not plan.is_over()]
        return struck

    def _answer(
        self, endpoint: Endpoint, seen: Received, plan: Plan | None
    ) -> tuple[Sequence[wire.Entry], Response]:
        """Return what becomes of the items of a request, and the response to it."""
        if plan is None:
            entries = self._upsert(endpoint, seen)
            return entries, created(entries)
        response = instead(plan.fault)
        if response is not None:
            return (), response
        meant = plan.meant(seen.items)
        failing = meant if isinstance(plan.fault, InternalServerError) else ()
        entries = self._upsert(endpoint, seen, failing)
        return entries, spoiled(created(entries), plan.fault, entries, meant)

    def _upsert(
        self, endpoint: Endpoint, seen: Received, failing: Sequence[int] = ()
    ) -> list[wire.Entry]:
        """Store the items that nothing is wrong with, and return what became of each."""
        entries = []
        for index, item in enumerate(seen.items):
            reasons = list(dict.fromkeys(str(found.reason) for found in seen.findings_of(index)))
            if not reasons and index in failing:
                reasons = [str(Reason.INTERNAL_SERVER_ERROR)]
            if not reasons:
                self._upserts.append(Upsert(endpoint, seen.number, seen.at, item))
            correlation_id = item.get("correlation_id")
            entries.append(
                wire.Entry(
                    correlation_id if isinstance(correlation_id, str) else None,
                    endpoint.error_code if reasons else 0,
                    reasons,
                )
            )
        return entries


def _credentials(request: Request) -> tuple[str, str] | None:
    return wire.decode_credentials(request.headers.get("authorization", ""))


def _mistake(error: wire.MalformedRequest, endpoint: Endpoint) -> str:
    """Return why a body is refused, and which mistake in the call of a client shows in it."""
    sent = unquote_plus(error.text)
    if sent in endpoint.fields:
        return (
            f"Items has the names of fields in it, such as {sent}: items= must be a list of"
            " dicts. Of a tuple, an iterator or a single dict, the client sends the keys"
        )
    # As of an object that is taken for a list; a list would have numbers there, or nothing.
    if re.match(rf"{wire.KEY}\[[^]0-9]", sent):
        return f"{wire.KEY} must be an array of objects: of a single object, the client sends parts"
    return str(error)
