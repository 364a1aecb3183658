"""What a stub has received and stored, and the assertions of a test about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Finding
from consentlint.stub.faults import Fault
from consentlint.text.masking import mask_emails, mask_number, printable, shortened, shown
from consentlint.text.plurals import counted
from consentlint.wire import ResponseItem

MINUTE = timedelta(seconds=60)


class ReceivedRequest(NamedTuple):
    """A request that the stub received, and its result."""

    number: int
    """The position among all requests, from 1."""
    at: datetime
    """When it was received, by the stub's clock (UTC)."""
    method: str
    path: str
    endpoint: Endpoint | None
    """The endpoint with this path, or None if there is none."""
    account: str
    """The user name of the credentials; empty if the request has none."""
    status: int = 0
    """The HTTP status of the response, also if a fault closed the connection before it."""
    message: str = ""
    """Why the request was rejected as a whole; otherwise empty."""
    items: Sequence[Mapping[str, object]] = ()
    """The items; empty if the request was rejected as a whole."""
    findings: Sequence[Finding] = ()
    """The linter's findings that have a reason code of the API."""
    fault: Fault | None = None
    """The fault that affected the request."""
    response_items: Sequence[ResponseItem] = ()
    """The result for each item, in order, before a fault altered the response. Empty if a
    fault stored nothing."""

    def findings_of(self, item: int) -> list[Finding]:
        """Return the findings for an item, given its index in the request."""
        return [finding for finding in self.findings if finding.item == item]

    @property
    def upserts(self) -> "list[Upsert]":
        """The items of this request that were stored, in order."""
        return [
            Upsert(self.endpoint, self.number, self.at, item)
            for item, result in zip(self.items, self.response_items, strict=False)
            if self.endpoint and result.error_code == 0
        ]

    def __repr__(self) -> str:
        """Return a summary that is safe to show in test output: it has no values of items."""
        rejected = sum(1 for item in self.response_items if item.error_code)
        fault = f", {self.fault}" if self.fault else ""
        return (
            f"<request {self.number}: {shown(self.method)} {shown(self.path)}, {self.status},"
            f" {counted(len(self.items), 'item')}, {rejected} rejected{fault}>"
        )


class Upsert(NamedTuple):
    """An item that was stored."""

    endpoint: Endpoint
    request: int
    """The number of its request."""
    at: datetime
    """When it was stored, by the stub's clock (UTC)."""
    fields: Mapping[str, object]
    """The item."""

    @property
    def contact(self) -> str:
        """The `contact_id`, exactly as sent."""
        return str(self.fields["contact_id"])

    @property
    def sender(self) -> str:
        """The `sender_id`; empty for an item of the contacts endpoint."""
        return str(self.fields.get("sender_id", ""))

    @property
    def status(self) -> str:
        """`opt-in` or `opt-out`; empty for an item of the contacts endpoint."""
        return str(self.fields.get("status", ""))

    def __repr__(self) -> str:
        """Return a summary that is safe to show in test output: phone numbers are masked."""
        what = f"{self.status} for {shown(self.sender)}" if self.sender else self.endpoint.name
        return f"<request {self.request}: {contact_for_display(self.contact)}, {what}>"


def contact_for_display(contact: str) -> str:
    """Return a contact with its digits and e-mail addresses masked, whatever it looks like."""
    return shortened(printable(mask_number(mask_emails(contact[:100]))))


def rejection_reasons(request: ReceivedRequest) -> list[str]:
    """Return why each item of a request was rejected; "" for an item that was not.

    The response has the reason code only; the linter's finding also says what is wrong.
    """
    return [
        ", ".join(
            [f"{finding.reason} ({finding.message})" for finding in request.findings_of(index)]
            or item.error_messages
        )
        for index, item in enumerate(request.response_items)
    ]


class RequestLog:
    """The requests received and the items stored, in order.

    Contacts and senders are compared as sent. As with the API, a number that is not in its
    canonical E.164 form is stored, but never found under the canonical form.

    Args:
        keep: The number of requests to keep, each with its stored items; None for all.

    Raises:
        ValueError: The number is less than 1.
    """

    def __init__(self, keep: int | None = None) -> None:
        if keep is not None and keep < 1:
            raise ValueError("keep must be at least 1, or None")
        self._keep = keep
        self._received: list[ReceivedRequest] = []
        self.request_count = 0
        """The number of requests received, including those that are no longer kept."""
        self.upsert_count = 0
        """The number of items stored, including those that are no longer kept."""

    def _log(self, request: ReceivedRequest) -> None:
        self._received.append(request)
        self.request_count += 1
        self.upsert_count += len(request.upserts)
        if self._keep is not None:
            del self._received[: -self._keep]

    def _clear_log(self) -> None:
        self._received.clear()
        self.request_count = self.upsert_count = 0

    @property
    def received(self) -> tuple[ReceivedRequest, ...]:
        """The requests in order, including the rejected ones."""
        return tuple(self._received)

    @property
    def upserts(self) -> tuple[Upsert, ...]:
        """The stored items of both endpoints, in order."""
        return tuple(upsert for request in self.received for upsert in request.upserts)

    def history(self, contact: str, sender: str | None = None) -> list[Upsert]:
        """Return the stored consents of a contact, in order.

        Args:
            contact: The `contact_id`, exactly as sent.
            sender: Return only the consents for this `sender_id`; None for all.
        """
        return [
            upsert
            for request in self.received
            if request.endpoint is CONSENTS
            for upsert in request.upserts
            if upsert.contact == contact and sender in (None, upsert.sender)
        ]

    def status(self, contact: str, sender: str | None = None) -> str | None:
        """Return the status that was stored last, `opt-in` or `opt-out`; None if there is none.

        Args:
            contact: The `contact_id`, exactly as sent.
            sender: The `sender_id`. None if the contact has the same status for all senders.

        Raises:
            ValueError: No sender is given, and the status differs between senders.
        """
        latest = self._latest(contact, sender)
        statuses = {upsert.status for upsert in latest.values()}
        if len(statuses) > 1:
            senders = ", ".join(shown(name) for name in sorted(latest))
            raise ValueError(
                f"the status of {contact_for_display(contact)} differs between senders"
                f" ({senders}); pass sender="
            )
        return statuses.pop() if statuses else None

    def contact(self, contact: str) -> Mapping[str, object] | None:
        """Return the item that the contacts endpoint stored last for a contact, if any."""
        stored = [
            upsert.fields
            for upsert in self.upserts
            if upsert.endpoint is CONTACTS and upsert.contact == contact
        ]
        return stored[-1] if stored else None

    def most_requests_in(self, seconds: float = 60, endpoint: Endpoint = CONSENTS) -> int:
        """Return the largest number of requests to an endpoint within any period.

        All requests count, whatever their response: this measures the client.

        Args:
            seconds: The length of the period.
            endpoint: The endpoint.
        """
        period = timedelta(seconds=seconds)
        times = sorted(request.at for request in self.received if request.endpoint is endpoint)
        most = first = 0
        for last, time in enumerate(times):
            while time - times[first] >= period:
                first += 1
            most = max(most, last - first + 1)
        return most

    def assert_opted_out(self, contact: str, sender: str | None = None) -> None:
        """Assert that the last stored status of a contact is `opt-out`.

        Args:
            contact: The `contact_id`, exactly as sent.
            sender: Check this `sender_id` only; None for every sender with a stored consent.

        Raises:
            AssertionError: The status is another one, or no consent is stored. The message
                says what was stored or why nothing was.
        """
        __tracebackhide__ = True
        self._assert_status("opt-out", contact, sender)

    def assert_opted_in(self, contact: str, sender: str | None = None) -> None:
        """Assert that the last stored status of a contact is `opt-in`.

        The arguments and errors are those of `assert_opted_out`.
        """
        __tracebackhide__ = True
        self._assert_status("opt-in", contact, sender)

    def _latest(self, contact: str, sender: str | None) -> dict[str, Upsert]:
        """Return the consent that was stored last for each sender."""
        return {upsert.sender: upsert for upsert in self.history(contact, sender)}

    def _assert_status(self, status: str, contact: str, sender: str | None) -> None:
        __tracebackhide__ = True
        latest = self._latest(contact, sender)
        if not latest:
            raise AssertionError(f"{self._why_not_stored(contact, sender)} ({self._summary()})")
        wrong = [upsert for upsert in latest.values() if upsert.status != status]
        if wrong:
            details = "; ".join(
                f"{upsert.status} for {shown(upsert.sender)} since request {upsert.request}"
                for upsert in wrong
            )
            raise AssertionError(
                f"{contact_for_display(contact)} is not {status}: {details} ({self._summary()})"
            )

    def _why_not_stored(self, contact: str, sender: str | None) -> str:
        """Return why there is no consent of a contact and sender, as far as it is known."""
        subject = contact_for_display(contact) + (f" for {shown(sender)}" if sender else "")
        message = f"no consent of {subject} was stored"
        others = {upsert.sender for upsert in self.history(contact)}
        if others:
            return f"{message}, only for {', '.join(map(shown, sorted(others)))}"
        # Of equal rejections, the last one.
        rejected = {
            reasons: f"request {request.number} was rejected with {reasons}"
            for request in self.received
            if request.endpoint is CONSENTS
            for index, reasons in enumerate(rejection_reasons(request))
            if reasons and request.items[index].get("contact_id") == contact
        }
        return f"{message}: {'; '.join(rejected.values())}" if rejected else message

    def _summary(self) -> str:
        """Return how many requests were received, rejected and affected by faults."""
        if not self.request_count:
            return "0 requests received; does your code send its requests to the stub's URL?"
        summary = f"{counted(self.request_count, 'request')} received"
        rejected = [request for request in self.received if request.message]
        if rejected:
            last = rejected[-1]
            summary += f", {len(rejected)} rejected, the last with {last.status}: {last.message}"
        affected = [request for request in self.received if request.fault]
        if affected:
            summary += f", {len(affected)} affected by the fault {affected[-1].fault}"
        return summary
