"""What a stub has received and stored, and what a test asks of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from consentlint.model.endpoints import CONSENTS, CONTACTS, Endpoint
from consentlint.model.findings import Finding
from consentlint.stub.faults import Fault
from consentlint.text.masking import mask_number, printable, shortened, shown
from consentlint.wire import Entry

MINUTE = timedelta(seconds=60)


class Received(NamedTuple):
    """A request, and what became of it."""

    number: int
    """Counted from 1."""
    at: datetime
    method: str
    path: str
    endpoint: Endpoint | None
    """Whose path that is, None where there is no such path."""
    account: str
    """The user name of its credentials, empty where it had none."""
    status: int = 0
    """The HTTP status that was answered, or was to be before the connection was cut."""
    message: str = ""
    """Why it was refused as a whole, else empty."""
    items: Sequence[Mapping[str, object]] = ()
    """Its items; none where the request was refused as a whole."""
    findings: Sequence[Finding] = ()
    """What the linter says of the items where the API has a reason code for it."""
    fault: Fault | None = None
    """The fault that struck it."""
    entries: Sequence[Entry] = ()
    """What became of the items, in their order, whatever a fault has made of the answer;
    none where it let nothing be stored."""

    def findings_of(self, item: int) -> list[Finding]:
        """Return the findings of an item, by its number in the request, from 0."""
        return [finding for finding in self.findings if finding.item == item]

    def __repr__(self) -> str:
        """Return a line without the values of items: it is shown where a test fails."""
        refused = sum(1 for entry in self.entries if entry.error_code)
        fault = f", {self.fault}" if self.fault else ""
        return (
            f"<request {self.number}: {shown(self.method)} {shown(self.path)}, {self.status},"
            f" {len(self.items)} items, {refused} refused{fault}>"
        )


class Upsert(NamedTuple):
    """An item that was stored."""

    endpoint: Endpoint
    request: int
    """The number of the request that it came with."""
    at: datetime
    fields: Mapping[str, object]
    """The item."""

    @property
    def contact(self) -> str:
        """The contact, as it was sent."""
        return str(self.fields["contact_id"])

    @property
    def sender(self) -> str:
        """The sender, empty for an item of contacts."""
        return str(self.fields.get("sender_id", ""))

    @property
    def status(self) -> str:
        """`opt-in` or `opt-out`, empty for an item of contacts."""
        return str(self.fields.get("status", ""))

    def __repr__(self) -> str:
        """Return a line with numbers masked: it is shown where a test fails."""
        what = f"{self.status} for {shown(self.sender)}" if self.sender else self.endpoint.name
        return f"<request {self.request}: {shown_contact(self.contact)}, {what}>"


def shown_contact(contact: str) -> str:
    """Return a contact as a message may show it: whatever it looks like, it is a number."""
    return shortened(printable(mask_number(contact[:100])))


def verdicts(seen: Received) -> list[str]:
    """Return why each item of a request was refused, empty where it was not.

    The API says a reason code; the linter knows what is wrong with the value.
    """
    return [
        ", ".join(
            [f"{finding.reason} ({finding.message})" for finding in seen.findings_of(index)]
            or entry.error_messages
        )
        for index, entry in enumerate(seen.entries)
    ]


class Records:
    """What was received and stored, in order.

    Contacts and senders are looked up as they were sent: a number that E.164 writes
    otherwise is stored, and never found, as the API would.
    """

    def __init__(self) -> None:
        self._received: list[Received] = []
        self._upserts: list[Upsert] = []

    @property
    def received(self) -> tuple[Received, ...]:
        """All requests, in order, also those that were refused."""
        return tuple(self._received)

    @property
    def upserts(self) -> tuple[Upsert, ...]:
        """The items that were stored, in order, of both endpoints."""
        return tuple(self._upserts)

    def history(self, contact: str, sender: str | None = None) -> list[Upsert]:
        """Return the consents of a contact that were stored, in order.

        Args:
            contact: the `contact_id`, as it was sent.
            sender: only those for this `sender_id`; None for all.
        """
        return [
            upsert
            for upsert in self.upserts
            if upsert.endpoint is CONSENTS
            and upsert.contact == contact
            and sender in (None, upsert.sender)
        ]

    def status(self, contact: str, sender: str) -> str | None:
        """Return `opt-in` or `opt-out`, whichever was stored last, None where nothing was."""
        history = self.history(contact, sender)
        return history[-1].status if history else None

    def contact(self, contact: str) -> Mapping[str, object] | None:
        """Return what was stored last of a contact at the endpoint of contacts, if anything."""
        stored = [
            upsert.fields
            for upsert in self.upserts
            if upsert.endpoint is CONTACTS and upsert.contact == contact
        ]
        return stored[-1] if stored else None

    def most_requests_in(self, seconds: float = 60, endpoint: Endpoint = CONSENTS) -> int:
        """Return the most requests that an endpoint has received in any so many seconds.

        All requests count, whatever was answered: it is what the client did.
        """
        span = timedelta(seconds=seconds)
        times = sorted(seen.at for seen in self.received if seen.endpoint is endpoint)
        most = first = 0
        for last, at in enumerate(times):
            while at - times[first] >= span:
                first += 1
            most = max(most, last - first + 1)
        return most

    def assert_opted_out(self, contact: str, sender: str | None = None) -> None:
        """Assert that a contact is opted out now.

        Args:
            contact: the `contact_id`, as it was sent.
            sender: for this `sender_id`; None for each of which there is a record.

        Raises:
            AssertionError: it is not, or there is no record; the message tells what is known.
        """
        __tracebackhide__ = True
        self._assert_status("opt-out", contact, sender)

    def assert_opted_in(self, contact: str, sender: str | None = None) -> None:
        """Assert that a contact is opted in now; arguments and errors as above."""
        __tracebackhide__ = True
        self._assert_status("opt-in", contact, sender)

    def _assert_status(self, status: str, contact: str, sender: str | None) -> None:
        __tracebackhide__ = True
        now = {upsert.sender: upsert for upsert in self.history(contact, sender)}
        if not now:
            raise AssertionError(f"{self._nothing_of(contact, sender)} ({self._so_far()})")
        wrong = [upsert for upsert in now.values() if upsert.status != status]
        if wrong:
            words = "; ".join(
                f"{upsert.status} for {shown(upsert.sender)} since request {upsert.request}"
                for upsert in wrong
            )
            raise AssertionError(
                f"{shown_contact(contact)} is not {status}: {words} ({self._so_far()})"
            )

    def _nothing_of(self, contact: str, sender: str | None) -> str:
        """Return why there is no record of a contact and sender, as far as that can be told."""
        who = shown_contact(contact) + (f" and {shown(sender)}" if sender else "")
        words = f"no consent of {who} was stored"
        others = {upsert.sender for upsert in self.history(contact)}
        if others:
            return f"{words}, only for {', '.join(map(shown, sorted(others)))}"
        refused = [
            f"request {seen.number} was answered {said}"
            for seen in self.received
            if seen.endpoint is CONSENTS
            for index, said in enumerate(verdicts(seen))
            if said and seen.items[index].get("contact_id") == contact
        ]
        return f"{words}: {'; '.join(refused)}" if refused else words

    def _so_far(self) -> str:
        count = len(self.received)
        words = f"{count} request{'s' * (count != 1)} received"
        refused = [seen for seen in self.received if seen.message]
        if refused:
            words += f", {len(refused)} of them refused, the last with {refused[-1].status}:"
            words += f" {refused[-1].message}"
        struck = [seen for seen in self.received if seen.fault]
        if struck:
            words += f", {len(struck)} of them struck by {struck[-1].fault}"
        return words
